"""Three-way merge of a form with changes that others have saved meanwhile."""

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
    restored,
    shown,
    values_of,
    words_of,
)
from tracker.forms.three_way import Merge, RowMerge, changed_by, merge_rows
from tracker.models import User
from tracker.queries.history import HistoryEntry


@dataclass(frozen=True)
class MergedField:
    """A field in the three versions, as displayed."""

    name: str
    label: str
    changed_by: str
    began: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class MergedGroup:
    """Fields of the record, or of one of its rows, in the three versions."""

    heading: str
    fields: dict[str, forms.Field]
    merge: Merge

    @property
    def lines(self) -> list[MergedField]:
        """The fields that are not empty in all versions."""
        lines = []
        for name, field in self.fields.items():
            began, theirs, mine = self.merge.texts(name)
            if not (began or theirs or mine):
                continue
            by = changed_by(began, theirs, mine)
            if is_shortened(began):
                began = theirs
            words = (words_of(field, text) for text in (began, theirs, mine))
            lines.append(MergedField(name, str(field.label or pretty_name(name)), by, *words))
        return lines

    @property
    def changed(self) -> list[MergedField]:
        """The fields that anybody changed."""
        return [line for line in self.lines if line.changed_by]

    @property
    def unchanged(self) -> list[MergedField]:
        """The fields that nobody changed."""
        return [line for line in self.lines if not line.changed_by]

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a formset."""
        return isinstance(self.merge, RowMerge)

    @property
    def by_them(self) -> str:
        """What others did with the row as a whole: added or removed."""
        return _done(self.merge.began, self.merge.theirs)

    @property
    def by_me(self) -> str:
        """What the user did with the row as a whole: added or removed."""
        return _done(self.merge.began, self.merge.mine)


class Conflict:
    """The user's input, and the changes that others have saved since the form was opened."""

    def __init__(
        self, opened: Opened, theirs: OpenedForm | None, mine: OpenedForm, entries: list[HistoryEntry]
    ):
        """`mine` is bound to the input; `theirs` has the stored values, and is None if the record is gone.

        `entries`: the history of the record since it was `opened`, newest first.
        """
        self.theirs, self.mine, self.entries = theirs, mine, entries
        self.groups: list[MergedGroup] = []
        self.rows: dict[str, list[RowMerge]] = {}
        if theirs is None:
            return
        now = values_of(theirs.form), values_of(mine.form)
        versions = restored(opened.values, now), *now
        for heading, fields in mine.form.grouped:
            named = {field.name: field.field for field in fields}
            self.groups.append(MergedGroup(heading, named, Merge(tuple(named), *versions)))
        for name, part in mine.parts.items():
            self.rows[name] = _rows(opened.rows.get(name, []), theirs.parts[name].initial_forms, part)
            self.groups += _groups(self.rows[name], part)

    @property
    def is_gone(self) -> bool:
        """Whether the record was deleted or withdrawn."""
        return self.theirs is None

    @property
    def is_settled(self) -> bool:
        """Whether all of the input is already stored."""
        return not self.is_gone and all(group.merge.is_settled for group in self.groups)

    def is_own(self, user: User) -> bool:
        """Whether all changes since are by `user`, as after going back in the browser and saving again."""
        return not self.is_gone and bool(self.entries) and all(entry.by == user for entry in self.entries)

    def put_together(self) -> QueryDict:
        """The stored values updated with the input, which wins where both changed the same field."""
        data = self.mine.data.copy()
        if self.theirs is None:
            return data
        data[FIELD] = Opened.of(self.theirs).signed
        for group in self.groups:
            if not group.is_row:
                for name in group.merge.changed("them"):
                    data.setlist(self.mine.form.add_prefix(name), input_of(self.theirs.form[name]))
        for name, rows in self.rows.items():
            _put_rows(data, name, rows, self.theirs.parts[name].initial_forms, self.mine.parts[name])
        return data


def _rows(old: list[Values], stored: list[forms.BaseForm], part: forms.BaseFormSet) -> list[RowMerge]:
    """The merged rows of a formset: `old` when opened, `stored` now, and as typed in `part`."""
    theirs = [values_of(form) for form in stored]
    mine = [_typed(form) for form in part.forms]
    began = [restored(row, [*theirs, *filter(None, mine)]) for row in old]
    empty = part.empty_form
    return merge_rows([field.name for field in shown(empty)], empty.alike, began, theirs, mine)


def _groups(rows: list[RowMerge], part: forms.BaseFormSet) -> list[MergedGroup]:
    """The rows, each with a heading of the noun and the row's most telling field."""
    empty = part.empty_form
    fields = {field.name: field.field for field in shown(empty)}
    noun = getattr(part, "noun", "") or part.model._meta.verbose_name.capitalize()
    title = empty.alike[-1][0]
    return [MergedGroup(f"{noun}: {words_of(fields[title], row.newest[title])}", fields, row) for row in rows]


def _typed(form: forms.BaseForm) -> Values | None:
    """The input of a row; None if it is empty or to be removed."""
    removed = "DELETE" in form.fields and form["DELETE"].value()
    return values_of(form) if form.has_changed() and not removed else None


def _sent(form: forms.BaseForm) -> dict[str, list[str]]:
    """{field name: posted values} of a bound form."""
    return {name: form.data.getlist(form.add_prefix(name)) for name in form.fields}


def _put_rows(
    data: QueryDict, name: str, rows: list[RowMerge], stored: list[forms.BaseForm], part: forms.BaseFormSet
) -> None:
    """Put `rows` into the data of the formset `name`: stored rows first, in their order, and empty ones last."""
    for key in [key for key in data if re.match(rf"{re.escape(name)}-\d+-", key)]:
        del data[key]
    inputs = []
    for row in sorted(rows, key=lambda row: len(stored) if row.theirs_at is None else row.theirs_at):
        theirs = None if row.theirs_at is None else stored[row.theirs_at]
        mine = None if row.mine_at is None else part.forms[row.mine_at]
        if theirs is not None or row.result is not None:
            inputs.append(_inputs(row, theirs, mine))
    typed = {row.mine_at for row in rows}
    inputs += [_sent(form) for place, form in enumerate(part.forms) if place not in typed]
    for number, texts in enumerate(inputs):
        for field, values in texts.items():
            if values:
                data.setlist(f"{name}-{number}-{field}", values)
    data[f"{name}-INITIAL_FORMS"] = str(len(stored))
    data[f"{name}-TOTAL_FORMS"] = str(len(inputs))


def _inputs(
    row: RowMerge, theirs: forms.BaseForm | None, mine: forms.BaseForm | None
) -> dict[str, list[str]]:
    """{input name: values} of a merged row: stored values from `theirs`, typed ones from `mine`."""
    stored = {field.name: input_of(field) for field in theirs or () if field.name != "DELETE"}
    if row.result is None:
        return stored | {"DELETE": ["on"]}
    if row.mine is None:
        return stored
    keys = {field.name for field in hidden(mine)}
    typed = {name: texts for name, texts in _sent(mine).items() if name not in keys}
    return typed | {name: stored[name] for name in row.taken}


def _done(began: Values | None, now: Values | None) -> str:
    if (began is None) == (now is None):
        return ""
    return "taken out" if now is None else "added"
