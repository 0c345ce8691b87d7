"""When a record was first recorded and when it began, for moments before it existed."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Min

from tracker.clocks import PRESENT, Clocks
from tracker.models import Assessment, Development, Effect, Item, Record, User
from tracker.models.dates import Span, held


@dataclass(frozen=True)
class Beginning:
    """Why a record that is there in the present is not there at an earlier moment."""

    record: Record
    clocks: Clocks
    """The moment that was asked for, moved on as far as it takes."""
    recorded_at: dt.datetime | None = None
    """When it was first on record, if that was after the instant asked for."""
    happened: Span | None = None
    """When it happened, was raised or was made, if that was after the day asked for."""


def beginning(model: type[Record], ref: str, user: User, clocks: Clocks) -> Beginning | None:
    """Why the record called `ref` is not there at `clocks`.

    None for what `user` may not see in the present, and where neither clock is the reason. At most three queries.
    """
    record = model.objects.visible_to(user).filter(ref=ref).order_by("pk").first()
    recorded_at = _recorded_at(record)
    if recorded_at is None:
        return None
    start = Beginning(record, clocks)
    if clocks.known is not None and recorded_at > clocks.known:
        start = replace(start, recorded_at=recorded_at, clocks=replace(clocks, known=recorded_at))
    if clocks.on is not None:
        happened = _happened(record, start.clocks)
        if happened is not None and happened.counts_from > clocks.on:
            moved = replace(start.clocks, on=happened.counts_from)
            start = replace(start, happened=happened, clocks=moved)
    if start.recorded_at is None and start.happened is None:
        # What raised an item may have been withdrawn by then, and something else be on record since.
        return Beginning(record, PRESENT) if isinstance(record, Item) else None
    return start


def _recorded_at(record: Record | None) -> dt.datetime | None:
    """The first instant at which `record` has a page; None where it has none in the present."""
    if isinstance(record, Development):
        return record.first_recorded_at
    if not isinstance(record, Item):
        return record and record.recorded_at
    effects = Effect.objects.filter(item=record.pk).order_by()
    if not effects.at(PRESENT).exists():
        return None
    return max(record.recorded_at, effects.aggregate(first=Min("recorded_at"))["first"])


def _happened(record: Record, clocks: Clocks) -> Span | None:
    """When `record` began as it was known at `clocks`, whatever their day; None for what has no day."""
    known = Clocks(known=clocks.known)
    if isinstance(record, Item):
        first = Effect.objects.filter(item=record.pk).at(known).latest_first().last()
        return first and held(first, "occurred")
    if isinstance(record, Development):
        versions = Development.objects.filter(ref=record.ref)
        if clocks.known is not None:
            versions = versions.filter(recorded_at__lte=clocks.known)
        return versions.latest().occurred
    return record.made if isinstance(record, Assessment) else None
