"""The path of one item, drawn and in words: what each lane shows, that both say the same, and that the clocks hold."""

import datetime as dt
import re

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.pages.drawn import lanes, lines, move, of, says_the_same
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand(client, alice, clock):
    """A demand raised on 18 February 2025, at noon."""
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    return make.DemandFactory(title="Leave the valley", party=make.PartyFactory(name="Graustark"))


def test_each_aspect_and_each_party_has_a_lane(client, demand, clock):
    clock("2025-03-10T12:00Z")
    move(demand, (2, 20), status="under_discussion")
    move(demand, (2, 22), party=make.PartyFactory(name="Ruritania", short_name="RU"), stance="rejects")
    move(demand, (2, 24), firmness="red_line", wording="Leave it now.")
    page = Page(client, of(demand))
    assert list(lanes(page)) == ["Status", "Firmness", "RU"]
    segments, marks = lanes(page)["Status"]
    assert segments == [
        "Status: Open, from 18 Feb 2025 until 20 Feb 2025",
        "Status: Under discussion, since 20 Feb 2025",
    ]
    assert [mark[:12].strip(":") for mark in marks] == ["18 Feb 2025", "20 Feb 2025", "24 Feb 2025"]
    assert marks[2].endswith("(worded “Leave it now.”)")
    assert lanes(page)["Firmness"][0][-1] == "Firmness: Red line, since 24 Feb 2025"
    assert says_the_same(page) and not page.soup.select("[style]")


def test_a_date_known_to_a_month_is_about_it(client, demand, clock):
    clock("2025-04-10T12:00Z")
    move(demand, (3, 1), "month", status="met", occurred_inferred=True)
    page = Page(client, of(demand))
    assert lanes(page)["Status"][0] == [
        "Status: Open, from 18 Feb 2025 until Mar 2025 (inferred)",
        "Status: Met, since Mar 2025 (inferred)",
    ]
    assert "Mar 2025 (inferred)" in page.text(".words") and "1 Mar 2025" not in page.text(".words")
    assert page.soup.select("svg[aria-label=Status] .dot.vague") and page.soup.select(".span:not(.endless)")
    (row,) = (row for row in lines(client, of(demand)) if row["value"] == "met")
    assert (row["from"], row["from_precision"], row["from_inferred"]) == ("2025-03", "month", "true")


def test_corrected_and_withdrawn_versions_are_struck_and_hold_nothing(client, demand, clock):
    clock("2025-02-20T12:00Z")
    wrong = move(demand, (2, 19), status="met", headline="They leave")
    gone = move(demand, (2, 20), firmness="red_line", headline="Never")
    clock("2025-02-21T12:00Z")
    effect = Effect(item=demand, status="rejected")
    correct(wrong, effects=[effect], headline="They stay")
    recording.withdraw(make.UserFactory(editor=True), gone, "Not said")
    page = Page(client, of(demand))
    assert [title.split(",")[0] for title in lanes(page)["Status"][0]] == ["Status: Open", "Status: Rejected"]
    struck = page.soup.select("svg.lane .struck")
    assert [dot["class"][-1] for dot in struck] == ["corrected", "withdrawn"]
    assert [dot.title.get_text() for dot in struck] == [
        "19 Feb 2025, corrected: They leave (Met)",
        "20 Feb 2025, withdrawn: Never (Red line)",
    ]
    assert page.texts(".words s") == ["They leave", "Never"]
    assert says_the_same(page)
    for dot in struck:
        assert client.get(dot["href"]).status_code == 200
    states = [(row["value"], row["version"], row["state"]) for row in lines(client, of(demand))]
    assert ("met", "1", "corrected") in states and ("rejected", "2", "in_force") in states
    # As known before it was put right, it counts.
    then = Page(client, of(demand, "?known=2025-02-20T18:00Z"))
    assert not then.soup.select(".struck")
    assert lanes(then)["Status"][0][-1] == "Status: Met, since 19 Feb 2025"


def test_the_past_is_the_same_before_and_after_a_correction(client, demand, clock):
    clock("2025-02-20T12:00Z")
    wrong = move(demand, (2, 19), status="met")
    clock("2025-02-20T18:00Z")
    make.PartyFactory()  # later than the instant that is read
    addresses = [
        base + query
        for base in (of(demand), f"{demand.process.get_absolute_url()}paths/")
        for query in ("?known=2025-02-20T13:00Z", "?on=2025-02-19&known=2025-02-20T13:00Z")
    ]
    pages = [Page(client, address).soup.main.decode() for address in addresses]
    files = [client.get(address.replace("/?", ".csv?")).getvalue() for address in addresses]
    clock("2025-03-21T12:00Z")
    correct(wrong, effects=[Effect(item=demand, status="rejected")], occurred_on=dt.date(2025, 2, 18))
    move(demand, (3, 20), status="lapsed")
    make.DemandFactory(process=demand.process)
    assert [Page(client, address).soup.main.decode() for address in addresses] == pages
    assert [client.get(address.replace("/?", ".csv?")).getvalue() for address in addresses] == files


