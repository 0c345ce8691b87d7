"""The page of a talk: who was at the table, what each side says came of it, what was demanded, what is to follow."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.reading import Page
from tracker.models import Citation, Effect
from tracker.models.dates import Span
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(client, alice):
    client.force_login(alice)
    return make.TalkFactory(
        title="Meeting at the inn",
        place="The inn",
        level="minister",
        length_phrase="more than four hours",
        host=make.PartyFactory(name="Host state"),
        effect={"status": "held", "outcome": "understanding"},
    )


@pytest.fixture
def sides(talk):
    """Two parties at the table."""
    parties = [make.PartyFactory(name=name) for name in ("Graustark", "Ruritania")]
    for party in parties:
        make.DelegationFactory(talk=talk, party=party)
    return parties


def say(talk, party, effects=(), quote="", **values):
    values = {"statement": True, "process": talk.process, "talk": talk, "party": party} | values
    citations = [Citation(source=make.SourceFactory(), quote=quote)] if quote else []
    return make.DevelopmentFactory(effects=list(effects), citations=citations, **values)


@pytest.mark.parametrize(
    ("day", "head", "doubt"),
    [
        (
            "2025-02-18",
            "Being held 18–20 Feb 2025",
            "it lasts until 20 Feb 2025, which is later than the day shown.",
        ),
        (
            "2025-02-19",
            "Being held 18–20 Feb 2025",
            "it lasts until 20 Feb 2025, which is later than the day shown.",
        ),
        ("2025-02-20", "Held 18–20 Feb 2025", ""),
        ("2025-03-01", "Held 18–20 Feb 2025", ""),
    ],
)
def test_a_talk_of_several_days_is_being_held_until_its_last(client, alice, day, head, doubt):
    client.force_login(alice)
    days = Span.parse("18 to 20 Feb 2025")
    occurred = {"occurred_on": days.day, "occurred_precision": days.precision, "occurred_last": days.end}
    talk = make.TalkFactory(effect={"status": "held"}, development={"kind": "talks", **occurred})
    page = Page(client, f"{talk.get_absolute_url()}?on={day}")
    assert head in page.text(".page-head") and "since" not in page.text(".page-head")
    assert doubt in page.text(".page-head") and ("uncertain" in page.text(".page-head")) == bool(doubt)
    response = client.get(f"{talk.get_absolute_url()}?on=2025-02-17")
    assert "It begins <b>on 18 Feb 2025</b>." in " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("date", "head"),
    [("2025-02-18", "Held since 18 Feb 2025"), ("2025-02", "Held since Feb 2025"),
     ("before 2025-02-18", "Held since before 18 Feb 2025"), ("after 2025-02-18", "Held since a day after 18 Feb 2025"),
     ("between 12 and 14 Feb 2025", "Held since a day between 12 and 14 Feb 2025")],
)  # fmt: skip
def test_the_date_of_a_status_reads_as_part_of_its_line(client, alice, date, head):
    client.force_login(alice)
    span = Span.parse(date)
    occurred = {"occurred_on": span.day, "occurred_precision": span.precision, "occurred_last": span.end}
    talk = make.TalkFactory(effect={"status": "held"}, development=occurred)
    assert head in Page(client, talk.get_absolute_url()).text(".page-head")


def test_the_facts_of_the_talk(client, talk):
    before = make.TalkFactory(process=talk.process, title="The call before")
    after = make.TalkFactory(
        process=talk.process, title="The round after", predecessor=talk, effect={"status": "proposed"}
    )
    page = Page(client, talk.get_absolute_url())
    facts = page.text(".record-side")
    for words in (
        "18 Feb 2025",
        "The inn",
        "Host state",
        "In person, two parties",
        "Minister",
        "more than four hours",
    ):
        assert words in facts
    assert "The round after" in facts and "The round after" in page.section("follows")
    assert "Held" in page.text(".page-head") and "Understanding" in page.text(".page-head")
    assert "Meeting at the inn" in Page(client, after.get_absolute_url()).text(".record-side")
    assert "Meeting at the inn" not in Page(client, before.get_absolute_url()).text(".record-side")


def test_who_was_at_the_table_with_the_office_held_that_day_the_head_first(client, talk, sides):
    delegation = talk.delegations.get(party=sides[0])
    for name, capacity in (("Aaron", "member"), ("Zora", "head")):
        person = make.PersonFactory(name=name, party=sides[0])
        office = make.OfficeFactory(person=person, title=f"Office of {name}")
        make.DelegateFactory(delegation=delegation, person=person, office=office, capacity=capacity)
    page = Page(client, talk.get_absolute_url())
    said = page.section("in")
    assert "Graustark Principal Zora head Office of Zora Aaron Office of Aaron" in said
    assert "Ruritania Principal" in said


def test_who_was_not_at_the_table_and_why(client, talk, sides):
    make.DelegationFactory(
        talk=talk, party=make.PartyFactory(name="Neighbour"), role="asked_to_join",
        note="Said so in a letter.", quote="we should be there", source=make.SourceFactory(publisher="The letter"),
    )  # fmt: skip
    page = Page(client, talk.get_absolute_url())
    out = page.section("out")
    for words in ("Neighbour Asked to join", "Said so in a letter.", "we should be there", "The letter"):
        assert words in out
    assert "Neighbour" not in page.section("in")


def test_each_side_is_shown_with_its_own_words_and_none_is_simply_agreed(client, talk, sides):
    principle = make.PrincipleFactory(
        process=talk.process, talk=talk, title="Open the border", number=1,
        development={"talk": talk, "party": sides[0]},
    )  # fmt: skip
    say(
        talk,
        sides[0],
        [Effect(item=principle, stance="affirms")],
        "we agreed",
        headline="Claim",
        speech_act="claims_agreement",
    )
    say(
        talk,
        sides[1],
        [Effect(item=principle, stance="affirms_with_reserve")],
        "practically agreed",
        headline="Reserve",
    )
    said = Page(client, talk.get_absolute_url()).section("said")
    assert "1. Open the border Claimed" in said
    assert "Graustark Affirms we agreed Graustark · Own words".replace(" ·", "") in said.replace(" ·", "")
    assert "Ruritania Affirms with reserve practically agreed" in said
    assert "Agreed" not in said


def test_words_that_stand_with_a_point_are_not_said_again_by_the_side(client, talk, sides):
    principle = make.PrincipleFactory(
        process=talk.process, talk=talk, development={"talk": talk, "party": sides[0]}
    )  # fmt: skip
    say(talk, sides[0], [Effect(item=principle, stance="affirms")], "we agreed", headline="Claim")
    say(talk, sides[0], quote="very useful", headline="Praise")
    said = Page(client, talk.get_absolute_url()).section("said")
    assert said.count("we agreed") == said.count("very useful") == 1
    assert "Claim" in said and "quoted with its point" in said


def test_what_one_sentence_demanded_is_quoted_once(client, talk, sides):
    first, second = (make.DemandFactory(process=talk.process, talk=talk, party=sides[0]) for _ in range(2))
    say(talk, sides[0], [Effect(item=item, firmness="insisted") for item in (first, second)], "all of it")
    demanded = Page(client, talk.get_absolute_url()).section("demanded")
    assert demanded.count("all of it") == demanded.count("in the words quoted above") == 1


def test_a_demand_is_quoted_from_who_demands_not_from_who_answered_last(client, talk, sides):
    demand = make.DemandFactory(process=talk.process, talk=talk, party=sides[0])
    say(talk, sides[0], [Effect(item=demand, firmness="insisted")], "give it back")
    say(talk, sides[1], [Effect(item=demand, stance="rejects")], "over my dead body")
    page = Page(client, talk.get_absolute_url())
    demanded = page.section("demanded")
    assert "give it back" in demanded and "over my dead body" not in demanded
    assert f"{sides[1]} Rejects" in demanded and "over my dead body" in page.section("said")


def test_a_side_at_the_table_that_said_nothing_has_no_statement_which_is_not_silence(client, talk, sides):
    principle = make.PrincipleFactory(
        process=talk.process, talk=talk, development={"talk": talk, "party": sides[0]}
    )
    said = Page(client, talk.get_absolute_url()).section("said")
    assert "Graustark no statement" in said and "Ruritania no statement" in said
    say(talk, sides[1], [Effect(item=principle, stance="silent")])
    assert "Ruritania Silent" in Page(client, talk.get_absolute_url()).section("said")


def test_accounts_stand_by_whose_word_they_are_and_summaries_by_themselves(client, talk, sides):
    say(talk, sides[0], headline="Graustark speaks")
    say(talk, make.PartyFactory(name="Aland"), headline="Aland reacts")
    say(talk, sides[1], headline="A reporter sums up", basis="reporters_summary")
    page = Page(client, talk.get_absolute_url())
    accounts = dict(zip(page.texts(".account-of > h3"), page.texts(".account-of"), strict=True))
    assert list(accounts) == ["Graustark", "Aland", "Reporters’ summaries"]
    assert "Graustark speaks" in accounts["Graustark"]
    assert "A reporter sums up" in accounts["Reporters’ summaries"]
    assert "Ruritania" not in page.texts(".account-of .speaker")


def test_what_was_demanded_with_its_words(client, talk, sides):
    demand = make.DemandFactory(
        process=talk.process, talk=talk, party=sides[0], title="Leave the valley",
        effect={"status": "open", "firmness": "insisted"},
        development={
            "talk": talk, "party": sides[0],
            "citations": [Citation(source=make.SourceFactory(), quote="leave at once")],
        },
    )  # fmt: skip
    said = Page(client, talk.get_absolute_url()).section("demanded")
    assert "Leave the valley Open Insisted" in said and "Graustark" in said and "leave at once" in said
    say(talk, sides[1], [Effect(item=demand, stance="rejects")], headline="No")
    assert "Ruritania Rejects own words" in Page(client, talk.get_absolute_url()).section("demanded")


def test_what_is_to_follow_with_owner_due_and_what_it_waits_for(client, talk, sides):
    first = make.FollowUpFactory(process=talk.process, title="Name a team", owner=sides[0])
    make.FollowUpFactory(
        process=talk.process, talk=talk, title="Meet again", owner=sides[1], waits_for=first,
        effect={"status": "promised", "due_on": dt.date(2025, 3, 1), "due_precision": "month"},
        development={"citations": [Citation(source=make.SourceFactory(), quote="then we shall meet")]},
    )  # fmt: skip
    said = Page(client, talk.get_absolute_url()).section("follows")
    for words in (
        "Meet again Promised",
        "Ruritania",
        "Mar 2025",
        "waits for Name a team",
        "Blocked",
        "then we shall meet",
    ):
        assert words in said


def test_it_ends_with_what_moved_the_talk_itself(client, talk):
    make.DevelopmentFactory(
        process=talk.process, headline="It is called off", occurred_on=dt.date(2025, 2, 19),
        effects=[Effect(item=talk, status="cancelled")],
    )  # fmt: skip
    said = Page(client, talk.get_absolute_url()).section("moved")
    assert "It is called off" in said and "Held" in said and "Cancelled" in said


def test_a_talk_with_very_much_said_of_it_shows_the_latest_and_the_way_to_all(client, talk, sides):
    with one_instant():
        for number in range(51):
            say(talk, sides[0], headline=f"Said no. {number:02}")
    page = Page(client, talk.get_absolute_url())
    said = page.section("said")
    assert "Said no. 50" in said and "Said no. 00" not in said
    assert "All developments of this talk" in said
    assert f"/developments/?talk={talk.ref}" in page.links()


def test_reading_the_past_of_a_talk(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    talk = make.TalkFactory(title="Meeting at the inn")
    clock("2025-02-19T12:00Z")
    make.DelegationFactory(talk=talk, party=make.PartyFactory(name="Latecomer"), role="offered_later")
    say(talk, make.PartyFactory(), headline="Said later")
    clock("2025-02-20T12:00Z")
    now = Page(client, talk.get_absolute_url()).text()
    assert "Latecomer" in now and "Said later" in now
    then = Page(client, f"{talk.get_absolute_url()}?known=2025-02-18T13:00Z")
    assert "Latecomer" not in then.text() and "Said later" not in then.text()
    assert not [link for link in then.links() if "/new/" in link or "/edit/" in link]
    assert client.get(f"{talk.get_absolute_url()}?known=2025-02-18T11:00Z").status_code == 404
    assert client.get(f"{talk.get_absolute_url()}?on=2025-02-17").status_code == 404
