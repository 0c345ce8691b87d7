"""Turning pages: every row once, forwards and backwards, whatever is equal or missing among what sorts the list."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests import factories as make
from tests.examples import daily
from tracker.pages import pagination
from tracker.recording.timestamps import one_instant

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(scope="module")
def follow_ups(module_record):
    """Eleven follow-ups, some due on the same day, some on none."""
    process = make.ProcessFactory()
    with one_instant():
        for due in (3, 1, None, 1, 2, None, None, 3, 1, 2, None):
            effect = (
                {"due_on": dt.date(2025, 3, due), "due_precision": "day", "due_phrase": ""} if due else {}
            )
            make.FollowUpFactory(
                process=process, **{f"effect__{name}": value for name, value in effect.items()}
            )


@pytest.fixture(autouse=True)
def _pages_of_three(monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 3)


def turned(reader, address, way):
    """The titles of each page from `address` on, following the links of relation `way`."""
    pages = []
    while address:
        page = BeautifulSoup(reader.get(address).content, "lxml")
        pages.append([row.get_text() for row in page.select(".table th.name")])
        link = page.select_one(f'.pager a[rel="{way}"]')
        address = link and link["href"]
    return pages


@pytest.mark.parametrize(
    "sort",
    daily(
        ["due_on", "-due_on", "title", "-title", "-changed_on", "changed_on", "owner", "status"],
        {"due_on", "-title", "-changed_on", "status"}.__contains__,
    ),
)
def test_every_row_once_in_both_directions(reader, follow_ups, sort, monkeypatch):
    monkeypatch.setattr(pagination, "PAGE_SIZE", 4)
    forwards = turned(reader, f"/follow-ups/?sort={sort}", "next")
    backwards = turned(reader, f"/follow-ups/?sort={sort}&page=last", "prev")
    rows = [title for page in forwards for title in page]
    assert len(rows) == len(set(rows)) == 11
    assert [len(page) for page in forwards] == [4, 4, 3]
    assert [title for page in reversed(backwards) for title in page] == rows


def test_what_is_due_on_no_day_comes_last_whichever_way(reader, follow_ups):
    for sort in ("due_on", "-due_on"):
        page = BeautifulSoup(reader.get(f"/follow-ups/?sort={sort}&page=last").content, "lxml")
        dues = page.select('td[data-label="Due"]')
        assert dues and not page.select('td[data-label="Due"] time')


def test_where_one_is_among_how_many_is_said(reader, follow_ups):
    page = BeautifulSoup(reader.get("/follow-ups/").content, "lxml")
    assert page.select_one(".pager").get_text(" ", strip=True).startswith("1–3 of 11")
    after = BeautifulSoup(reader.get(page.select_one('a[rel="next"]')["href"]).content, "lxml")
    assert after.select_one(".pager").get_text(" ", strip=True).startswith("4–6 of 11")
    last = BeautifulSoup(reader.get("/follow-ups/?page=last").content, "lxml")
    assert last.select_one(".pager").get_text(" ", strip=True).startswith("9–11 of 11")


def test_a_page_after_a_record_that_is_gone_is_the_first(reader, follow_ups):
    gone = BeautifulSoup(reader.get("/follow-ups/?after=fup-gone").content, "lxml")
    first = BeautifulSoup(reader.get("/follow-ups/").content, "lxml")
    assert [row.get_text() for row in gone.select("th.name")] == [
        row.get_text() for row in first.select("th.name")
    ]


def test_counting_stops_at_a_limit(reader, follow_ups, monkeypatch):
    monkeypatch.setattr(pagination, "COUNT_UP_TO", 5)
    page = BeautifulSoup(reader.get("/follow-ups/").content, "lxml")
    assert "of more than 5" in page.select_one(".pager").get_text()
    monkeypatch.setattr(pagination, "COUNT_IN_PAST_UP_TO", 3)
    page = BeautifulSoup(
        reader.get(f"/follow-ups/?on={timezone.localdate() - dt.timedelta(days=1)}").content, "lxml"
    )
    assert "of more than 3" in page.select_one(".pager").get_text()


@pytest.mark.parametrize("sort", ["changed_on", "-changed_on"])
def test_of_an_earlier_day_only_what_had_come_up_is_sorted_and_counted(reader, sort, monkeypatch):
    monkeypatch.setattr(pagination, "COUNT_IN_PAST_UP_TO", 4)
    process = make.ProcessFactory()
    with one_instant():
        for day in (5, 1, 9, 3, 7, 2, 8):
            make.DemandFactory(
                process=process, title=f"Day {day}", development__occurred_on=dt.date(2025, 3, day)
            )
    page = BeautifulSoup(reader.get(f"/demands/?sort={sort}&on=2025-03-06").content, "lxml")
    days = ["Day 1", "Day 2", "Day 3", "Day 5"]
    assert [row.get_text() for row in page.select(".table th.name")] == (
        days[:3] if sort == "changed_on" else days[:0:-1]
    )
    assert page.select_one(".pager").get_text(" ", strip=True).startswith("1–3 of 4")
