"""Loads one release of a dataset: new rows become records, changed rows update them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker import recording
from tracker.loaders.claims import Claims
from tracker.loaders.events import Event, Unusable
from tracker.loaders.records import Recorder
from tracker.loaders.report import ASIDE, CHANGED, GONE, MADE, NOTE, UNCHANGED, LoadReport
from tracker.loaders.rows import DatasetRow, read
from tracker.models import Claim, Effect, Process, Source, User
from tracker.models.vocabularies import SetAside
from tracker.recording.bulk import RowRefused, record_all
from tracker.recording.claims import add_claims
from tracker.recording.timestamps import one_instant

EMPTY = "the row is empty"
NO_ID = "the row has no id"
TWICE = "the same row stands in the file twice"
IDLE_PARTY = "a party made by an earlier load has no part in anything any more; merge it, or delete it"
OTHER_ID = "the row had another id before; it was known by what it says"
REUSED = "the id named another event before; that one was left alone, and this one is new"
NO_LONGER = "the release no longer has the row; the record stays, and its page says so"
LEFT_EMPTY = "a column is empty in the whole file; what the last release said in it was kept"
REPORT_EVERY = 100


@dataclass(frozen=True)
class Dataset:
    """The definition of a dataset.

    `reader` takes all rows of a file, and returns a function from the cells of a row to an Event (raises Unusable).
    `match` returns {row number: claim of an earlier release about the same event}. `blank` are the cells of empty rows.
    `rules` is the version of the reader: increase it with every change, so that records read by older rules are
    repaired when their release is loaded again.
    """

    name: str
    id_column: str
    required: tuple[str, ...]
    source: Callable[[], Source]
    reader: Callable[[Sequence[DatasetRow]], Callable[[Mapping[str, str]], Event]]
    match: Callable[[Sequence[DatasetRow], Sequence[Claim]], dict[int, Claim]]
    blank: frozenset[str] = frozenset({""})
    rules: int = 1


def load(
    dataset: Dataset,
    path: Path,
    release: str,
    by: User,
    dry_run: bool = False,
    tell: Callable = lambda line: None,
    file_name: str = "",
    kept: Callable = lambda report: None,
) -> LoadReport:
    """Load `path` as `release`, in the name of `by`, all or nothing; return the report.

    With `dry_run` everything is rolled back. `tell` receives lines about progress, `kept` the report, in the
    transaction that keeps something. By `file_name`, if it is not that of `path`, a workbook is known. Raises
    OSError, or UnreadableDataset for a file or release that cannot be loaded.
    """
    rows = list(read(path, dataset.name, dataset.required, file_name or path.name))
    with one_instant():
        # A concurrent load waits here, and then finds the records of the first.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        loading = DatasetLoad(dataset, release, by, rows)
        loading.run(tell)
        if dry_run or not loading.claims.added:
            transaction.set_rollback(True)
        else:
            add_claims(loading.claims.added)
            kept(loading.report)
    return loading.report


class DatasetLoad:
    """One load: the claims of earlier releases, and the outcome of each row."""

    def __init__(self, dataset: Dataset, release: str, by: User, rows: Sequence[DatasetRow]):
        self.dataset, self.by, self.rows = dataset, by, rows
        self.claims = Claims(dataset.name, dataset.id_column, release, dataset.rules)
        self.report = LoadReport()
        self.read_event = dataset.reader(rows)
        self.incomplete: list[tuple[DatasetRow, Unusable]] = []
        """The rows that say too little, or cannot be read, and why."""
        self.note = f"From {dataset.name} {release}."

    def run(self, tell: Callable) -> None:
        """Process all rows: already loaded ones, those that update existing records, and new ones."""
        fresh, outdated, met = self._sort_out()
        left = [claim for claim in self.claims.followed.values() if claim.record_ref not in met]
        matched = self.dataset.match(fresh, left)
        self.kept = self._left_empty(matched.values())
        self.recorder = Recorder(self.by, self.dataset.source(), self.note, f"From {self.dataset.name} ")
        self.processes = Process.objects.in_bulk(
            {claim.process_id for claim in self.claims.of_processes.values()}
        )
        new = [row for row in fresh if row.number not in matched]
        known = outdated | matched
        tell(_plan(len(new), len(known)))
        for place, row in enumerate((row for row in self.rows if row.number in known), start=1):
            self._follow(row, known[row.number])
            if place % REPORT_EVERY == 0:
                tell(f"{place:,} of {len(known):,} compared with what was there")
        met |= {claim.record_ref for claim in matched.values()}
        met |= self._set_aside([claim for claim in left if claim.record_ref not in met])
        self._make(new, tell)
        for claim in self.claims.followed.values() if self.claims.is_newest else ():
            if claim.record_ref not in met and claim.release != self.claims.release:
                self.report.add(
                    None, claim.upstream_id, GONE, NO_LONGER, f"last in {claim.release}", claim.record_ref
                )
        for name in self.recorder.idle_parties():
            self.report.add(None, "", NOTE, IDLE_PARTY, name)

    def _sort_out(self) -> tuple[list[DatasetRow], dict[int, Claim], set[str]]:
        """(rows not yet claimed by this release, {row number: claim by older rules}, references of records found)"""
        fresh, outdated, met, seen = [], {}, set(), set()
        for row in self.rows:
            upstream_id, key = self.claims.id(row), self.claims.key(row)
            if set(row.cells.values()) <= self.dataset.blank and not row.fault:
                self.report.add(row.number, upstream_id, ASIDE, EMPTY)
                continue
            if key in seen:
                self.report.add(row.number, upstream_id, ASIDE, TWICE)
                continue
            seen.add(key)
            try:
                event = self._read(row)
            except Unusable as why:
                self.incomplete.append((row, why))
                continue
            for reason, detail in event.notes:
                self.report.add(row.number, upstream_id, NOTE, reason, detail)
            before = self.claims.here.get(key)
            if before is None:
                aside = None if self.claims.is_newest else self.claims.aside_here.get(key)
                if aside is None:
                    fresh.append(row)
                else:  # the record follows a later release
                    reason = SetAside(aside.set_aside).reason
                    self.report.add(
                        row.number, upstream_id, ASIDE, reason, aside.set_aside_detail, aside.record_ref
                    )
                continue
            met.add(before.record_ref)
            if self.claims.outdated(before):
                outdated[row.number] = before
            else:
                self.report.add(row.number, upstream_id, UNCHANGED, record=before.record_ref)
        return fresh, outdated, met

    def _read(self, row: DatasetRow) -> Event:
        """The Event of the row; raises Unusable."""
        if row.fault:
            raise Unusable(row.fault)
        if not self.claims.id(row):
            raise Unusable(NO_ID)
        return self.read_event(row.cells)

    def _left_empty(self, claims) -> set[str]:
        """The columns that are empty in the whole file, but were not in earlier releases."""
        filled = {name for row in self.rows for name in row.filled}
        kept = {name for claim in claims for name in claim.cells} - filled - {self.dataset.id_column}
        for name in sorted(kept):
            self.report.add(None, "", NOTE, LEFT_EMPTY, name)
        return kept

    def _follow(self, row: DatasetRow, before: Claim) -> None:
        """Update the record of a row matched to an earlier claim; report and claim the result."""
        upstream_id = self.claims.id(row)
        cells = row.filled | {name: text for name, text in before.cells.items() if name in self.kept}
        refs = self.claims.refs[before.development_ref]
        by_older_rules = before.rules < self.dataset.rules
        version = None
        try:
            with one_instant():
                old, event = self.read_event(before.cells), self.read_event(cells)
                self._require_process(before, old, event)
                if event.process_key in self.claims.of_processes:
                    self._process(event)
                if by_older_rules or self.claims.key(row)[1] != before.row_hash:
                    version = self.recorder.update(old, event, before, [*refs], by_older_rules)
        except Unusable as why:
            self._leave(row, before, why)
            return
        except ValidationError as error:
            self.recorder.forget()
            self._leave(row, before, Unusable.because(SetAside.REFUSED, " ".join(error.messages)))
            return
        if before.upstream_id != upstream_id:
            detail = f"{before.upstream_id} before"
            self.report.add(row.number, upstream_id, NOTE, OTHER_ID, detail, before.record_ref)
        self.report.add(row.number, upstream_id, CHANGED if version else UNCHANGED, record=before.record_ref)
        if version and by_older_rules:
            raised = Effect.objects.filter(
                development__ref=before.development_ref, development__version=version
            )
            refs |= dict.fromkeys(raised.order_by("pk").values_list("item__ref", flat=True))
        version = version or before.development_version
        self.claims.add(row, cells, before.process, refs, before.development_ref, version)

    def _require_process(self, before: Claim, old: Event, new: Event) -> None:
        """Raise Unusable if the row belongs to a different process than the record that follows `before`."""
        keys = (new.process_key, *new.also_in)
        if old.process_key != new.process_key and not self.claims.is_process_of(before, keys):
            detail = f"{old.process_title} before, {new.process_title} now"
            raise Unusable.because(SetAside.OTHER_PROCESS, detail)

    def _leave(self, row: DatasetRow, before: Claim, why: Unusable) -> None:
        """Set aside a row about the record that follows `before`, with a note on the record's page."""
        self.report.add(row.number, self.claims.id(row), ASIDE, why.reason, why.detail, before.record_ref)
        self.claims.add_aside(row, before, why)

    def _set_aside(self, left: Sequence[Claim]) -> set[str]:
        """Set aside incomplete rows, each with its record among those `left`; return their references."""
        rows = [row for row, _ in self.incomplete]
        left = left if self.claims.is_newest else []
        about = self.dataset.match(rows, left)
        taken = {claim.record_ref for claim in about.values()}
        by_id: dict[str, list[Claim]] = {}
        for claim in left:
            if claim.record_ref not in taken:
                by_id.setdefault(claim.upstream_id, []).append(claim)
        for row, why in self.incomplete:
            named = by_id.pop(self.claims.id(row), ()) if row.number not in about else ()
            if len(named) == 1:
                about[row.number] = named[0]
            if row.number in about:
                self._leave(row, about[row.number], why)
            else:
                self.report.add(row.number, self.claims.id(row), ASIDE, why.reason, why.detail)
        return {claim.record_ref for claim in about.values()}

    def _make(self, rows: Sequence[DatasetRow], tell: Callable) -> None:
        """Record new `rows`; those refused by a rule are set aside."""
        events = {row.number: self.read_event(row.cells) for row in rows}
        while rows:
            drafts = [
                self.recorder.draft(events[row.number], self._process(events[row.number])) for row in rows
            ]
            try:
                record_all(self.by, drafts)
                break
            except RowRefused as refused:
                for place, error in refused.errors.items():
                    reason, detail = SetAside.REFUSED.reason, " ".join(error.messages)
                    self.report.add(rows[place].number, self.claims.id(rows[place]), ASIDE, reason, detail)
                rows = [row for place, row in enumerate(rows) if place not in refused.errors]
        for place, row in enumerate(rows, start=1):
            upstream_id = self.claims.id(row)
            development, item = drafts[place - 1].development, drafts[place - 1].items[0][0]
            if development.talk:
                self.recorder.seat(events[row.number], item)
            if upstream_id in self.claims.ids_before:
                self.report.add(row.number, upstream_id, NOTE, REUSED, "", item.ref)
            self.report.add(row.number, upstream_id, MADE, record=item.ref)
            refs = [item.ref for item, _ in drafts[place - 1].items]
            self.claims.add(row, row.filled, development.process, refs, development.ref, development.version)
            if place % REPORT_EVERY == 0 or place == len(rows):
                tell(f"{place:,} of {len(rows):,} new ones recorded")

    def _process(self, event: Event) -> Process:
        """The process of the event, claimed by this release; created if no release has claimed it."""
        before = self.claims.of_processes.get(event.process_key)
        cells = {"title": event.process_title, "aim": event.process_aim}
        process = self.processes[before.process_id] if before else self.recorder.process(event)
        if before and self.claims.has_process(event.process_key):
            return process
        if before and before.cells != cells:
            for name, text in cells.items():
                if getattr(process, name) == before.cells[name]:
                    setattr(process, name, text)
            recording.save(self.by, process, note=self.note)
        self.processes[process.pk] = process
        self.claims.add_process(event.process_key, cells, process)
        return process


def _plan(unrecorded: int, compared: int) -> str:
    """A line about the rows to be processed; rows set aside earlier are tried again, so not all are new."""
    if not unrecorded and not compared:
        return "Nothing is new: every row is on record, or has been set aside"
    rows = "1 row is" if unrecorded == 1 else f"{unrecorded:,} rows are"
    return f"{rows} not on record yet, {compared:,} to be compared with what is"
