"""Three-way merge of a form that others have overtaken: their changes beside what was typed."""

import re
from dataclasses import dataclass

from django import forms
from django.forms.utils import pretty_name
from django.http import QueryDict

from tracker.forms.opened import (
    FIELD,
    Opened,
    OpenedForm,
    Values,
    hidden,
    input_of,
    is_shortened,
    shortened,
    shown,
    values_of,
    words_of,
)
from tracker.models import User
from tracker.queries.history import HistoryEntry


@dataclass(frozen=True)
class MergedField:
    """One field in the three texts, in words."""

    name: str
    label: str
    changed_by: str
    """Who changed it since the form was opened: "" for nobody, "them", "me", "alike" or "both"."""
    began: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class MergedRows:
    """Some fields of the record, or a row of its parts, in the three texts; None where it is not in one."""

    heading: str
    fields: dict[str, forms.Field]
    began: Values | None
    theirs: Values | None
    mine: Values | None
    is_row: bool = False

    @property
    def lines(self) -> list[MergedField]:
        """The fields in which there is something."""
        fields = []
        for name, field in self.fields.items():
            began, theirs, mine = (
                (values or {}).get(name, "") for values in (self.began, self.theirs, self.mine)
            )
            if not (began or theirs or mine):
                continue
            changed_by = _changed_by(*map(shortened, (began, theirs, mine)))
            if is_shortened(began):
                # The text itself is at hand unless both changed it.
                began = mine if changed_by == "them" else theirs
            words = (words_of(field, text) for text in (began, theirs, mine))
            fields.append(MergedField(name, str(field.label or pretty_name(name)), changed_by, *words))
        return fields

    @property
    def changed(self) -> list[MergedField]:
        """The lines that anybody changed."""
        return [line for line in self.lines if line.changed_by]

    @property
    def unchanged(self) -> list[MergedField]:
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

    @property
    def is_settled(self) -> bool:
        """Whether what was typed asks for nothing that is not on record already."""
        if self.mine is None and self.theirs is not None:
            return self.began is None
        if self.mine is not None and self.theirs is None and self.began is None:
            return False
        return not self.changed_by("me", "both")

    def changed_by(self, *whom: str) -> set[str]:
        """The names of the fields that `whom` (values of Line.changed_by) changed."""
        return {line.name for line in self.lines if line.changed_by in whom}


@dataclass(frozen=True)
class MergedRow:
    """A row of the parts, with its forms: as it stands on record, and as it was typed."""

    group: MergedRows
    theirs: forms.BaseForm | None
    mine: forms.BaseForm | None

    def put_together(self) -> dict[str, list[str]] | None:
        """What the inputs of the row hold once both are put together; None where nothing is left of it."""
        group = self.group
        typed = {name: _sent(self.mine, name) for name in self.mine.fields} if self.mine else {}
        if self.theirs is None:
            keys = {field.name for field in hidden(self.mine)}
            if group.is_settled:
                return None
            return {name: texts for name, texts in typed.items() if name not in keys}
        stands = {field.name: input_of(field) for field in self.theirs if field.name != "DELETE"}
        if group.mine is not None:
            taken = group.changed_by("them") | {field.name for field in hidden(self.theirs)}
            return typed | {name: stands[name] for name in taken}
        return stands | ({} if group.began is None else {"DELETE": ["on"]})


