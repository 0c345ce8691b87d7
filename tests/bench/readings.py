"""Pages of an earlier instant, and of what was public by a day, against the same pages in the present."""

import datetime as dt
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from tests.bench.pages import reader
from tests.bench.replay import replay_of
from tests.bench.served import Served, served
from tests.bench.standing import broad_process
from tests.bench.timing import Line, side_by_side
from tracker.clocks import Clocks
from tracker.models import Development, Item, Party, Process, User

KNOWN, PUBLIC, BOTH_DAYS = (dict.fromkeys(("sqlite", "postgresql"), most) for most in (1.5, 4, 4))
NEWEST_FIRST = {"sqlite": 2.2, "postgresql": 1.6}
"""How much the SQL of an earlier instant may take where the newest rows come first."""
SHARES = (10, 60, 97)
"""After how many percent of all recordings the instants lie."""


def measure() -> Iterator[Line]:
    """The lines about readings of the past."""
    client = reader()
    moments = _moments()
    pages = _pages()
    with served(User.objects.get(username="bench")) as server:
        for what, address in pages.items():
            yield from _lines(server, what, address, moments)
    for what in ("developments", "demands", "talks"):
        yield from _sql_lines(client, what, pages[what], moments)


def _moments() -> dict[str, tuple[Clocks, dict]]:
    """{what is said of it: the clocks, and the target}."""
    recorded = Development.objects.order_by("recorded_at").values_list("recorded_at", flat=True)
    number = recorded.count()
    known = {share: recorded[number * share // 100] for share in SHARES}
    days = {share: timezone.localdate(instant) for share, instant in known.items()}
    middle = SHARES[1]
    month_before = days[middle] - dt.timedelta(days=30)
    return {
        **{f"known at {share} %": (Clocks(known=known[share]), KNOWN) for share in SHARES},
        **{f"public at {share} %": (Clocks(public=days[share]), PUBLIC) for share in SHARES},
        f"known and public at {middle} %": (Clocks(known=known[middle], public=days[middle]), PUBLIC),
        f"on a day before, known and public at {middle} %": (
            Clocks(on=month_before, known=known[middle], public=days[middle]),
            PUBLIC,
        ),
    }


def _pages() -> dict[str, str]:
    """{what it is: its address}, of pages that are there at all moments."""
    first = Development.objects.order_by("recorded_at").first()
    party = Party.objects.order_by("pk").first()
    broad = broad_process()
    processes = Process.objects.annotate(size=Count("items"))
    largest = processes.order_by("-size", "pk").first()
    item = (
        Item.objects.filter(process=first.process_id)
        .annotate(number=Count("effects"))
        .order_by("recorded_at", "-number")
        .first()
    )
    lists = {
        "developments": "/developments/",
        "developments of one type": "/developments/?kind=reaction",
        "developments by a party of one type": f"/developments/?party={party.ref}&kind=reaction",
        "developments of a process": f"/developments/?process={broad.ref}",
        "developments, last recorded first": "/developments/?sort=-recorded_at",
        "demands": "/demands/",
        "demands of one status": "/demands/?status=met",
        "demands by title": "/demands/?sort=title",
        "demands by party": "/demands/?sort=party",
        "demands of a process": f"/demands/?process={broad.ref}",
        "principles": "/principles/",
        "talks": "/talks/",
        "follow-ups by due date": "/follow-ups/",
        "parties": "/parties/",
        "people": "/people/",
        "sources": "/sources/",
        "delegations": "/delegations/",
    }
    return lists | {
        "processes": "/processes/",
        "the page of an item": item.get_absolute_url(),
        f"the page of a process of {broad.items.count():,} items": broad.get_absolute_url(),
        f"the page of a process of {largest.size:,} items": largest.get_absolute_url(),
        "the home page": "/",
    }


def _at(address: str, clocks: Clocks) -> str:
    query = urlencode(clocks.query)
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def _lines(server: Served, what: str, address: str, moments: dict) -> Iterator[Line]:
    addresses = {"": address} | {when: _at(address, clocks) for when, (clocks, _) in moments.items()}
    for each in addresses.values():
        server.get(each)
    works = {when: (lambda each=each: server.get(each)) for when, each in addresses.items()}
    best = side_by_side(works, server.clock())
    for when, (_, target) in moments.items():
        yield Line(f"{what}, {when}", "the same page in the present", target, best[when], best[""])


def _sql_lines(client, what: str, address: str, moments: dict) -> Iterator[Line]:
    addresses = {"": address} | {when: _at(address, clocks) for when, (clocks, _) in moments.items()}
    works = {when: replay_of(lambda each=each: client.get(each)) for when, each in addresses.items()}
    # On SQLite it all happens in this process.
    best = side_by_side(works, time.process_time if connection.vendor == "sqlite" else None)
    for when, (_, target) in moments.items():
        most = NEWEST_FIRST if target is KNOWN else {}
        yield Line(
            f"SQL of {what}, {when}", "the SQL of the same page in the present", most, best[when], best[""]
        )
