"""Entering what a record is made of together with it: offices, delegates, links."""

import pytest
from django.urls import reverse

from tests.factories import (
    DelegateFactory,
    DelegationFactory,
    OfficeFactory,
    PartyFactory,
    PersonFactory,
    ProcessFactory,
    ProcessLinkFactory,
)
from tests.pages.filling import sent, submit
from tracker.models import Person
from tracker.models.dates import Span


@pytest.fixture
def scene(db):
    """A party and a process."""
    PartyFactory(name="Freedonia", short_name="FD")
    return ProcessFactory(title="Peace talks")


def test_the_offices_of_a_person_are_entered_with_the_person(client, bob, scene):
    client.force_login(bob)
    office = {"offices-0-title": "Minister", "offices-0-held_from": "2024", "offices-0-party": "FD"}
    submit(client, "/people/new/", name="Rudolf", **office)
    person = Person.objects.get(name="Rudolf")
    held = person.offices.get()
    assert (held.title, held.since, held.party.name) == ("Minister", Span.parse("2024"), "Freedonia")
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
    assert submit(client, url, **{f"{row}-capacity": "head"}).status_code == 302
    assert {one.capacity for one in delegation.delegates.all()} == {"head"}


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


def test_a_link_to_a_secret_is_not_shown_and_survives_an_edit(client, bob, restricted_process):
    client.force_login(bob)
    link = ProcessLinkFactory(to_process=restricted_process)
    url = reverse("process:edit", args=[link.from_process.ref])
    assert "Secret channel" not in client.get(url).text
    submit(client, url, aim="Another aim")
    assert link.from_process.links.count() == 1
