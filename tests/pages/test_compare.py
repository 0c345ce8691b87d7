"""What changed in a process between two moments: which way, in which words, and what of it is only better known."""

import csv
import datetime as dt
import io

import pytest
from django.test import TestCase

from tests import factories as make
from tests.corrections import correct
from tests.example import load_example
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant

RIYADH = "/processes/prc-us-russia-ukraine/compare/"


def lines(client, address, **query):
    """The lines of the file at `address`, as dictionaries."""
    response = client.get(address.rstrip("/") + ".csv", query)
    assert response.status_code == 200, response.getvalue()
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def told(rows):
    """What moved, as (movement, item or party, old, new)."""
    return [(row["change"], row["item"], row["party"], row["old"], row["new"]) for row in rows]


class TheExample(TestCase):
    """The talks of Riyadh, compared with what had been before."""

    @classmethod
    def setUpTestData(cls):
        make.UserFactory(administrator=True)
        load_example()
        cls.reader = make.UserFactory(viewer=True)

    def setUp(self):
        self.client.force_login(self.reader)

    def test_russia_has_softened_on_talking_to_zelenskyy(self):
        rows = lines(self.client, RIYADH, **{"from": "before 2025-02-18", "to": "2025-02-18"})
        (row,) = (row for row in rows if row["item_id"] == "tlk-putin-zelenskyy")
        assert (row["change"], row["party"], row["old"], row["new"]) == (
            "softened",
            "Russia",
            "rejects",
            "conditional",
        )
        assert (row["old_on"], row["old_precision"]) == ("[..2025-02-17]", "before")
        assert (row["new_on"], row["new_precision"]) == ("2025-02-18", "day")
        assert row["sentence"] == (
            "The stance of Russia softened, from “Rejects” (before 18 Feb 2025) to “Conditional” (18 Feb 2025)."
        )
        assert row["new_quote"] == "if necessary" and row["old_quote"].startswith("unwilling to negotiate")
        page = Page(self.client, RIYADH + "?from=before+2025-02-18&to=2025-02-18")
        assert row["sentence"] in page.text()
        assert row["new_quote"] in page.text() and row["old_quote"] in page.text()

    def test_the_summary_counts_what_the_lists_show(self):
        for query, halves in (("?from=before+2025-02-18&to=2025-02-18", 1), ("", 2)):
            page = Page(self.client, RIYADH + query)
            lists = [
                (section.h3.get_text(strip=True), len(section.select(".points > .moved")))
                for section in page.soup.select("section.moves:has(h3)")
            ]
            counts = [
                (one.select_one(".badge").get_text(strip=True), int(one.select_one(".num").get_text()))
                for one in page.soup.select(".tally li")
            ]
            assert counts == lists and len(page.soup.select(".tally ul")) == halves
        assert "Number of items by kind of change" in page.text(".tally")

    def test_the_last_two_talks_are_compared_where_nothing_is_asked(self):
        page = Page(self.client, RIYADH)
        assert page.text(".lead").startswith(
            "Trump-Putin call before Riyadh , before 18 Feb 2025 → Riyadh meeting"
        )
        at_riyadh, between = page.texts(".part-head")
        assert (at_riyadh, between) == (
            "At Riyadh meeting of US and Russian delegations",
            "Between the two talks",
        )
        rows = lines(self.client, RIYADH)
        assert {row["item_id"] for row in rows if row["between"] == "true"} >= {"tlk-putin-zelenskyy"}
        assert all(row["between"] == "false" for row in rows if row["item_id"] == "pri-diplomatic-missions")

    def test_who_came_to_the_table_and_who_did_not(self):
        said = Page(self.client, RIYADH).section("seats")
        assert "Head: Vladimir Putin, then Sergei Lavrov." in said
        assert "Joined: Sergei Lavrov, Yury Ushakov." in said and "Left: Vladimir Putin." in said
        assert "Ukraine no part → Absent but affected" in said
        rows = [row for row in lines(self.client, RIYADH) if row["change"] == "delegation"]
        seats = {row["party"]: (row["old"], row["new"]) for row in rows}
        assert seats["European Union"] == ("", "offered_later")
        assert seats["Russia"] == ("principal", "principal")

    def test_a_talk_is_found_by_its_title_and_told_from_a_day(self):
        query = {"from": "Trump-Putin call before Riyadh", "to": "tlk-riyadh-2025-02-18"}
        assert lines(self.client, RIYADH, **query) == lines(self.client, RIYADH)
        answer = self.client.get(RIYADH, {"from": "Trump-Putin cal before Riyadh"})
        assert answer.status_code == 400
        assert "Nearest: Trump-Putin call before Riyadh" in answer.content.decode()

    def test_a_talk_that_nobody_has_held_is_no_moment(self):
        wrong = {"to": "tlk-trump-putin-summit"}
        for address in (RIYADH, RIYADH.rstrip("/") + ".csv", RIYADH.rstrip("/") + ".json"):
            assert self.client.get(address, wrong).status_code == 400

    def test_no_expert_is_among_what_moved(self):
        for row in lines(self.client, RIYADH, **{"from": "2008-01-01"}):
            assert "Deni" not in str(row) and "Puglierin" not in str(row)


