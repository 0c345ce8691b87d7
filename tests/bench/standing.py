"""The standing of one process and of all, by the rule, in the past, against a plain read of as many rows."""

import datetime as dt
from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Abs

from tests.bench.timing import Line, side_by_side
from tracker.clocks import Clocks
from tracker.domain.doubt import doubt_codes, doubts
from tracker.domain.standing import ASPECTS, VALUES, derive, latest
from tracker.models import Development, Item, Process
from tracker.queries.earlier_doubt import BATCH

ONE = {"sqlite": 4, "postgresql": 6}
ALL = {"sqlite": 6, "postgresql": 8}
DECIDED = (*ASPECTS, "raised", "changed")
WITH_DOUBT = 1.5
"""How much more the values may cost with what else may stand."""


def fetch(rows: QuerySet) -> Callable[[], list]:
    """What runs the SQL of `rows` and fetches all; the SQL itself is made beforehand."""
    sql, params = rows.query.get_compiler(connection=connection).as_sql()

    def run():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return run


def broad_process() -> Process:
    """The process nearest to 500 items: the largest that one page is asked for."""
    return Process.objects.annotate(size=Count("items")).order_by(Abs(F("size") - 500), "pk").first()


def past_of(process: Process) -> Clocks:
    """Clocks well back in the history of `process`, the day a month behind the instant."""
    recorded = (
        Development.objects.filter(process=process)
        .order_by("recorded_at")
        .values_list("recorded_at", flat=True)
    )
    known = recorded[recorded.count() * 6 // 10]
    return Clocks(on=known.date() - dt.timedelta(days=30), known=known)


def measure() -> Iterator[Line]:
    """The lines about standing."""
    process = broad_process()
    clocks = past_of(process)
    items = Item.objects.filter(process=process).order_by()
    yield from _lines(f"one process of {items.count()} items", items, clocks, ONE)
    yield from _lines("all items", Item.objects.order_by(), clocks, ALL)


def _lines(whose: str, items: QuerySet, clocks: Clocks, target: dict) -> Iterator[Line]:
    keys = list(items.values_list("pk", flat=True))
    values = fetch(derive(items, clocks).values_list("pk", *VALUES))

    def with_doubt(read):
        values()
        for start in range(0, len(keys), BATCH):
            read(keys[start : start + BATCH], clocks)

    deciding = {f"{aspect}_effect": latest(clocks, aspect) for aspect in DECIDED}
    best = side_by_side(
        {
            "read": fetch(items.values_list("pk", *(f"current_{name}" for name in VALUES))),
            "read status": fetch(items.values_list("pk", "current_status")),
            "status": fetch(
                items.annotate(status=latest(clocks, "status", "status")).values_list("pk", "status")
            ),
            "deciding": fetch(items.annotate(**deciding).values_list("pk", *deciding)),
            "values": values,
            "values and doubt": lambda: with_doubt(doubt_codes),
            "values and all doubt": lambda: with_doubt(doubts),
        }
    )
    stored = f"reading the {len(VALUES)} stored values of as many items"
    yield Line(
        f"status of {whose} at (past, past)",
        "reading the stored status",
        target,
        best["status"],
        best["read status"],
    )
    yield Line(
        f"what decides each part of the standing of {whose}", stored, target, best["deciding"], best["read"]
    )
    yield Line(
        f"all {len(VALUES)} values of the standing of {whose}", stored, target, best["values"], best["read"]
    )
    yield Line(
        f"the same of {whose}, and what else may stand, as a list has it",
        stored,
        {vendor: ratio * WITH_DOUBT for vendor, ratio in target.items()},
        best["values and doubt"],
        best["read"],
    )
    yield Line(
        f"the same of {whose} and of the stances on them, with the effects that may be the latest",
        stored,
        {},
        best["values and all doubt"],
        best["read"],
    )
