"""Which records the cells of a file mean: asked for many rows at once, and as `tracker.forms.references` has it."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Q

from tracker.clocks import PRESENT
from tracker.forms.references import LONGEST, find
from tracker.models import Development, Item, Office, Person, Source, User

AT_ONCE = 400
"""How many names one query asks for, each in several columns, of which SQLite takes a thousand."""
REMEMBERED = 20_000
"""How many names are kept in memory."""
EXPLAINED = 300
"""For how many names that mean nothing the nearest is looked for, which reads thousands of names each."""


class Names:
    """The records that one user may name."""

    def __init__(self, user):
        self.user = user
        self._called = defaultdict(dict)
        self._explained = 0

    def queryset(self, model):
        """The records of `model` that may be meant."""
        if model is User:
            return User.objects.filter(is_active=True)
        rows = model.objects.visible_to(self.user)
        if model is Development:
            return rows.at(PRESENT)
        if model is Source:
            return rows.defer("text")
        if model is Person:
            return rows.select_related("party")
        return rows

    def learn(self, model, texts) -> None:
        """Ask for all of `texts` at once, so that `meant` need not ask for each."""
        called = self._called[model]
        if len(called) > REMEMBERED:
            called.clear()
        unknown = sorted({text for text in texts if text not in called and len(text) <= LONGEST})
        names = ("username",) if model is User else ("ref", *model.name_fields)
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            found = {text: [] for text in some}
            rows = self.queryset(model).filter(Q(*((f"{name}__in", some) for name in names), _connector=Q.OR))
            for record in rows:
                for text in {getattr(record, name) for name in names} & found.keys():
                    found[text].append(record)
            called.update(found)

    def meant(self, model, text: str, **within):
        """The record of `model` that `text` means, of those `within` a process or person if given.

        Raises ValidationError with the nearest, or the candidates.
        """
        text = text.strip()
        found = self._called[model].get(text) or ()
        if len(found) > 1 or (found and within):
            exact = [one for one in found if getattr(one, "ref", "") == text]
            fitting = [one for one in found if all(getattr(one, name) == key for name, key in within.items())]
            found = exact or fitting
        if len(found) == 1:
            return found[0]
        if model is User:
            raise ValidationError(f"There is no active account “{text[:100]}”.")
        return self._explain(model, text, within)

    def _explain(self, model, text, within):
        key = (text, *sorted(within.items()))
        known = self._called[model].get(key)
        if known is None:
            self._explained += 1
            if self._explained > EXPLAINED:
                noun = model._meta.verbose_name
                raise ValidationError(f"There is no {noun} called “{text[:100]}”, or more than one.")
            try:
                known = find(self.queryset(model).filter(**within), text)
            except ValidationError as error:
                known = error
            self._called[model][key] = known
        if isinstance(known, ValidationError):
            raise known
        return known


def within(model, process, person) -> dict:
    """What narrows the records of `model` that a row can mean, whose `process` or `person` is known."""
    if process is not None and issubclass(model, Item):
        return {"process_id": process.pk}
    if person is not None and model is Office:
        return {"person_id": person.pk}
    return {}
