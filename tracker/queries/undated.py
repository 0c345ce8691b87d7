"""Undated texts, such as summaries, which may mention later events when the past is read."""

from django.utils import formats, timezone

from tracker.clocks import Clocks
from tracker.models import Record


def later_words(record: Record, clocks: Clocks) -> str:
    """When the texts of `record` were written, if they may tell of days after the one that is read; else empty.

    What was written by that day, and not changed since, cannot. Asks the database nothing.
    """
    if clocks.on is None:
        return ""
    written = timezone.localdate(record.recorded_at)
    if record.version == 1 and written <= clocks.on:
        return ""
    day = formats.date_format(written, "j M Y")
    when = f"Written on {day}" if record.version == 1 else f"First written on {day} and changed since"
    return f"{when}; may tell of later days"
