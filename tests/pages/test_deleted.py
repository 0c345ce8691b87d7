"""The address of a record that was deleted says so, and leads to the record as it last was."""

import pytest
from django.test import Client

from tests import factories as make
from tests.pages.reading import Words
from tracker import recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob_in(client, bob):
    client.force_login(bob)
    return client


def test_it_says_when_by_whom_and_why_and_leads_to_how_it_last_was(bob_in, bob, clock):
    clock("2025-03-01T12:00Z")
    party = make.PartyFactory(name="Ruritania")
    party.name = "Strelsau"
    recording.save(bob, party)
    clock("2025-03-02T12:00Z")
    recording.delete(bob, party, "A city")
    response = bob_in.get(party.get_absolute_url())
    page = Words(response)
    assert response.status_code == 410
    assert page.text("h1") == "Strelsau"
    assert "This was deleted on 2 Mar 2025, 12:00 UTC by bob: A city" in page.text()
    last, history = page.links()
    assert "Strelsau" in bob_in.get(last).text and bob_in.get(last).status_code == 200
    assert bob_in.get(history).status_code == 200
    # An address that never led to anything still does not.
    assert bob_in.get("/parties/pty-nothing/").status_code == 404


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
    restricted_process.restricted = False
    recording.save(alice, restricted_process)
    reader = Client()
    reader.force_login(bob)
    assert reader.get(watch.get_absolute_url()).status_code == 410