def test_the_clocks_are_lines_and_nothing_counts_beyond_them(client, alice, demand, clock):
    clock("2025-03-01T12:00Z")
    move(demand, (2, 26), status="met")
    page = Page(client, of(demand, "?on=2025-02-20&known=2025-03-01T12:00Z"))
    assert [title.split(",")[0] for title in lanes(page)["Status"][0]] == ["Status: Open"]
    assert page.texts("svg.axis .at-on") == ["as it stood on 20 Feb 2025"]
    assert page.texts("svg.axis .at-known") == ["as known 1 Mar 2025, 12:00 UTC"]
    line, known = (page.soup.select_one(f"#paths-grid .at-{name}") for name in ("on", "known"))
    assert float(line["x1"][:-1]) < float(known["x1"][:-1])
    assert line["x1"] == page.soup.select_one("#paths-grid .beyond")["x"]
    ends = page.soup.select_one("svg.lane .block rect")
    assert float(ends["x"][:-1]) + float(ends["width"][:-1]) == pytest.approx(
        float(line["x1"][:-1]), abs=0.02
    )
    assert all("on=2025-02-20" in link for link in page.links("svg.lane a"))
    assert "today" in Page(client, of(demand)).texts("svg.axis .at-on")
    # A line that is too far off is not left out without a word.
    clock("2027-03-01T12:00Z")
    make.PartyFactory()  # later than the instant that is read
    client.force_login(alice)
    far = Page(client, of(demand, "?known=2027-02-01T12:00Z"))
    assert not far.soup.select("svg.axis .at-known")
    assert "“as known 1 Feb 2027, 12:00 UTC” lies to the right" in far.text()


def test_going_into_a_day_shows_what_lies_before_it(client, demand, clock):
    clock("2025-03-01T12:00Z")
    party = make.PartyFactory(name="Ruritania")
    move(demand, (2, 20), "before", party=party, stance="rejects")
    move(demand, (2, 20), party=party, stance="affirms")
    page = Page(client, of(demand, "?on=before+2025-02-20"))
    assert lanes(page)["Ruritania"][0] == ["Ruritania: Rejects, since before 20 Feb 2025"]
    assert page.texts("svg.axis .at-on") == ["as it stood on 19 Feb 2025"]


def test_a_stretch_is_chosen_by_the_address_and_by_links(client, demand, clock):
    clock("2025-06-01T12:00Z")
    move(demand, (4, 1), status="under_discussion")
    move(demand, (5, 1), status="met")
    page = Page(client, of(demand, "?from=2025-04-10&to=2025-05"))
    assert page.text(".range b") == "10 Apr 2025 to 31 May 2025"
    assert lanes(page)["Status"][0] == [
        "Status: Under discussion, from 1 Apr 2025 until 1 May 2025, before this range",
        "Status: Met, since 1 May 2025",
    ]
    assert page.soup.select("svg[aria-label=Status] .onward") and len(lanes(page)["Status"][1]) == 1
    assert "before this range" in page.text(".words") and says_the_same(page)
    links = {link.get_text(): link["href"] for link in page.soup.select(".range a")}
    assert list(links) == ["All", "Earlier", "Later", "Wider", "Narrower", "2025"]
    for address in links.values():
        assert client.get(address).status_code == 200
    assert "Under discussion" not in str(lanes(Page(client, of(demand, "?from=2025-05-02"))))


@pytest.mark.parametrize("asked", ["from=soon", "to=2025-02-30", "from=2026&to=2025", "form=2025"])
def test_what_cannot_be_read_is_refused_with_a_hint(client, demand, asked):
    for address in (of(demand), f"{demand.process.get_absolute_url()}paths/"):
        for file in (address, address.rstrip("/") + ".csv"):
            response = client.get(f"{file}?{asked}")
            assert response.status_code == 400
            assert re.search(
                "Write 18 Feb 2025|is before the start|Nearest: (from|28 Feb 2025)", response.content.decode()
            )


def test_what_is_due_is_flagged_and_what_was_put_off_too(client, demand, clock):
    clock("2025-02-25T12:00Z")
    due = {"due_precision": "day", "due_phrase": ""}
    item = make.FollowUpFactory(effect={"status": "promised", "due_on": dt.date(2025, 2, 22), **due})
    move(item, (2, 21), due_on=dt.date(2025, 3, 1), **due)
    page = Page(client, of(item))
    titles = [flag.title.get_text() for flag in page.soup.select("svg[aria-label=Due] .due")]
    assert titles == ["Was due 22 Feb 2025 until 21 Feb 2025", "Due 1 Mar 2025"]
    assert lanes(page)["Due"][0] == [
        "Due: 22 Feb 2025, from 18 Feb 2025 until 21 Feb 2025",
        "Due: 1 Mar 2025, since 21 Feb 2025",
    ]


def test_marks_on_few_pixels_lead_to_their_list(client, demand, clock):
    clock("2025-02-28T12:00Z")
    party = make.PartyFactory(name="Ruritania")
    for number in range(3):
        move(demand, (2, 20), party=party, stance=("affirms", "rejects", "affirms")[number])
    page = Page(client, of(demand, "?from=2010&to=2025"))
    (mark,) = page.soup.select("svg[aria-label=Ruritania] .dot")
    assert (
        mark.select_one("text").get_text() == "3" and mark.title.get_text() == "3 developments, 20 Feb 2025"
    )
    assert len(Page(client, mark["href"]).soup.select(".table tbody tr")) == 3
    assert says_the_same(page)


def test_the_path_stands_on_the_page_of_the_item_and_of_the_talk(client, demand):
    for item in (demand, make.TalkFactory(process=demand.process)):
        page = Page(client, item.get_absolute_url())
        assert lanes(page, "section:has(#path)")["Status"][0] and of(item) in page.links()
        assert page.queries <= 12 and says_the_same(page)
