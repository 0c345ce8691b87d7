"""Goes on with imports whose process ended before they did, since the server was stopped or killed."""

import logging

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from tracker.files.importing.launch import hand_over
from tracker.jobs.background import ATTEMPTS, PATIENCE
from tracker.models import ImportRun
from tracker.write_lock import Busy, is_held

log = logging.getLogger(__name__)


def interrupted() -> list[ImportRun]:
    """The imports at which a process should be working, and none on this machine is."""
    rows = ImportRun.objects.filter(state__in=ImportRun.WORKING, attempts__lt=ATTEMPTS)
    begun = rows.annotate(begun=Coalesce(F("attempted_at"), F("begun_at")))
    return [run for run in begun.filter(begun__lt=timezone.now() - PATIENCE) if not is_held(run.ref)]


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
