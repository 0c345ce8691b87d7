"""Undoing merges: of records that were merged again, or changed since, and what is as before afterwards."""

import pytest

from tests import factories as make
from tests.pages.test_merging import merge, undo, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bob_in(client, bob):
    """bob, an editor, signed in to the test's client."""
    client.force_login(bob)


def leads_to(*records):
    """The names of what the records were merged into; None for those that stand."""
    found = []
    for record in records:
        record.refresh_from_db()
        found.append(record.merged_into and str(record.merged_into))
    return found


def test_a_merge_is_not_undone_by_undoing_an_earlier_one(client):
    first, second, third = (make.PartyFactory(name=name) for name in ("Aa", "Bb", "Cc"))
    merge(client, first, second)
    merge(client, second, third)
    assert f"/parties/{first.ref}/unmerge/" not in client.get(f"/parties/{second.ref}/history/").text
    response = undo(client, first)
    assert response.status_code == 409 and "“Aa”" in words(response)
    assert leads_to(first, second) == ["Cc", "Cc"]
    assert f"/parties/{second.ref}/unmerge/" in client.get(f"/parties/{third.ref}/history/").text
    assert undo(client, second).status_code == 302
    assert leads_to(first, second) == ["Bb", None]
    assert undo(client, first).status_code == 409
    assert leads_to(first, second) == ["Bb", None]


def test_undoing_a_merge_of_people_leaves_their_parties_merged(client):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    first, second = (make.PersonFactory(name=name, party=old) for name in ("Aa", "Bb"))
    merge(client, first, second)
    merge(client, old, new)
    assert undo(client, first).status_code == 409
    assert leads_to(old, first) == ["New", "Bb"]
