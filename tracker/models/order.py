"""When things happened, and their order: by date, and within a day by a place, worked out when a version is recorded.

Places among what was first recorded at one instant are short texts that sort as bytes, with room between any two. A
place begins with the number of a development among those of its instant. Whoever is put beside it gets a text that
begins alike, so that it stays between this number and the next.
"""

import datetime as dt
from functools import cache
from operator import attrgetter
from string import ascii_lowercase, ascii_uppercase, digits
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from tracker.models.dates import HeldDate, day_of, year_of_another
from tracker.models.fields import BytewiseCharField
from tracker.text.dates import shown as shown_day
from tracker.text.times import shown, zone_named, zones

LATEST_FIRST = ("-happened_key", "-placed_at", "-place", "-id")
"""Standing order, newest first: by date, then by the place within the day, which a correction keeps."""

RECORDED_LAST = ("-recorded_at", "-id")
"""Most recently recorded first; developments recorded together have the same instant."""

by_time = attrgetter("happened_key", "placed_at", "place", "pk")
"""Standing order, oldest first, as a sort key for instances."""

NOT_PLACED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The `placed_at` of what nobody has given a place yet, such as a row from a package of an earlier release."""

DIGITS = digits + ascii_uppercase + ascii_lowercase
"""In the order of their bytes."""
MIDDLE = "V"


def place_of(number: int) -> str:
    """The place of the development of that `number`, from 0: a letter for how many digits it has, and the digits."""
    written = str(number)
    return f"{ascii_lowercase[len(written) - 1]}{written}{MIDDLE}"


def after(place: str, following: str = "") -> str:
    """A place right behind `place`, and ahead of `following`, the next one of the same instant, if there is one."""
    number, low = _parts(place)
    high = _parts(following)[1] if following.startswith(number) else ""
    # The middle is kept for the development that has the number: it may come back from another day.
    if low < MIDDLE and not "" < high <= MIDDLE:
        high = MIDDLE
    return number + _between(low, high)


def ahead_of(place: str) -> str:
    """A place right ahead of `place`, which is the first of its instant."""
    number, high = _parts(place)
    return number + _between(MIDDLE if high > MIDDLE else "", high)


def _parts(place: str) -> tuple[str, str]:
    """The number in `place` with the letter ahead of it, and the rest."""
    length = ascii_lowercase.index(place[0]) + 2
    return place[:length], place[length:]


def _between(low: str, high: str) -> str:
    """A text of DIGITS after `low` and before `high`, read as digits behind a decimal point; empty is no bound."""
    shared = 0
    while shared < len(high) and (low[shared : shared + 1] or DIGITS[0]) == high[shared]:
        shared += 1
    if shared:
        return high[:shared] + _between(low[shared:], high[shared:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    return high[0] if len(high) > 1 else DIGITS[first] + _between(low[1:], "")


@cache
def in_order(lookup: str) -> Q:
    """The condition that a row comes before (`lt`) or after (`gt`) that of the outer query in standing order."""
    condition, same = Q(), Q()
    for name in (key.removeprefix("-") for key in LATEST_FIRST):
        condition |= same & Q(**{f"{name}__{lookup}": OuterRef(name)})
        same &= Q(**{name: OuterRef(name)})
    return condition


class Ordered(models.Model):
    """What has its place in the order of what happened."""

    happened_key = models.IntegerField(editable=False)
    """`Span.key` of its date, which lies at the latest on the day of recording."""
    placed_at = models.DateTimeField(default=NOT_PLACED, editable=False)
    """Its place within the day: the instant of its first recording, or that of what it was put beside."""
    place = BytewiseCharField(default=place_of(0), editable=False)
    """Its place among those of that instant, by `place_of`, `after` and `ahead_of`."""

    earlier_place: tuple[dt.datetime, str] | None = None
    """`placed_at` and `place` that an unsaved version had once, and gets again if nothing told since forbids it."""

    class Meta:
        abstract = True

    @property
    def counts_from(self) -> dt.date:
        """The day from which it counts."""
        return day_of(self.happened_key)


def instant_of(day: dt.date, time: dt.time | None, zone: str) -> dt.datetime | None:
    """When the clocks of `zone`, by default the installation's, show `time` on `day`; None without a time."""
    if time is None:
        return None
    return dt.datetime.combine(day, time, ZoneInfo(zone) if zone else timezone.get_default_timezone())


def validate_zone(name: str) -> None:
    """Raise ValidationError, with the nearest, unless `name` is the IANA name of a time zone."""
    try:
        known = zone_named(name)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    if known != name:
        raise ValidationError(f"“{name}” is not the name of a time zone. Nearest: {known}.")


class Occurrence:
    """The part of a development about when it happened, without the columns."""

    occurred_on: dt.date
    occurred_time: dt.time | None
    occurred_zone: str
    recorded_on: dt.date

    occurred = HeldDate("occurred")
    """When it happened, as a Span."""

    @property
    def occurred_at(self) -> dt.datetime | None:
        """The instant of its time of day, aware; None without one."""
        return instant_of(self.occurred_on, self.occurred_time, self.occurred_zone)

    @property
    def clock(self) -> str:
        """Its time of day for people: 14:30 (Riyadh time); empty without one."""
        return shown(self.occurred_time, self.occurred_zone) if self.occurred_time is not None else ""

    @property
    def possible_days(self) -> tuple[dt.date | None, dt.date]:
        """The first day on which it can have happened, None if nobody knows, and the last.

        That is at the latest the day on which the version was recorded, unless it was a later one where it happened.
        """
        occurred = self.occurred
        earliest, latest = occurred.earliest, occurred.latest or self.recorded_on
        return earliest, max(min(latest, self.recorded_on), earliest or dt.date.min)

    @property
    def key(self) -> int:
        """The `happened_key` that its date gives."""
        return self.occurred.by(self.recorded_on).key

    def can_have_begun(self) -> bool:
        """Whether what it tells can have begun by now, if only where the day is a later one already."""
        occurred = self.occurred
        earliest = occurred and occurred.earliest
        if not earliest or earliest <= timezone.localdate():
            return True
        if self.occurred_zone not in zones().values():
            return False
        return self.occurred_at is not None and self.occurred_at <= timezone.now()

    def require_begun(self) -> None:
        """Raise ValidationError, with the year that another calendar may mean, for what cannot have begun by now."""
        if not self.can_have_begun():
            today = timezone.localdate()
            words = f"It cannot have happened after today, {shown_day(today)}."
            asked = year_of_another(self.occurred_on.year, today.year)
            raise ValidationError({"occurred_on": f"{words} {asked}".strip()})
