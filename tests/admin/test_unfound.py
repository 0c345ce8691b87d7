"""The admin warns of quoted words that are not in the stored text, and saves all the same."""

import pytest

from tests.admin.pages import errors, typed, url
from tests.factories import CitationFactory, PartyFactory, ProcessFactory, SourceFactory
from tracker.models import Citation, Demand, Development, Source

pytestmark = pytest.mark.django_db


def warnings(client, address, sent):
    """What the page says with a warning after `sent` was saved at `address`."""
    response = client.post(address, sent, follow=True)
    assert response.redirect_chain, errors(response)
    return [str(message) for message in response.context["messages"] if message.level_tag == "warning"]


def test_of_a_development_recorded_and_corrected(client, alice, demand, insisted):
    client.force_login(alice)
    sent = typed(client.get(url(Development, "add"))) | {
        "process": demand.process_id, "occurred_on": "2025-02-18", "kind": "report", "headline": "They insist",
        "party": demand.party_id, "basis": "own_words",
        "citations-0-source": insisted.citations.get().source_id, "citations-0-quote": "not in it",
    }  # fmt: skip
    (said,) = warnings(client, url(Development, "add"), sent)
    assert said.startswith("Not found in the stored text of ") and "“not in it”" in said
    assert Development.objects.get(headline="They insist").citations.get().found is False
    change = url(Development, "change", insisted.pk)
    sent = typed(client.get(change)) | {"reason": "recoded"}
    assert warnings(client, change, sent | {"headline": "They insist on it"}) == []
    change = url(Development, "change", Development.objects.get(headline="They insist on it").pk)
    sent = typed(client.get(change)) | {"reason": "recoded", "citations-0-quote": "nor this"}
    (said,) = warnings(client, change, sent)
    assert "“nor this”" in said


def test_of_what_raises_an_item(client, alice):
    client.force_login(alice)
    sent = typed(client.get(url(Demand, "add"))) | {
        "raised-occurred_on": "2025-02-18", "raised-kind": "report", "raised-basis": "own_words",
        "process": ProcessFactory().pk, "title": "Leave", "kind": "demand", "party": PartyFactory().pk,
        "effect-firmness": "insisted",
        "citation-source": SourceFactory(text="Go away.").pk, "citation-quote": "not in it",
    }  # fmt: skip
    (said,) = warnings(client, url(Demand, "add"), sent)
    assert "“not in it”" in said
    change = url(Demand, "change", Demand.objects.get().pk)
    assert warnings(client, change, typed(client.get(change)) | {"title": "Leave at once"}) == []


def test_of_a_source_whose_text_is_stored_later(client, bob):
    client.force_login(bob)
    citation = CitationFactory(source=SourceFactory(text=""), quote="not in it")
    change = url(Source, "change", citation.source_id)
    (said,) = warnings(client, change, typed(client.get(change)) | {"text": "Other words."})
    assert said.startswith("1 quote is not found in this text.")
    assert Citation.objects.get().found is False
