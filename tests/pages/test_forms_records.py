"""Making, changing and deleting every record type on its pages."""

import pytest
from django.urls import reverse

from tests.factories import (
    AssessmentFactory,
    DelegationFactory,
    DemandFactory,
    FollowUpFactory,
    IssueFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
    WatchPhraseFactory,
)
from tests.pages.filling import errors, submit
from tests.pages.reading import Words
from tracker.models import (
    Assessment,
    Change,
    Delegation,
    Demand,
    FollowUp,
    Issue,
    Party,
    Person,
    Principle,
    Process,
    Source,
    Talk,
    WatchPhrase,
)
from tracker.models.dates import Span

RAISED = {
    "development-kind": "statement",
    "development-occurred_on": "2025-02-18",
    "development-speech_act": "states",
    "development-basis": "own_words",
}
"""What raises an item, but for who did."""

NEW = {
    Process: ("process", {"title": "Truce talks", "aim": "A truce."}),
    Issue: ("issue", {"name": "Sanctions"}),
    Party: (
        "party",
        {"name": "Ruritania", "kind": "state", "iso_code": "RU", "aliases": "Zenda\n\n Strelsau "},
    ),
    Person: ("person", {"name": "Rudolf", "party": "Freedonia", "aliases": "Rassendyll"}),
    Source: (
        "source",
        {"publisher": "Gazette", "title": "A report", "kind": "news_report", "published_on": "2025-02"},
    ),
    Talk: ("talk", {"title": "Round one", "form": "call", "level": "leader", "host": "FD", **RAISED}),
    Principle: (
        "principle",
        {"title": "Missions reopen", "parties": ["Freedonia", "Sylvania"], "talk": "First round"} | RAISED,
    ),
    Demand: (
        "demand",
        {"title": "Withdraw", "kind": "demand", "party": "Freedonia", "addressed_to": ["Sylvania"]} | RAISED,
    ),
    FollowUp: (
        "follow-up",
        {"title": "Envoy", "kind": "appointment", "office": "Envoy", "talk": "First round"}
        | {"promised_to": ["Sylvania", "Freedonia"]}
        | RAISED,
    ),
    Delegation: ("delegation", {"talk": "First round", "party": "Sylvania", "role": "absent_affected"}),
    Assessment: ("assessment", {"author_name": "Our desk", "statement": "Far off.", "made_on": "2025-02-18"}),
    WatchPhrase: (
        "watch-phrase",
        {"phrase": "root causes", "variants": "first causes", "why": "A harder line."},
    ),
}
"""What is typed for a new record of each type, besides its process."""

EXISTING = {
    Process: ProcessFactory,
    Issue: IssueFactory,
    Party: PartyFactory,
    Person: PersonFactory,
    Source: SourceFactory,
    Talk: TalkFactory,
    Principle: PrincipleFactory,
    Demand: DemandFactory,
    FollowUp: FollowUpFactory,
    Delegation: DelegationFactory,
    Assessment: AssessmentFactory,
    WatchPhrase: WatchPhraseFactory,
}

types = pytest.mark.parametrize("model", NEW, ids=lambda model: model.__name__)


@pytest.fixture(scope="module")
def process(module_record):
    """A process with a talk, and two parties."""
    PartyFactory(name="Freedonia", short_name="FD", aliases=["Land of the Free"])
    PartyFactory(name="Sylvania")
    process = ProcessFactory(title="Peace talks")
    TalkFactory(process=process, title="First round")
    return process


@pytest.fixture
def scene(process, db):
    """The process as it is on record."""
    return Process.objects.get(pk=process.pk)


@types
def test_an_analyst_makes_a_record_of_each_type(client, alice, scene, model):
    client.force_login(alice)
    url_name, typed = NEW[model]
    if model not in (Process, Issue, Party, Person, Source, Delegation):
        typed = {"process": "Peace talks"} | typed
    if model is Talk:
        typed = typed | {"development-party": "Freedonia"}
    before = set(model.objects.values_list("pk", flat=True))
    response = submit(client, reverse(f"{url_name}:create"), **typed)
    assert response.status_code == 302, errors(response)
    made = model.objects.exclude(pk__in=before).get()
    assert response.url == made.get_absolute_url()
    assert Change.objects.filter(record_ref=made.ref, by=alice, action="created").count() == 1


@types
def test_an_empty_form_is_refused_and_nothing_is_written(client, alice, scene, model):
    client.force_login(alice)
    before = model.objects.count()
    response = submit(client, reverse(f"{NEW[model][0]}:create"))
    assert response.status_code == 422
    assert errors(response)
    assert model.objects.count() == before


