"""The start page: latest movement of each process, unsourced records, latest recordings."""

from django.db.models import F, OuterRef, Prefetch, QuerySet

from tracker.clocks import Clocks
from tracker.models import Citation, Development, Process
from tracker.models.base import first_of
from tracker.models.date_columns import happened_by
from tracker.models.order import RECORDED_LAST

CITED = Prefetch("citations", Citation.objects.select_related("source").defer("source__text").order_by("pk"))
"""Prefetches the citations of developments with their sources, without the sources' texts, in one query."""


def moving(user, clocks: Clocks, limit: int) -> list[Process]:
    """The processes that `user` may see, most recently changed first, each with its `last` development (or None).

    At most `limit`; four queries.
    """
    latest = Development.objects.at(clocks).filter(process=OuterRef("pk")).latest_first()
    lasts = dict(
        Process.objects.visible_to(user)
        .at(clocks)
        .annotate(last_key=first_of(latest, "happened_key"), last_id=first_of(latest, "pk"))
        .order_by(F("last_key").desc(nulls_last=True), "sort_key")
        .values_list("pk", "last_id")[:limit]
    )
    processes = Process.objects.in_bulk(lasts)
    developments = (
        Development.objects.filter(pk__in=filter(None, lasts.values()))
        .select_related("party", "speaker")
        .prefetch_related(CITED)
        .in_bulk()
    )
    for process in processes.values():
        process.last = developments.get(lasts[process.pk])
    return [processes[key] for key in lasts]


def unsourced(user, clocks: Clocks, limit: int) -> list[Development]:
    """The latest `limit` developments without a source that `user` may see. At most two queries."""
    if clocks.public is not None:
        return []  # they were never public
    rows = Development.objects.visible_to(user).at(clocks).filter(sourced=False)
    return _read(rows.latest_first(), limit, "process", "party")


def recorded_last(user, clocks: Clocks, limit: int) -> list[Development]:
    """The `limit` most recently recorded developments in force that `user` may see. Two queries."""
    rows = Development.objects.visible_to(user).at(Clocks(known=clocks.known))
    if clocks.on is not None:
        # Written as a sum the condition has no index to tempt the database into sorting half the record: walking
        # back in the order of recording soon finds enough.
        rows = rows.annotate(happened=F("happened_key") + 0).filter(happened_by(clocks.on, "happened"))
    return _read(rows.order_by(*RECORDED_LAST), limit, "process", "party", "recorded_by")


def _read(rows: QuerySet, limit: int, *related: str) -> list[Development]:
    """The first `limit` of `rows` with what they are `related` to, found by keys that come from the index alone."""
    keys = list(rows.values_list("pk", flat=True)[:limit])
    developments = Development.objects.select_related(*related).in_bulk(keys)
    return [developments[key] for key in keys]
