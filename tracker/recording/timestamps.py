"""Recording timestamps: one instant per transaction, taken at its end under one lock.

Instants therefore increase in commit order, across record types, connections and processes, and no record is ever
added with an instant that could already be read.
"""

import datetime as dt
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import product

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from tracker.models import (
    Change,
    Citation,
    Development,
    Effect,
    Item,
    LastRecording,
    Process,
    Record,
    User,
    search_entries,
)
from tracker.models.base import writes_allowed
from tracker.recording.denormalized import refresh_developments, refresh_items
from tracker.recording.meanwhile import Overtaken, require_named, require_uncited
from tracker.recording.versions import BATCH, OF_STANDING, keep, names_of, rows_of

PENDING = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""The instant of rows until their transaction is about to commit: later than every real one."""

BEFORE_ALL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The last instant of an empty database."""

AHEAD = dt.timedelta(minutes=5)
"""How far the last recording may lie ahead of the clock."""

LOOKED_UP = dt.timedelta(minutes=1)
"""How long before a recording begins the records that it names may have been looked up."""


class ClockBehind(ValidationError):
    """The clock is further behind the last recording than AHEAD."""


_open: ContextVar["Pending | None"] = ContextVar("pending", default=None)


@contextmanager
def one_instant() -> Iterator["Pending"]:
    """A transaction in which everything recorded has the same instant, taken at its end.

    Nested ones are savepoints. Rows have PENDING as their instant until the end, so that the locks on the processes
    written to and on the order of recording are only held for the last moments of a long transaction.
    """
    outer = _open.get()
    pending = Pending(outer.sequence, outer.booked) if outer else Pending(0)
    token = _open.set(pending)
    try:
        with search_entries.left_to(pending.reworded), transaction.atomic():
            yield pending
            if outer is not None:
                outer.take(pending)
            elif not transaction.get_rollback():
                pending.finish()
    finally:
        _open.reset(token)


def last_instant() -> dt.datetime:
    """The last committed instant; BEFORE_ALL if nothing has been recorded. One query."""
    return LastRecording.objects.values_list("at", flat=True).first() or BEFORE_ALL


def next_instant(earliest: dt.datetime) -> dt.datetime:
    """An instant later than every previous one, and not before `earliest`; locks others out until commit.

    Raises ClockBehind where the last one lies further ahead of the clock than AHEAD.
    """
    return _taken(earliest).at


def _taken(earliest: dt.datetime, booked: dt.datetime | None = None) -> LastRecording:
    """The single LastRecording row, locked until commit, with the next instant: the one `booked`, when it has come."""
    last, now = last_recording(), timezone.now()
    if last.at > now + AHEAD:
        raise ClockBehind(
            f"The clock of this server shows {now:%d %b %Y, %H:%M} UTC, but something was recorded at"
            f" {last.at:%d %b %Y, %H:%M} UTC already. Nothing can be recorded before its clock is set right."
        )
    if booked is not None and last.at >= booked:
        raise Overtaken("Others recorded something at the instant that was booked.")
    # The system clock may have been set back a little since.
    last.at = booked or max(earliest, now, last.at + dt.timedelta(microseconds=1))
    last.save()
    return last


def last_recording() -> LastRecording:
    """The single LastRecording row, locked until commit."""
    last = LastRecording.objects.select_for_update().first()
    if last is None:
        LastRecording.objects.bulk_create([LastRecording(pk=1, at=BEFORE_ALL)], ignore_conflicts=True)
        last = LastRecording.objects.select_for_update().get()
    return last


