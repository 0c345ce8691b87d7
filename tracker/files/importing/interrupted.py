"""Goes on with imports whose process ended before they did, since the server was stopped or killed."""

import datetime as dt
import logging
import threading
import time

from django.db import DatabaseError, connections
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.files.importing.launch import hand_over
from tracker.files.importing.uploads import Busy, is_held
from tracker.models import ImportRun

EVERY = 5
"""The seconds between two looks."""
PATIENCE = dt.timedelta(seconds=10)
"""How long a step may have begun without a process: the one that was asked for it is about to begin."""
ATTEMPTS = 3
"""How often a step is begun before it is left to people: what ends its process may be the step itself."""

log = logging.getLogger(__name__)


def interrupted() -> list[ImportRun]:
    """The imports at which a process should be working, and none on this machine is."""
    rows = ImportRun.objects.filter(state__in=ImportRun.WORKING, attempts__lt=ATTEMPTS)
    begun = rows.annotate(begun=Coalesce(F("attempted_at"), F("begun_at")))
    return [run for run in begun.filter(begun__lt=timezone.now() - PATIENCE) if not is_held(run)]


def go_on() -> list[str]:
    """Start a process for each of the `interrupted` imports; return their references."""
    started = []
    for run in interrupted():
        try:
            hand_over(run)
        except Busy:
            continue
        log.warning("An import was interrupted, and is begun anew: %s", run.ref)
        started.append(run.ref)
    return started


def watch() -> None:
    """Go on with what is interrupted, now and for as long as this process lives, in a thread of its own."""
    threading.Thread(target=_watch, daemon=True, name="interrupted imports").start()


def _watch() -> None:
    while True:
        time.sleep(EVERY)
        try:
            go_on()
        except (DatabaseError, OSError) as error:
            log.warning("Interrupted imports could not be looked for: %s", error)
        finally:
            connections.close_all()
