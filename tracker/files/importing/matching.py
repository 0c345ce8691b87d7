"""Finds the existing record of a row without an id, and rows of a file that mean the same record."""

from typing import Any, cast

from django.db.models import OuterRef

from tracker.clocks import PRESENT
from tracker.files.importing.cells import CellReader
from tracker.files.importing.columns import LABEL, Columns
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.texts import join_text
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Development, Effect, ImportRun, Record, Source, Talk
from tracker.models.base import first_of
from tracker.models.dates import held, last_of, precision_of
from tracker.models.fields import CodeListField, concrete_field
from tracker.queries.namesakes import named, namesakes_and_marks

SHOWN = 6
"""The maximum number of columns in a message."""

Candidates = list[tuple[Record, tuple]]
"""Possible records, each with the values that tell it from others with the same identity."""


class Matcher:
    """Matches the new rows of one file with existing records, and with each other; `seen` has the rows by record."""

    def __init__(self, columns: Columns, cells: CellReader, run: ImportRun, seen: dict[str | int, int]):
        self.columns, self.model, self.cells, self.run, self.seen = columns, columns.model, cells, run, seen
        self.marks: dict[tuple[str, int | None], int] = {}
        """The rows by what new records are taken for others by."""
        record_type = columns.record_type
        self.identity = self._attributes(record_type.identity)
        self.distinguished_by = self._attributes(record_type.distinguished_by)
        self.lookup_fields = [
            (name, concrete_field(self.model, name))
            for name in record_type.lookup_fields or record_type.identity
        ]

    def _attributes(self, names: tuple[str, ...]) -> list[str]:
        """The attributes that hold the fields called `names`, dates with their precision."""
        attributes = []
        for name in names:
            attributes.append(concrete_field(self.model, name).attname)
            if precision := precision_of(self.model, name):
                attributes += [precision, last_of(precision)]
        return attributes

    def match(self, results: list[RowResult]) -> dict[str, tuple[RowResult, Record]]:
        """{reference: (row, existing record)} for `results` that mean an existing record.

        Joins rows that differ from an earlier one only in a list of codes, or in the language of a wording. Refuses all
        others about the same record as an earlier one, and ambiguous rows.
        """
        if not results:
            return {}
        matched: dict[str, tuple[RowResult, Record]] = {}
        unmatched: list[tuple[RowResult, tuple, Candidates]] = []
        repeated: list[tuple[RowResult, int]] = []
        existing = self._existing([result.record for result in results])
        by_number = {result.row.number: result for result in results}
        for result in results:
            effect = result.effects[0] if result.effects else None
            key, apart = self._identify(result.record, result.development, effect)
            first = self.seen.setdefault(hash((key, apart)), result.row.number)
            if first != result.row.number:
                join = join_text if self.model is Development else self._join
                if not join(result, by_number.get(first)):
                    repeated.append((result, first))
                continue
            candidates = existing.get(key, [])
            exact = [(record, other) for record, other in candidates if other == apart]
            if len(exact) == 1 or (exact and self.model is Development):
                self._take(matched, result, exact[0][0])
            else:
                unmatched.append((result, apart, exact or candidates))
        for result, apart, candidates in unmatched:
            possible = [record for record, other in candidates if _may_be(other, apart)]
            free = [record for record in possible if record.ref not in self.seen]
            if len(free) == 1:
                self._take(matched, result, free[0])
            elif free:
                rule = f"Several records on file may be meant: {named(free)}. Give the id."
                result.refuse("id", rule)
            elif candidates:
                result.note(
                    f"This makes another {self.columns.label} of that name beside "
                    f"{named([record for record, _ in candidates])}. If one of these is meant, give its id."
                )
        self._note_namesakes([result for result, _, candidates in unmatched if not candidates])
        self._refuse_repeated(repeated, results)
        return matched

    def keep_together(self, results: list[RowResult]) -> None:
        """Refuse rows that would be joined with a refused one: it would replace their codes if it came in later.

        A text of a wording would not come in at all then.
        """
        lists = self.columns.lists or {self.columns.text_language} & set(filter(None, self.cells.header))
        refused = (
            [result for result in results if result.messages and result.record is not None] if lists else []
        )
        for result in results if refused else ():
            others = _without(result.values, lists)
            broken = next((row for row in refused if _without(row.values, lists) == others), None)
            if broken is not None and not result.messages:
                rule = (
                    f"It goes with row {broken.row.number}, which cannot be imported: correct that one, "
                    "and import both together."
                )
                result.refuse(min(lists), rule)

    def _join(self, result: RowResult, first: RowResult | None) -> bool:
        """Let the row `first` have the codes of `result` too, if all else is the same; return whether it was."""
        if first is None or first.values.keys() != result.values.keys():
            return False
        differing = {name for name, value in result.values.items() if value != first.values[name]}
        if not differing or not differing <= self.columns.lists:
            return False
        for name in differing:
            field = cast(CodeListField, concrete_field(self.model, name))
            codes = field.joined([first.values[name], result.values[name]])
            first.values[name] = first.cells[name] = first.given[name] = codes
            setattr(first.record, name, codes)
            # The row is read once more when it is written.
            columns = {name, f"{name}{LABEL}"}
            cells = zip(self.cells.header, first.row.cells, strict=False)
            united = [codes if header in columns else text for header, text in cells]
            first.row = SpreadsheetRow(first.row.number, united)
            first.note(f"Joined with row {result.row.number}: {name} is “{codes}”.")
        result.record = None
        result.note(
            f"Joined with row {first.row.number}, from which it differs only in {', '.join(differing)}."
        )
        return True

    def _identify(
        self, record: Any, raised_by: Development | Effect | None, effect: Effect | None
    ) -> tuple[tuple, tuple]:
        """The values of the identity of `record`, and those that tell it from others with the same identity.

        For a talk, the latter include when it was raised, and its first due date.
        """
        key = tuple(getattr(record, name) or None for name in self.identity)
        apart = tuple(getattr(record, name) or None for name in self.distinguished_by)
        if self.model is not Talk:
            return key, apart
        occurred = held(raised_by, "occurred") if raised_by else None
        due = (effect.due, effect.due_phrase) if effect else None
        return key, (*apart, occurred, due if due and any(due) else None)

    def _existing(self, records: list) -> dict[tuple, Candidates]:
        """{identity: existing records that `records` may mean}"""
        rows = self.model.objects.visible_to(self.run.by).filter(**self._lookups(records))
        if self.columns.is_versioned:
            rows = rows.at(PRESENT)
        if self.model is Talk:
            raised = (
                Effect.objects.at(PRESENT)
                .filter(item=OuterRef("pk"))
                .order_by("development__first_recorded_at", "pk")
            )
            rows = rows.annotate(raised_by=first_of(raised, "pk"))
        candidates = list(rows.select_related(*self.columns.single))
        effects: dict[int, Effect] = {}
        if self.model is Talk:
            effects = Effect.objects.in_bulk([record.raised_by for record in candidates if record.raised_by])
        existing: dict[tuple, Candidates] = {}
        for record in candidates:
            effect = effects.get(getattr(record, "raised_by", 0))
            # An effect has a copy of the date of the development that raised the talk.
            key, apart = self._identify(record, effect, effect)
            existing.setdefault(key, []).append((record, apart))
        return existing

    def _lookups(self, records: list) -> dict[str, list]:
        """Lookups that match all possible records for `records`, and few others."""
        lookups = {}
        for name, field in self.lookup_fields:
            values = {getattr(record, field.attname) for record in records}
            # `IN` does not match NULL.
            if None not in values and not field.null:
                lookups[f"{name}__in"] = list(values)
        return lookups

    def _take(self, matched: dict, result: RowResult, record: Record) -> None:
        first = self.seen.setdefault(record.ref, result.row.number)
        if first != result.row.number:
            result.refuse("", f"Row {first} is of the same record, {record.ref}.")
        else:
            matched[record.ref] = (result, record)

    def _note_namesakes(self, results: list[RowResult]) -> None:
        """Add a notice about existing records of the same name, alias or address, as a row's new record."""
        is_shared = self.model is Source or not self.model.process_path
        if not (is_shared and results):
            return
        records = [result.record for result in results if result.record is not None]
        for result, (others, marks) in zip(results, namesakes_and_marks(records, self.run.by), strict=True):
            # Many people hold an office of one title.
            person, number = getattr(result.record, "person_id", None), result.row.number
            rows = [self.marks.setdefault((mark, person), number) for mark in marks]
            if (first := min(rows, default=number)) != number:
                result.note(f"Row {first} has the same name or address, or one that looks like it.")
            if others:
                result.note(
                    "On record already, under this name, one that looks like it, or this address: "
                    f"{named(others)}. If one of these is meant, give its id."
                )

    def _refuse_repeated(self, repeated: list[tuple[RowResult, int]], results: list[RowResult]) -> None:
        """Refuse rows about the same record as an earlier row, with the first difference."""
        if not repeated:
            return
        numbers = {first for _, first in repeated}
        earlier = {result.row.number: result.cells for result in results if result.row.number in numbers}
        for row in self.run.rows.filter(number__in=numbers - earlier.keys()):
            earlier[row.number] = self.cells.read(SpreadsheetRow(row.number, row.cells)).cells
        for result, first in repeated:
            result.repeats = True
            result.refuse(*self._difference(result, first, earlier.get(first, result.cells)))

    def _difference(self, result: RowResult, first: int, earlier: dict[str, str]) -> tuple[str, str]:
        """The first column that differs from the `earlier` cells of row `first`, and the message."""
        cells, number = result.cells, result.row.number
        unlike = [name for name in {**earlier, **cells} if earlier.get(name) != cells.get(name)]
        if not unlike:
            return "", f"It says the same as row {first}."
        names = [name for name in unlike if name not in self.columns.lists]
        if not names:
            rule = f"It is of the same {self.columns.label} as row {first}: write all in one row, separated by “; ”."
            return unlike[0], rule
        identity = [
            str(concrete_field(self.model, name).verbose_name) for name in self.columns.record_type.identity
        ]
        alike = "the same in all that tells one apart"
        if len(identity) <= SHOWN:
            alike = f"same {', '.join(identity)}"
        differing = "; ".join(
            f"{name}, where row {first} has {_quoted(earlier.get(name))} and row {number} {_quoted(cells.get(name))}"
            for name in names[:SHOWN]
        )
        rule = (
            f"Rows {first} and {number} are of one {self.columns.label} ({alike}), which has one {differing}."
        )
        if self.model is Development:
            rule += " Further effects and citations are imported with files of their own."
            if "effect_wording" in names:
                rule += " If they are one wording in two languages, say so in “effect_wording_language”."
        return names[0], rule


def _without(values: dict, names: set[str]) -> dict:
    """`values` but for those called `names`."""
    return {name: value for name, value in values.items() if name not in names}


def _quoted(text: str | None) -> str:
    return f"“{text[:100]}”" if text else "nothing"


def _may_be(first: tuple, second: tuple) -> bool:
    """Whether two records may be the same: no value that both have differs."""
    return all(
        mine is None or theirs is None or mine == theirs for mine, theirs in zip(first, second, strict=True)
    )
