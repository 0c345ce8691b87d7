"""The instants of recording: in each process later than all before it, so that each tells a whole state."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone

from tracker.models import Development, Process


class Instants:
    """The instants of recording in the processes that a transaction writes to; others who write there wait."""

    def __init__(self):
        self.last: dict[int, dt.datetime | None] = {}

    def lock(self, processes: set[int | None]) -> None:
        """Hold `processes` (primary keys) for this transaction."""
        asked = Process.objects.filter(pk__in=processes - {None, *self.last}).order_by("pk")
        self.last |= asked.select_for_update(no_key=True).values_list("pk", "last_recorded_at")

    def next(self, development: Development) -> dt.datetime:
        """The instant at which `development` is recorded; raises ValidationError when it names no process."""
        key = development.process_id
        if key not in self.last:
            raise ValidationError({"process": "Name the process that it belongs to."})
        now, last = timezone.now(), self.last[key]
        if last is not None and now <= last:
            now = last + dt.timedelta(microseconds=1)
        self.last[key] = now
        return now

    def keep(self) -> None:
        """Let later writers know the last instant in each process."""
        for key, last in self.last.items():
            Process.objects.filter(pk=key).update(last_recorded_at=last)
