"""A correction that others came before: what they changed and what was typed, field by field, and both put together."""

import datetime as dt
import re
from dataclasses import dataclass

from django import forms
from django.forms.utils import pretty_name
from django.http import QueryDict

from tracker.forms.entries import CorrectionSheet
from tracker.forms.fields import whole_number
from tracker.forms.sheets import MOST_ROWS
from tracker.models import Development
from tracker.queries.versions import Event

Typed = dict[str, str]
"""What stands in the inputs of a form, by the name of the field."""

ALIKE_IN = {"effects": (("item", "party"), ("item",)), "citations": (("source", "quote"), ("source",))}
"""What tells of two rows that they are about the same, the surest first."""

_BRACKETED = re.compile(r"\s*\[[a-z]{3}-[a-z0-9-]+\]$")


@dataclass(frozen=True)
class Line:
    """One field in the three texts, in words."""

    name: str
    label: str
    changed_by: str
    """Who changed it since the version that both began from: "" for nobody, "them", "me", "alike" or "both"."""
    began: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Group:
    """Some fields of the development, or an effect or citation of it, in the three texts; None where not in one."""

    heading: str
    fields: dict[str, forms.Field]
    began: Typed | None
    theirs: Typed | None
    mine: Typed | None
    part: str = ""
    """The formset of a row, and its place there in what was typed."""
    number: int | None = None

    @property
    def lines(self) -> list[Line]:
        """The fields in which there is something."""
        found = []
        for name, field in self.fields.items():
            texts = [(typed or {}).get(name, "") for typed in (self.began, self.theirs, self.mine)]
            if any(texts):
                words = (_in_words(field, text) for text in texts)
                found.append(Line(name, field.label or pretty_name(name), _changed_by(*texts), *words))
        return found

    @property
    def changed(self) -> list[Line]:
        """The lines that anybody changed."""
        return [line for line in self.lines if line.changed_by]

    @property
    def unchanged(self) -> list[Line]:
        """The lines that nobody changed."""
        return [line for line in self.lines if not line.changed_by]

    @property
    def by_them(self) -> str:
        """What they did with the row as a whole."""
        return _done(self.began, self.theirs)

    @property
    def by_me(self) -> str:
        """What was done with the row as a whole in what was typed."""
        return _done(self.began, self.mine)


class Conflict:
    """What was typed, beside what others recorded since, and the version that both began from."""

    def __init__(self, sheet: CorrectionSheet, began: Development, theirs: Development, history: list[Event]):
        """`sheet` is bound to what was typed, judged or not, its first rows being those of the version `began`.

        `history` is all that was done to the development, newest first.
        """
        self.sheet, self.began, self.theirs = sheet, began, theirs
        self.events = [event for event in history if event.at > began.recorded_at]
        sheets = (CorrectionSheet(sheet.user, began), CorrectionSheet(sheet.user, theirs), sheet)
        texts = [_typed(one.form) for one in sheets]
        self.groups = [
            Group(heading, {field.name: field.field for field in fields if not field.field.disabled}, *texts)
            for heading, fields in sheet.form.grouped
        ]
        for name in sheet.parts:
            self.groups += self._rows(name, *(one.parts[name] for one in sheets))

    @property
    def is_withdrawn(self) -> bool:
        """Whether there is no version any more whose place one could take."""
        return not self.theirs.is_current

    @property
    def by_them_alone(self) -> bool:
        """Whether they changed anything that was left as it was in what was typed."""
        return self.together() != self.sheet.data

    def together(self) -> QueryDict:
        """What was typed, with what only they changed; where both changed the same field, what was typed."""
        data = self.sheet.data.copy()
        for group in self.groups:
            prefix = f"{group.part}-{group.number}-" if group.part else ""
            if group.mine is None and group.began is None:
                _add_row(data, group)
            elif group.mine is not None and group.theirs is not None:
                for line in group.lines:
                    if line.changed_by == "them":
                        # Empty, it is an unticked box as well.
                        data[f"{prefix}{line.name}"] = group.theirs[line.name]
            elif group.mine == group.began:
                data[f"{prefix}DELETE"] = "on"
        return data

    def _rows(self, name: str, began, theirs, mine) -> list[Group]:
        """The rows of the formset `name`: those of the version begun from first, each beside its like in the others."""
        fields = {key: field for key, field in mine.empty_form.fields.items() if key != "DELETE"}
        old, left = ([_typed(row) for row in part.initial_forms] for part in (began, theirs))
        typed = [
            _typed(row) if row.has_changed() and not row["DELETE"].value() else None for row in mine.forms
        ]
        typed += [None] * (len(old) - len(typed))
        places = [
            (number, old[number] if number < len(old) else None, row) for number, row in enumerate(typed)
        ]
        places = [place for place in places if place[1] or place[2]]
        like: dict[int, Typed] = {}
        for names in (tuple(fields), *ALIKE_IN[name]):
            for number, began_with, now in places:
                found = next(
                    (row for row in left if _key(row, names) == _key(began_with or now, names)), None
                )
                if number not in like and found is not None:
                    like[number] = found
                    left.remove(found)
        rows = [(number, began_with, like.get(number), now) for number, began_with, now in places]
        rows += [(None, None, row, None) for row in left]
        called = ALIKE_IN[name][-1][0]
        return [
            Group(f"{mine.noun}: {_plain((now or new or old)[called])}", fields, old, new, now, name, number)
            for number, old, new, now in rows
        ]


def _typed(form) -> Typed:
    """What stands in the inputs of `form` that can be typed into."""
    return {field.name: _text(field) for field in form if field.name != "DELETE" and not field.field.disabled}


def _text(field) -> str:
    """What stands in the input of a bound field, as a browser would send it; lines end as in files."""
    value = field.value()
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _key(row: Typed, names) -> list[str]:
    """What `row` has of the fields `names`, however a record was named."""
    return [_plain(row[name]).casefold() for name in names]


def _plain(text: str) -> str:
    """The name of a record, without the id that tells it from its namesakes."""
    return _BRACKETED.sub("", text)


def _in_words(field: forms.Field, text: str) -> str:
    """What stands in an input, as people read it."""
    if isinstance(field, forms.BooleanField):
        return "yes" if text else "no"
    if isinstance(field, forms.ModelChoiceField):
        return _plain(text)
    if isinstance(field, forms.ChoiceField):
        flat = {}
        for code, label in field.choices:
            flat |= dict(label) if isinstance(label, list | tuple) else {code: label}
        return str(flat.get(text, text)) if text else ""
    return text


def _changed_by(began: str, theirs: str, mine: str) -> str:
    if theirs == mine:
        return "alike" if mine != began else ""
    if theirs == began:
        return "me"
    return "them" if mine == began else "both"


def _done(began: Typed | None, now: Typed | None) -> str:
    if (began is None) == (now is None):
        return ""
    return "taken out" if now is None else "added"


def _add_row(data: QueryDict, group: Group) -> None:
    """Type the row of `group` that they added below those that are there, while there is room."""
    total = whole_number(data.get(f"{group.part}-TOTAL_FORMS", ""))
    if total is not None and total < MOST_ROWS:
        data[f"{group.part}-TOTAL_FORMS"] = str(total + 1)
        for name, text in group.theirs.items():
            data[f"{group.part}-{total}-{name}"] = text
