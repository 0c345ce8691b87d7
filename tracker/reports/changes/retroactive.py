"""What we learned late, and what we corrected, between two instants."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from tracker.clocks import Clocks
from tracker.domain.deadlines import today
from tracker.models import Development, Effect, Process
from tracker.models.date_columns import happened_by
from tracker.queries.home import CITED


def learned_late(process: Process, start: Clocks, end: Clocks) -> QuerySet:
    """The developments in force at `end` that had happened by `start` but were recorded only after it.

    Most recently recorded first, each with its process, citations, and effects as `done`. Empty if both moments have
    the same `known`.
    """
    if start.known is None:
        return Development.objects.none()
    day = today(start)
    rows = Development.objects.filter(process=process, first_recorded_at__gt=start.known).at(end)
    rows = rows.filter(happened_by(day, "happened_key"))
    return _with_words(rows).order_by("-first_recorded_at", "-sequence", "-pk")


@dataclass(frozen=True)
class CorrectedVersion:
    """A replaced version, and the one that replaced it; None if it was withdrawn, or moved to another process."""

    old: Development
    new: Development | None


def corrected_between(process: Process, start: Clocks, end: Clocks) -> QuerySet:
    """The versions in force at `start` that had been corrected or withdrawn by `end`, most recently corrected first.

    Empty if both moments have the same `known`. `with_successors` adds the replacing versions.
    """
    if start.known is None:
        return Development.objects.none()
    rows = Development.objects.filter(process=process, ended_at__gt=start.known).at(start)
    if end.known is not None:
        rows = rows.filter(ended_at__lte=end.known)
    return _with_words(rows).select_related("ended_by").order_by("-ended_at", "-pk")


def with_successors(versions: list[Development], end: Clocks) -> list[CorrectedVersion]:
    """Each of `versions` with the version of the same development in force at `end`. Three queries."""
    # Filter by `known` only: a correction may have moved the development beyond the day.
    known = Clocks(known=end.known)
    # What was moved is not told of: whoever reads here may not see its process.
    here = {"ref__in": {row.ref for row in versions}, "process__in": {row.process_id for row in versions}}
    rows = Development.objects.filter(**here).at(known)
    current = {row.ref: row for row in _with_words(rows)}
    return [CorrectedVersion(row, current.get(row.ref)) for row in versions]


def _with_words(rows: QuerySet) -> QuerySet:
    effects = Effect.objects.select_related("item", "party").order_by("pk")
    return rows.select_related("party", "speaker", "talk", "recorded_by").prefetch_related(
        CITED, Prefetch("effects", effects)
    )