@pytest.fixture
def talks(clock):
    """A process whose demand was recorded on 20 February, of what was said on the 18th."""
    clock("2025-02-20T10:00Z")
    process, party = make.ProcessFactory(), make.PartyFactory(name="Ruritania")
    source = make.SourceFactory()
    demand = make.DemandFactory(process=process, party=party, title="Access to the river")
    said = make.DevelopmentFactory(
        process=process, party=party, headline="They insist", effects=[Effect(item=demand, stance="affirms")],
        citations=[Citation(source=source, quote="we insist")],
    )  # fmt: skip
    clock("2025-03-20T10:00Z")
    return process, demand, said


@pytest.fixture
def reader(client, carol):
    """A viewer's browser."""
    client.force_login(carol)
    return client


def address_of(process):
    return f"{process.get_absolute_url()}compare/"


def test_a_due_date_slips_and_wordings_differ_word_by_word(reader):
    due = {"due_on": dt.date(2025, 3, 1), "due_precision": "day", "due_phrase": ""}
    follow_up = make.FollowUpFactory(effect={"status": "promised", "wording": "An envoy is named."} | due)
    later = {"due_on": dt.date(2025, 3, 31), "due_precision": "day"}
    effect = Effect(item=follow_up, wording="A special envoy is named.", **later)
    make.DevelopmentFactory(process=follow_up.process, effects=[effect], occurred_on=dt.date(2025, 2, 25))
    query = {"from": "2025-02-18", "to": "2025-02-25"}
    rows = {row["change"]: row for row in lines(reader, address_of(follow_up.process), **query)}
    assert (rows["slipped"]["old"], rows["slipped"]["new"]) == ("1 Mar 2025", "31 Mar 2025")
    assert rows["slipped"]["slipped_days"] == "30"
    page = Page(reader, address_of(follow_up.process) + "?from=2025-02-18&to=2025-02-25")
    said = "The due date slipped by 30 days, from “1 Mar 2025” (18 Feb 2025) to “31 Mar 2025” (25 Feb 2025)."
    assert said in page.text() and said == rows["slipped"]["sentence"]
    assert page.texts(".difference ins") == ["A special"] and page.texts(".difference del") == ["An"]


def test_what_was_said_again_is_reaffirmed_and_what_was_not_is_not_dropped(reader, talks):
    process, demand, _ = talks
    other = make.DemandFactory(process=process, title="Grain")
    make.DevelopmentFactory(
        process=process, effects=[Effect(item=demand, firmness="stated")], occurred_on=dt.date(2025, 3, 1)
    )
    query = {"from": "2025-02-18", "to": "2025-03-10"}
    found = told(lines(reader, address_of(process), **query))
    assert found == [
        ("reaffirmed", "Access to the river", "", "stated", "stated"),
        ("not_mentioned", str(other), "", "", ""),
    ]


def test_a_second_head_is_a_change_of_the_delegation(reader):
    process = make.ProcessFactory()
    party, zora, rudolf = (
        make.PartyFactory(),
        make.PersonFactory(name="Zora"),
        make.PersonFactory(name="Rudolf"),
    )
    for day, second in ((1, "member"), (2, "head")):
        held = make.TalkFactory(
            process=process, effect={"status": "held"}, development__occurred_on=dt.date(2025, 2, day)
        )
        seat = make.DelegationFactory(talk=held, party=party)
        make.DelegateFactory(delegation=seat, person=zora, head=True)
        make.DelegateFactory(delegation=seat, person=rudolf, capacity=second)
    assert "Head: Zora, then Rudolf, Zora." in Page(reader, address_of(process)).section("seats")


def test_nothing_differs_from_itself(reader, talks):
    process, *_ = talks
    query = {"from": "2025-03-01", "to": "2025-03-01"}
    assert lines(reader, address_of(process), **query) == []
    assert "Nothing differs" in Page(reader, address_of(process) + "?from=2025-03-01&to=2025-03-01").text()


