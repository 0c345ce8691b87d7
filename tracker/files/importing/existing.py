"""Compares rows with the existing records that they change."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.db import models

from tracker.clocks import PRESENT
from tracker.files.export.cells import sheet
from tracker.files.export.profiles import TOOLS
from tracker.files.importing.cells import Speller, date, partial_date
from tracker.files.importing.columns import Columns
from tracker.files.importing.resolve import EXPLAINED
from tracker.files.importing.row_result import Outcome, RowResult
from tracker.files.importing.spellings import CLEARED, months_meant
from tracker.files.importing.values import ParsedCells
from tracker.models import Citation, Development, Effect, Record, User
from tracker.models.dates import Span, last_of, precision_of, span
from tracker.models.mergeable import led_on
from tracker.queries.record_lookup import NEAREST_AMONG
from tracker.text.folding import nearest_hint

DEVELOPMENTS_DECIDE = "How an item stands follows from developments: record the development that changed it."


class ExistingRecords:
    """Compares the rows of one file with the records that `user` may see; `seen` has the rows by record."""

    def __init__(
        self, columns: Columns, spellers: dict[str, Speller], user: User, seen: dict[str | int, int]
    ):
        self.columns, self.model, self.spellers, self.user = columns, columns.model, spellers, user
        self.seen = seen
        self._unknown_ids = 0

    def exported(self, refs: Collection[str]) -> dict[str, dict[str, str]]:
        """{reference: {header: cell}} of the records `refs`, as in an export."""
        if not refs:
            return {}
        record_type = self.columns.record_type
        queryset = record_type.rows(self.user, PRESENT).filter(ref__in=refs).order_by()
        header, rows = sheet(self.model, record_type.columns, queryset, profile=TOOLS)
        records = (
            {name: "" if cell is None else str(cell) for name, cell in zip(header, row, strict=True)}
            for row in rows
        )
        return {cells["id"]: cells for cells in records}

    def compare(self, results: list[RowResult]) -> None:
        """Reduce the cells of rows with an id to those that differ from the record."""
        exported = self.exported({result.cells["id"] for result in results})
        exported |= self._led_on([result for result in results if result.cells["id"] not in exported])
        for result in results:
            result.ref = result.cells["id"][:64]
            first = self.seen.setdefault(result.ref, result.row.number)
            if first != result.row.number:
                result.refuse("id", f"Row {first} is of the same record.")
            present = exported.get(result.cells["id"])
            if present is None:
                self._refuse_unknown(result)
            else:
                self._compare(result, present)

    def _led_on(self, results: list[RowResult]) -> dict[str, dict[str, str]]:
        """Let rows with the id of a merged record be of the one that it was merged into; return these as `exported`."""
        leads = led_on(self.model, {result.cells["id"] for result in results}) if results else {}
        survivors = self.model.objects.visible_to(self.user).in_bulk(leads.values()) if leads else {}
        for result in results:
            if survivor := survivors.get(leads.get(result.cells["id"])):
                rule = f"{result.cells['id']} is “{survivor}” [{survivor.ref}] now"
                if result.cells.get(self.columns.version):
                    result.refuse("id", f"{rule}: take a fresh copy.", Outcome.CONFLICTING)
                result.note(f"{rule}: the row is of that one.")
                result.cells["id"] = survivor.ref
        return self.exported({survivor.ref for survivor in survivors.values()})

    def _compare(self, result: RowResult, present: dict[str, str]) -> None:
        result.present = present
        self._require_version(result, present)
        settle_labels(result, present)
        for name, text in result.cells.items():
            if self._agrees(name, text, present.get(name, "")):
                continue
            if name in self.columns.own:
                result.given[name] = text
            elif name in self.columns.moved:
                refuse_move(result, name, present[name])
            elif name in self.columns.extra and not name.startswith("correction_"):
                rule = "The record is on file already: its parts are imported with files of their own types."
                result.refuse(name, rule)

    def _agrees(self, name: str, text: str, present: str) -> bool:
        """Whether a cell equals the recorded value `present`, also after conversion by a spreadsheet."""
        if text == present or (text == CLEARED and not present):
            return True
        if self.spellers.get(name) in (date, partial_date):
            return present in months_meant(text)
        return "\r" in text and text.replace("\r\n", "\n") == present

    def _refuse_unknown(self, result: RowResult) -> None:
        if ended := self._ended(result.ref):
            result.refuse("id", ended, Outcome.CONFLICTING)
            return
        self._unknown_ids += 1
        refs = self._refs if self._unknown_ids <= EXPLAINED else ()
        hint = nearest_hint(result.ref, refs, "Leave the id empty for a new one.")
        result.refuse("id", f"There is no {self.columns.label} with this id.{hint}")

    def _ended(self, ref: str) -> str:
        """Why there is no record with this id any more; empty if there never was one that the user may see."""
        rows = self.model.objects.visible_to(self.user).filter(ref=ref)
        if self.model is Development and rows.exists():
            return "It has been withdrawn."
        if self.model in (Effect, Citation) and rows.exclude(pk__in=rows.at(PRESENT)).exists():
            return "Its development has been corrected or withdrawn since: take a fresh copy."
        return ""

    @cached_property
    def _refs(self) -> list[str]:
        """The ids to suggest for an unknown one."""
        refs = self.model.objects.visible_to(self.user).order_by().values_list("ref", flat=True)
        return list(refs[:NEAREST_AMONG])

    def _require_version(self, result: RowResult, present: dict[str, str]) -> None:
        column = self.columns.version
        text, now = result.cells.get(column, ""), present.get(column, "")
        if not text or text == now:
            return
        if text.isdecimal() and int(text) < int(now):
            rule = f"It has been changed since: version {now} is on record. Take a fresh copy."
            result.refuse(column, rule, Outcome.CONFLICTING)
        else:
            result.refuse(column, f"The record is at version {now}.")

    def fetch(self, results: list[RowResult]) -> None:
        """Look up the records that rows would change."""
        changing = {result.ref: result for result in results if result.present is not None and result.given}
        if not changing:
            return
        rows = self.model.objects.visible_to(self.user).filter(ref__in=changing)
        if self.columns.is_versioned:
            rows = rows.at(PRESENT)
        rows = rows.select_related(*self.columns.single).prefetch_related(*self.columns.many)
        records = {record.ref: record for record in rows}
        for result in results:
            if result.present is not None and result.given:
                result.record = records.get(result.ref)

    def note_changes(self, result: RowResult, record: Record, parsed: ParsedCells) -> None:
        """Store the old and new values of what the row changes; refuse changes of fixed fields."""
        for name in self.columns.fixed:
            if name in parsed.values and parsed.values[name] != getattr(record, name):
                result.refuse(
                    parsed.headers[name][0], f"It stays as it was recorded: {getattr(record, name)}."
                )
        present = result.present or {}
        before, after = {}, {}
        for name, value in list(parsed.values.items()):
            old = current(record, name)
            if _are_same(record._meta.get_field(name), old, value):
                del result.values[name]
                continue
            before[name], after[name] = frozen(old), frozen(value)
            result.changes += [
                {"column": header, "old": present.get(header, ""), "new": result.cells[header]}
                for header in parsed.headers[name]
            ]
            self._note_precision(result, name, value, parsed)
        if before:
            result.kept = {"before": before, "after": after}

    def _note_precision(self, result: RowResult, name: str, value: Any, parsed: ParsedCells) -> None:
        """Note the precision that a changed date brings, where its cell was left as it was."""
        precision = precision_of(self.columns.model, name)
        if precision is None or not isinstance(value, Span) or precision in parsed.headers[name]:
            return
        if (was := result.cells.get(precision)) and was != value.precision:
            result.changes.append({"column": precision, "old": was, "new": str(value.precision)})


def settle_labels(result: RowResult, present: dict[str, str]) -> None:
    """If code and label contradict each other, use the one that was changed since the export."""
    for name, code in result.labels.items():
        if present and result.cells[name] == present.get(name):
            result.cells[name] = code
        elif not present or code != present.get(name):
            text = result.cells[name]
            rule = f"It says “{text[:100]}”, its label “{code[:100]}”: leave one of the two empty."
            result.refuse(name, rule)


def refuse_move(result: RowResult, name: str, present: str) -> None:
    """Refuse the cell `name` of an item, which only a development can change from `present`."""
    result.refuse(name, f"It is “{present[:100]}” now. {DEVELOPMENTS_DECIDE}")


def current(record: Record, name: str) -> Any:
    """The value of the field `name`, in the form of ParsedCells; several records as a list."""
    if record._meta.get_field(name).many_to_many:
        return list(getattr(record, name).all())
    value = getattr(record, name)
    precision = precision_of(type(record), name)
    if precision is None:
        return value
    return span(value, getattr(record, precision), getattr(record, last_of(precision)))


def _are_same(field: Any, old: Any, new: Any) -> bool:
    """Whether two values of `field` are the same, or both empty; several records in any order."""
    if field.many_to_many:
        return set(old) == set(new)
    return old == new or (not old and not new)


def frozen(value: Any) -> Any:
    """A value for JSON: records by primary key, dates as `Span.typed`."""
    if isinstance(value, list):
        return [frozen(item) for item in value]
    if isinstance(value, Span):
        return value.typed
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value
