"""What dates leave open of a standing is named, on pages and in files."""

import json

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker.domain.alternatives import Alternative
from tracker.domain.movement import Deadline
from tracker.models import Effect
from tracker.models.dates import Span
from tracker.models.wordings import Wording

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
        "Affirms or Rejects: that is dated Feb 2025, and may be later than 20 Feb 2025 .",
    ),
    "an older word of unknown day": (
        {"before 2025-03-08": "rejects", "2025-02-28": "affirms"},
        "Affirms or Rejects: that is dated before 8 Mar 2025, and may be later than 28 Feb 2025 .",
    ),
    "one day, and no order told": (
        {"2025-02-20": "rejects", " 2025-02-20": "affirms"},
        "Affirms or Rejects: both are of 20 Feb 2025, and which came first is not known .",
    ),
    "about a month": (
        {"about 2025-02": "rejects", "2025-03-20": "affirms"},
        "Affirms or Rejects: that is dated about Feb 2025, and may be later than 20 Mar 2025 .",
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
    assert "or Not yet: what set it is dated Feb 2025, and may be later than the day shown" in stated(
        reader, principle, "?on=2025-02-10"
    )
    for query in ("?on=2025-02-28", "", "?on=2025-03-01"):
        assert stated(reader, principle, query) == "Rejects"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            {"between 21 and 28 Feb 2025": "rejects", "2025-02-20": "affirms"},
            "Affirms: what is shown first is dated between 21 and 28 Feb 2025, and may be later than the day shown",
        ),
        (
            {"between 20 and 28 Feb 2025": "rejects", "2025-02-20": "affirms"},
            "Affirms or Rejects: that is dated between 20 and 28 Feb 2025, and may be later than 20 Feb 2025",
        ),
        (
            {"between 12 and 22 Feb 2025": "affirms", "2025-02": "rejects"},
            "Rejects: that is dated Feb 2025, and may be later than what is dated between 12 and 22 Feb 2025",
        ),
    ],
)
def test_why_another_value_may_be_the_latest_is_true(reader, party, words, told):
    stated_then = stated(reader, heard(words, party=party), "?on=2025-02-24").replace("  ", " ")
    assert told in stated_then


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
    assert "Status uncertain: or Rejected: that is dated Feb 2025, and may be later than 20 Feb 2025" in Page(
        reader, demand.get_absolute_url()
    ).text(".standing")
    (then,) = read_csv(reader, "/demands.csv?on=2025-02-20")
    assert (then["status"], then["doubt"]) == ("met", "status: partly_met, rejected")
    (then,) = read_csv(reader, "/demands.csv?on=2025-02-10")
    assert (then["status"], then["doubt"]) == ("rejected", "status: none")
    answer = reader.get("/demands.json?on=2025-02-10&columns=doubt")
    assert json.loads(b"".join(answer.streaming_content)) == [{"doubt": "status: none"}]
    assert "status: none" in Page(reader, "/demands/?on=2025-02-10&columns=title,doubt").text("#results")
    other = make.DemandFactory()
    assert [row["doubt"] for row in read_csv(reader, f"/demands.csv?process={other.process.ref}")] == [""]


def test_what_may_be_the_latest_of_one_part_is_not_in_doubt_in_another(reader):
    demand = make.DemandFactory(development={"occurred_on": Span.parse("2024-01-01").day})
    for text, values in (
        ("2025-02", {"status": "rejected", "wording": "No troops at all."}),
        ("2025-02-20", {"status": "met", "wording": "No troops in the east."}),
        ("2025-03-01", {"wording": "No troops."}),
    ):
        date = Span.parse(text)
        make.DevelopmentFactory(
            process=demand.process, occurred_on=date.day, occurred_precision=date.precision,
            effects=[Effect(item=demand, **values)],
        )  # fmt: skip
    for query in ("", "?on=2025-03-01"):
        (row,) = read_csv(reader, f"/demands.csv{query}")
        assert (row["status"], row["wording"], row["doubt"]) == ("met", "No troops.", "status: rejected")


def test_the_page_of_a_talk_names_it(reader):
    talk = make.TalkFactory(development={"occurred_on": Span.parse("2024-01-01").day})
    for text, status in (("2025-02", "cancelled"), ("2025-02-20", "held")):
        date = Span.parse(text)
        make.DevelopmentFactory(
            process=talk.process, occurred_on=date.day, occurred_precision=date.precision, kind="talks", talk=talk,
            effects=[Effect(item=talk, status=status)],
        )  # fmt: skip
    told = "Status uncertain: or Cancelled: that is dated Feb 2025, and may be later than 20 Feb 2025"
    assert told in Page(reader, talk.get_absolute_url()).text(".page-head")
    assert told not in Page(reader, f"{talk.get_absolute_url()}?on=2025-01-31").text()


MAY = "may be outside these dates"


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("2025-02", "since=2025-02-10", True),
        ("2025-02", "until=2025-02-10", True),
        ("2025-02", "since=2025-02-01&until=2025-02-28", False),
        ("2025-02", "since=2025-02-02", True),
        ("2025-02", "until=2025-02-27", True),
        ("2025-02-10", "since=2025-02-10&until=2025-02-10", False),
        ("before 2025-02-18", "until=2025-02-17", False),
        ("before 2025-02-18", "since=2025-02-01", True),
        ("about 2025-02", "since=2025-01-01", False),
        ("about 2025-02", "since=2025-02-01", True),
        ("2025-02", "", False),
    ],
)
def test_a_list_marks_what_may_lie_outside_the_days_asked_for(reader, text, query, marked):
    date = Span.parse(text)
    make.DevelopmentFactory(headline="They met", occurred_on=date.day, occurred_precision=date.precision)
    words = Page(reader, f"/developments/?{query}").text("#results .table")
    assert "They met" in words and (MAY in words) == marked


@pytest.mark.parametrize(
    ("aspect", "value", "effect", "label", "code"),
    [
        ("due", None, Effect(due_phrase="none"), "Given up", "none"),
        ("stance", None, Effect(stance="retracted"), "Retracted", "none"),
        ("stance", "affirms_with_reserve", Effect(), "Affirms with reserve", "affirms_with_reserve"),
        ("status", None, None, "Not yet", "none"),
        ("status", "under_way", Effect(status="under_way", item_kind="talk"), "Under way", "under_way"),
        ("firmness", "red_line", Effect(), "Red line", "red_line"),
        ("outcome", "walk_out", Effect(), "Walk-out", "walk_out"),
        ("wording", Wording.of("No troops.", "", ()), Effect(), "“No troops.”", "“No troops.”"),
        (
            "wording",
            Wording.of("shall freeze", "en", [("fr", "doit geler")]),
            Effect(),
            "“shall freeze” / “doit geler”",
            "“shall freeze” / “doit geler”",
        ),
        (
            "due",
            Deadline(Span.parse("2025-03"), "in spring"),
            Effect(),
            "in spring · Mar 2025",
            "2025-03 in spring",
        ),
        ("due", Deadline(None, "soon"), Effect(), "soon", "soon"),
    ],
)
def test_what_else_it_may_be_is_told_in_words_and_as_a_file_has_it(aspect, value, effect, label, code):
    other = Alternative(aspect, value, effect, Effect())
    assert (other.label, other.code) == (label, code)
