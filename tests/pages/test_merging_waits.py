"""Merging follow-ups that wait for one another, and talks that follow one another."""

import pytest

from tests import factories as make
from tests.pages.filling import errors, sent
from tests.pages.test_merging import assert_sound, merge, previewed, words
from tests.pages.test_merging_items import two
from tracker import recording
from tracker.models import FollowUp, Talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


def test_an_item_that_waits_for_the_other_waits_for_it_no_more(client):
    old, new = two(make.FollowUpFactory)
    clerk = make.UserFactory(administrator=True)
    old.waits_for = new.item
    recording.save(clerk, old)
    assert "Waits for" not in words(previewed(client, old, new))
    merge(client, old, new)
    new.refresh_from_db()
    assert new.waits_for is None
    third = make.FollowUpFactory(process=new.process, title="Third")
    new.waits_for = third.item
    recording.save(clerk, new)
    merge(client, third, new)
    new.refresh_from_db()
    assert new.waits_for is None


def test_a_circle_of_items_that_wait_is_refused_by_name(client):
    old, new = two(make.FollowUpFactory)
    between = make.FollowUpFactory(process=old.process, title="Between", waits_for=old.item)
    new.waits_for = between.item
    recording.save(make.UserFactory(administrator=True), new)
    page = previewed(client, old, new)
    refused = client.post(page.request["PATH_INFO"], sent(page) | {"note": "The same"})
    assert refused.status_code == 422
    assert "“New” would wait, in the end, for itself: change first what “Between” waits for." in errors(
        refused
    )
    assert FollowUp.objects.filter(pk=old.pk).exists()
    assert_sound()


@pytest.mark.parametrize("onto_later", [True, False])
def test_a_circle_of_talks_that_follow_one_another_is_refused_by_name(client, onto_later):
    first = make.TalkFactory(title="First")
    second = make.TalkFactory(process=first.process, title="Second", predecessor=first)
    third = make.TalkFactory(process=first.process, title="Third", predecessor=second)
    old, new = (first, third) if onto_later else (third, first)
    address = previewed(client, old, make.TalkFactory(process=first.process)).request["PATH_INFO"]
    told = (
        f"“{new}” would follow itself in the end, by way of “Second”: change one of their predecessors first."
    )
    shown = previewed(client, old, new)
    assert shown.status_code == 422 and told in errors(shown)[0]
    sent_at_once = {"into": new.ref, "note": "The same", "seen": f"{old.version} {new.version}"}
    refused = client.post(address, sent_at_once)
    assert refused.status_code == 409 and told in errors(refused)[0]
    assert Talk.objects.filter(pk=old.pk).exists()


def test_a_talk_that_follows_the_other_follows_what_that_one_did(client):
    before = make.TalkFactory(title="Before")
    old = make.TalkFactory(process=before.process, title="Old", predecessor=before)
    new = make.TalkFactory(process=before.process, title="New")
    after = make.TalkFactory(process=before.process, title="After", predecessor=old)
    merge(client, old, new)
    for talk in (new, after):
        talk.refresh_from_db()
    assert (new.predecessor, after.predecessor) == (before, new)
    merge(client, new, after)
    assert Talk.objects.get(pk=after.pk).predecessor is None


def test_a_circle_of_sources_that_are_taken_from_each_other_is_refused_by_name(client):
    old, new = make.SourceFactory(title="Old"), make.SourceFactory(publisher="Gazette", title="New")
    new.taken_from = make.SourceFactory(publisher="Herald", title="Between", taken_from=old)
    recording.save(make.UserFactory(administrator=True), new)
    page = previewed(client, old, new)
    refused = client.post(page.request["PATH_INFO"], sent(page) | {"note": "The same"})
    told = (
        "“Gazette: New” would be taken, in the end, from itself: "
        "change first what “Herald: Between” is taken from."
    )
    assert refused.status_code == 422 and told in errors(refused)
