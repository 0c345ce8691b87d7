"""Developments between two moments that changed no item."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from tracker.clocks import Clocks
from tracker.models import Development, Effect, Process
from tracker.models.date_columns import happened_by
from tracker.queries.home import CITED


def without_effects(process: Process, start: Clocks, end: Clocks) -> QuerySet:
    """The developments of `process` in force at `end` that happened after the day of `start` and have no effect.

    In order of time, the latest last, each with its party, speaker, talk and citations.
    """
    day = start.on or timezone.localdate(start.known)
    rows = Development.objects.filter(~happened_by(day, "happened_key"), process=process).at(end)
    rows = rows.filter(~Exists(Effect.objects.filter(development=OuterRef("pk"))))
    return rows.select_related("party", "speaker", "talk").prefetch_related(CITED).latest_first().reverse()