class Conflict:
    """What was typed, beside what others have recorded since the form was opened."""

    def __init__(
        self, opened: Opened, theirs: OpenedForm | None, mine: OpenedForm, entries: list[HistoryEntry]
    ):
        """`mine` is bound to what was typed, judged or not; `theirs` shows what is on record, None where it is gone.

        `entries`: what was done to the record since it was `opened`, newest first.
        """
        self.theirs, self.mine, self.entries = theirs, mine, entries
        self.groups: list[MergedRows] = []
        self.rows: dict[str, list[MergedRow]] = {}
        if theirs is None:
            return
        texts = (opened.values, values_of(theirs.form), values_of(mine.form))
        for heading, fields in mine.form.grouped:
            self.groups.append(MergedRows(heading, {field.name: field.field for field in fields}, *texts))
        for name, part in mine.parts.items():
            self.rows[name] = _rows(opened.rows.get(name, []), theirs.parts[name].initial_forms, part)
            self.groups += [row.group for row in self.rows[name]]

    @property
    def is_gone(self) -> bool:
        """Whether the record was deleted or withdrawn."""
        return self.theirs is None

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to decide: all that was typed is on record already."""
        return not self.is_gone and all(group.is_settled for group in self.groups)

    def is_own(self, user: User) -> bool:
        """Whether `user` alone did all that was done since, as somebody who goes back and saves once more."""
        return not self.is_gone and bool(self.entries) and all(entry.by == user for entry in self.entries)

    def put_together(self) -> QueryDict:
        """What was typed on top of what is on record: where both changed the same field, what was typed."""
        data = self.mine.data.copy()
        if self.theirs is None:
            return data
        data[FIELD] = Opened.of(self.theirs).signed
        for group in self.groups:
            if not group.is_row:
                for name in group.changed_by("them"):
                    data.setlist(self.mine.form.add_prefix(name), input_of(self.theirs.form[name]))
        for name, rows in self.rows.items():
            _put_rows(data, name, rows, self.theirs.parts[name].initial_forms, self.mine.parts[name])
        return data


def _rows(old: list[Values], stored: list[forms.BaseForm], part: forms.BaseFormSet) -> list[MergedRow]:
    """The rows of a formset: those typed, each beside its like on record, and then those that only they have."""
    typed = [
        (form, old[number] if number < len(old) else None, _typed(form))
        for number, form in enumerate(part.forms)
    ]
    typed = [row for row in typed if row[1] or row[2]]
    theirs = {form: values_of(form) for form in stored}
    empty = part.empty_form
    fields = {field.name: field.field for field in shown(empty)}
    like: dict[forms.BaseForm, forms.BaseForm] = {}
    for names in (("id",), tuple(fields), *empty.alike):
        for form, began, now in typed:
            key = _key(began or now, names)
            match = next(
                (row for row in theirs if row not in like.values() and _key(theirs[row], names) == key), None
            )
            if key and form not in like and match is not None:
                like[form] = match
    places = [(began, like.get(form), form, now) for form, began, now in typed]
    places += [(None, form, None, None) for form in stored if form not in like.values()]
    noun = getattr(part, "noun", "") or part.model._meta.verbose_name.capitalize()
    called = empty.alike[-1][0]
    rows = []
    for began, row, form, now in places:
        values = theirs.get(row)
        heading = f"{noun}: {words_of(fields[called], (now or values or began)[called])}"
        rows.append(MergedRow(MergedRows(heading, fields, began, values, now, is_row=True), row, form))
    return rows


def _typed(form: forms.BaseForm) -> Values | None:
    """What was typed into a row; None where nothing was, or it is to be removed."""
    removed = "DELETE" in form.fields and form["DELETE"].value()
    return values_of(form) if form.has_changed() and not removed else None


def _key(values: Values, names) -> tuple[str, ...] | None:
    """What a row has of the fields `names`; None where it has none of them."""
    key = tuple(shortened(values.get(name, "")) for name in names)
    return key if any(key) else None


def _sent(form: forms.BaseForm, name: str) -> list[str]:
    """What was sent for the field `name` of a bound form."""
    return form.data.getlist(form.add_prefix(name))


def _put_rows(
    data: QueryDict, name: str, rows: list[MergedRow], stored: list, part: forms.BaseFormSet
) -> None:
    """Type `rows` into the formset `name`: those on record first, in their order there, and the empty ones last."""
    blank = [form for form in part.forms if form not in {row.mine for row in rows}]
    for key in [key for key in data if re.match(rf"{re.escape(name)}-\d+-", key)]:
        del data[key]
    order = {form: place for place, form in enumerate(stored)}
    rows = sorted(rows, key=lambda row: order.get(row.theirs, len(order)))
    put = [texts for row in rows if (texts := row.put_together()) is not None]
    put += [{field: _sent(form, field) for field in form.fields} for form in blank]
    for number, texts in enumerate(put):
        for field, values in texts.items():
            if values:
                data.setlist(f"{name}-{number}-{field}", values)
    data[f"{name}-INITIAL_FORMS"] = str(len(stored))
    data[f"{name}-TOTAL_FORMS"] = str(len(put))


def _changed_by(began: str, theirs: str, mine: str) -> str:
    if theirs == mine:
        return "alike" if mine != began else ""
    if theirs == began:
        return "me"
    return "them" if mine == began else "both"


def _done(began: Values | None, now: Values | None) -> str:
    if (began is None) == (now is None):
        return ""
    return "taken out" if now is None else "added"
