"""Deleting records on their pages, and what is said where others rest on them."""

import pytest
from django.urls import reverse

from tests.factories import DelegateFactory, DelegationFactory, DemandFactory, PartyFactory, PrincipleFactory
from tests.pages.filling import errors, sent, submit
from tracker import recording
from tracker.models import Change, Delegation, Party


def test_a_record_that_nothing_rests_on_is_deleted(client, bob):
    client.force_login(bob)
    party = PartyFactory(name="Ruritania")
    url = reverse("party:delete", args=[party.ref])
    assert b"Nothing refers to it" in client.get(url).content
    assert submit(client, url, note="Entered twice").status_code == 302
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


def test_a_record_that_others_changed_meanwhile_is_not_deleted_unread(client, bob, dave):
    client.force_login(bob)
    party = PartyFactory(name="Ruritania")
    url = reverse("party:delete", args=[party.ref])
    typed = sent(client.get(url)) | {"note": "Entered twice"}
    party.name = "Kingdom of Ruritania"
    recording.save(dave, party)
    response = client.post(url, typed)
    assert response.status_code == 409 and Party.objects.filter(pk=party.pk).exists()
    assert "changed while this page was open" in errors(response)[0]
    assert "dave: Kingdom of Ruritania: changed" in response.text and "<ins>Kingdom of " in response.text
    assert sent(response)["note"] == ["Entered twice"]
    assert client.post(url, sent(response)).status_code == 302
    assert Change.objects.get(record_ref=party.ref, action="deleted").note == "Entered twice"


def test_a_record_whose_parts_others_changed_meanwhile_is_not_deleted_unread(client, bob):
    client.force_login(bob)
    delegation = DelegationFactory()
    url = reverse("delegation:delete", args=[delegation.ref])
    typed = sent(client.get(url))
    DelegateFactory(delegation=delegation, person__name="Rudolf")
    response = client.post(url, typed)
    assert response.status_code == 409 and "Rudolf: created" in response.text
    assert Delegation.objects.filter(pk=delegation.pk).exists()
    assert client.post(url, sent(response)).status_code == 302
