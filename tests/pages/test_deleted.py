"""The address of a record that was deleted says so, and leads to the record as it last was."""

import datetime as dt

import pytest
from django.test import Client

from tests import factories as make
from tests.pages.reading import Words
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import VERSIONS, Change, Delegation, Party
from tracker.models.base import writes_allowed
from tracker.queries.deletions import deletion
from tracker.recording.merging import merge
from tracker.recording.timestamps import last_instant
from tracker.recording.unmerging import unmerge

pytestmark = pytest.mark.django_db

MOMENT = dt.timedelta(microseconds=1)


@pytest.fixture
def bob_in(client, bob):
    client.force_login(bob)
    return client


def test_it_says_when_by_whom_and_why_and_leads_to_how_it_last_was(bob_in, bob, clock):
    clock("2025-03-01T12:00Z")
    party, other = make.PartyFactory(name="Ruritania"), make.PartyFactory(name="Graustark")
    party.name = "Strelsau"
    recording.save(bob, party)
    clock("2025-03-02T12:00Z")
    recording.delete(bob, party, "A city")
    clock("2025-03-03T12:00Z")
    recording.delete(make.UserFactory(username="erin", editor=True), other, "A country")
    response = bob_in.get(party.get_absolute_url())
    page = Words(response)
    assert response.status_code == 410
    assert page.text("h1") == "Strelsau"
    assert "This was deleted on 2 Mar 2025, 12:00 UTC by bob: A city" in page.text()
    last, history = page.links()
    assert last.endswith("?known=2025-03-02T11%3A59%3A59.999999Z")
    assert "Strelsau" in bob_in.get(last).text and bob_in.get(last).status_code == 200
    assert bob_in.get(history).status_code == 200
    # So does its address at any later instant, and by a day alone.
    later = instant_iso(last_instant())
    for clocks in (f"known={later}", "on=2025-03-01", "public=2025-03-01", f"on=2025-02-01&known={later}"):
        response = bob_in.get(f"{party.get_absolute_url()}?{clocks}")
        assert (response.status_code, Words(response).text("h1")) == (410, "Strelsau")
        assert Words(response).links()[0] == last
    assert bob_in.get(f"{party.get_absolute_url()}?known=2025-03-02T11:00Z").status_code == 200
    before = bob_in.get(f"{party.get_absolute_url()}?known=2025-02-01T12:00Z")
    assert before.status_code == 404
    assert (
        "recorded only after the moment you asked for (with what we knew on 1 Feb 2025"
        in Words(before).text()
    )
    assert Words(before).links()[0] == last
    # An address that never led to anything still does not.
    for path in ("parties/pty-nothing", "developments/dev-nothing"):
        assert bob_in.get(f"/{path}/").status_code == 404


def test_of_what_was_deleted_twice_it_says_the_last_and_nothing_where_no_entry_tells_of_it(bob, clock):
    clock("2025-03-01T12:00Z")
    party = make.PartyFactory(name="Ruritania")
    assert deletion(Party, party.ref, bob, None) is None
    recording.delete(bob, party, "For good")
    with writes_allowed():
        entries = Change.objects.filter(record_ref=party.ref)
        # It had been deleted and put back before, and something of the same id was changed since.
        for action, days in (("deleted", -1), ("changed", 1)):
            entry = entries.get(note="For good")
            entry.pk, entry.note, entry.action = None, "Other", action
            entry.at += dt.timedelta(days)
            entry.save(force_insert=True)
        assert deletion(Party, party.ref, bob, None).note == "For good"
        entries.delete()
    found = deletion(Party, party.ref, bob, None)
    assert (found.by, found.note) == (None, "")


def test_between_two_deletions_it_says_the_first(bob_in, bob, clock):
    clock("2025-03-01T12:00Z")
    talk, party, survivor = make.TalkFactory(), make.PartyFactory(), make.PartyFactory()
    seats = [make.DelegationFactory(talk=talk, party=each) for each in (party, survivor)]
    clock("2025-03-02T12:00Z")
    merge(bob, party, survivor, "One state", {seats[0].ref: False})
    clock("2025-03-04T12:00Z")
    unmerge(bob, Party.everything.get(pk=party.pk), "They are two")
    clock("2025-03-06T12:00Z")
    recording.delete(bob, Delegation.objects.get(ref=seats[0].ref), "It stayed away")
    for known, said in (
        ("2025-02-01", "recorded only after the moment you asked for"),
        ("2025-03-03", "This was deleted on 2 Mar 2025, 12:00 UTC by bob: One state"),
        ("2025-03-06", "This was deleted on 6 Mar 2025, 12:00 UTC by bob: It stayed away"),
    ):
        page = Words(bob_in.get(f"{seats[0].get_absolute_url()}?known={known}T12:00Z")).text()
        assert said in page


def test_it_is_told_from_the_very_instant_of_the_deletion_whenever_its_versions_were_written(bob):
    party = make.PartyFactory(name="Ruritania")
    party.name = "Strelsau"
    recording.save(bob, party)
    recording.delete(bob, party)
    at = last_instant()
    # What a release without versions recorded got them later.
    first = VERSIONS[Party].objects.get(name="Ruritania")
    first.delete()
    first.pk = None
    first.save(force_insert=True)
    for known in (None, at, at + MOMENT):
        found = deletion(Party, party.ref, bob, known)
        assert (found.name, found.at, found.before.known) == ("Strelsau", at, at - MOMENT)
    assert deletion(Party, party.ref, bob, at - MOMENT) is None


def test_a_file_says_it_in_plain_text(bob_in, bob):
    talk = make.TalkFactory(title="Round")
    link = make.ProcessLinkFactory()
    delegation = make.DelegationFactory(talk=talk)
    recording.delete(bob, delegation)
    recording.delete(bob, link)
    response = bob_in.get(f"/delegations/{delegation.ref}/")
    assert response.status_code == 410 and str(delegation) in response.text
    assert bob_in.get(f"/talks/{talk.ref}/agreement.csv").status_code == 200


def test_it_tells_nothing_to_those_who_may_not_read_its_process(restricted_process, alice, bob):
    watch = make.WatchPhraseFactory(process=restricted_process, phrase="Hush")
    recording.delete(alice, watch)
    answers = {}
    for user in (alice, bob):
        reader = Client()
        reader.force_login(user)
        answers[user] = reader.get(watch.get_absolute_url())
    assert answers[alice].status_code == 410 and "Hush" in answers[alice].text
    assert answers[bob].status_code == 404 and "Hush" not in answers[bob].text
    assert reader.get(f"{watch.get_absolute_url()}?on=2025-03-01").status_code == 404
    restricted_process.restricted = False
    recording.save(alice, restricted_process)
    reader = Client()
    reader.force_login(bob)
    assert reader.get(watch.get_absolute_url()).status_code == 410
