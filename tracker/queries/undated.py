"""Undated texts, such as summaries, which may mention later events when the past is read."""

from django.utils import formats, timezone

from tracker.clocks import Clocks
from tracker.models import Record


def later_words(record: Record, clocks: Clocks) -> str:
    """A warning with the date on which the texts of `record` were written, if they may mention later days; else empty.

    Texts written by the day of `clocks` and not changed since cannot. No query.
    """
    read_by = clocks.on or clocks.public
    if read_by is None:
        return ""
    written = timezone.localdate(record.recorded_at)
    if record.version == 1 and written <= read_by:
        return ""
    day = formats.date_format(written, "j M Y")
    when = f"Written on {day}" if record.version == 1 else f"First written on {day} and changed since"
    return f"{when}; may mention later events"