@types
def test_a_record_that_is_saved_as_it_stands_is_not_changed(client, bob, model):
    client.force_login(bob)
    record = EXISTING[model]()
    entries = Change.objects.count()
    response = submit(client, reverse(f"{NEW[model][0]}:edit", args=[record.ref]))
    assert response.status_code == 302, errors(response)
    assert Change.objects.count() == entries


@types
def test_an_editor_changes_a_record_and_the_trail_tells(client, bob, model):
    client.force_login(bob)
    record = EXISTING[model]()
    name = {Delegation: "note", Assessment: "statement", WatchPhrase: "phrase"}.get(
        model
    ) or model.name_fields[0]
    response = submit(client, reverse(f"{NEW[model][0]}:edit", args=[record.ref]), **{name: "Put otherwise"})
    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    assert getattr(record, name) == "Put otherwise"
    assert (
        Change.objects.filter(record_ref=record.ref, by=bob, action="changed").get().changes[0]["new"]
        == "Put otherwise"
    )


def test_the_history_names_fields_as_the_form_does(client, bob):
    client.force_login(bob)
    demand = DemandFactory(kind="demand")
    submit(
        client, f"{demand.get_absolute_url()}edit/", kind="precondition", party=PartyFactory(name="Zenda").ref
    )
    words = Words(client.get(f"{demand.get_absolute_url()}history/")).texts(".history .field-name")
    assert words[:2] == ["Type:", "Made by:"] and "Kind:" not in words


def test_names_dates_and_codes_are_stored_as_typed(client, alice, scene):
    client.force_login(alice)
    submit(client, "/parties/new/", **NEW[Party][1])
    assert Party.objects.get(name="Ruritania").aliases == ["Zenda", "Strelsau"]
    submit(client, "/sources/new/", **NEW[Source][1])
    assert Source.objects.get(title="A report").published == Span.parse("2025-02")


def test_a_demand_is_raised_by_the_party_that_demands(client, alice, scene):
    client.force_login(alice)
    typed = {
        "process": "Peace talks",
        "effects-0-wording": "Leave the valley.",
        "effects-0-firmness": "red_line",
    }
    submit(client, "/demands/new/", **NEW[Demand][1], **typed)
    demand = Demand.objects.get(title="Withdraw")
    assert [party.name for party in demand.addressed_to.all()] == ["Sylvania"]
    assert (demand.current_status, demand.current_firmness) == ("open", "red_line")
    assert demand.current_wording == "Leave the valley."
    raised = demand.effects.get().development
    assert (raised.headline, raised.party.name) == ("Demand: Withdraw", "Freedonia")


def test_a_talk_is_raised_by_what_tells_of_it(client, alice, scene):
    client.force_login(alice)
    typed = {"process": "Peace talks", "effects-0-status": "scheduled", "effects-0-due_on": "2025-03"}
    submit(client, "/talks/new/", **NEW[Talk][1], **typed)
    talk = Talk.objects.get(title="Round one")
    assert talk.effects.get().development.talk == talk
    assert (talk.current_status, talk.due) == ("scheduled", Span.parse("2025-03"))


def test_an_item_needs_a_party_or_a_talk(client, alice, scene):
    client.force_login(alice)
    typed = NEW[Principle][1] | {"process": "Peace talks", "talk": ""}
    response = submit(client, "/principles/new/", **typed)
    assert response.status_code == 422
    assert errors(response) == ["Party: Name the party that acts or speaks, or above, the talk."]
    assert not Principle.objects.exists()


def test_an_item_stays_in_its_process(client, bob, scene):
    client.force_login(bob)
    other = ProcessFactory(title="Another")
    demand = DemandFactory(process=scene)
    submit(client, reverse("demand:edit", args=[demand.ref]), process="Another", title="Moved?")
    demand.refresh_from_db()
    assert (demand.title, demand.process) == ("Moved?", scene)
    assert demand.process != other


def test_an_appointment_names_its_office(client, alice, scene):
    client.force_login(alice)
    typed = NEW[FollowUp][1] | {"process": "Peace talks", "office": ""}
    response = submit(client, "/follow-ups/new/", **typed)
    assert errors(response) == ["Office: An appointment names the office to be filled."]


def test_nobody_shuts_himself_out_of_a_process(client, alice, bob):
    client.force_login(alice)
    typed = NEW[Process][1] | {"restricted": "on"}
    assert submit(client, "/processes/new/", **typed, members=[bob.pk]).status_code == 422
    assert submit(client, "/processes/new/", **typed, members=[alice.pk]).status_code == 302
