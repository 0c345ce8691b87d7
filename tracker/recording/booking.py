"""The instant of a long recording, taken beforehand, so that others are locked out only for its last moments."""

import datetime as dt
import time

from django.db import connection
from django.utils import timezone

from tracker.recording.meanwhile import Overtaken
from tracker.recording.timestamps import Pending, last_instant

MARGIN, MARGIN_EACH = dt.timedelta(seconds=2), dt.timedelta(milliseconds=0.6)
"""How far ahead PostgreSQL takes it, and how much further for each development: within that time they are written."""
SHORTLY, SHORTLY_EACH = dt.timedelta(seconds=0.5), dt.timedelta(milliseconds=1)
"""How long before it others begin to be locked out, and how much longer for each item whose standing is stored then."""
WHILE_BEHIND = dt.timedelta(milliseconds=10)
"""How far ahead of the last recording where the clock is behind that: each of the others takes a microsecond of it."""


def book(pending: Pending, developments: int, items: int, margin: int = 1) -> dt.datetime:
    """Take the instant of a recording of so many developments, which touch so many items.

    On PostgreSQL others record before it in the meantime, so it is still to come, `margin` times as far ahead as usual;
    if it was too near, Overtaken is raised at the end. SQLite has one writer.
    """
    now, last = timezone.now(), last_instant()
    if last >= now:
        pending.booked = last + margin * WHILE_BEHIND
    elif connection.vendor == "postgresql":
        pending.booked = now + margin * (MARGIN + developments * MARGIN_EACH) + _shortly(items, margin)
    else:
        pending.booked = now
    return pending.booked


def wait_for(instant: dt.datetime, items: int, margin: int = 1) -> None:
    """Wait until shortly before the booked `instant`, when all is written; what the end would check is checked now.

    Raises Overtaken, before anybody is locked out, if others have recorded something after the instant by now.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            # What is still to be written may name rows that are put back only after it.
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        last = last_instant()
        if last >= instant:
            raise Overtaken("It took longer to write than until the instant that was booked.")
        # Where the clock is behind the last recording, others do not go by it either.
        if last < timezone.now():
            time.sleep(max(0, (instant - _shortly(items, margin) - timezone.now()).total_seconds()))


def _shortly(items: int, margin: int) -> dt.timedelta:
    return margin * (SHORTLY + items * SHORTLY_EACH)
