"""In the admin, too, analysts mend and remove their own records, and are told why they may not do so to others'."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.admin.pages import errors, typed, url
from tracker.models import Citation, Delegate, Delegation, Development, Office, Party, Person, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    """The analyst in whose name the factories record, at the `client`."""
    clerk = make.UserFactory(username="clerk", analyst=True)
    client.force_login(clerk)
    return clerk


@pytest.fixture
def eve(db):
    """Another analyst's browser."""
    browser = Client()
    browser.force_login(make.UserFactory(username="eve", analyst=True))
    return browser


def buttons(page):
    """What the form on the page can be sent by, and the link that deletes."""
    row = ".submit-row :is(input[type=submit], a.deletelink)"
    found = BeautifulSoup(page.content, "lxml").select(row)
    return {one.get("name") or one.get_text() for one in found}


def test_who_stored_a_source_mends_it_until_somebody_cites_it(client, clerk, eve, bob):
    source = make.SourceFactory(text="As it was scand.")
    address = url(Source, "change", source.pk)
    page = client.get(address)
    assert {"_save", "Delete"} <= buttons(page)
    response = client.post(address, typed(page, text="As it was scanned."))
    assert response.status_code == 302, errors(response)
    assert Source.objects.get().text == "As it was scanned."
    assert "_save" not in buttons(eve.get(address)) and "Delete" not in buttons(eve.get(address))
    refused = eve.post(address, {"text": "x"})
    assert refused.status_code == 403
    assert "Only editors can change this source, because clerk recorded it. Ask bob." in refused.text
    make.DevelopmentFactory(by=make.UserFactory(username="eve"), citations=[Citation(source=source)])
    assert "_save" not in buttons(client.get(address))
    assert "because a citation that somebody else recorded refers to it" in client.post(address, {}).text


def test_one_s_own_is_deleted_and_withdrawn(client, clerk, eve, bob):
    party, development = make.PartyFactory(), make.DevelopmentFactory(party=make.PartyFactory())
    refused = eve.get(url(Party, "delete", party.pk))
    assert refused.status_code == 403 and "Only editors can delete this party, because clerk" in refused.text
    refused = eve.post(url(Development, "delete", development.pk), {"confirmed": "1", "note": "No."})
    assert refused.status_code == 403 and "Only editors can withdraw this development" in refused.text
    assert client.post(url(Party, "delete", party.pk), {"post": "yes", "seen": 1}).status_code == 302
    assert not Party.objects.filter(pk=party.pk).exists()
    sent = {"confirmed": "1", "note": "Not so."}
    assert client.post(url(Development, "delete", development.pk), sent).status_code == 302
    development.refresh_from_db()
    assert (development.ended_as, development.ended_by) == ("withdrawn", clerk)


def test_many_at_once_are_an_editor_s(client, clerk):
    party = make.PartyFactory()
    assert "delete_selected" not in client.get(url(Party, "changelist")).text
    sent = {"action": "delete_selected", "_selected_action": [party.pk], "post": "yes", "seen": 1}
    client.post(url(Party, "changelist"), sent)
    assert Party.objects.filter(pk=party.pk).exists()


def test_parts_go_with_what_they_are_parts_of(client, clerk, eve):
    office = make.OfficeFactory()
    address = url(Person, "change", office.person.pk)
    page = client.get(address)
    response = client.post(address, typed(page, **{"offices-0-DELETE": "on"}))
    assert response.status_code == 302, errors(response)
    assert not Office.objects.exists()
    # A delegation is for every analyst to change, and who sits in it with it.
    delegate = make.DelegateFactory()
    address = url(Delegation, "change", delegate.delegation.pk)
    response = eve.post(address, typed(eve.get(address), **{"delegates-0-DELETE": "on"}))
    assert response.status_code == 302, errors(response)
    assert not Delegate.objects.exists()


@pytest.mark.parametrize("page", ["changelist", "change"])
def test_whose_a_record_is_costs_the_same_for_few_and_for_many(client, clerk, page):
    person, counts = make.PersonFactory(), []
    address = url(Person, page, *([person.pk] if page == "change" else []))
    client.get(address)  # what is asked once only
    for number in (2, 20):
        for _ in range(number):
            make.PersonFactory(party=person.party)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
