"""Making, changing and deleting every record type on its pages."""

import pytest
from django.urls import reverse

from tests.factories import (
    AssessmentFactory,
    DelegateFactory,
    DelegationFactory,
    DemandFactory,
    FollowUpFactory,
    IssueFactory,
    OfficeFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    ProcessLinkFactory,
    SourceFactory,
    TalkFactory,
    WatchPhraseFactory,
)
from tests.pages.filling import errors, sent, submit
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
from tracker.models.dates import PartialDate

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
        {"title": "Envoy", "kind": "appointment", "office": "Envoy", "talk": "First round"} | RAISED,
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


@pytest.fixture
def scene(db):
    """Two parties, and a process with a talk."""
    PartyFactory(name="Freedonia", short_name="FD", aliases=["Land of the Free"])
    PartyFactory(name="Sylvania")
    process = ProcessFactory(title="Peace talks")
    TalkFactory(process=process, title="First round")
    return process


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
    name = {Delegation: "note", Assessment: "statement"}.get(model, model.name_fields[0])
    response = submit(client, reverse(f"{NEW[model][0]}:edit", args=[record.ref]), **{name: "Put otherwise"})
    assert response.status_code == 302, errors(response)
    record.refresh_from_db()
    assert getattr(record, name) == "Put otherwise"
    assert (
        Change.objects.filter(record_ref=record.ref, by=bob, action="changed").get().changes[0]["new"]
        == "Put otherwise"
    )


def test_names_dates_and_codes_are_stored_as_typed(client, alice, scene):
    client.force_login(alice)
    submit(client, "/parties/new/", **NEW[Party][1])
    assert Party.objects.get(name="Ruritania").aliases == ["Zenda", "Strelsau"]
    submit(client, "/sources/new/", **NEW[Source][1])
    assert Source.objects.get(title="A report").published == PartialDate.parse("2025-02")


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
    assert (raised.headline, raised.party.name) == ("Withdraw", "Freedonia")


def test_a_talk_is_raised_by_what_tells_of_it(client, alice, scene):
    client.force_login(alice)
    typed = {"process": "Peace talks", "effects-0-status": "scheduled", "effects-0-due_on": "2025-03"}
    submit(client, "/talks/new/", **NEW[Talk][1], **typed)
    talk = Talk.objects.get(title="Round one")
    assert talk.effects.get().development.talk == talk
    assert (talk.current_status, talk.due) == ("scheduled", PartialDate.parse("2025-03"))


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


def test_the_offices_of_a_person_are_entered_with_the_person(client, bob, scene):
    client.force_login(bob)
    office = {"offices-0-title": "Minister", "offices-0-held_from": "2024", "offices-0-party": "FD"}
    submit(client, "/people/new/", **NEW[Person][1], **office)
    person = Person.objects.get(name="Rudolf")
    held = person.offices.get()
    assert (held.title, held.since, held.party.name) == ("Minister", PartialDate.parse("2024"), "Freedonia")
    url = reverse("person:edit", args=[person.ref])
    submit(client, url, **{"offices-0-held_to": "2025-02-18", "offices-1-title": "Adviser"})
    assert {one.title: str(one.until or "") for one in person.offices.all()} == {
        "Minister": "18 Feb 2025",
        "Adviser": "",
    }
    response = submit(client, url, **{"offices-0-held_to": "2023"})
    assert response.status_code == 422
    submit(client, url, **{"offices-0-DELETE": "on"})
    assert person.offices.count() == 1


def test_an_office_that_somebody_sat_by_stays(client, bob):
    client.force_login(bob)
    office = OfficeFactory()
    DelegateFactory(person=office.person, office=office)
    response = submit(client, reverse("person:edit", args=[office.person.ref]), **{"offices-0-DELETE": "on"})
    assert response.status_code == 422
    assert office.person.offices.count() == 1


def test_the_people_of_a_delegation_and_who_leads_it(client, alice):
    client.force_login(alice)
    delegation = DelegationFactory()
    office = OfficeFactory(person=PersonFactory(name="Rudolf"), title="Minister")
    OfficeFactory(person=PersonFactory(name="Flavia"), title="Minister")
    url = reverse("delegation:edit", args=[delegation.ref])
    rows = {"delegates-0-person": "Rudolf", "delegates-0-office": "Minister", "delegates-0-capacity": "head"}
    submit(client, url, **rows, **{"delegates-1-person": "Flavia"})
    assert {(one.person.name, one.office, one.capacity) for one in delegation.delegates.all()} == {
        ("Rudolf", office, "head"),
        ("Flavia", None, "member"),
    }
    kept = sent(client.get(url))
    row = next(name.removesuffix("-person") for name, value in kept.items() if value[0].startswith("Flavia"))
    response = submit(client, url, **{f"{row}-capacity": "head"})
    assert response.status_code == 422
    assert any("already has a head" in line for line in errors(response))


def test_who_leads_a_delegation_can_change_in_one_go(client, alice):
    client.force_login(alice)
    head = DelegateFactory(head=True)
    member = DelegateFactory(delegation=head.delegation)
    url = reverse("delegation:edit", args=[head.delegation.ref])
    swapped = {
        name: "head" if value == ["member"] else "member"
        for name, value in sent(client.get(url)).items()
        if name in ("delegates-0-capacity", "delegates-1-capacity")
    }
    assert submit(client, url, **swapped).status_code == 302
    member.refresh_from_db()
    assert member.capacity == "head"


def test_precedents_are_entered_with_the_process(client, bob, scene):
    client.force_login(bob)
    ProcessFactory(title="The reset")
    link = {"links-0-kind": "precedent", "links-0-to_process": "The reset", "links-0-note": "It ended badly."}
    submit(client, reverse("process:edit", args=[scene.ref]), **link)
    assert scene.links.get().to_process.title == "The reset"


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


def test_a_link_to_a_secret_is_not_shown_and_survives_an_edit(client, bob, restricted_process):
    client.force_login(bob)
    link = ProcessLinkFactory(to_process=restricted_process)
    url = reverse("process:edit", args=[link.from_process.ref])
    assert "Secret channel" not in client.get(url).text
    submit(client, url, aim="Another aim")
    assert link.from_process.links.count() == 1
