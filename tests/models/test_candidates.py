"""Lists sorted by what the rule gives are the same however few items it is asked of, and it is asked of few."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.examples import daily, is_thorough
from tests.over_the_register.reading import rows_of
from tracker.clocks import Clocks
from tracker.models import Citation, Demand, Effect, Process
from tracker.models.past import reading
from tracker.pages import pagination
from tracker.pages.pagination import sort_keys
from tracker.queries import candidates
from tracker.queries.state_of_play import state_of_play
from tracker.recording.timestamps import last_instant, one_instant
from tracker.register.demand import DEMAND
from tracker.register.follow_up import FOLLOW_UP

pytestmark = pytest.mark.django_db
WINDOWS = ((), (1,), (4, 8), (5,), (6,), (1_000,)) if is_thorough() else ((), (1,), (4, 8), (5,))


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)
    monkeypatch.setattr(candidates, "ITEMS_EACH", 0)


@pytest.fixture(scope="module")
def demands(module_record):
    """Demands, some of which moved again, by days on which it happened, or on which it was public."""
    process = make.ProcessFactory()
    sources = [
        make.SourceFactory(published_on=dt.date(2025, 3, day), published_precision="day")
        for day in (1, 9, 20)
    ]
    with one_instant():
        items = [
            make.DemandFactory(
                process=process,
                title=f"Demand {number}",
                effect__status="open" if number % 3 else "met",
                development={
                    "occurred_on": dt.date(2025, 3, 1 + number % 4),
                    "citations": [Citation(source=sources[number % 3])],
                },
            )
            for number in range(14)
        ]
    # Of those of one day, the last to be recorded is about the item that comes last in a list.
    for number, item in enumerate([*items[::-2], *items[::-5], make.TalkFactory(process=process)]):
        make.DevelopmentFactory(
            process=process,
            occurred_on=dt.date(2025, 3, 3 + number // 6),
            effects=[Effect(item=item, status="held" if item.item_kind == "talk" else "rejected")],
            citations=[Citation(source=sources[number % 2])],
        )


def moments():
    """Clocks by which more and fewer of the demands are there; by the last, none."""
    last, day = last_instant(), dt.date(2025, 3, 7)
    return (
        Clocks(on=day), Clocks(public=dt.date(2025, 3, 10)), Clocks(on=day, public=day, known=last),
        Clocks(on=dt.date(2025, 3, 1), known=last), Clocks(public=dt.date(2001, 1, 1)),
    )  # fmt: skip


def same_by_all_windows(read, clocks, monkeypatch):
    """What `read()` gives at `clocks`, which is the same however many developments are looked at."""
    found = []
    for windows in WINDOWS:
        monkeypatch.setattr(candidates, "WINDOWS", windows)
        with reading(clocks.known, clocks.public):
            found.append(read())
    assert found == [found[0]] * len(WINDOWS)
    return found[0]


@pytest.mark.parametrize(
    "statuses", daily([["open", "met", "rejected"], ["rejected"], ["met"]], ["rejected"].__ne__)
)
def test_rows_are_the_same_however_few_developments_are_looked_at(demands, statuses, monkeypatch):
    counts = []
    for clocks in moments():
        rows = DEMAND.rows(make.UserFactory(), clocks).filter(status__in=statuses)
        pages = same_by_all_windows(lambda: list(all_pages(rows, clocks)), clocks, monkeypatch)  # noqa: B023
        counts.append(pages[1][1])
    assert counts[0] and not counts[-1]


def test_follow_ups_by_due_date_are_the_same_however_few_effects_are_looked_at(demands, monkeypatch):
    items, process = [], Process.objects.get()
    with one_instant():
        for day in (9, 3, None, 3, 7, 1, None, 3, 3, 3, 9):
            effect = (
                {"due_on": dt.date(2025, 5, day), "due_precision": "day", "due_phrase": ""} if day else {}
            )
            # Of those due on one day, the last of an index is the first of the list.
            effect |= {"review_on": dt.date(2025, 4, 30 - len(items))}
            values = {f"effect__{name}": value for name, value in effect.items()}
            source = make.SourceFactory(published_on=dt.date(2025, 3, 2), published_precision="day")
            raised = {"occurred_on": dt.date(2025, 3, 1), "citations": [Citation(source=source)]}
            items.append(make.FollowUpFactory(process=process, development=raised, **values))
    for item, day, happened in ((items[1], 8, 2), (items[0], 3, 20), (items[2], 3, 4), (items[3], 0, 3)):
        date = {"due_on": dt.date(2025, 5, day), "due_precision": "day"} if day else {"due_phrase": "none"}
        effect = Effect(item=item, **date)
        make.DevelopmentFactory(
            process=process, occurred_on=dt.date(2025, 3, happened), effects=[effect],
            citations=[Citation(source=source)],
        )  # fmt: skip
    counts = []
    for clocks in moments():
        rows = FOLLOW_UP.rows(make.UserFactory(), clocks)
        read = lambda: list(all_pages(rows, clocks, ("due_on", "review_on")))  # noqa: B023, E731
        counts.append(same_by_all_windows(read, clocks, monkeypatch)[1][1])
    assert counts[0] == 11 and not counts[-1]


@pytest.mark.parametrize("limit", [2, 20])
def test_a_process_has_the_same_items_however_few_developments_are_looked_at(demands, limit, monkeypatch):
    process, shown = Process.objects.get(), []
    for clocks in moments():
        sections = same_by_all_windows(
            lambda: state_of_play(process, clocks, limit, 100),  # noqa: B023
            clocks,
            monkeypatch,
        )
        shown.append(sum(section.shown for section in sections))
    assert shown[0] >= 2 and not shown[-1]


def all_pages(rows, clocks, lookups=("changed_key",)):
    """The first page of `rows`, sorted by `lookups`, with how many there are, and all pages, from either end."""
    model = rows.model
    for descending in (True, False):
        order = sort_keys(model, lookups, descending)
        for most in (4, 20):
            yield pagination.first_page(rows, order, 3, most, clocks)
        page = pagination.keyset_page(rows, order, clocks=clocks)
        yield page
        while page.has_next:
            after = model.objects.get(pk=page.keys[-1]).ref
            page = pagination.keyset_page(rows, order, after=after, clocks=clocks)
            yield page
        while page.has_previous:
            before = model.objects.get(pk=page.keys[0]).ref
            page = pagination.keyset_page(rows, order, before=before, clocks=clocks)
            yield page
        yield pagination.keyset_page(rows, order, last=True, clocks=clocks)


def test_the_rule_is_asked_of_few_items_where_the_newest_developments_have_those_of_the_page(
    client, alice, demands, monkeypatch
):
    client.force_login(alice)
    monkeypatch.setattr(candidates, "WINDOWS", (12, 1_000))
    monkeypatch.setattr(pagination, "COUNT_IN_PAST_UP_TO", 4)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/demands/?public=2025-03-10")
    assert len(rows_of(page)) == 3
    sorting = [query["sql"] for query in queries if re.search("ORDER BY 2 DESC.* LIMIT 5$", query["sql"])]
    (among,) = [re.search(r"(?:json_each\('\[|unnest\('\{)(.*?)[]}]", sql)[1].split(",") for sql in sorting]
    assert 3 < len(among) < Demand.objects.count()


def test_the_rule_is_asked_of_all_items_where_they_are_few(demands, monkeypatch):
    monkeypatch.setattr(candidates, "WINDOWS", (3, 5))
    assert Demand.objects.count() == 14
    for each, tried in ((2, 2), (3, 1), (5, 0)):
        monkeypatch.setattr(candidates, "ITEMS_EACH", each)
        assert len(list(candidates.by_change(Clocks(on=dt.date(2025, 3, 7)), "demand"))) == tried
