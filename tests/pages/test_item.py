"""The page of a principle, a demand or a follow-up: its standing, its history, the form for what came next."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import factories as make
from tests.corrections import correct
from tests.pages.reading import Page, Words
from tracker import recording
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand(client, alice):
    client.force_login(alice)
    return make.DemandFactory(
        title="Leave the valley",
        party=make.PartyFactory(name="Graustark"),
        addressed_to=[make.PartyFactory(name="Ruritania")],
        issues=[make.IssueFactory(name="Land")],
        effect={"status": "open", "firmness": "stated"},
    )


def move(item, day=19, effects=None, **values):
    """A development of February 2025 that moves `item`."""
    values = {"occurred_on": dt.date(2025, 2, day), "party": make.PartyFactory()} | values
    return make.DevelopmentFactory(
        effects=effects or [Effect(item=item, **values.pop("effect"))], **{**values, "process": item.process}
    )


def test_the_standing_comes_first_each_part_with_what_it_rests_on(client, demand):
    speaker = make.PersonFactory(name="The Minister")
    make.OfficeFactory(
        person=speaker, title="Foreign Minister", held_from=dt.date(2024, 1, 1), held_from_precision="year"
    )
    make.OfficeFactory(person=speaker, title="Mayor", held_to=dt.date(2020, 1, 1), held_to_precision="year")
    party = make.PartyFactory(name="Ruritania again")
    make.DevelopmentFactory(
        statement=True,
        process=demand.process,
        party=party,
        speaker=speaker,
        effects=[Effect(item=demand, stance="rejects", firmness="red_line", wording="Leave it by spring.")],
        citations=[
            Citation(source=make.SourceFactory(publisher="The interview"), quote="never", place="p. 2")
        ],
    )
    said = Page(client, demand.get_absolute_url()).section("stands")
    for words in ("Leave it by spring.", "Open since 18 Feb 2025", "Red line", "Ruritania again Rejects"):
        assert words in said
    for words in ("never", "The Minister , Foreign Minister", "Own words", "The interview", "p. 2"):
        assert words in said
    assert "Mayor" not in said


def test_the_facts_of_each_kind(client, demand):
    facts = Page(client, demand.get_absolute_url()).text(".record-side")
    for words in (
        "Type Demand",
        "Made by Graustark",
        "Addressed to Ruritania",
        "Issues Land",
        "Raised 18 Feb 2025",
    ):
        assert words in facts
    principle = make.PrincipleFactory(number=3, parties=[make.PartyFactory(name="Aland")])
    facts = Page(client, principle.get_absolute_url()).text(".record-side")
    assert "Number 3" in facts and "Parties bound Aland" in facts
    follow_up = make.FollowUpFactory(
        appointment=True,
        owner=make.PartyFactory(name="Owner state"),
        promised_to=[make.PartyFactory(name="Syldavia"), make.PartyFactory(name="Borduria")],
    )
    facts = Page(client, follow_up.get_absolute_url()).text(".record-side")
    for words in (
        "Type Appointment",
        "Owner Owner state",
        "Promised to Borduria ; Syldavia",
        "Office Special envoy",
        "Appointed nobody yet",
        "as soon as possible",
    ):
        assert words in facts


def test_those_whom_a_principle_would_bind_and_who_did_not_speak_have_no_statement(client, alice):
    client.force_login(alice)
    party = make.PartyFactory(name="Aland")
    principle = make.PrincipleFactory(parties=[party])
    assert "Aland no statement" in Page(client, principle.get_absolute_url()).section("stands")
    make.DevelopmentFactory(statement=True, party=party, effects=[Effect(item=principle, stance="silent")])
    assert "Aland Silent" in Page(client, principle.get_absolute_url()).section("stands")


def test_every_development_that_moved_it_newest_first_from_old_to_new(client, demand):
    move(demand, 20, headline="They give in", effect={"status": "met"}, strength="firm")
    move(demand, 19, headline="They talk", effect={"status": "under_discussion", "firmness": "insisted"})
    page = Page(client, demand.get_absolute_url())
    entries = page.texts(".timeline .entry")
    assert ["They give in" in entries[0], "They talk" in entries[1], len(entries)] == [True, True, 3]
    assert "Status Under discussion → Met" in entries[0] and "Firm" in entries[0]
    assert "Status Open → Under discussion" in entries[1] and "Firmness Stated → Insisted" in entries[1]
    assert "Status Open" in entries[2] and "→" not in entries[2]


def test_a_stance_is_compared_with_the_same_partys_before(client, demand):
    one, other = make.PartyFactory(name="One"), make.PartyFactory(name="Other")
    move(demand, 19, party=one, effect={"stance": "affirms"})
    move(demand, 20, party=other, effect={"stance": "rejects"})
    move(demand, 21, party=one, effect={"stance": "disputes"})
    entries = Page(client, demand.get_absolute_url()).texts(".timeline .entry")
    assert "One Affirms → Disputes" in entries[0]
    assert "Other Rejects" in entries[1] and "→" not in entries[1]


def test_a_slipped_due_date_shows_both(client, alice):
    client.force_login(alice)
    item = make.FollowUpFactory(
        effect={
            "status": "promised",
            "due_on": dt.date(2025, 3, 1),
            "due_precision": "month",
            "due_phrase": "",
        }
    )
    move(item, 25, effect={"due_on": dt.date(2025, 4, 1), "due_precision": "day", "due_phrase": ""})
    page = Page(client, item.get_absolute_url())
    assert "Due Mar 2025 → 1 Apr 2025" in page.texts(".timeline .entry")[0]
    assert "due 1 Apr 2025" in page.section("stands")


def test_dates_are_shown_as_precisely_as_they_are_known(client, demand):
    move(
        demand,
        18,
        headline="Earlier word",
        occurred_precision="before",
        effect={"status": "under_discussion"},
    )
    page = Page(client, demand.get_absolute_url())
    assert page.texts(".timeline .date") == ["18 Feb 2025", "before 18 Feb 2025"]
    assert page.soup.select(".timeline .date time")[1].get("datetime") is None


def test_what_was_recorded_late_says_by_how_much(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    demand = make.DemandFactory()
    clock("2025-03-21T12:00Z")
    move(demand, 19, headline="Learned late", effect={"status": "met"})
    move(demand, 20, headline="Learned later still", effect={"status": "met"})
    entries = Page(client, demand.get_absolute_url()).texts(".timeline .entry")
    assert "recorded 29 days later" in entries[0] and "recorded 30 days later" in entries[1]
    assert "days later" not in entries[2]


def test_whether_the_words_are_found_in_the_stored_text(client, demand):
    source = make.SourceFactory(text="We shall never leave, he said.")
    move(demand, 19, effect={"status": "rejected"}, citations=[Citation(source=source, quote="never leave")])
    move(demand, 20, effect={"status": "rejected"}, citations=[Citation(source=source, quote="never go")])
    move(
        demand,
        21,
        effect={"status": "rejected"},
        citations=[Citation(source=make.SourceFactory(), quote="never go")],
    )
    entries = Page(client, demand.get_absolute_url()).texts(".timeline .entry")
    assert "found" not in entries[0]
    assert "words not found in the stored text" in entries[1]
    assert "found in the stored text" in entries[2] and "not found" not in entries[2]


def test_a_long_history_is_turned_page_by_page_and_the_fragment_is_part_of_the_page(client, demand):
    with one_instant():
        for number in range(60):
            move(demand, 1 + number % 28, headline=f"Move {number:02}", effect={"status": "open"})
    address = demand.get_absolute_url()
    first = Page(client, address)
    assert len(first.texts(".timeline .entry")) == 50
    earlier = first.soup.select_one("#history a[rel=next]")["href"]
    second = Page(client, earlier)
    assert len(second.texts(".timeline .entry")) == 11
    assert not {*first.texts(".timeline .headline")} & {*second.texts(".timeline .headline")}
    fragment = Page(client, earlier, **{"HX-Request": "true"})
    assert not fragment.is_whole
    assert fragment.soup.find(id="history") == second.soup.find(id="history")
    back = second.soup.select_one("#history a[rel=prev]")["href"]
    assert Page(client, back).texts(".timeline .headline") == first.texts(".timeline .headline")


def test_the_form_for_what_came_next_is_on_the_page_and_records(client, demand):
    page = Page(client, demand.get_absolute_url())
    address = page.soup.select_one("#record [hx-get]")["hx-get"]
    assert page.links("#record a") == [address]  # without JavaScript
    alone, whole = Page(client, address, **{"HX-Request": "true"}), Page(client, address)
    assert not alone.is_whole and whole.is_whole
    form = alone.soup.select_one("form")
    assert {field["name"] for field in form.select("[name]")} <= {
        field["name"] for field in whole.soup.select("#main form [name]")
    }
    data = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    data |= {
        "occurred_on": "2025-02-21", "kind": "report", "headline": "It is settled", "party": "Graustark",
        "basis": "paraphrase", "effects-0-status": "met",
    }  # fmt: skip
    response = client.post(form["action"], data)
    assert response.status_code == 302, response.content.decode()
    assert response["Location"] == demand.get_absolute_url()
    said = Page(client, demand.get_absolute_url())
    assert "Met since 21 Feb 2025" in said.section("stands") and "It is settled" in said.section("moved")


def test_a_viewer_reads_and_is_offered_nothing_to_write(client, demand, carol):
    client.force_login(carol)
    page = Page(client, demand.get_absolute_url())
    assert "Leave the valley" in page.text()
    assert page.soup.select("#record, main form:not(.follow)") == []
    assert not [link for link in page.links() if link.endswith(("/edit/", "/delete/")) or "/new/" in link]


def test_the_past_shows_what_was_known_then(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    demand = make.DemandFactory(effect={"status": "open"})
    clock("2025-02-19T12:00Z")
    wrong = move(demand, 19, headline="Wrong word", effect={"status": "met"})
    clock("2025-02-20T12:00Z")
    right = correct(wrong, effects=[Effect(item=demand, status="rejected")], headline="Right word")
    clock("2025-02-21T12:00Z")
    recording.withdraw(alice, right, "It was another demand.")
    clock("2025-02-22T12:00Z")

    def status_at(query):
        page = Page(client, f"{demand.get_absolute_url()}{query}")
        return page.texts(".standing .badge-large .word")[0], page.texts(".timeline .headline")[0]

    assert status_at("")[0] == "Open"
    assert status_at("?known=2025-02-20T18:00Z") == ("Rejected", "Right word")
    assert status_at("?known=2025-02-19T18:00Z") == ("Met", "Wrong word")
    assert status_at("?known=2025-02-18T18:00Z")[0] == "Open"
    assert status_at("?known=2025-02-20T18:00Z&on=2025-02-18")[0] == "Open"
    then = Page(client, f"{demand.get_absolute_url()}?known=2025-02-19T18:00Z")
    assert then.soup.select("#record") == []
    assert not [link for link in then.links() if link.endswith("/edit/") or "/new/" in link]
    assert all("known=" in link for link in then.links(".timeline a"))
    assert client.get(f"{demand.get_absolute_url()}?known=2025-02-17T12:00Z").status_code == 404
    assert client.get(f"{demand.get_absolute_url()}?on=2025-02-17").status_code == 404


@pytest.mark.parametrize("query", ["on=Monday", "known=never", "on=2999-01-01"])
def test_a_broken_date_is_refused_with_the_reason(client, demand, query):
    response = client.get(f"{demand.get_absolute_url()}?{query}")
    assert response.status_code == 400
    assert query.split("=")[1] in response.content.decode()


@pytest.mark.parametrize("name", ["after", "before"])
def test_a_page_of_the_history_that_cannot_be_is_refused(client, demand, name):
    response = client.get(f"{demand.get_absolute_url()}?{name}=zz")
    assert response.status_code == 400
    assert f"{name}: “zz” is not the id of a development, which begins with dev-." in Words(response).text()


def test_an_item_is_not_found_under_another_kind(client, demand):
    assert client.get(reverse("principle:detail", args=[demand.ref])).status_code == 404
