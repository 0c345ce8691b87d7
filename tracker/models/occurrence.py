"""What the date and the time of day of a development say of when it happened."""

import datetime as dt

from django.utils import timezone

from tracker.models.dates import HeldDate
from tracker.models.order import instant_of
from tracker.text.times import shown, zones


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