def test_what_was_learned_late_and_what_was_corrected_is_told_apart_from_what_moved(reader, talks, bob):
    process, demand, said = talks
    make.DevelopmentFactory(
        process=process, headline="Found in March", effects=[Effect(item=demand, firmness="red_line")],
        occurred_on=dt.date(2025, 2, 19),
    )  # fmt: skip
    correct(said, effects=[Effect(item=demand, stance="rejects")], by=bob, headline="They refuse")
    wrong = make.DevelopmentFactory(process=process, headline="A mistake", occurred_on=dt.date(2025, 2, 19))
    recording.withdraw(bob, wrong, "It was another process.")
    query = "?from=2025-02-28&to=2025-02-28&from_known=2025-02-28"
    page = Page(reader, address_of(process) + query)
    assert "Found in March" in page.section("learned") and "A mistake" not in page.section("learned")
    assert page.texts("#corrected, .put-right del")[1:] == [
        "18 Feb 2025: They insist", "Access to the river: Ruritania affirms",
    ]  # fmt: skip
    assert "They refuse" in page.section("corrected") and "by bob" in page.section("corrected")
    assert "corrected, not new" in page.text(".moves")
    rows = lines(reader, address_of(process), **dict.fromkeys(("from", "to", "from_known"), "2025-02-28"))
    assert [row["change"] for row in rows] == ["hardened", "hardened", "learned_late", "corrected"]
    by_aspect = {row["aspect"]: row for row in rows}
    assert by_aspect["stance"]["correction"] == "true" and by_aspect["firmness"]["correction"] == "false"


def test_a_withdrawal_leaves_nothing_and_says_so(reader, talks, bob):
    process, _, said = talks
    recording.withdraw(bob, said, "Never said.")
    page = Page(reader, address_of(process) + "?from_known=2025-02-28")
    assert "The stance of Ruritania is no longer on record; it was “Affirms” (18 Feb 2025)." in page.text(
        ".moves"
    )
    assert "Withdrawn" in page.section("corrected") and "Never said." in page.section("corrected")


def test_a_comparison_between_two_past_instants_stays_as_it_was(reader, talks, bob, clock):
    process, demand, said = talks
    firmer = make.DevelopmentFactory(process=process, effects=[Effect(item=demand, firmness="red_line")])
    clock("2025-04-01T10:00Z")
    make.PartyFactory()  # later than the instant that is read
    query = "from=2025-02-17&to=2025-03-01&known=2025-03-31"
    page, file = (f"{address_of(process)}?{query}", f"{process.get_absolute_url()}compare.csv?{query}")
    before = Page(reader, page).soup.main.decode(), reader.get(file).getvalue()
    correct(said, effects=[Effect(item=demand, stance="rejects")], by=bob)
    recording.withdraw(bob, firmer, "Wrong.")
    clock("2025-04-02T10:00Z")
    assert (Page(reader, page).soup.main.decode(), reader.get(file).getvalue()) == before
    assert "Not shown: 2 corrections." in Page(reader, page).text(".banner")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=Monday", "from: “Monday” is not a date. Write a day"),
        ("from=2025-03-01&to=2025-02-01", "from: 1 Mar 2025 lies after 1 Feb 2025"),
        ("from_known=2025-02-19&to_known=2025-02-01", "from_known: it lies after to_known"),
        ("to=2999-01-01", "to: 1 Jan 2999 lies in the future"),
        ("form=2025-02-01", "no parameter “form”. Nearest: from."),
        ("page=two", "page: “two” is not the number of a page"),
    ],
)
def test_what_cannot_be_read_is_answered_with_the_reason(reader, talks, query, said):
    process, *_ = talks
    answer = reader.get(f"{address_of(process)}?{query}")
    assert answer.status_code == 400 and said in answer.content.decode()


def test_many_changes_come_in_pages_and_the_file_has_them_all(reader):
    process = make.ProcessFactory()
    with one_instant():
        for _ in range(60):
            make.DemandFactory(process=process)
    query = "from=2025-01-01&to=2025-03-01"
    first = Page(reader, f"{address_of(process)}?{query}")
    second = Page(reader, f"{address_of(process)}?{query}&page=2")
    assert len(first.texts(".step")) + len(second.texts(".step")) == 120 and second.texts(".step")
    # Items are counted on all pages, however many parts of each have changed.
    assert first.texts(".tally .num") == second.texts(".tally .num") == ["60"]
    assert first.text(".pager .num") == "1–100 of 120 changes"
    assert first.queries == second.queries <= 15
    assert len(lines(reader, address_of(process), **{"from": "2025-01-01", "to": "2025-03-01"})) == 120
