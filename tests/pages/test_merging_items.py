"""Merging two items of one kind and one process: talks, principles, demands and follow-ups."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.filling import errors
from tests.pages.reading import Page
from tests.pages.test_merging import merge, previewed, undo, words
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import (
    Change,
    Delegation,
    Development,
    Effect,
    Item,
    ItemStance,
    Talk,
)
from tracker.queries.record_lookup import find
from tracker.recording.moving import move
from tracker.recording.timestamps import last_instant
from tracker.register import BY_MODEL

pytestmark = pytest.mark.django_db

KINDS = {
    "talk": make.TalkFactory,
    "principle": make.PrincipleFactory,
    "demand": make.DemandFactory,
    "follow-up": make.FollowUpFactory,
}


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


def two(factory, **values):
    """Two items of one process."""
    process = make.ProcessFactory(title="River talks")
    return [factory(process=process, title=title, **values) for title in ("Old", "New")]


def pages_of(process):
    """The addresses at which a merged item must not be found, and its developments must."""
    base = f"/processes/{process.ref}"
    reports = (
        f"{base}/{name}/" for name in ("timeline", "paths", "positions", "agreement", "follow-ups", "table")
    )
    return [
        f"{base}/",
        *reports,
        "/",
        "/timeline/",
        "/calendar.ics",
        "/search/?q=old",
        "/follow-ups/",
    ]


@pytest.mark.parametrize("name", KINDS)
def test_two_items_become_one_and_two_again(client, clock, name):
    clock("2025-03-01T12:00Z")
    old, new = two(KINDS[name])
    path = BY_MODEL[type(old)].path
    raised = Development.objects.get(effects__item=old.pk)
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    assert "Effects (item) 1" in words(previewed(client, old, new))
    merge(client, old, new)
    between = instant_iso(last_instant())
    new.refresh_from_db()
    assert new.aliases == ["Old"] and find(type(old).objects.all(), "Old") == new
    now = Development.objects.get(ref=raised.ref, ended_at=None)
    assert (now.version, now.effects.get().item_id) == (2, new.pk)
    assert {*Item.objects.values_list("ref", flat=True)} == {new.ref}
    response = client.get(f"/{path}/{old.ref}/?on=2025-03-02")
    assert response.status_code == 301 and response.url == f"/{path}/{new.ref}/?on=2025-03-02"
    listed = client.get(f"/{path}.csv").getvalue().decode()
    assert new.ref in listed and old.ref not in listed
    assert client.get(f"/{path}.json?known={known}").getvalue().decode().count('"id"') == 2
    for known_at, number in ((known, 2), (between, 1)):
        rows = client.get(f"/{path}.csv?known={known_at}").getvalue().decode().strip().splitlines()
        assert len(rows) == 1 + number
    for address in pages_of(new.process):
        answer = client.get(address)
        assert answer.status_code == 200 and old.ref not in answer.getvalue().decode(), address
    assert client.get(f"/{path}/{old.ref}/?known={known}").status_code == 200
    assert "Undo" in words(client.get(f"/{path}/{new.ref}/history/"))
    clock("2025-03-03T12:00Z")
    assert undo(client, old).status_code == 302
    assert {*Item.objects.values_list("ref", flat=True)} == {old.ref, new.ref}
    for item in (old, new):
        before = item.current_status
        item.refresh_from_db()
        assert item.current_status == before and item.aliases == []
    assert Development.objects.get(ref=raised.ref, ended_at=None).effects.get().item_id == old.pk
    assert client.get(f"/{path}/{old.ref}/").status_code == 200
    assert client.get(f"/{path}/{old.ref}/?known={between}").status_code == 301


def test_it_stands_as_what_was_said_of_both(client, clock):
    clock("2025-03-01T12:00Z")
    old, new = two(make.PrincipleFactory)
    party, other = make.PartyFactory(), make.PartyFactory()
    process = old.process
    for day, item, who, stance, status in (
        (2, new, party, "rejects", "stalled"),
        (3, old, party, "affirms", "agreed"),
        (4, new, other, "rejects", None),
    ):
        effect = Effect(item=item, party=who, stance=stance, status=status)
        on = dt.date(2025, 2, 18 + day)
        make.DevelopmentFactory(process=process, party=who, occurred_on=on, effects=[effect])
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    merge(client, old, new)
    new.refresh_from_db()
    assert (new.current_status, new.current_status_on) == ("agreed", dt.date(2025, 2, 21))
    stances = dict(ItemStance.objects.filter(item=new).values_list("party__name", "current_stance"))
    assert stances == {party.name: "affirms", other.name: "rejects"}
    assert not ItemStance.objects.filter(item=old.pk).exists()
    for query, status in (("", "Agreed"), ("?on=2025-02-20", "Stalled"), (f"?known={known}", "Stalled")):
        assert status in Page(client, f"{new.get_absolute_url()}{query}").text(".item-standing, .record"), (
            query
        )
    undo(client, old)
    new.refresh_from_db()
    assert new.current_status == "stalled"
    stances = dict(ItemStance.objects.filter(item=new).values_list("party__name", "current_stance"))
    assert stances == {party.name: "rejects", other.name: "rejects"}


@pytest.mark.parametrize("answer", ["own", "other"])
def test_what_one_development_says_of_both_is_asked_about_and_becomes_one(client, answer):
    old, new = two(make.PrincipleFactory)
    party, other = make.PartyFactory(name="Here"), make.PartyFactory(name="There")
    effects = [
        Effect(item=old, party=party, stance="rejects", status="agreed"),
        Effect(item=new, party=party, stance="affirms"),
        Effect(item=new, party=other, stance="affirms", status="stalled"),
    ]
    said = make.DevelopmentFactory(process=old.process, party=party, effects=effects)
    page = words(previewed(client, old, new))
    assert (
        "status: stalled; stance: affirms" in page.lower()
        and "status: agreed; stance: rejects" in page.lower()
    )
    row = Effect.objects.get(item=old.pk, stance="rejects")
    refused = client.post(f"/principles/{old.ref}/merge/", {"into": new.ref, "note": "So", "seen": "1 1"})
    assert refused.status_code == 422
    merge(client, old, new, **{row.ref: answer})
    rows = Development.objects.get(ref=said.ref, ended_at=None).effects.order_by("party__name")
    stance, status = ("affirms", "stalled") if answer == "own" else ("rejects", "agreed")
    assert [*rows.values_list("item", "party__name", "stance", "status")] == [
        (new.pk, "Here", stance, status),
        (new.pk, "There", "affirms", status),
    ]
    assert undo(client, old).status_code == 302
    rows = Development.objects.get(ref=said.ref, ended_at=None).effects.order_by("party__name", "item")
    assert {*rows.values_list("item", "party__name", "stance", "status")} == {
        (old.pk, "Here", "rejects", "agreed"),
        (new.pk, "Here", "affirms", None),
        (new.pk, "There", "affirms", "stalled"),
    }


def test_two_effects_that_say_the_same_become_one_unasked(client):
    old, new = two(make.DemandFactory)
    effects = [Effect(item=old, firmness="red_line"), Effect(item=new, wording="Leave.", firmness="red_line")]
    said = make.DevelopmentFactory(process=old.process, effects=effects)
    assert "Which one is kept" not in words(previewed(client, old, new))
    merge(client, old, new)
    effect = Development.objects.get(ref=said.ref, ended_at=None).effects.get()
    assert (effect.item_id, effect.firmness, effect.wording) == (new.pk, "red_line", "Leave.")


def test_all_that_names_a_talk_names_the_one_it_is_merged_into(client):
    old, new = two(make.TalkFactory)
    process, party, host = old.process, make.PartyFactory(), make.PartyFactory()
    issue = make.IssueFactory()
    old.host, old.minutes = host, 90
    recording.save(make.UserFactory(administrator=True), old, {"issues": [issue]})
    items = [
        make.PrincipleFactory(process=process, talk=old),
        make.DemandFactory(process=process, talk=old),
        make.FollowUpFactory(process=process, talk=old),
        make.TalkFactory(process=process, predecessor=old),
    ]
    follow_up = make.FollowUpFactory(process=process, waits_for=old.item)
    assessment = make.AssessmentFactory(process=process, item=old.item)
    said = make.DevelopmentFactory(
        process=process, talk=old, effects=[Effect(item=new, outcome="no_agreement")]
    )
    theirs = make.DelegationFactory(talk=old, party=party, role="host", note="As told")
    ours = make.DelegationFactory(talk=new, party=party, role="principal")
    person = make.PersonFactory()
    make.DelegateFactory(delegation=theirs, person=person)
    page = words(previewed(client, old, new))
    assert "Issues" in page and "taken over" in page
    merge(client, old, new)
    new.refresh_from_db()
    assert (new.host, new.minutes, [*new.issues.all()]) == (host, 90, [issue])
    assert not Item.everything.get(pk=old.pk).issues.exists() and Talk.everything.get(pk=old.pk).host is None
    for item in (*items, follow_up, assessment):
        item.refresh_from_db()
    assert [item.talk for item in items[:3]] == [new] * 3 and items[3].predecessor == new
    assert follow_up.waits_for_id == new.pk and assessment.item_id == new.pk
    now = Development.objects.get(ref=said.ref, ended_at=None)
    assert now.talk == new and now.effects.get().item_id == new.pk
    seat = Delegation.objects.get(party=party)
    assert (seat, seat.note, seat.delegates.get().person) == (ours, "As told", person)
    assert seat.role == "principal; host"
    assert client.get(new.get_absolute_url()).status_code == 200
    assert undo(client, old).status_code == 302
    for item in (*items, follow_up, assessment, old, new):
        item.refresh_from_db()
    assert [item.talk for item in items[:3]] == [old] * 3 and items[3].predecessor == old
    assert follow_up.waits_for_id == old.pk and assessment.item_id == old.pk
    assert (old.host, [*old.issues.all()], new.host, [*new.issues.all()]) == (host, [issue], None, [])
    assert Delegation.objects.filter(party=party).count() == 2


def test_only_items_of_one_kind_and_one_process_are_merged(client):
    old, new = two(make.DemandFactory)
    elsewhere = make.DemandFactory(title="Elsewhere", process__title="Other talks")
    response = previewed(client, old, elsewhere)
    assert response.status_code == 422
    assert "“Elsewhere” is of “Other talks”, not of “River talks”" in errors(response)[0]
    response = previewed(client, old, old)
    assert response.status_code == 422 and "cannot be merged into itself" in errors(response)[0]
    talk = make.TalkFactory(process=old.process)
    assert client.get(f"/demands/{old.ref}/merge/?into={talk.ref}").status_code == 422
    # Of two that are called alike it is the other.
    twin = make.DemandFactory(process=old.process, title="Old")
    response = client.get(f"/demands/{old.ref}/merge/?into=Old")
    assert response.status_code == 200 and twin.ref in words(response)


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("carol", 403), ("bob", 200)])
@pytest.mark.parametrize("name", KINDS)
def test_only_editors_merge_items_and_are_led_there(client, request, who, status, name):
    client.force_login(request.getfixturevalue(who))
    old, new = two(KINDS[name])
    assert previewed(client, old, new).status_code == status
    assert ("/merge/" in client.get(old.get_absolute_url()).text) is (status == 200)


def test_one_entry_tells_of_it_in_the_history_of_each(client):
    old, new = two(make.DemandFactory)
    before = Change.objects.count()
    merge(client, old, new)
    entries = Change.objects.order_by("pk")[before:]
    assert [(entry.record_ref, entry.action) for entry in entries] == [
        (old.ref, "merged"),
        (new.ref, "merged"),
    ]
    assert f"Old [{old.ref}]" in words(client.get(f"/demands/{new.ref}/history/"))


def test_it_is_undone_although_it_stands_otherwise_since_but_not_once_it_was_edited(client, bob):
    old, new = two(make.DemandFactory)
    merge(client, old, new)
    make.DevelopmentFactory(process=new.process, effects=[Effect(item=new, status="met")])
    assert undo(client, old).status_code == 302
    new.refresh_from_db()
    assert new.current_status == "met"
    merge(client, old, new)
    new.refresh_from_db()
    new.title = "Newer"
    recording.save(bob, new)
    response = undo(client, old)
    assert response.status_code == 409 and "item: “Newer”" in words(response)


def test_an_item_that_was_moved_here_can_be_merged_and_parted_again(client):
    moved_away, new = two(make.DemandFactory)
    process = make.ProcessFactory()
    clerk = make.UserFactory(administrator=True)
    old, new = (move(clerk, item, process, "Filed by mistake.") for item in (moved_away, new))
    merge(client, old, new)
    assert undo(client, old).status_code == 302
    assert client.get(f"/demands/{moved_away.ref}/unmerge/").status_code == 404
