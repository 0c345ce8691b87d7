"""The instant of a long recording, taken beforehand, so that others are locked out only for its last moments."""

import datetime as dt
import time

from django.db import connection
from django.utils import timezone

from tracker.recording.timestamps import Pending, last_instant

MARGIN, MARGIN_EACH = dt.timedelta(seconds=2), dt.timedelta(milliseconds=0.6)
"""How far ahead PostgreSQL takes it, and how much further for each development: within that time they are written."""
SHORTLY = dt.timedelta(seconds=0.5)
"""How long before it others begin to be locked out."""


def book(pending: Pending, developments: int, margin: int = 1) -> dt.datetime:
    """Take the instant of a recording of so many developments.

    On PostgreSQL others record before it in the meantime, so it is still to come, `margin` times as far ahead as usual;
    if it was too near, Overtaken is raised at the end. SQLite has one writer.
    """
    ahead = (
        margin * (MARGIN + developments * MARGIN_EACH)
        if connection.vendor == "postgresql"
        else dt.timedelta()
    )
    pending.booked = max(timezone.now() + ahead, last_instant() + dt.timedelta(microseconds=1))
    return pending.booked


def wait_for(instant: dt.datetime) -> None:
    """Wait until shortly before the booked `instant`, when all is written; what the end would check is checked now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        time.sleep(max(0, (instant - SHORTLY - timezone.now()).total_seconds()))
