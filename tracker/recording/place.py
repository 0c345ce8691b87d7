"""The place of a development within its day, worked out when a version of it is recorded and never changed afterwards.

It comes after the development that it is said to follow, else it goes by its time of day, else by first recording.
A development without a time and without a predecessor keeps its place among the others.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import connection

from tracker.models import Development, Process
from tracker.models.order import after, ahead_of
from tracker.models.vocabularies import EndedAs
from tracker.recording.told_order import SHOWN, Key, Placed, break_circles, in_told_order, predecessors_of
from tracker.text.folding import nearest_hint

Day = tuple[int, int]
"""The primary key of the process, and `happened_key`."""

TOLD_BY = ("process_id", "occurred_on", "occurred_precision", "occurred_time", "occurred_zone", "follows")
"""What decides on the place: a correction that changes none of these keeps it."""

COLUMNS = ("process_id", "ref", "headline", "happened_key", "placed_at", "place", *TOLD_BY)
"""What is read of a development to place others beside it."""

Waiting = Callable[[Collection[Day]], Iterable[Development]]


def keep(new: Development, old: Development) -> bool:
    """Give a correction the place of the version `old`, or if it does not keep that, the one by first recording.

    Returns whether it keeps it.
    """
    if all(getattr(new, name) == getattr(old, name) for name in TOLD_BY):
        new.placed_at, new.place = old.placed_at, old.place
        return True
    new.place_by_first_recording()
    return False


def arrange(
    developments: Sequence[Development],
    moved: bool = False,
    rows: Sequence[int] | None = None,
    waiting: Waiting = lambda days: (),
) -> dict[int, ValidationError]:
    """Set the places of `developments`, unsaved versions, on the days on which one has a time or a predecessor.

    With `moved`, on all their days, since others may name them as predecessors. They may name one another: they are
    placed, and numbered among those of their instant, as if they had been recorded one by one in the order that times
    and predecessors tell, and otherwise in the given order. Returns what is wrong, by the position of the development.
    Messages name them by their number in `rows`, if given. `waiting` returns those of given days that wait to be
    recorded before them. Writers who set an order within a process wait for each other.
    """
    placed = [
        Placed.of(development, rows[number] if rows else None)
        for number, development in enumerate(developments)
    ]
    days: dict[Day, list[Placed]] = defaultdict(list)
    for row in placed:
        days[row.development.process_id, row.development.happened_key].append(row)
    told = {
        day: new for day, new in days.items() if moved or any(row.development.is_told_order for row in new)
    }
    stored = _stored(told, waiting) if told else {}
    errors: dict[Placed, ValidationError] = {}
    for day, new in told.items():
        errors |= _arrange_day(new, stored.get(day, []))
    return {number: errors[row] for number, row in enumerate(placed) if row in errors}


def _stored(days: Collection[Day], waiting: Waiting) -> dict[Day, list[Placed]]:
    """The developments in force on `days`, and those that wait to be, in their order."""
    processes = {process for process, _ in days}
    # What is only made ready locks nobody out: whether others set an order meanwhile is asked when it is recorded.
    if connection.in_atomic_block:
        locked = Process.objects.filter(pk__in=processes).order_by("pk").select_for_update(no_key=True)
        list(locked.values("pk"))
    rows = Development.objects.filter(
        process__in=processes, happened_key__in={key for _, key in days}, ended_at__isnull=True
    )
    stored: dict[Day, list[Placed]] = defaultdict(list)
    for row in chain(rows.only(*COLUMNS).order_by(), waiting(days)):
        stored[row.process_id, row.happened_key].append(Placed.of(row))
    for placed in stored.values():
        placed.sort(key=attrgetter("key"))
    return stored


def _arrange_day(new: list[Placed], stored: list[Placed]) -> dict[Placed, ValidationError]:
    """Set the places of `new` among those `stored` of the same day, and return what is wrong."""
    refs = {row.development.ref for row in new}
    others = [row for row in stored if row.development.ref not in refs]
    predecessors = predecessors_of(new)
    errors = break_circles(predecessors)
    order = in_told_order(predecessors)
    _number(order)
    limits = _limits([row for row in order if row not in errors], predecessors, others)
    for row in order:
        if row in errors:
            continue
        try:
            _put(row, others, limits.get(row), new)
        except ValidationError as error:
            errors[row] = error
        else:
            insort(others, row, key=attrgetter("key"))
    return errors


def _number(order: list[Placed]) -> None:
    """Number the developments among those of their instant in this `order`, and place them by first recording."""
    numbers = sorted(row.development.sequence for row in order)
    for row, number in zip(order, numbers, strict=True):
        row.development.sequence = number
        row.development.place_by_first_recording()
        row.key = (row.development.placed_at, row.development.place)


def _limits(
    order: list[Placed], predecessors: dict[Placed, list[Placed]], others: list[Placed]
) -> dict[Placed, Placed]:
    """The first of `others` that is told to come after each new one of `order`, also by way of new ones."""
    limits: dict[Placed, Placed] = {}
    for row in reversed(order):
        first = next((other for other in others if other.is_after(row)), None)
        if first and (row not in limits or first.key < limits[row].key):
            limits[row] = first
        if row in limits:
            for earlier in predecessors[row]:
                limits[earlier] = min(limits.get(earlier, limits[row]), limits[row], key=attrgetter("key"))
    return limits


def _put(own: Placed, others: list[Placed], limit: Placed | None, new: list[Placed]) -> None:
    """Set the place of `own` among `others`, before `limit`; raises ValidationError where it has none."""
    named = _named(own, others, new)
    before = [row for row in others if own.is_after(row)]
    if own.earlier and _fits(own, own.earlier, others):
        own.key = own.earlier
        own.development.placed_at, own.development.place = own.key
        return
    if before and limit and before[-1].key >= limit.key:
        raise _contradiction(own, before[-1], limit, others)
    if named:
        # Behind those that were said earlier to come after it, as far as that may be.
        followers = [row for row in _followers(named, others) if limit is None or row.key < limit.key]
        own.key = _behind(max(row.key for row in (*before, *followers)), others)
    else:
        own.key = _nearest(own.key, others, before[-1] if before else None, limit)
    own.development.placed_at, own.development.place = own.key


def _fits(own: Placed, key: Key, others: list[Placed]) -> bool:
    """Whether `own` can stand at `key`: behind all that it is told to come after, and before all told to follow it."""
    return not any(
        row.key == key or (row.key > key and own.is_after(row)) or (row.key < key and row.is_after(own))
        for row in others
    )


def _nearest(key: Key, others: list[Placed], behind: Placed | None, limit: Placed | None) -> Key:
    """The place nearest to `key`, the one by first recording, that is after `behind` and before `limit`."""
    if limit is not None and key >= limit.key:
        earlier = [row.key for row in others if row.key < limit.key]
        return _behind(earlier[-1], others) if earlier else (limit.key[0], ahead_of(limit.key[1]))
    if behind is not None and behind.key >= key:
        return _behind(behind.key, others)
    return _behind(key, others) if any(row.key == key for row in others) else key


def _behind(key: Key, others: list[Placed]) -> Key:
    """The place right behind `key`."""
    instant, place = key
    following = next((row.key for row in others if row.key > key), None)
    return instant, after(place, following[1] if following and following[0] == instant else "")


def _named(own: Placed, others: list[Placed], new: list[Placed]) -> Placed | None:
    """What `own` is said to follow; raises ValidationError unless it is another one of the process and the day."""
    ref = own.development.follows
    if not ref:
        return None
    if ref == own.development.ref:
        raise ValidationError({"follows": "It cannot come after itself."})
    of_the_day = {row.development.ref: row for row in others if row.is_whole_day}
    if ref in of_the_day:
        return of_the_day[ref]
    if refused := next((row for row in new if row.development.ref == ref and row.is_whole_day), None):
        raise ValidationError({"follows": f"{refused} cannot be recorded, so nothing can come after it."})
    day = own.development.occurred
    other = Development.objects.filter(process=own.development.process_id, ref=ref).order_by("version").last()
    if other is not None and other.ended_at:
        gone = "withdrawn" if other.ended_as == EndedAs.WITHDRAWN else "moved to another process"
        raise ValidationError({"follows": f"“{other}” was {gone}. Leave this empty, or name another."})
    if other is not None:
        raise ValidationError(
            {"follows": f"“{other}” is of {other.occurred}; only what is of {day} too can come before it."}
        )
    there = "; ".join(map(str, list(of_the_day.values())[:SHOWN])) or "none"
    stored = [row.development.ref for row in of_the_day.values() if row.row is None]
    hint = nearest_hint(ref, stored, f"Of that day there are: {there}.")
    raise ValidationError({"follows": f"This process has no development “{ref}” of {day}.{hint}"})


def _followers(named: Placed, others: list[Placed]) -> list[Placed]:
    """Those of `others` that are said to come after `named`, or after one that is."""
    found, refs = [], [named.development.ref]
    for ref in refs:
        following = [row for row in others if row.development.follows == ref and row not in found]
        found += following
        refs += [row.development.ref for row in following]
    return found


def _contradiction(own: Placed, before: Placed, limit: Placed, others: list[Placed]) -> ValidationError:
    """Why `own` cannot come after `before`, which has its place after `limit`, and what to correct first."""
    field = "follows" if own.development.follows else "occurred_time"
    if before is limit:
        words = f"{before} is recorded as coming after this one, so it cannot come before it as well."
        return ValidationError({field: words})
    later = _told_after([limit, *(row for row in others if row.is_after(own))], others)
    if before in later:
        words = f"This would come after {before} and before {limit}, but the latter comes first. Correct one of them."
        return ValidationError({field: words})
    # The last that is in the way: correcting it is not refused because of another one that is.
    last = max((row for row in later if row.row is None and row.key < before.key), key=attrgetter("key"))
    words = (
        f"This would come after {before} and before {last}. Only the order of recording has put {before} after {last} "
        f"so far: first correct {last} to come after {before}."
    )
    if last.development.follows:
        words += " Once this is recorded, it can follow again what it follows now."
    return ValidationError({field: words})


def _told_after(rows: list[Placed], others: list[Placed]) -> list[Placed]:
    """`rows`, and those of `others` that are told to come after them, directly or by way of others."""
    found = dict.fromkeys(rows)
    waiting = list(found)
    while waiting:
        row = waiting.pop()
        following = [other for other in others if other not in found and other.is_after(row)]
        found |= dict.fromkeys(following)
        waiting += following
    return list(found)
