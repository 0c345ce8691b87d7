"""What dates leave open of a standing is named, on pages and in files."""

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker.models import Effect
from tracker.models.dates import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, carol):
    client.force_login(carol)
    return client


@pytest.fixture
def party():
    return make.PartyFactory(name="Graustark")


def heard(words, **values):
    """What a party says of one principle, {date: stance} in the order of recording; the principle."""
    principle = make.PrincipleFactory(
        title="A freeze", development={"occurred_on": Span.parse("2024-01-01").day}
    )
    for text, stance in words.items():
        date = Span.parse(text)
        make.DevelopmentFactory(
            process=principle.process, occurred_on=date.day, occurred_precision=date.precision, occurred_last=date.end,
            effects=[Effect(item=principle, stance=stance, **values)],
        )  # fmt: skip
    return principle


def stated(reader, principle, query=""):
    """The stance on the page of `principle`, and what else it may be."""
    page = Page(reader, f"{principle.get_absolute_url()}{query}")
    return page.text(".standing td[data-label=Stance]")


IN_DOUBT = {
    "a month and a day in it": (
        {"2025-02": "rejects", "2025-02-20": "affirms"},
        "Affirms or Rejects: Feb 2025 may be after 20 Feb 2025 .",
    ),
    "an older word of unknown day": (
        {"before 2025-03-08": "rejects", "2025-02-28": "affirms"},
        "Affirms or Rejects: before 8 Mar 2025 may be after 28 Feb 2025 .",
    ),
    "one day, and no order told": (
        {"2025-02-20": "rejects", " 2025-02-20": "affirms"},
        "Affirms or Rejects: both are of 20 Feb 2025, and nobody says in which order .",
    ),
    "about a month": (
        {"about 2025-02": "rejects", "2025-03-20": "affirms"},
        "Affirms or Rejects: about Feb 2025 may be after 20 Mar 2025 .",
    ),
    "the same word twice": ({"2025-02": "affirms", "2025-02-20": "affirms"}, "Affirms"),
    "the month before": ({"2025-01": "rejects", "2025-02-20": "affirms"}, "Affirms"),
    "before the day itself": ({"before 2025-02-20": "rejects", "2025-02-20": "affirms"}, "Affirms"),
    "a range that ends before": (
        {"between 12 and 14 Feb 2025": "rejects", "2025-02-15": "affirms"},
        "Affirms",
    ),
    "what nothing later can undo": (
        {"2025-02": "rejects", "2025-02-20": "affirms", "2025-03-01": "affirms"},
        "Affirms",
    ),
}


@pytest.mark.parametrize("case", IN_DOUBT)
def test_the_page_and_the_grid_name_what_else_may_be_the_latest(reader, party, case):
    words, told = IN_DOUBT[case]
    principle = heard(words, party=party)
    assert stated(reader, principle).replace("  ", " ").rstrip(".").strip() == told.rstrip(".").strip()
    (row,) = [
        row
        for row in read_csv(reader, f"/processes/{principle.process.ref}/agreement.csv")
        if row["party"] == "Graustark" and row["counts"] == "true"
    ]
    assert (row["stance"], row["doubt"]) == ("affirms", "rejects" if "Rejects" in told else "")


def test_what_may_not_have_happened_yet_is_in_doubt_by_the_day_that_is_read(reader, party):
    principle = heard({"2025-02": "rejects"}, party=party)
    assert "or Not yet: Feb 2025 may be later than the day that is read" in stated(
        reader, principle, "?on=2025-02-10"
    )
    for query in ("?on=2025-02-28", "", "?on=2025-03-01"):
        assert stated(reader, principle, query) == "Rejects"


def test_lists_and_files_name_it_in_the_present(reader):
    demand = make.DemandFactory(title="Free passage")
    for text, status in (("2025-02", "rejected"), ("2025-02-20", "partly_met"), ("2025-02-20", "met")):
        date = Span.parse(text)
        make.DevelopmentFactory(
            process=demand.process, occurred_on=date.day, occurred_precision=date.precision,
            effects=[Effect(item=demand, status=status)],
        )  # fmt: skip
    (row,) = read_csv(reader, "/demands.csv")
    assert (row["status"], row["doubt"]) == ("met", "status: partly_met, rejected")
    assert "Status, in doubt: or Rejected: Feb 2025 may be after 20 Feb 2025" in Page(
        reader, demand.get_absolute_url()
    ).text(".standing")
    other = make.DemandFactory()
    assert [row["doubt"] for row in read_csv(reader, f"/demands.csv?process={other.process.ref}")] == [""]
