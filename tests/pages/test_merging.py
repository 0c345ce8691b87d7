"""Merging two records of one type: the preview, what moves, the old address, and undoing it."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client

from tests import factories as make
from tests.corrections import correct
from tests.pages.filling import errors, sent
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import (
    VERSIONS,
    Delegation,
    Development,
    Effect,
    Issue,
    ItemStance,
    Party,
)
from tracker.queries.record_lookup import find
from tracker.recording.denormalized import CHECKS
from tracker.recording.timestamps import last_instant
from tracker.recording.versions import mismatches
from tracker.register import BY_MODEL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


def previewed(client, merged, survivor):
    path = BY_MODEL[type(merged)].path
    return client.get(f"/{path}/{merged.ref}/merge/?into={survivor.ref}")


def merge(client, merged, survivor, **answers):
    response = previewed(client, merged, survivor)
    assert response.status_code == 200
    address = response.request["PATH_INFO"]
    response = client.post(address, sent(response) | {"note": "The same"} | answers)
    assert response.status_code == 302, errors(response)
    assert_sound()
    return response


def undo(client, merged):
    path = BY_MODEL[type(merged)].path
    address = f"/{path}/{merged.ref}/unmerge/"
    response = client.post(address, sent(client.get(address)) | {"note": "They are two"})
    assert_sound()
    return response


def assert_sound():
    """What is stored beside the record is what follows from it."""
    assert {model.__name__: mismatches(model) for model in VERSIONS if mismatches(model)} == {}
    found = [
        line for model, unlike, _ in CHECKS for line in unlike(model.objects.values_list("pk", flat=True))
    ]
    assert found == []


def words(response):
    return " ".join(BeautifulSoup(response.content, "lxml").select_one("main").get_text(" ").split())


def test_all_that_names_a_party_names_the_one_it_is_merged_into(client, bob, clock):
    clock("2025-03-01T12:00Z")
    old, new = make.PartyFactory(name="Turkey", iso_code="TR"), make.PartyFactory(name="Türkiye")
    principle = make.PrincipleFactory(parties=[old, new])
    said = make.EffectFactory(item=principle, party=old, stance="affirms", development__party=old).development
    person = make.PersonFactory(party=old)
    demand = make.DemandFactory(party=old)
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    page = words(previewed(client, old, new))
    assert (
        "People (party) 1" in page and "Principles (parties) 1" in page and "Developments (party) 2" in page
    )
    assert "New aliases Turkey Reason" in page and "ISO code TR taken over" in page
    merge(client, old, new)
    for record in (new, person, demand):
        record.refresh_from_db()
    assert (new.aliases, new.iso_code) == (["Turkey"], "TR")
    assert person.party == new and demand.party == new and [*principle.parties.all()] == [new]
    now = Development.objects.get(ref=said.ref, ended_at=None)
    assert now.party == new and now.version == 2 and now.effects.get().party == new
    assert {row.party: row.current_stance for row in ItemStance.objects.filter(item=principle)}[
        new
    ] == "affirms"
    assert not Party.objects.filter(pk=old.pk).exists() and find(Party.objects.all(), "Turkey") == new
    # The version that has ended goes on saying what it said.
    then = Development.objects.get(ref=said.ref, version=1)
    assert then.party == old and then.effects.get().party == old
    assert "Turkey" in words(client.get(f"/developments/{said.ref}/history/"))
    assert "affirms" in words(client.get(f"/parties/{old.ref}/?known={known}")).lower()
    clock("2025-03-03T12:00Z")
    assert undo(client, old).status_code == 302
    for record in (new, person, demand):
        record.refresh_from_db()
    assert (new.aliases, new.iso_code, person.party, demand.party) == ([], "", old, old)
    assert {*principle.parties.all()} == {old, new} and find(Party.objects.all(), "Turkey") == old
    assert {row.party: row.current_stance for row in ItemStance.objects.filter(item=principle)} == {
        old: "affirms",
        new: None,
    }


def test_the_old_id_leads_on_wherever_it_is_used_and_through_later_merges(client, bob, clock):
    clock("2025-03-01T12:00Z")
    first, second, third = (make.PartyFactory(name=name) for name in ("Aa", "Bb", "Cc"))
    known = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    merge(client, first, second)
    between = instant_iso(last_instant())
    clock("2025-03-03T12:00Z")
    merge(client, second, third)
    for ref in (first.ref, second.ref):
        response = client.get(f"/parties/{ref}/?on=2025-03-03")
        assert response.status_code == 301 and response.url == f"/parties/{third.ref}/?on=2025-03-03"
        assert find(Party.objects.all(), ref) == third
        assert client.get(f"/demands/?party={ref}").status_code == 200
    assert client.get(f"/parties/{first.ref}/edit/").url == f"/parties/{third.ref}/edit/"
    assert client.get(f"/parties/{first.ref}/?known={known}").status_code == 200
    assert client.get(f"/parties/{first.ref}/?known={between}").url.startswith(
        f"/parties/{second.ref}/?known="
    )
    assert "merged" in words(client.get(f"/parties/{first.ref}/history/"))
    assert find(Party.objects.all(), "Aa") == third
    assert Client().get(f"/parties/{first.ref}/").status_code == 302


def test_of_two_stances_in_one_development_an_editor_chooses(client):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    principle = make.PrincipleFactory(parties=[old, new])
    effects = [Effect(item=principle, party=old, stance="rejects", status="agreed")]
    effects += [Effect(item=principle, party=new, stance="affirms")]
    said = make.DevelopmentFactory(process=principle.process, effects=effects, party=new)
    response = previewed(client, old, new)
    assert "Which one is kept" in words(response)
    address = response.request["PATH_INFO"]
    refused = client.post(address, sent(response) | {"note": "The same"})
    assert refused.status_code == 422 and "Choose which one is kept." in " ".join(errors(refused))
    merge(client, old, new, **{Effect.objects.get(party=old, ended_at=None, stance="rejects").ref: "other"})
    effect = Development.objects.get(ref=said.ref, ended_at=None).effects.get()
    assert (effect.party, effect.stance, effect.status) == (new, "rejects", "agreed")


def test_two_seats_at_one_talk_become_one(client):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    talk = make.TalkFactory()
    theirs = make.DelegationFactory(talk=talk, party=old, role="host", note="In its capital")
    ours = make.DelegationFactory(talk=talk, party=new, role="host")
    chief, other, both = (make.PersonFactory(party=None) for _ in range(3))
    make.DelegateFactory(delegation=theirs, person=chief, capacity="head")
    make.DelegateFactory(delegation=theirs, person=both)
    make.DelegateFactory(delegation=ours, person=other, capacity="head")
    make.DelegateFactory(delegation=ours, person=both)
    merge(client, old, new)
    seat = Delegation.objects.get(talk=talk)
    assert (seat, seat.note) == (ours, "In its capital")
    assert {row.person: row.capacity for row in seat.delegates.all()} == {
        chief: "head",
        other: "head",
        both: "member",
    }
    assert client.get(f"/delegations/{theirs.ref}/").status_code == 410
    assert undo(client, old).status_code == 302
    theirs.refresh_from_db()
    assert {row.person: row.capacity for row in theirs.delegates.all()} == {chief: "head", both: "member"}
    ours.refresh_from_db()
    assert ours.note == "" and ours.delegates.count() == 2


def test_a_merge_is_undone_as_a_whole(client, clock):
    clock("2025-03-01T12:00Z")
    old = make.SourceFactory(title="Old", url="https://example.org/a", text="It said so.")
    new = make.SourceFactory(title="New", text="")
    cited = make.CitationFactory(source=old, quote="It said so.").development
    before = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    merge(client, old, new)
    new.refresh_from_db()
    assert (new.url, new.text) == ("https://example.org/a", "It said so.")
    assert Development.objects.get(ref=cited.ref, ended_at=None).citations.get().found
    merged = instant_iso(last_instant())
    clock("2025-03-03T12:00Z")
    assert undo(client, old).status_code == 302
    new.refresh_from_db()
    assert (new.url, new.text, new.aliases) == ("", "", [])
    now = Development.objects.get(ref=cited.ref, ended_at=None)
    assert now.version == 3 and now.citations.get().source == old
    assert client.get(f"/sources/{old.ref}/").status_code == 200
    assert client.get(f"/sources/{old.ref}/?known={before}").status_code == 200
    assert client.get(f"/sources/{old.ref}/?known={merged}").status_code == 301
    assert "merged" in words(client.get(f"/sources/{new.ref}/history/"))


def test_it_is_not_undone_once_somebody_has_built_on_it(client, bob):
    old, new = make.PersonFactory(name="Old"), make.PersonFactory(name="New")
    said = make.DevelopmentFactory(speaker=old, headline="Word")
    merge(client, old, new)
    correct(Development.objects.get(ref=said.ref, ended_at=None), by=bob, headline="Another word")
    response = undo(client, old)
    assert response.status_code == 409 and "development: “Word”" in words(response)
    assert client.get(f"/people/{old.ref}/").status_code == 301


def test_what_an_editor_may_not_see_moves_unseen_by_a_fixed_rule(client, restricted_process):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    principle = make.PrincipleFactory(parties=[old, new], process=restricted_process)
    effects = [
        Effect(item=principle, party=party, stance=stance)
        for party, stance in ((old, "rejects"), (new, "affirms"))
    ]
    said = make.DevelopmentFactory(process=restricted_process, effects=effects, party=old)
    page = words(previewed(client, old, new))
    assert "Nothing refers to" in page and "Which one" not in page
    merge(client, old, new)
    effect = Development.objects.get(ref=said.ref, ended_at=None).effects.get()
    assert (effect.party, effect.stance) == (new, "affirms")


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("carol", 403), ("dave", 200)])
def test_only_editors_merge(client, request, who, status):
    client.force_login(request.getfixturevalue(who))
    old, new = make.IssueFactory(), make.IssueFactory()
    response = previewed(client, old, new)
    assert response.status_code == status
    assert ("/merge/" in client.get(old.get_absolute_url()).text) is (status == 200)
    assert client.post(f"/issues/{old.ref}/merge/", {"into": new.ref}).status_code == status
    assert Issue.objects.filter(pk=old.pk).exists()


def test_it_is_not_merged_unread_nor_into_itself(client, bob):
    old, new = make.IssueFactory(name="Old"), make.IssueFactory(name="New")
    response = previewed(client, old, old)
    assert response.status_code == 422 and "“Old” cannot be merged into itself." in errors(response)[0]
    page = previewed(client, old, new)
    new.name = "Newer"
    recording.save(bob, new)
    again = client.post(page.request["PATH_INFO"], sent(page) | {"note": "The same"})
    assert again.status_code == 409 and "changed while this page was open" in errors(again)[0]
    assert sent(again)["note"] == ["The same"]
    demand = make.DemandFactory(issues=[old])
    assert client.post(page.request["PATH_INFO"], sent(again)).status_code == 302
    assert [*demand.issues.all()] == [new]


def test_what_was_looked_up_before_a_merge_is_not_recorded_after_it(client, bob):
    old, new = make.PartyFactory(), make.PartyFactory()
    demand = make.DemandFactory()
    merge(client, old, new)
    demand.party = old
    with pytest.raises(ValidationError, match=f"{old.ref} was merged into another record in the meantime"):
        recording.save(bob, demand)
    with pytest.raises(ValidationError, match="merged into another record in the meantime"):
        make.DevelopmentFactory(party=old)
    with pytest.raises(ValidationError, match="merged into another record in the meantime"):
        recording.save(bob, make.WatchPhraseFactory(), {"whose_parties": [old]})


def test_offices_are_merged_within_one_person(client):
    person = make.PersonFactory()
    old, new = (make.OfficeFactory(person=person, title=title) for title in ("Envoy", "Special envoy"))
    other = make.OfficeFactory(title="Envoy of another")
    seat = make.DelegateFactory(person=person, office=old)
    assert previewed(client, old, other).status_code == 422
    assert f"/offices/{old.ref}/merge/" in client.get(person.get_absolute_url()).text
    merge(client, old, new)
    seat.refresh_from_db()
    assert seat.office == new and [*person.offices.all()] == [new]
    assert f"/offices/{old.ref}/unmerge/" in client.get(f"/people/{person.ref}/history/").text
    assert undo(client, old).status_code == 302 and person.offices.count() == 2
