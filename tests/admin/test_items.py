"""Items in the admin: each is added together with the development that raises it, on one page."""

import pytest

from tests.admin.pages import errors, typed, url
from tests.factories import (
    DemandFactory,
    FollowUpFactory,
    IssueFactory,
    PartyFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
)
from tracker.models import Demand, Development, FollowUp, Item, Principle, Talk

pytestmark = pytest.mark.django_db

RAISED = {
    "raised-occurred_on": "before 2025-02-18",
    "raised-kind": "statement",
    "raised-speech_act": "demands",
    "raised-basis": "own_words",
}


@pytest.fixture
def process():
    """The process that all items of a test belong to."""
    return ProcessFactory()


def test_a_demand_is_recorded_with_what_raised_it_and_its_source(client, alice, process):
    client.force_login(alice)
    party, issue = PartyFactory(), IssueFactory()
    source = SourceFactory(text="NATO must take back what it promised in 2008.")
    sent = (
        typed(client.get(url(Demand, "add")))
        | RAISED
        | {
            "process": process.pk,
            "title": "Take back the promise of 2008",
            "kind": "precondition",
            "party": party.pk,
            "issues": [issue.pk],
            "raised-headline": "The ministry wants the promise taken back",
            "effect-firmness": "insisted",
            "effect-wording": "NATO takes back its promise of membership.",
            "citation-source": source.pk,
            "citation-quote": "take back what it promised",
        }
    )
    response = client.post(url(Demand, "add"), sent, follow=True)
    assert response.redirect_chain, errors(response)
    demand = Demand.objects.get()
    assert (demand.current_status, demand.current_firmness) == ("open", "insisted")
    assert demand.current_wording == "NATO takes back its promise of membership."
    assert list(demand.issues.all()) == [issue]
    development = Development.objects.get()
    assert (development.party, development.recorded_by) == (party, alice)
    assert str(development.occurred) == "before 18 Feb 2025"
    assert development.citations.get().found


@pytest.mark.parametrize(
    ("model", "own"),
    [
        (Talk, {"form": "call", "level": "leader", "raised-party": PartyFactory}),
        (
            Principle,
            {"parties": lambda: [PartyFactory().pk, PartyFactory().pk], "raised-party": PartyFactory},
        ),
        (
            FollowUp,
            {"kind": "drafting", "effect-due_phrase": "as soon as possible", "raised-party": PartyFactory},
        ),
    ],
)
def test_each_kind_starts_on_the_first_rung_of_its_ladder(client, alice, process, model, own):
    client.force_login(alice)
    own = {name: value() if callable(value) else value for name, value in own.items()}
    own = {name: getattr(value, "pk", value) for name, value in own.items()}
    sent = typed(client.get(url(model, "add"))) | RAISED | {"process": process.pk, "title": "New"} | own
    response = client.post(url(model, "add"), sent, follow=True)
    assert response.redirect_chain, errors(response)
    item = model.objects.get()
    label = {Talk: "Proposed", Principle: "Claimed", FollowUp: "Expected"}[model]
    assert item.current_status == label.lower()
    assert Development.objects.get().headline == f"{label}: New"
    if model is FollowUp:
        assert item.current_review_on is not None


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("raised-occurred_on", "2999-01-01"),
        ("raised-kind", ""),
        ("raised-basis", ""),
        ("effect-status", "held"),
        ("effect-status", ""),
        ("citation-source", ""),
        ("title", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(client, alice, process, field, text):
    client.force_login(alice)
    sent = (
        typed(client.get(url(Demand, "add")))
        | RAISED
        | {
            "process": process.pk,
            "title": "A demand",
            "kind": "demand",
            "party": PartyFactory().pk,
            "citation-source": SourceFactory().pk,
            "citation-quote": "Words",
        }
    )
    response = client.post(url(Demand, "add"), sent | {field: text})
    assert response.status_code == 200
    assert field in errors(response)
    assert "below" in response.content.decode()
    assert not Item.objects.exists()
    assert not Development.objects.exists()


def test_an_item_without_party_or_talk_is_refused_at_the_field(client, alice, process):
    client.force_login(alice)
    sent = typed(client.get(url(FollowUp, "add"))) | RAISED
    response = client.post(
        url(FollowUp, "add"), sent | {"process": process.pk, "title": "New", "kind": "drafting"}
    )
    assert "raised-party" in errors(response)
    assert not Item.objects.exists()


def test_an_item_on_record_is_edited_in_its_own_attributes_and_stays_in_its_process(client, alice):
    client.force_login(alice)
    demand = DemandFactory(title="Neutrality")
    page = client.get(url(Demand, "change", demand.pk))
    assert "Add an update" in page.content.decode()
    sent = typed(page, title="Accept neutrality") | {"process": ProcessFactory().pk}
    assert client.post(url(Demand, "change", demand.pk), sent).status_code == 302
    changed = Demand.objects.get()
    assert (changed.title, changed.process, changed.current_status) == (
        "Accept neutrality",
        demand.process,
        "open",
    )
    entry = client.get(url(Demand, "history", demand.pk)).context["entries"][0]
    assert [(one["old"], one["new"]) for one in entry.changes] == [("Neutrality", "Accept neutrality")]


def test_the_link_from_an_item_lists_its_developments_alone(client, alice):
    client.force_login(alice)
    demand, _other = DemandFactory(), DemandFactory()
    listed = client.get(url(Development, "changelist"), {"item": demand.pk}).context["cl"].result_list
    assert [row.effects.get().item.pk for row in listed] == [demand.pk]


def test_a_follow_up_is_promised_to_any_number_and_never_waits_in_a_circle(client, alice, process):
    client.force_login(alice)
    first = FollowUpFactory(process=process)
    second = FollowUpFactory(process=process, waits_for=first)
    parties = [PartyFactory(name="Freedonia"), PartyFactory(name="Sylvania")]
    page = client.get(url(FollowUp, "change", first.pk))
    sent = typed(page, promised_to=[party.pk for party in parties])
    assert client.post(url(FollowUp, "change", first.pk), sent).status_code == 302
    assert list(FollowUp.objects.get(pk=first.pk).promised_to.all()) == parties
    response = client.post(url(FollowUp, "change", first.pk), sent | {"waits_for": second.pk})
    assert "waits, in the end, for this follow-up" in response.content.decode()
    assert FollowUp.objects.get(pk=first.pk).waits_for is None


def test_a_list_says_the_status_in_words(client, alice):
    client.force_login(alice)
    TalkFactory(effect__status="broken_off")
    assert "Broken off" in client.get(url(Talk, "changelist")).content.decode()
    assert not client.get(url(Talk, "changelist"), {"status": "held"}).context["cl"].result_list


def test_the_page_of_any_item_leads_to_that_of_its_kind(client, alice):
    client.force_login(alice)
    demand = DemandFactory()
    assert client.get(url(Item, "change", demand.pk)).url == url(Demand, "change", demand.pk)
