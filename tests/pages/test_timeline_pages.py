"""A timeline longer than a page: turned in both directions, and left for another year or month."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.happening import both, happened, headlines
from tests.pages.reading import Page
from tracker.pages import pagination
from tracker.reports.timeline.page import Timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks")


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch):
    monkeypatch.setattr(Timeline, "page_size", 3)


@pytest.fixture
def years(process):
    """Seven developments of three years, one of them known only to its year."""
    for day in ((2023, 5, 1), (2024, 1, 9), (2024, 1, 10), (2024, 6, 1), (2025, 2, 1), (2025, 2, 2)):
        happened(process, str(dt.date(*day)), dt.date(*day))
    happened(process, "2024", dt.date(2024, 1, 1), "year")


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_every_entry_once_in_both_directions(client, process, years, order):
    for address in both(process):
        turned = {}
        for way, start in (("next", ""), ("prev", "&page=last")):
            turned[way], link = [], f"{address}?order={order}{start}"
            while link:
                page = Page(client, link)
                turned[way].append(page.texts(".timeline .headline"))
                found = page.soup.select_one(f'.pager a[rel="{way}"]')
                link = found and found["href"]
        once = [headline for page in turned["next"] for headline in page]
        assert len(once) == len(set(once)) == 7 and once == sorted(once, reverse=order == "newest")
        assert [headline for page in turned["prev"][::-1] for headline in page] == once


def test_one_leaps_to_a_year_or_a_month(client, process, years):
    for address in both(process):
        page = Page(client, address)
        assert page.text(".years") == "2025 2 Feb 2025 2 2024 4 2023 1"
        assert page.text(".pager .num") == "1–3 of 7"
        leap = next(link["href"] for link in page.soup.select(".years a") if link.get_text() == "2024")
        page = Page(client, leap)
        assert page.texts(".timeline .headline") == ["2024-06-01", "2024-01-10", "2024-01-09"]
        assert page.text(".years [aria-current]") == "2024"
        assert "Jan 2024 2 in the year 1" in page.text(".years") and "2025" in page.text(".years")
        assert page.text(".pager .num") == "1–3 of 5"
        month = next(link["href"] for link in page.soup.select(".years a") if "Jan" in link.get_text())
        assert headlines(client, month) == ["2024-01-10", "2024-01-09", "2024"]


def test_the_oldest_first_leap_forwards(client, process, years):
    page = Page(client, "/timeline/?order=oldest")
    leap = next(link["href"] for link in page.soup.select(".years a") if link.get_text() == "2025")
    assert headlines(client, leap) == ["2025-02-01", "2025-02-02"]


def test_too_many_to_count_are_still_told_by_year(client, process, years, monkeypatch):
    monkeypatch.setattr(pagination, "COUNT_UP_TO", 5)
    for address in both(process):
        page = Page(client, address)
        assert page.text(".years") == "2025 2024 2023"
        assert "of more than 5" in page.text(".pager")
        assert headlines(client, page.links(".years a")[2]) == ["2023-05-01"]


def test_filters_hold_while_one_leaps(client, process, years):
    happened(process, "Reaction", dt.date(2023, 7, 1), kind="reaction")
    for number in range(3):
        happened(process, f"Reaction {number}", dt.date(2025, 1, 1), kind="reaction")
    page = Page(client, "/timeline/?kind=reaction")
    assert page.text(".years") == "2025 3 Jan 2025 3 2023 1"
    leap = next(link for link in page.links(".years a") if "until=2023" in link)
    assert headlines(client, leap) == ["Reaction"]
