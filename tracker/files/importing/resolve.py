"""Which records the cells of a file mean: for many rows at once, as `tracker.queries.record_lookup` does for one."""

from collections import defaultdict

from django.core.exceptions import ValidationError

from tracker.clocks import PRESENT
from tracker.models import Development, Item, Office, Person, Source, User
from tracker.queries.record_lookup import (
    LONGEST,
    Nearby,
    best_matches,
    called_by_key,
    find,
    keys_of_text,
    ref_in,
)
from tracker.text.names import key, visible

AT_ONCE = 400
"""How many names one query asks for; SQLite takes a thousand parameters."""
REMEMBERED = 20_000
"""How many names are kept in memory."""
EXPLAINED = 300
"""For how many names that mean nothing the nearest is looked for, which takes queries of its own for each."""


class Names:
    """The records that one user may name."""

    def __init__(self, user):
        self.user = user
        self._called = defaultdict(dict)
        self._explained = 0
        self._nearby: dict[tuple, Nearby] = {}

    def queryset(self, model):
        """The records of `model` that may be meant."""
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
        unknown = sorted(
            {text for text in map(visible, texts) if text not in called and len(text) <= LONGEST}
        )
        for start in range(0, len(unknown), AT_ONCE):
            some = unknown[start : start + AT_ONCE]
            called |= self._accounts(some) if model is User else self._records(model, some)

    def _accounts(self, texts) -> dict[str, list]:
        by_name = {}
        for account in User.objects.filter(is_active=True):
            by_name.setdefault(key(account.username), []).append(account)
        exact = {account.username: [account] for found in by_name.values() for account in found}
        return {text: exact.get(text, by_name.get(key(text), [])) for text in texts}

    def _records(self, model, texts) -> dict[str, list]:
        """The records that each of `texts` means, in as many queries for one as for many."""
        rows = self.queryset(model)
        refs = {text: ref_in(text) for text in texts}
        by_ref = defaultdict(list)
        for record in rows.filter(ref__in={*refs.values()} - {""}):
            by_ref[record.ref].append(record)
        keys = {text: keys_of_text(model, text) for text in texts if not by_ref[refs[text]]}
        meant = (
            called_by_key(rows, {one for some in keys.values() for one in some}) if model.name_fields else {}
        )
        wanted = sorted({pk for pks in meant.values() for pk in pks})
        by_pk = {}
        for start in range(0, len(wanted), AT_ONCE):
            by_pk |= {record.pk: record for record in rows.filter(pk__in=wanted[start : start + AT_ONCE])}
        found = {text: by_ref[refs[text]] for text in texts}
        for text, some in keys.items():
            found[text] = [by_pk[pk] for one in some for pk in meant.get(one, ()) if pk in by_pk]
        return found

    def meant(self, model, text: str, **within):
        """The record of `model` that `text` means, of those `within` a process or person if given.

        Raises ValidationError with the nearest, or the candidates.
        """
        text = visible(text)
        found = self._called[model].get(text) or ()
        if model is User:
            if len(found) == 1:
                return found[0]
            raise ValidationError(f"There is no active account “{text[:100]}”.")
        if not any(record.ref == ref_in(text) for record in found):
            found = [
                record for record in found if all(getattr(record, name) == pk for name, pk in within.items())
            ]
            found = best_matches(found, text)
        return found[0] if len(found) == 1 else self._explain(model, text, within)

    def _explain(self, model, text, within):
        narrowed = tuple(sorted(within.items()))
        known = self._called[model].get((text, *narrowed))
        if known is None:
            self._explained += 1
            if self._explained > EXPLAINED:
                noun = model._meta.verbose_name
                raise ValidationError(f"There is no {noun} called “{text[:100]}”, or more than one.")
            rows = self.queryset(model).filter(**within)
            if (model, narrowed) not in self._nearby:
                self._nearby[model, narrowed] = Nearby.of(rows)
            try:
                known = find(rows, text, self._nearby[model, narrowed])
            except ValidationError as error:
                known = error
            self._called[model][text, *narrowed] = known
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
