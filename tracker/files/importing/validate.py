"""Judging rows: which records they mean, what they would change, and everything that is wrong with them."""

import difflib
from functools import cached_property

from tracker.clocks import PRESENT
from tracker.files.export.cells import sheet
from tracker.files.export.profiles import TOOLS
from tracker.files.importing import related, rules
from tracker.files.importing.cells import CellReader
from tracker.files.importing.columns import Columns
from tracker.files.importing.matching import Matcher
from tracker.files.importing.parse import Parsing, current, process_of, put, wanted
from tracker.files.importing.resolve import EXPLAINED, Names
from tracker.files.importing.rights import Rights
from tracker.files.importing.row_result import Outcome, RowResult
from tracker.files.importing.spelling import date, months_meant
from tracker.files.importing.values import CLEARED
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Development, ImportRun
from tracker.models.base import new_ref
from tracker.models.dates import PartialDate
from tracker.models.vocabularies import CorrectionReason
from tracker.queries.record_lookup import NEAREST_AMONG

OTHERWISE = "How an item stands follows from developments: record the development that changed it."


class Validator:
    """Judges the rows of one file, many at a time, in the name of one user; it writes nothing."""

    def __init__(self, columns: Columns, header: list[str], run: ImportRun):
        self.columns, self.model, self.run, self.user = columns, columns.model, run, run.by
        self.cells = CellReader(columns, header, run)
        self.names = Names(run.by)
        self.fixed = rules.fixed(self.model)
        self.rights = Rights(self.model, run.by)
        self.unknown = 0
        self.matcher = Matcher(columns, self.cells, run)

    def judge(self, rows: list[SpreadsheetRow]) -> list[RowResult]:
        """What each of `rows` comes to."""
        everything = [self.cells.judged(row) for row in rows]
        judged = [one for one in everything if not one.is_shifted]
        present = self._present({one.cells["id"] for one in judged if "id" in one.cells})
        for one in judged:
            if "id" in one.cells:
                self._compare(one, present.get(one.cells["id"]))
            else:
                self._settle_labels(one, {})
                one.given = {name: one.cells[name] for name in one.cells if name in self.columns.own}
        self._learn(judged)
        self._fetch([one for one in judged if one.present is not None and one.given])
        for one in judged:
            if (one.given and one.record) if one.present is not None else "id" not in one.cells:
                self._parse(one)
        self._recognise([one for one in judged if one.present is None and one.record and not one.messages])
        self.rights.look_up(judged)
        for one in judged:
            if one.record is not None:
                process = process_of(one.record)
                one.process_id = process.pk if process else None
                self._finish(one)
        return everything

    def _present(self, refs) -> dict[str, dict[str, str]]:
        """What the export says now of the records called `refs` that the user may see, by reference and header."""
        if not refs:
            return {}
        rows = self.columns.record_type.rows(self.user, PRESENT).filter(ref__in=refs)
        header, rows = sheet(self.model, self.columns.record_type.columns, rows.order_by(), profile=TOOLS)
        found = (
            {name: "" if cell is None else str(cell) for name, cell in zip(header, row, strict=True)}
            for row in rows
        )
        return {row["id"]: row for row in found}

    def _compare(self, one: RowResult, present) -> None:
        """Take out of the cells of a row with an id those that differ from what is on record."""
        one.ref = one.cells["id"][:64]
        first = self.matcher.first(one.ref, one)
        if first != one.row.number:
            one.refuse("id", f"Row {first} is of the same record.")
        if present is None:
            self._unknown(one)
            return
        one.present = present
        self._require_version(one)
        self._settle_labels(one, present)
        for name, text in one.cells.items():
            if self._says(name, text, present.get(name, "")):
                continue
            if name in self.columns.own:
                one.given[name] = text
            elif name in self.columns.moved:
                one.refuse(name, f"It is “{present[name][:100]}” now. {OTHERWISE}")
            elif name in self.columns.extra and not name.startswith("correction_"):
                one.refuse(
                    name, "The record is on file: what belongs to it comes in with a file of its own type."
                )

    def _says(self, name: str, text: str, present: str) -> bool:
        """Whether a cell says what is on record: `present`, or what a program may have made of that."""
        if text == present or (text == CLEARED and not present):
            return True
        if self.cells.spellers.get(name) is date:
            return present in months_meant(text)
        return "\r" in text and text.replace("\r\n", "\n") == present

    def _settle_labels(self, one: RowResult, present: dict[str, str]) -> None:
        """Where a label means another code than the one beside it, take whichever was changed since the export."""
        for name, code in one.labels.items():
            if present and one.cells[name] == present.get(name):
                one.cells[name] = code
            elif not present or code != present.get(name):
                said = one.cells[name]
                one.refuse(
                    name, f"It says “{said[:100]}”, its label “{code[:100]}”: leave one of the two empty."
                )

    @cached_property
    def _refs(self) -> list[str]:
        """Ids among which the nearest to an unknown one is looked for."""
        known = self.model.objects.visible_to(self.user).order_by().values_list("ref", flat=True)
        return list(known[:NEAREST_AMONG])

    def _unknown(self, one: RowResult) -> None:
        ended = related.ended(self.model, one.ref, self.user)
        if ended:
            one.refuse("id", ended, Outcome.CONFLICTING)
            return
        self.unknown += 1
        near = (
            difflib.get_close_matches(one.ref, self._refs, n=1, cutoff=0.7)
            if self.unknown <= EXPLAINED
            else ()
        )
        hint = f" Nearest: {near[0]}." if near else " Leave the id empty for a new one."
        one.refuse("id", f"There is no {self.columns.record_type.label} with this id.{hint}")

    def _require_version(self, one: RowResult) -> None:
        column = self.columns.version
        text, now = one.cells.get(column, ""), one.present.get(column, "")
        if not text or text == now:
            return
        if text.isdecimal() and int(text) < int(now):
            rule = f"It has been changed since: version {now} is on record. Take a fresh copy."
            one.refuse(column, rule, Outcome.CONFLICTING)
        else:
            one.refuse(column, f"The record is at version {now}.")

    def _learn(self, judged) -> None:
        """Ask for everything that the rows name, a query for each type of record rather than one for each row."""
        texts: dict = {}
        for one in judged:
            pairs = wanted(self.columns.own, one.given)
            if one.present is None:
                for part in self.columns.parts.values():
                    pairs += wanted(part, one.cells)
            for model, text in pairs:
                texts.setdefault(model, set()).add(text)
        for model, some in texts.items():
            self.names.learn(model, some)

    def _fetch(self, judged) -> None:
        """The records on file that rows would change."""
        if not judged:
            return
        single = [target.name for target in self.columns.own.values() if target.field.many_to_one]
        many = [target.name for target in self.columns.own.values() if target.many]
        rows = self.model.objects.visible_to(self.user).filter(ref__in=[one.ref for one in judged])
        if self.columns.is_versioned:
            rows = rows.at(PRESENT)
        found = {
            record.ref: record for record in rows.select_related(*set(single)).prefetch_related(*set(many))
        }
        for one in judged:
            one.record = found.get(one.ref)

    def _parse(self, one: RowResult) -> None:
        """Read the cells of a row, and put what they say on its record."""
        known = one.record
        read = Parsing(self.names, self.columns.own, one.given, one.present or one.cells, known)
        for header, value, rule in read.wrong:
            one.refuse(header, rule, value=value)
        one.values = read.values
        if known is None:
            one.record = self.model(ref=new_ref(self.model.prefix))
        else:
            self._require_fixed(one, read.headers)
            self._note_changes(one, read.headers)
        for name, value in one.values.items():
            field = self.model._meta.get_field(name)
            put(one.record, field, value)
            if field.many_to_many:
                one.related[name] = value
        if known is None:
            related.complete(self.names, self.columns, one)

    def _require_fixed(self, one, headers) -> None:
        for name in self.fixed:
            if name in one.values and one.values[name] != getattr(one.record, name):
                one.refuse(headers[name][0], f"It stays as it was recorded: {getattr(one.record, name)}.")

    def _note_changes(self, one, headers) -> None:
        """What the row changes, and from which values to which."""
        before, after = {}, {}
        for name, value in list(one.values.items()):
            field = self.model._meta.get_field(name)
            old = current(one.record, field)
            if (set(old) == set(value)) if field.many_to_many else (old == value or (not old and not value)):
                del one.values[name]
                continue
            before[name], after[name] = frozen(old), frozen(value)
            one.changes += [
                {"column": header, "old": one.present.get(header, ""), "new": one.cells[header]}
                for header in headers[name]
            ]
        if before:
            one.kept = {"before": before, "after": after}

    def _recognise(self, judged) -> None:
        """Let new rows that say what a record on file says mean that record."""
        met = self.matcher.met(judged)
        present = self._present(set(met))
        for ref, (one, record) in met.items():
            if ref in present:
                one.ref, one.present, one.record, one.related = ref, present[ref], record, {}
                one.effects, one.citations, one.development = [], [], None
                one.given = {name: text for name, text in one.given.items() if text != one.present[name]}
                for name in self.columns.moved & one.cells.keys():
                    if one.cells[name] not in (one.present[name], CLEARED):
                        one.refuse(name, f"It is “{one.present[name][:100]}” now. {OTHERWISE}")
                if not one.messages:
                    self._parse(one)

    def _finish(self, one: RowResult) -> None:
        """Say what becomes of a row, if it is without fault."""
        is_new = one.present is None
        if not is_new and not one.changes:
            one.record = None
            return
        self.rights.require(one)
        related.require_way_back(self.user, one)
        if self.columns.is_versioned and not (is_new and self.model is Development):
            self._require_reason(one)
        if one.messages:
            return
        one.ref = one.record.ref
        one.outcome = Outcome.CREATED if is_new else Outcome.CHANGED
        if self.columns.is_versioned:
            one.kept = None
            related.versioned(one, one.cells.get(self.columns.version, ""))

    def _require_reason(self, one: RowResult) -> None:
        one.reason = one.cells.get("correction_reason") or self.run.reason
        one.note = one.cells.get("correction_note") or self.run.note or f"Import {self.run.ref}"
        if one.reason not in CorrectionReason.values:
            codes = ", ".join(CorrectionReason.values)
            rule = f"A correction says why: choose from {codes}, here or for the whole import."
            one.refuse("correction_reason", rule)


def frozen(value):
    """A value as JSON holds it: records by key, dates as they are typed."""
    if isinstance(value, list):
        return [frozen(one) for one in value]
    if isinstance(value, PartialDate):
        return value.typed
    if hasattr(value, "pk"):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value
