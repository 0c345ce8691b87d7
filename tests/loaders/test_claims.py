"""A claim is a dataset's word on a record: read where the record is read, by whom may read it, never changed."""

import datetime as dt

import pytest
from django.db import IntegrityError

from tests.admin.pages import url
from tests.claiming import ClaimFactory
from tests.factories import DevelopmentFactory, TalkFactory
from tracker.models import Claim
from tracker.recording.claims import add_claims


def test_a_claim_is_made_once(db):
    made = ClaimFactory()
    same = {
        name: getattr(made, name) for name in ("dataset", "release", "upstream_id", "row_hash", "record_ref")
    }
    with pytest.raises(IntegrityError):
        add_claims([Claim(**same, record_type="talk", process=made.process)])


def test_a_talk_tells_since_when_and_under_which_id(client, carol):
    talk = TalkFactory()
    ClaimFactory(record=talk, upstream_id="X-1")
    ClaimFactory(record=talk, upstream_id="X-7", release="2025-07")
    client.force_login(carol)
    page = client.get(talk.get_absolute_url()).content.decode()
    for words in ("FIELD 2025-07", "X-7", "since 2025-03", "X-1"):
        assert words in page


def test_a_record_of_ours_is_claimed_by_nobody(client, carol):
    client.force_login(carol)
    for record in (TalkFactory(), DevelopmentFactory()):
        assert "Claimed by" not in client.get(record.get_absolute_url()).content.decode()


def test_claims_follow_the_clock(client, carol, clock):
    clock("2025-03-01T10:00Z")
    talk = TalkFactory(development={"occurred_on": dt.date(2025, 2, 18)})
    clock("2025-07-01T10:00Z")
    ClaimFactory(record=talk)
    clock("2025-08-01T10:00Z")
    client.force_login(carol)
    pages = [
        client.get(talk.get_absolute_url() + query).content.decode() for query in ("?known=2025-04-01", "")
    ]
    assert ["Claimed by" in page for page in pages] == [False, True]


def test_claims_on_a_secret_are_secret_in_the_admin(client, alice, bob, restricted_process):
    talk = TalkFactory(process=restricted_process)
    made = ClaimFactory(record=talk, upstream_id="SECRET-1")
    for user, seen in ((bob, False), (alice, True)):
        client.force_login(user)
        assert ("SECRET-1" in client.get(url(Claim, "changelist")).content.decode()) is seen
        answer = client.get(url(Claim, "change", made.pk), follow=True)
        assert ("as it came" in answer.content.decode()) is seen
