"""A list page of fifty rows, filtered, sorted and counted, against a bare page with one indexed query."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Count
from django.test import Client

from tests.bench.bare import prepare
from tests.bench.standing import broad_process, past_of
from tests.bench.timing import Line, side_by_side
from tracker.clocks import PRESENT, Clocks
from tracker.models import Development, Party, User

FIRST, DEEP = {"sqlite": 2.5, "postgresql": 2.5}, {"sqlite": 3, "postgresql": 3}


def reader() -> Client:
    """A browser in which an analyst has signed in."""
    user, _ = User.objects.get_or_create(username="bench", defaults={"role": "analyst"})
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    return client


def measure() -> Iterator[Line]:
    """The lines about list pages."""
    client = reader()
    latest = Development.objects.at(PRESENT).latest_first()
    party = (
        Party.objects.filter(developments__kind="reaction")
        .annotate(number=Count("pk"))
        .order_by("-number", "pk")
    )[0]
    reaction = Development.objects.at(PRESENT).filter(party=party, kind="reaction").latest_first()
    far = list(latest.values_list("ref", "happened_key")[latest.count() * 9 // 10 :][:1])[0]
    deep = latest.filter(happened_key__lte=far[1])
    cases = [
        ("first page of developments", "/developments/", {}, latest, FIRST),
        ("first page by kind", "/developments/", {"kind": "reaction"}, latest.filter(kind="reaction"), FIRST),
        (
            "first page by party and kind",
            "/developments/",
            {"party": party.ref, "kind": "reaction"},
            reaction,
            FIRST,
        ),
        ("a page nine tenths down", "/developments/", {"after": far[0]}, deep, DEEP),
        ("the last page", "/developments/", {"page": "last"}, latest.reverse(), DEEP),
    ]
    for what, path, query, rows, target in cases:
        yield _line(client, what, path, query, rows, target)
    process = broad_process()
    clocks = past_of(process)
    for what, query in (("of one process", {"process": process.ref}), ("of all", {})):
        yield _past(client, f"demands {what} in the past, first page", query, clocks)


def _line(client, what, path, query, rows, target) -> Line:
    url = f"{path}?{urlencode(query)}"
    page = client.get(url)
    assert page.status_code == 200, url
    prepare(rows, page.content.decode())
    assert abs(len(client.get("/bare/").content) - len(page.content)) < len(page.content) / 20
    best = side_by_side({"page": lambda: client.get(url), "bare": lambda: client.get("/bare/")})
    note = f"{len(page.content) // 1000} kB"
    return Line(what, "a bare page of the same HTML, one query", target, best["page"], best["bare"], note)


def _past(client, what, query, clocks: Clocks) -> Line:
    url, now = (f"/demands/?{urlencode(query | given)}" for given in (clocks.query, {}))
    assert client.get(url).status_code == 200, url
    best = side_by_side({"past": lambda: client.get(url), "now": lambda: client.get(now)})
    return Line(what, "the same page in the present", {}, best["past"], best["now"])
