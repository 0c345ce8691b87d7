"""The pages that show how a process moved, one of 500 items and the largest of all, against the SQL that feeds them."""

import datetime as dt
from collections.abc import Iterator
from unittest import mock
from urllib.parse import urlencode

from django.db.models import Count

from tests.bench.pages import reader
from tests.bench.replay import replay_of
from tests.bench.standing import broad_process, past_of
from tests.bench.timing import Line, side_by_side
from tracker.clocks import Clocks
from tracker.domain.standing import decide, latest_stance
from tracker.models import ItemStance, Process
from tracker.reports.changes.queries import Comparison
from tracker.reports.positions import page as positions

ONCE = {"sqlite": 1, "postgresql": 1}
MATRIX = {"sqlite": 4, "postgresql": 4}
PAGES = {
    "state of play": ("", {}),
    "agreement": ("agreement/", {}),
    "matrix": ("positions/", MATRIX),
    "changes of a month": ("compare/", {}),
    "lanes": ("paths/", {}),
}
"""The pages measured: name, the end of the address, and the target."""

WHOLE = {"ROWS": 500, "CELLS": 10**6}
"""What a page of the matrix may hold here: as much of it as one file loads at a time, to see how it grows."""

MONTH = dt.timedelta(days=30)


def measure() -> Iterator[Line]:
    """The lines about evolution."""
    client = reader()
    largest = Process.objects.annotate(size=Count("items")).order_by("-size", "pk").first()
    for process in (broad_process(), largest):
        clocks = past_of(process)
        whose = f"of a process of {process.items.count():,} items"
        yield _compared(process, clocks, whose)
        for name, (end, target) in PAGES.items():
            query = dict(clocks.query)
            if end == "compare/":
                query["from"] = str(clocks.on - MONTH)
            address = f"{process.get_absolute_url()}{end}?{urlencode(query)}"
            with mock.patch.multiple(positions, **WHOLE):
                yield _page(
                    client, f"{name} {whose}, at (past, past)", address, target if process != largest else {}
                )


def _compared(process: Process, clocks: Clocks, whose: str) -> Line:
    """Two moments a month apart, against the standing of all items at the one and at the other."""
    start = Clocks(on=clocks.on - MONTH, known=clocks.known)
    items = process.items.order_by()
    stances = ItemStance.objects.filter(item__process=process).order_by()

    def twice():
        for moment in (start, clocks):
            list(decide(items, moment).values_list())
            list(stances.annotate(effect=latest_stance(moment)).values_list())

    best = side_by_side({"once": lambda: Comparison(process, start, clocks), "twice": twice})
    return Line(
        f"comparison of two moments {whose}", "its standing at both", ONCE, best["once"], best["twice"]
    )


def _page(client, what: str, address: str, target: dict) -> Line:
    page = client.get(address)
    assert page.status_code == 200, address
    replay = replay_of(lambda: client.get(address))
    best = side_by_side({"page": lambda: client.get(address), "sql": replay})
    return Line(
        what, "the SQL that feeds it", target, best["page"], best["sql"], f"{len(page.content) // 1000:,} kB"
    )
