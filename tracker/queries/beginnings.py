"""When a record was first recorded and when it began, for moments before it existed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Min, Prefetch

from tracker.clocks import PRESENT, Clocks
from tracker.models import (
    VERSIONS,
    Assessment,
    Citation,
    Delegation,
    Development,
    Effect,
    Item,
    Record,
    Source,
    User,
)
from tracker.models.dates import Span
from tracker.models.mergeable import led_on
from tracker.models.past import reading


@dataclass(frozen=True)
class Beginning:
    """Why a record that exists in the present does not exist at an earlier moment."""

    record: Record
    clocks: Clocks
    """The requested clocks, moved forward just enough for the record to exist."""
    recorded_at: dt.datetime | None = None
    """When it was first recorded, if that was after the requested instant."""
    happened: Span | None = None
    """When it happened, was raised or was made, if that was after the requested day."""
    public: dt.date | None = None
    """The day by which it was surely public, if that was after the requested one."""
    is_undated: bool = False
    """Whether no source with a date tells of it, so that nobody can say by when it was public."""


def beginning(model: type[Record], ref: str, user: User, clocks: Clocks) -> Beginning | None:
    """Why the record with the reference `ref` does not exist at `clocks`.

    None if `user` may not see it in the present, if it was merged into another one then, or if no clock is the reason.
    At most five queries, six of what can be merged.
    """
    with reading(clocks.known):
        if led_on(model, [ref]):
            return None
    record = model.objects.visible_to(user).filter(ref=ref).order_by("pk").first()
    recorded_at = _recorded_at(record, user)
    if recorded_at is None:
        return None
    start = Beginning(record, clocks)
    if clocks.known is not None and recorded_at > clocks.known:
        start = replace(start, recorded_at=recorded_at, clocks=replace(clocks, known=recorded_at))
    if clocks.on is not None:
        happened, counts_from = _happened(record, start.clocks)
        if counts_from is not None and counts_from > clocks.on:
            moved = replace(start.clocks, on=counts_from)
            start = replace(start, happened=happened, clocks=moved)
    if clocks.public is not None and _rests_on_sources(record):
        start = _published(start)
    if start == Beginning(record, clocks):
        return Beginning(record, PRESENT) if _was_away(record, user, clocks) else None
    return start


def _was_away(record: Record, user: User, clocks: Clocks) -> bool:
    """Whether `record`, recorded before, was out of sight at `clocks`."""
    with reading(clocks.known):
        # The development that raised an item may have been withdrawn, and another one recorded later. A source may have
        # been kept to a process for a while.
        seen = type(record).objects.visible_to(user).filter(ref=record.ref)
        return isinstance(record, Item) or not seen.exists()


def _recorded_at(record: Record | None, user: User) -> dt.datetime | None:
    """The first instant at which `record` has a page for `user`; None if it has none in the present."""
    if isinstance(record, Development):
        # It may have been moved from a process that the user may not see.
        versions = Development.objects.visible_to(user).filter(ref=record.ref)
        return versions.aggregate(first=Min("recorded_at"))["first"]
    if isinstance(record, Delegation):
        return max(record.recorded_at, record.talk.recorded_at)
    if isinstance(record, Source):
        # It may have been kept to a process that the user may not see.
        versions = VERSIONS[Source]._base_manager.filter(ref=record.ref)
        seen = versions.exclude(process_id__in=user.hidden_process_ids)
        return max(record.recorded_at, seen.aggregate(first=Min("known_from"))["first"])
    if not isinstance(record, Item):
        return record and record.recorded_at
    effects = Effect.objects.filter(item=record.pk).order_by()
    if not effects.at(PRESENT).exists():
        return None
    return max(record.recorded_at, effects.aggregate(first=Min("recorded_at"))["first"])


def _happened(record: Record, clocks: Clocks) -> tuple[Span, dt.date] | tuple[None, None]:
    """When `record` happened, was raised or was made, as known at `clocks.known`, and the day from which it counts.

    A delegation has the days of its talk. Twice None for undated types.
    """
    known = Clocks(known=clocks.known)
    item = record.talk_id if isinstance(record, Delegation) else record.pk
    if isinstance(record, Item | Delegation):
        first = Effect.objects.filter(item=item).at(known).latest_first().last()
        return (first.occurred, first.counts_from) if first else (None, None)
    if isinstance(record, Development):
        versions = Development.objects.filter(ref=record.ref, process=record.process_id)
        if clocks.known is not None:
            versions = versions.filter(recorded_at__lte=clocks.known)
        # In its process of now none may be as old.
        version = versions.order_by("version").last()
        return (version.occurred, version.counts_from) if version else (None, None)
    return (record.made, record.made.counts_from) if isinstance(record, Assessment) else (None, None)


def _published(start: Beginning) -> Beginning:
    """`start`, moved forward to the day by which its record was surely public."""
    with reading(start.clocks.known):
        days = list(_public_days(start))
    if not days:
        return replace(start, is_undated=True, clocks=replace(start.clocks, public=None))
    if min(days) <= start.clocks.public:
        return start
    return replace(start, public=min(days), clocks=replace(start.clocks, public=min(days)))


def _public_days(start: Beginning) -> Iterator[dt.date]:
    """The days by which what is told of the record of `start` was surely public: a development when it had happened."""
    record, known = start.record, Clocks(known=start.clocks.known)
    if isinstance(record, Item):
        told = Effect.objects.filter(item=record.pk).at(known).values("development")
        rows = Development.objects.filter(pk__in=told)
    elif isinstance(record, Development):
        rows = Development.objects.filter(ref=record.ref, process=record.process_id).at(known)
    else:
        source = record if isinstance(record, Source) else record.source
        yield from filter(None, [source and source.public_by])
        return
    citations = Citation.objects.select_related("source__taken_from")
    for row in rows.prefetch_related(Prefetch("citations", citations)):
        for citation in row.citations.all():
            if day := citation.source.public_by:
                yield max(day, row.counts_from)


def _rests_on_sources(record: Record) -> bool:
    """Whether there is a day by which the record was public: not of parties and processes."""
    return isinstance(record, Item | Development | Source) or hasattr(record, "source_id")
