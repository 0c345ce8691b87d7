"""Deleting records on their pages, and what is said where others rest on them."""

import pytest
from django.urls import reverse

from tests.factories import DemandFactory, PartyFactory, PrincipleFactory
from tracker.models import Change, Party


def test_a_record_that_nothing_rests_on_is_deleted(client, bob):
    client.force_login(bob)
    party = PartyFactory(name="Ruritania")
    url = reverse("party:delete", args=[party.ref])
    assert b"Nothing refers to it" in client.get(url).content
    assert client.post(url, {"note": "Entered twice"}).status_code == 302
    assert not Party.objects.filter(pk=party.pk).exists()
    assert Change.objects.get(record_ref=party.ref, action="deleted").note == "Entered twice"


@pytest.mark.parametrize(
    "resting", [lambda party: DemandFactory(party=party), lambda party: PrincipleFactory(parties=[party])]
)
def test_a_record_that_others_rest_on_says_so_and_stays(client, bob, resting):
    client.force_login(bob)
    party = PartyFactory()
    rests = resting(party)
    url = reverse("party:delete", args=[party.ref])
    page = client.get(url)
    assert "It cannot be deleted" in page.text and rests.title in page.text
    assert client.post(url).status_code == 409
    assert Party.objects.filter(pk=party.pk).exists()


def test_what_a_secret_rests_on_is_kept_without_telling(client, bob, restricted_process):
    client.force_login(bob)
    party = PartyFactory()
    DemandFactory(party=party, process=restricted_process, title="Hidden demand")
    page = client.get(reverse("party:delete", args=[party.ref])).text
    assert "Records that you may not see" in page
    assert "Hidden demand" not in page and "Secret channel" not in page
