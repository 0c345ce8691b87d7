"""Brings one release of a dataset into the record: new rows are made, changed ones followed, nothing else touched."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from tracker import recording
from tracker.claiming import claim
from tracker.instants import one_instant
from tracker.loaders.events import Event, Unusable
from tracker.loaders.records import Recorder
from tracker.loaders.report import ASIDE, CHANGED, GONE, MADE, NOTE, UNCHANGED, Report
from tracker.loaders.rows import Row, Unreadable, read
from tracker.models import Claim, Item, Principle, Process, Source, Talk, User
from tracker.recording_many import Refused, record_all

EMPTY = "the row is empty"
NO_ID = "the row has no id"
TWICE = "the same row stands in the file twice"
BROKEN_RULE = "a rule of the record refuses it"
OTHER_ID = "the row had another id before; it was known by what it says"
REUSED = "the id named another event before; that one was left alone, and this one is new"
NO_LONGER = "the release no longer has the row; the record stays, and its page says so"
LEFT_EMPTY = "a column is empty in the whole file; what the last release said in it was kept"
TOLD_EVERY = 100

RECORD_TYPES = {model.prefix: model._meta.model_name for model in (Process, Talk, Principle)}
"""The models of the records that are claimed, by the letters that their references begin with."""


@dataclass(frozen=True)
class Dataset:
    """What a loader knows of its dataset.

    `reader`, given all rows of a file, gives what tells what the cells of one say (raising Unusable); `match` tells by
    the number of a row which claim of an earlier release speaks of the same event; `blank` are the cells of empty rows.
    """

    name: str
    id_column: str
    required: tuple[str, ...]
    source: Callable[[], Source]
    reader: Callable[[Sequence[Row]], Callable[[Mapping[str, str]], Event]]
    match: Callable[[Sequence[Row], Sequence[Claim]], dict[int, Claim]]
    blank: frozenset[str] = frozenset({""})


def load(
    dataset: Dataset, path: Path, release: str, by: User, dry_run: bool = False, tell: Callable = lambda line: None
) -> Report:
    """Load `path` as the release called `release`, recorded by `by`, all of it or nothing; return what became of it.

    With `dry_run` everything is done and taken back. `tell` is given lines about how far it has come. Raises OSError,
    or Unreadable for a file or a release that cannot be loaded.
    """
    rows = list(read(path, dataset.name, dataset.required))
    with one_instant():
        # Of two loads at once the second waits for the first, and finds its records there.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        loading = Loading(dataset, release, by, rows)
        loading.run(tell)
        if dry_run or not loading.claims:
            transaction.set_rollback(True)
        else:
            claim(loading.claims)
    return loading.report


class Loading:
    """One load: what earlier releases claimed, and what comes of each row."""

    def __init__(self, dataset: Dataset, release: str, by: User, rows: Sequence[Row]):
        self.dataset, self.release, self.by, self.rows = dataset, release, by, rows
        self.report, self.claims = Report(), []
        claims = list(Claim.objects.filter(dataset=dataset.name).select_related("process").order_by("pk"))
        self.newest = self._require_order(list(dict.fromkeys(one.release for one in claims)))
        self.of_processes = {one.upstream_id: one for one in claims if one.record_type == "process"}
        self.refs = {}
        """The records that stand for a row, by its development; the first is the one that it is known by."""
        for one in claims:
            if one.development_ref:
                self.refs.setdefault(one.development_ref, {})[one.record_ref] = None
        of_rows = [one for one in claims if one.record_ref == next(iter(self.refs.get(one.development_ref, ())), "")]
        self.latest = {one.record_ref: one for one in of_rows}
        self.said = {(one.upstream_id, one.row_hash): one for one in of_rows if one.release == release}
        self.ids_before = {one.upstream_id for one in of_rows}
        self.processes = Process.objects.in_bulk({one.process_id for one in claims})
        self.read_event = dataset.reader(rows)

    def run(self, tell: Callable) -> None:
        """Go through all rows: those that are known, those that follow what was there, those that are new."""
        fresh, met = self._sort_out()
        left = [one for one in self.latest.values() if one.record_ref not in met]
        matched = self.dataset.match(fresh, left)
        self.kept = self._left_empty(matched.values())
        self.recorder = Recorder(self.by, self.dataset.source(), f"From {self.dataset.name} {self.release}.")
        self.items = Item.objects.in_bulk([one.record_ref for one in matched.values()], field_name="ref")
        new = [row for row in fresh if row.number not in matched]
        tell(f"{len(fresh):,} rows are new or differ, {len(new):,} of them new")
        for place, row in enumerate((row for row in fresh if row.number in matched), start=1):
            self._follow(row, matched[row.number])
            if place % TOLD_EVERY == 0:
                tell(f"{place:,} of {len(matched):,} compared with what was there")
        self._make(new, tell)
        met |= {one.record_ref for one in matched.values()}
        for one in self.latest.values() if self.newest else ():
            if one.record_ref not in met and one.release != self.release:
                self.report.add(None, one.upstream_id, GONE, NO_LONGER, f"last in {one.release}", one.record_ref)

    def _require_order(self, releases: list[str]) -> bool:
        """Whether this release is the newest; raises Unreadable for one older than those loaded, and not loaded."""
        if not releases or self.release == releases[-1]:
            return True
        if self.release in releases:
            return False
        this, last = (_order(name) for name in (self.release, releases[-1]))
        if this and last and this < last:
            raise Unreadable(
                f"release {self.release} is older than {releases[-1]}, which was loaded before it; "
                "load releases in the order in which they came out"
            )
        return True

    def _sort_out(self) -> tuple[list[Row], set[str]]:
        """The rows that this release has not claimed yet, and the records of those that it has."""
        fresh, met, seen = [], set(), set()
        for row in self.rows:
            upstream_id = row.cells.get(self.dataset.id_column, "").strip()
            key = (upstream_id, row.hash(self.dataset.id_column))
            reason, detail = row.fault, ""
            if not reason and set(row.cells.values()) <= self.dataset.blank:
                reason = EMPTY
            elif not reason and not upstream_id:
                reason = NO_ID
            elif not reason and key in seen:
                reason = TWICE
            seen.add(key)
            if not reason:
                try:
                    event = self.read_event(row.cells)
                except Unusable as unusable:
                    reason, detail = unusable.reason, unusable.detail
            if reason:
                self.report.add(row.number, upstream_id, ASIDE, reason, detail)
                continue
            for reason, detail in event.notes:
                self.report.add(row.number, upstream_id, NOTE, reason, detail)
            if key in self.said:
                met.add(self.said[key].record_ref)
                self.report.add(row.number, upstream_id, UNCHANGED, record=self.said[key].record_ref)
            else:
                fresh.append(row)
        return fresh, met

    def _left_empty(self, claims) -> set[str]:
        """The columns in which no row of this file says anything, though rows of earlier releases did."""
        filled = {name for row in self.rows for name, text in row.cells.items() if text}
        kept = {name for one in claims for name in one.cells} - filled - {self.dataset.id_column}
        for name in sorted(kept):
            self.report.add(None, "", NOTE, LEFT_EMPTY, name)
        return kept

    def _follow(self, row: Row, before: Claim) -> None:
        """Let the record of a row that was there before follow it; report, and claim, what came of it."""
        upstream_id, key = self._id(row), row.hash(self.dataset.id_column)
        cells = _said(row) | {name: text for name, text in before.cells.items() if name in self.kept}
        version = None
        try:
            with one_instant():
                event = self.read_event(cells)
                if event.process_key in self.of_processes:
                    self._process(event)
                if key != before.row_hash:
                    version = self.recorder.update(
                        self.read_event(before.cells),
                        event,
                        self.items[before.record_ref],
                        before.development_ref,
                        before.development_version,
                    )
        except Unusable as unusable:
            ref = before.record_ref
            self.report.add(row.number, upstream_id, ASIDE, unusable.reason, unusable.detail, ref)
            return
        except ValidationError as error:
            self.recorder.forget()
            self.report.add(row.number, upstream_id, ASIDE, BROKEN_RULE, " ".join(error.messages))
            return
        if before.upstream_id != upstream_id:
            detail = f"{before.upstream_id} before"
            self.report.add(row.number, upstream_id, NOTE, OTHER_ID, detail, before.record_ref)
        outcome = CHANGED if version else UNCHANGED
        self.report.add(row.number, upstream_id, outcome, record=before.record_ref)
        version = version or before.development_version
        refs = list(self.refs[before.development_ref])
        self._claim(row, cells, before.process, refs, before.development_ref, version)

    def _make(self, rows: Sequence[Row], tell: Callable) -> None:
        """Record what `rows` tell of; those that a rule refuses are set aside, and the others are recorded."""
        events = {row.number: self.read_event(row.cells) for row in rows}
        while rows:
            drafts = [self.recorder.draft(events[row.number], self._process(events[row.number])) for row in rows]
            try:
                record_all(self.by, drafts)
                break
            except Refused as refused:
                for place, error in refused.errors.items():
                    row = rows[place]
                    self.report.add(row.number, self._id(row), ASIDE, BROKEN_RULE, " ".join(error.messages))
                rows = [row for place, row in enumerate(rows) if place not in refused.errors]
        for place, row in enumerate(rows, start=1):
            development, item = drafts[place - 1].development, drafts[place - 1].items[0][0]
            if development.talk:
                self.recorder.seat(events[row.number], item)
            if self._id(row) in self.ids_before:
                self.report.add(row.number, self._id(row), NOTE, REUSED, "", item.ref)
            self.report.add(row.number, self._id(row), MADE, record=item.ref)
            refs = [item.ref for item, _ in drafts[place - 1].items]
            self._claim(row, _said(row), development.process, refs, development.ref, development.version)
            if place % TOLD_EVERY == 0 or place == len(rows):
                tell(f"{place:,} of {len(rows):,} new ones recorded")

    def _id(self, row: Row) -> str:
        return row.cells[self.dataset.id_column].strip()

    def _process(self, event: Event) -> Process:
        """The process that the event belongs to, claimed by this release; made where no release has claimed it."""
        before = self.of_processes.get(event.process_key)
        cells = {"title": event.process_title, "aim": event.process_aim}
        process = self.processes[before.process_id] if before else self.recorder.process(event)
        if before and before.release == self.release:
            return process
        if before and before.cells != cells:
            for name, text in cells.items():
                if getattr(process, name) == before.cells[name]:
                    setattr(process, name, text)
            recording.save(self.by, process, note=self.recorder.note)
        self.processes[process.pk] = process
        self._add(event.process_key, "", cells, process, process.ref)
        self.of_processes[event.process_key] = self.claims[-1]
        return process

    def _claim(self, row: Row, cells, process: Process, refs: list[str], development_ref: str, version: int) -> None:
        """Claim the records `refs` for the row; its cells are kept with the first, by which it is known."""
        upstream_id, row_hash = self._id(row), row.hash(self.dataset.id_column)
        for ref in refs:
            kept = cells if ref == refs[0] else {}
            self._add(upstream_id, row_hash, kept, process, ref, development_ref, version)

    def _add(self, upstream_id, row_hash, cells, process, ref, development_ref="", version=None) -> None:
        self.claims.append(
            Claim(
                dataset=self.dataset.name,
                release=self.release,
                upstream_id=upstream_id,
                row_hash=row_hash,
                cells=cells,
                record_type=RECORD_TYPES[ref[:3]],
                record_ref=ref,
                development_ref=development_ref,
                development_version=version,
                process=process,
            )
        )


def _said(row: Row) -> dict[str, str]:
    """The cells that are not empty."""
    return {name: text for name, text in row.cells.items() if text}


def _order(release: str) -> tuple[int, ...]:
    """The numbers in a release's name, by which releases follow one another."""
    return tuple(map(int, re.findall(r"\d+", release)))
