"""The page of a process: its state of play, its timeline, what it is measured by."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.reading import Page
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant
from tracker.register import ALL_TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks", aim="To end the dispute.")


def test_an_empty_process_says_what_to_do_next(client, process):
    page = Page(client, process.get_absolute_url())
    assert "To end the dispute." in page.text()
    for anchor, words in {
        "k-principle": "No principles yet",
        "k-demand": "No demands yet",
        "k-follow-up": "No follow-ups yet",
        "k-talk": "No talks yet",
        "timeline": "Nothing has happened yet",
        "links": "Linked to no other process",
        "watch": "No phrases",
        "judgements": "No assessments",
    }.items():
        assert words in page.section(anchor)
    assert f"/demands/new/?process={process.ref}" in page.links()


def test_an_item_shows_how_it_stands_and_whose_words_each_stance_rests_on(client, process):
    speaker = make.PersonFactory(name="The Minister", party=make.PartyFactory(name="Ruritania"))
    demand = make.DemandFactory(
        process=process,
        title="Leave the valley",
        party=make.PartyFactory(name="Graustark"),
        effect={"status": "open", "firmness": "red_line", "wording": "Ruritania leaves the valley."},
        development={
            "party": make.PartyFactory(),
            "occurred_on": dt.date(2025, 2, 1),
            "occurred_precision": "month",
        },
    )
    make.DevelopmentFactory(
        statement=True,
        party=speaker.party,
        speaker=speaker,
        effects=[Effect(item=demand, stance="affirms_with_reserve")],
    )
    said = Page(client, process.get_absolute_url()).section("k-demand")
    for words in (
        "Leave the valley",
        "Ruritania leaves the valley.",
        "Graustark",
        "Open",
        "Red line",
        "Feb 2025",
    ):
        assert words in said
    assert "1 Feb 2025" not in said
    assert "Ruritania Affirms with reserve The Minister, own words" in said


def test_items_are_listed_under_each_of_their_issues(client, process):
    land, water = make.IssueFactory(name="Land"), make.IssueFactory(name="Water")
    make.DemandFactory(process=process, title="Both", issues=[land, water])
    make.DemandFactory(process=process, title="Neither")
    page = Page(client, process.get_absolute_url())
    assert page.texts("#k-demand")[0] == "Demands 2"
    groups = [" ".join(group.get_text(" ").split()) for group in page.soup.select("tbody.group")]
    assert [group.split()[0] for group in groups] == ["Land", "Water", "No"]
    assert "Both" in groups[0] and "Both" in groups[1] and "Neither" in groups[2]


def test_a_kind_with_very_many_items_shows_those_that_moved_last_and_the_way_to_all(client, process):
    party = make.PartyFactory()
    with one_instant():
        for number in range(52):
            make.DemandFactory(
                process=process,
                party=party,
                title=f"Demand no. {number:02}",
                development={"occurred_on": dt.date(2025, 1, 1) + dt.timedelta(days=number), "party": party},
            )
    page = Page(client, process.get_absolute_url())
    said = page.section("k-demand")
    assert "Demands 52" in said and "All 52 demands" in said
    assert "Demand no. 51" in said and "Demand no. 01" not in said and "Demand no. 02" in said
    assert f"/demands/?process={process.ref}" in page.links()


def test_the_timeline_is_newest_first_with_words_speaker_source_and_basis(client, process):
    party = make.PartyFactory(name="Ruritania")
    make.DevelopmentFactory(
        process=process,
        party=party,
        headline="Older",
        occurred_on=dt.date(2024, 1, 1),
        occurred_precision="year",
    )
    make.DevelopmentFactory(
        process=process,
        statement=True,
        party=party,
        speaker=make.PersonFactory(name="The Minister"),
        headline="Newer",
        citations=[
            Citation(
                source=make.SourceFactory(publisher="The interview"),
                quote="We might",
                place="p. 3",
                credibility="2",
            )
        ],
    )
    said = Page(client, process.get_absolute_url()).section("timeline")
    assert said.index("Newer") < said.index("Older")
    for words in ("18 Feb 2025", "The Minister", "Own words", "We might", "The interview", "p. 3", "F2"):
        assert words in said
    assert "2024" in said and "1 Jan 2024" not in said
    assert "no source yet" in said


def test_precedents_tell_how_they_ended_in_both_directions(client, process):
    earlier = make.ProcessFactory(title="Talks of 1905")
    make.ProcessLinkFactory(from_process=process, to_process=earlier, note="They failed over fish.")
    said = Page(client, process.get_absolute_url()).section("links")
    assert "Precedent Talks of 1905" in said and "They failed over fish." in said
    assert "Precedent of Border talks" in Page(client, earlier.get_absolute_url()).section("links")


def test_judgements_stand_apart_from_positions(client, process):
    make.AssessmentFactory(
        process=process, statement="It will drag on.", likelihood="likely", confidence="low"
    )
    page = Page(client, process.get_absolute_url())
    said = page.section("judgements")
    assert "assessment It will drag on." in said and "Likely" in said and "Low confidence" in said
    assert all(
        "It will drag on." not in page.section(anchor) for anchor in ("k-demand", "k-principle", "timeline")
    )


def test_words_to_watch_for_say_why(client, process):
    make.WatchPhraseFactory(process=process, phrase="root causes", why="It would mean more demands.")
    assert "“root causes” It would mean more demands." in Page(client, process.get_absolute_url()).section(
        "watch"
    )


def test_the_files_are_of_this_process_and_these_clocks(client, process):
    page = Page(client, f"{process.get_absolute_url()}?on=2025-02-18")
    files = page.links("section:has(#files) a")
    assert f"/demands.csv?process={process.ref}&on=2025-02-18" in files
    # A source is only kept to a process.
    of_processes = [each for each in ALL_TYPES if each.model.process_path and each.url_name != "source"]
    assert [address.partition(".")[0] for address in files] == [f"/{each.path}" for each in of_processes]
    for address in files:
        assert client.get(address).status_code == 200


def test_every_link_of_the_page_leads_somewhere(client, process):
    make.DemandFactory(process=process)
    make.FollowUpFactory(process=process)
    make.TalkFactory(process=process)
    make.PrincipleFactory(process=process)
    make.AssessmentFactory(process=process)
    make.WatchPhraseFactory(process=process)
    for address in set(Page(client, process.get_absolute_url()).links()):
        if not address.startswith("#"):
            assert client.get(address).status_code == 200, address


def test_the_past_shows_what_was_known_then_and_changes_nothing(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    process = make.ProcessFactory()
    demand = make.DemandFactory(process=process, title="Leave the valley")
    clock("2025-02-19T12:00Z")
    make.EffectFactory(item=demand, status="met")
    make.DemandFactory(process=process, title="Leave the hill")
    clock("2025-02-20T12:00Z")
    now = Page(client, process.get_absolute_url()).section("k-demand")
    assert "Met" in now and "Leave the hill" in now
    then = Page(client, f"{process.get_absolute_url()}?known=2025-02-18T23:00Z")
    said = then.section("k-demand")
    assert "Open" in said and "Met" not in said and "Leave the hill" not in said and "Demands 1" in said
    assert not [link for link in then.links() if "/new/" in link or "/edit/" in link]
    assert "Nothing can be changed here" in then.text("aside.banner")


def test_a_process_not_yet_on_record_is_not_found_in_the_past(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    process = make.ProcessFactory()
    clock("2025-02-20T12:00Z")
    assert client.get(f"{process.get_absolute_url()}?known=2025-02-17T12:00Z").status_code == 404


def test_an_item_on_very_many_issues_is_listed_once(client, process):
    issues = [make.IssueFactory(name=f"Provision {number}") for number in range(7)]
    make.PrincipleFactory(process=process, title="Whole accord", issues=issues)
    make.PrincipleFactory(process=process, title="One point", issues=issues[:6])
    section = Page(client, process.get_absolute_url()).section("k-principle")
    assert section.count("Whole accord") == 1 and "On more than 6 issues Whole accord" in section
    assert section.count("One point") == 6
