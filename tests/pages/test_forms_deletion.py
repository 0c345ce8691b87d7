"""Deleting records on their pages, and what is said where others rest on them."""

import pytest
from django.urls import reverse

from tests.corrections import copied, correct
from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    DemandFactory,
    EffectFactory,
    PartyFactory,
    PrincipleFactory,
)
from tests.pages.filling import errors, sent, submit
from tests.pages.test_merging import words
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
    PrincipleFactory(parties=[party], process=restricted_process)
    page = client.get(reverse("party:delete", args=[party.ref])).text
    assert page.count("Records that you may not see") == 1
    assert "Hidden demand" not in page and "Secret channel" not in page


def test_a_development_is_counted_once_and_its_earlier_versions_are_in_the_way_too(client, bob):
    client.force_login(bob)
    party = PartyFactory()
    url = reverse("party:delete", args=[party.ref])
    first, second = (
        EffectFactory(
            party=party, stance="affirms", item=PrincipleFactory(), development__party=party
        ).development
        for _ in range(2)
    )
    for headline in ("They agree", "They agree again"):
        first = correct(first, headline=headline)
    page = words(client.get(url)).replace(" ;", ";")
    assert f"2 developments: {first}; {second}" in page or f"2 developments: {second}; {first}" in page
    assert "2 effects:" in page and "earlier versions" not in page
    without = [copied(effect, party=PartyFactory(name="Other")) for effect in first.effects.all()]
    first = correct(first, effects=without, party=PartyFactory(name="Another"))
    first = correct(first, headline="They part")
    recording.withdraw(bob, second, "Not so.")
    page = words(client.get(url)).replace(" ;", ";")
    assert "2 developments in earlier versions, which are kept:" in page and page.count("developments") == 1
    assert client.post(url, {"version": "1", "note": "Unused"}).status_code == 409


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
