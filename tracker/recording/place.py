"""The place of a development within its day, worked out when a version of it is recorded and never changed afterwards.

It comes after the development that it is said to follow, else it goes by its time of day, else by first recording.
What is told by neither keeps its place among the others.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.core.exceptions import ValidationError

from tracker.models import Development, Process
from tracker.models.vocabularies import DatePrecision
from tracker.text import places
from tracker.text.folding import nearest_hint

Key = tuple[dt.datetime, str]
"""`placed_at` and `place`."""

TOLD_BY = ("occurred_on", "occurred_precision", "occurred_time", "occurred_zone", "follows")
"""What decides on the place: a correction that changes none of these keeps it."""


SHOWN = 6
"""How many developments of a day a message names."""


@dataclass(eq=False)
class Placed:
    """A development of the day, of which it is enough to know its place, and what is told of it."""

    development: Development
    key: Key
    at: dt.datetime | None
    """The instant of its time of day."""

    @classmethod
    def of(cls, development: Development) -> "Placed":
        return cls(development, (development.placed_at, development.place), development.occurred_at)

    @property
    def is_whole_day(self) -> bool:
        """Whether its date is one day, within which it can come before or after another."""
        return self.development.occurred_precision == DatePrecision.DAY

    def is_after(self, other: "Placed") -> bool:
        """Whether it is told that it comes after `other`: by name, or by both times."""
        if not (self.is_whole_day and other.is_whole_day):
            return False
        if self.development.follows == other.development.ref:
            return True
        return bool(self.at and other.at) and self.at > other.at  # type: ignore[operator]  # both are known

    def __str__(self) -> str:
        at = self.development.occurred_time
        return f"“{self.development}”{f', {at:%H:%M}' if at else ''} [{self.development.ref}]"


def keep(new: Development, old: Development) -> bool:
    """Give a correction the place of the version `old`, or if it does not keep that, the one by first recording.

    Returns whether it keeps it.
    """
    if all(getattr(new, name) == getattr(old, name) for name in TOLD_BY):
        new.placed_at, new.place = old.placed_at, old.place
        return True
    new.place_by_first_recording()
    return False


def arrange(developments: Sequence[Development], moved: bool = False) -> dict[int, ValidationError]:
    """Set the places of those of `developments`, unsaved versions, of which a time or a predecessor is told.

    With `moved`, of all of them, since others may name them as predecessors. They may name one another. Returns what is
    wrong, by the position of the development. Those who write an order within a process wait for each other.
    """
    told = [number for number, row in enumerate(developments) if moved or row.is_told_order]
    errors: dict[int, ValidationError] = {}
    days = _days([developments[number] for number in told], developments) if told else {}
    for number in told:
        row = developments[number]
        try:
            _put(row, days[row.process_id, row.happened_key])
        except ValidationError as error:
            errors[number] = error
    return errors


def _days(told: list[Development], new: Iterable[Development]) -> dict[tuple[int, int], list[Placed]]:
    """{(process, key of the day): those in force on it and those of `new`} for all days of `told`."""
    wanted = {(row.process_id, row.happened_key) for row in told}
    processes = {process for process, _ in wanted}
    locked = Process.objects.filter(pk__in=processes).order_by("pk").select_for_update(no_key=True)
    list(locked.values("pk"))
    rows = Development.objects.filter(
        process__in=processes, happened_key__in={key for _, key in wanted}, ended_at__isnull=True
    )
    columns = ("process_id", "ref", "headline", "happened_key", "placed_at", "place", *TOLD_BY)
    days: dict[tuple[int, int], list[Placed]] = defaultdict(list)
    for row in (*rows.only(*columns).order_by(), *new):
        if (day := (row.process_id, row.happened_key)) in wanted:
            days[day].append(Placed.of(row))
    return days


def _put(development: Development, day: list[Placed]) -> None:
    """Set the place of `development` among the others of its `day`; raises ValidationError where it has none."""
    own = next(row for row in day if row.development is development)
    others = [row for row in day if row.development.ref != development.ref]
    others.sort(key=attrgetter("key"))
    named = _named(own, others)
    before = [row for row in others if own.is_after(row)]
    after = [row for row in others if row.is_after(own)]
    if before and after and before[-1].key >= after[0].key:
        raise _contradiction(named, before[-1], after[0])
    limit = after[0] if after else None
    if named:
        # Behind those that were said earlier to come after it, as far as that may be.
        followers = [row for row in _followers(named, others) if limit is None or row.key < limit.key]
        own.key = _behind(max(row.key for row in (*before, *followers)), others)
    else:
        own.key = _nearest(own.key, others, before[-1] if before else None, limit)
    development.placed_at, development.place = own.key


def _nearest(key: Key, others: list[Placed], behind: Placed | None, limit: Placed | None) -> Key:
    """The place nearest to `key`, the one by first recording, that is after `behind` and before `limit`."""
    if limit is not None and key >= limit.key:
        earlier = [row.key for row in others if row.key < limit.key]
        return _behind(earlier[-1], others) if earlier else (limit.key[0], places.ahead_of(limit.key[1]))
    if behind is not None and behind.key >= key:
        return _behind(behind.key, others)
    return _behind(key, others) if any(row.key == key for row in others) else key


def _behind(key: Key, others: list[Placed]) -> Key:
    """The place right behind `key`."""
    instant, place = key
    following = next((row.key for row in others if row.key > key), None)
    return instant, places.after(place, following[1] if following and following[0] == instant else "")


def _named(own: Placed, others: list[Placed]) -> Placed | None:
    """What `own` is said to follow; raises ValidationError unless it is another one of the process and the day."""
    ref = own.development.follows
    if not ref:
        return None
    if ref == own.development.ref:
        raise ValidationError({"follows": "It cannot come after itself."})
    of_the_day = {row.development.ref: row for row in others if row.is_whole_day}
    if ref in of_the_day:
        return of_the_day[ref]
    day = own.development.occurred
    other = Development.objects.filter(
        process=own.development.process_id, ref=ref, ended_at__isnull=True
    ).first()
    if other is not None:
        raise ValidationError(
            {"follows": f"“{other}” is of {other.occurred}; only what is of {day} too can come ahead of it."}
        )
    there = "; ".join(map(str, list(of_the_day.values())[:SHOWN])) or "none"
    hint = nearest_hint(ref, of_the_day, f"Of that day there are: {there}.")
    raise ValidationError({"follows": f"This process has no development “{ref}” of {day}.{hint}"})


def _followers(named: Placed, others: list[Placed]) -> list[Placed]:
    """Those of `others` that are said to come after `named`, or after one that is."""
    found, refs = [], [named.development.ref]
    for ref in refs:
        following = [row for row in others if row.development.follows == ref and row not in found]
        found += following
        refs += [row.development.ref for row in following]
    return found


def _contradiction(named: Placed | None, before: Placed, after: Placed) -> ValidationError:
    field = "follows" if named else "occurred_time"
    if before is after:
        words = f"{before} is recorded as coming after this one, so it cannot come before it as well."
    else:
        words = f"This would come after {before} and before {after}, but the latter comes first. Correct one of them."
    return ValidationError({field: words})
