"""The order of what happened: by date, and within a day by a place that is worked out when a version is recorded."""

import datetime as dt
from functools import cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from tracker.models.dates import day_of
from tracker.models.fields import BytewiseCharField
from tracker.text.places import place_of
from tracker.text.times import zone_named

LATEST_FIRST = ("-happened_key", "-placed_at", "-place", "-id")
"""Standing order, newest first: by date, then by the place within the day, which a correction keeps."""

RECORDED_LAST = ("-recorded_at", "-id")
"""Most recently recorded first; developments recorded together have the same instant."""

by_time = attrgetter("happened_key", "placed_at", "place", "pk")
"""Standing order, oldest first, as a sort key for instances."""

NOT_PLACED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The `placed_at` of what nobody has given a place yet, such as a row from a package of an earlier release."""


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
    """Its place among those of that instant, by `tracker.text.places`."""

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
