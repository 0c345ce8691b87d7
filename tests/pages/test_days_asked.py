"""Filters by days know that what happened ends, at the latest, on the day on which it was recorded."""

import datetime as dt
import html

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker.models import Effect
from tracker.models.dates import Span

pytestmark = pytest.mark.django_db

OUTSIDE = "may be outside"


@pytest.fixture
def recorded(client, carol, clock):
    """A demand and a refusal of it after 18 February 2025, recorded on 20 February 2025; read a year later."""
    clock("2025-02-20T12:00Z")
    date = Span.parse("after 2025-02-18")
    given = {"occurred_on": date.day, "occurred_precision": date.precision}
    demand = make.DemandFactory(development=given)
    make.DevelopmentFactory(
        effects=[Effect(item=demand, stance="rejects")],
        citations=[make.CitationFactory.build(source=make.SourceFactory())],
        headline="It refuses",
        **given,
    )
    client.force_login(carol)
    clock("2026-02-20T12:00Z")


@pytest.mark.parametrize("name", ["developments", "effects", "timeline"])
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("since=2027", 0), ("since=2025-02-21", 0), ("since=2025-02-20", 2), ("since=2025-02-19&until=2025-02-20", 2),
        ("until=2025-02-19", 2), ("until=2025-02-18", 0), ("", 2),
    ],
)  # fmt: skip
def test_nothing_is_listed_that_cannot_have_happened_then(client, recorded, name, query, number):
    assert len(read_csv(client, f"/{name}.csv?{query}")) == number


@pytest.mark.parametrize("name", ["developments", "effects"])
def test_what_must_lie_within_the_days_is_not_marked(client, recorded, name):
    assert Page(client, f"/{name}/?since=2025-02-19&until=2025-02-20").text().count(OUTSIDE) == 0
    assert Page(client, f"/{name}/?since=2025-02-19&until=2025-02-19").text().count(OUTSIDE) == 2
    assert Page(client, f"/{name}/?since=2025-02-20").text().count(OUTSIDE) == 2


def test_items_and_search_results(client, recorded):
    assert len(read_csv(client, "/demands.csv?since=2026-02-20")) == 1
    assert read_csv(client, "/demands.csv?since=2026-02-21") == []
    assert read_csv(client, "/search.csv?q=refuses&since=2025-02-21") == []
    assert len(read_csv(client, "/search.csv?q=refuses&since=2025-02-20")) == 1


def test_what_may_come_has_no_such_bound(client, recorded):
    date = Span.parse("after 2026-02-01")
    make.OfficeFactory(
        held_from=dt.date(2026, 1, 1),
        held_from_precision="day",
        held_to=date.day,
        held_to_precision=date.precision,
    )
    make.SourceFactory(published_on=date.day, published_precision=date.precision)
    make.FollowUpFactory(effect={"status": "promised", "due_on": date.day, "due_precision": date.precision})
    for address in (
        "offices.csv?ended_since=2099",
        "sources.csv?since=2099",
        "follow-ups.csv?due_since=2099",
    ):
        assert len(read_csv(client, f"/{address}")) == 1, address


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=2025-03&until=2025-02", "“Feb 2025” lies before “Mar 2025”, the first day asked for."),
        ("since=19 Feb 2025&until=before 19 Feb 2025", "“before 19 Feb 2025” lies before “19 Feb 2025”"),
        ("since=2025-02&until=2025-02-01", ""),
        ("since=2025-02-18&until=2025-02-18", ""),
        ("until=2025-02-18", ""),
    ],
)
def test_a_last_day_before_the_first_is_told(client, carol, query, said):
    client.force_login(carol)
    for address in ("/developments/", "/developments.csv", "/demands/", "/demands.csv"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == (400 if said else 200)
        assert said in html.unescape(response.getvalue().decode())