class Pending:
    """The rows recorded in an open transaction, and the work left to do before it commits."""

    def __init__(self, sequence: int, booked: dt.datetime | None = None):
        self.begun = timezone.now()
        self.sequence = sequence
        """The place of the next new development among those of this instant."""
        self.first_keys: dict[type[models.Model], int] = {}
        """The lowest primary key of the new rows of each model."""
        self.rows: list[weakref.ref] = []
        self.ended: set[int] = set()
        """Primary keys of the versions that were corrected or withdrawn."""
        self.items: set[int] = set()
        """Primary keys of the items whose standing may have changed."""
        self.processes: set[int] = set()
        """Primary keys of the processes in which developments were recorded, corrected or withdrawn."""
        self.changed: dict[tuple[type[Record], int | None, str], set[int]] = {}
        """The primary keys of the records saved or deleted, by their model, the user who did it, and the reason."""
        self.reworded: search_entries.Reworded = {}
        """The records kept in versions whose words for the search index may have changed."""
        self.looked_up: set[int] = set()
        """Primary keys of the citations whose words were looked up in a text stored since."""
        self.by: int | None = None
        """The primary key of the user who records."""
        self.require_moved: Callable[[], None] | None = None
        """Where a record is merged: asks, when nobody else can record any more, whether another still names it."""
        self.booked = booked
        """The instant of this recording, if it was taken beforehand."""
        self.require_unchanged: Callable[[], None] = lambda: None
        """Where an instant is booked: asks, when nobody else can record any more, what others did before it."""
        self.kept: set[int] = set()
        """Primary keys of the sources that were kept to one process, and so may be cited nowhere else."""
        self.renews = False
        """Whether developments say anew what they said before, and keep their day of recording."""

    @property
    def ends_at(self) -> dt.datetime:
        """The instant at which versions end in this recording, or PENDING."""
        return self.booked or PENDING

    def next_place(self) -> int:
        """The `sequence` of the next new development of this instant, from 0."""
        self.sequence += 1
        return self.sequence - 1

    def recorded(self, rows: Iterable[models.Model]) -> None:
        """Register newly inserted rows, whose instant is PENDING."""
        for row in rows:
            model = Item if isinstance(row, Item) else type(row)
            self.first_keys[model] = min(row.pk, self.first_keys.get(model, row.pk))
            self.rows.append(weakref.ref(row))

    def developed(self, process: int, items: Collection[int], ended: int | None = None) -> None:
        """Register a development of `process` that touches `items`, or the `ended` version (primary keys)."""
        self.processes.add(process)
        self.items.update(items)
        if ended is not None:
            self.ended.add(ended)

    def saved(self, record: Record, by: User, reason: str) -> None:
        """Register a record that was saved, or is about to be deleted."""
        self.by = by.pk
        self.changed.setdefault((type(record), by.pk, reason), set()).add(record.pk)

    def recomputed(self, model: type[Record], keys: Collection[int]) -> None:
        """Register records of which something stored was worked out anew (primary keys)."""
        if keys:
            self.changed.setdefault((model, None, ""), set()).update(keys)

    def take(self, inner: "Pending") -> None:
        """Add everything registered in a savepoint."""
        self.sequence = inner.sequence
        for model, key in inner.first_keys.items():
            self.first_keys[model] = min(key, self.first_keys.get(model, key))
        self.rows += inner.rows
        for name in ("ended", "items", "processes", "looked_up", "kept"):
            getattr(self, name).update(getattr(inner, name))
        self.by = inner.by or self.by
        self.require_moved = inner.require_moved or self.require_moved
        self.renews |= inner.renews
        if not self.booked:
            self.booked, self.require_unchanged = inner.booked, inner.require_unchanged
        for change, records in inner.changed.items():
            self.changed.setdefault(change, set()).update(records)
        for model, keys in inner.reworded.items():
            self.reworded.setdefault(model, set()).update(keys)

    def finish(self) -> None:
        """Store the standing of the items, take the instant, and set it on all registered rows."""
        if not (self.first_keys or self.ended or self.items or self.changed or self.reworded or self.booked):
            return
        with writes_allowed():
            # From here on writers to one process are serialised, so that none misses another's changes.
            touched = Process.objects.filter(pk__in=self.processes).order_by("pk")
            list(touched.select_for_update(no_key=True).values("pk"))
            for keys in _batches(self.items):
                refresh_items(keys)
            # Take the lock on the order of recording last: its holder must not wait for other locks.
            last = _taken(self.begun, self.booked)
            instant = last.at
            touched.order_by().update(last_recorded_at=instant)
            for model, first_key in self.first_keys.items():
                name, also = _stamps(model, instant)
                if self.renews:
                    also.pop("recorded_on", None)
                rows = model._base_manager.filter(pk__gte=first_key, **{name: PENDING})
                rows.update(**{name: instant}, **also)
            for keys in _batches(self.ended):
                Development.objects.filter(pk__in=keys, ended_at=PENDING).update(ended_at=instant)
                Effect.objects.filter(development__in=keys, ended_at=PENDING).update(ended_at=instant)
            is_another_day = timezone.localdate(instant) != timezone.localdate(self.begun)
            if is_another_day and not self.renews and Development in self.first_keys:
                # Until when it can have happened depends on the day of recording, which began meanwhile.
                rows = Development.objects.filter(pk__gte=self.first_keys[Development], recorded_at=instant)
                refresh_developments(list(rows.values_list("pk", flat=True)))
            for name, keys in product(("looked_up_at", "found_at"), _batches(self.looked_up)):
                Citation.objects.filter(pk__in=keys, **{name: PENDING}).update(**{name: instant})
            self._keep_versions(instant)
            self._require_apart(last)
        self._refresh(instant)

    def _require_apart(self, last: LastRecording) -> None:
        """Refuse what does not go with what others recorded in the meantime; nobody else can record any more."""
        self.require_unchanged()
        if self.require_moved:
            self.require_moved()
        elif last.merged_at and last.merged_at > self.begun - LOOKED_UP:
            self._require_named(last.at)
        if self.kept:
            require_uncited(self.kept)
        if self.require_moved or self.kept:
            LastRecording.objects.update(merged_at=last.at)

    def _require_named(self, instant: dt.datetime) -> None:
        # What was merged itself, and is only touched, leads to what was moved.
        require_named(
            model._default_manager.filter(pk__gte=first_key, **{_stamps(model, instant)[0]: instant})
            for model, first_key in self.first_keys.items()
        )
        for (model, _, _), keys in self.changed.items():
            require_named(model._default_manager.filter(pk__in=some) for some in _batches(keys))

    def _keep_versions(self, instant: dt.datetime) -> None:
        for (model, by, reason), records in self.changed.items():
            for rows in rows_of(model):
                keep(rows, records, instant, by, reason)
        for rows in OF_STANDING:
            keep(rows, self.items, instant, self.by)
        if Development in self.first_keys:
            # They are versions themselves, but their names are not.
            new = Development.objects.filter(pk__gte=self.first_keys[Development], recorded_at=instant)
            keep(names_of(Development), new.order_by().values_list("pk", flat=True), instant, self.by)
        for reworded, keys in self.reworded.items():
            search_entries.keep(reworded, keys, instant)

    def _refresh(self, instant: dt.datetime) -> None:
        """Set the instant on the instances in memory too."""
        for row in filter(None, (get_row() for get_row in self.rows)):
            for name in ("at", "recorded_at", "first_recorded_at", "placed_at"):
                if getattr(row, name, None) == PENDING:
                    setattr(row, name, instant)
            if isinstance(row, Development) and not self.renews:
                row.recorded_on = timezone.localdate(instant)


def _stamps(model: type[models.Model], instant: dt.datetime) -> tuple[str, dict]:
    """The field of `model` with the instant, and updates of other fields that depend on it."""
    if model is Change:
        return "at", {}
    if model not in (Development, Effect):
        return "recorded_at", {}
    # A correction keeps the instant of first recording, and what was put beside an earlier development has that of it.
    kept = ("first_recorded_at", "placed_at") if model is Development else ("placed_at",)
    also: dict[str, Least | dt.date] = {
        name: Least(F(name), Value(instant, models.DateTimeField())) for name in kept
    }
    if model is Development:
        also["recorded_on"] = timezone.localdate(instant)
    return "recorded_at", also


def _batches(keys: Collection[int]) -> list[list[int]]:
    ordered = sorted(keys)
    return [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
