"""Two people edit the rows of one record: they are put together like fields, and none is lost or made twice."""

import pytest

from tests import factories as make
from tests.over_the_register.editing import edit_url, person_with_offices, titles
from tests.pages.filling import errors, sent
from tracker import recording
from tracker.models import Delegation, Office, Person

pytestmark = pytest.mark.django_db


def test_rows_are_put_together_like_fields(client, dave_in, bobs):
    person, adviser, minister = person_with_offices()
    url = edit_url(person)
    page = sent(client.get(url))
    at = {page[f"offices-{number}-title"][0]: number for number in (0, 1)}
    mine = page | {f"offices-{at['Adviser']}-organisation": "Court", "offices-2-title": "Envoy"}
    theirs = page | {
        f"offices-{at['Adviser']}-title": "Chief adviser", f"offices-{at['Minister']}-DELETE": "on",
        "offices-2-title": "Ambassador",
    }  # fmt: skip
    assert bobs.post(url, theirs).status_code == 302
    response = client.post(url, mine)
    assert response.status_code == 409
    assert (
        "taken out by them" in response.text
        and "added by them" in response.text
        and "added by you" in response.text
    )
    assert titles(person) == ["Ambassador, ", "Chief adviser, "]
    response = client.post(url, sent(response))
    assert response.status_code == 302, errors(response)
    assert titles(person) == ["Ambassador, ", "Chief adviser, Court", "Envoy, "]
    adviser.refresh_from_db()
    assert (adviser.title, adviser.organisation) == ("Chief adviser", "Court")
    assert not Office.objects.filter(pk=minister.pk).exists()


def test_a_row_that_i_took_out_and_they_changed_goes_only_when_pressed_again(client, dave_in, bobs):
    person, adviser, minister = person_with_offices()
    url = edit_url(person)
    page = sent(client.get(url))
    number = 0 if page["offices-0-title"] == ["Minister"] else 1
    bobs.post(url, page | {f"offices-{number}-organisation": "Court"})
    response = client.post(url, page | {f"offices-{number}-DELETE": "on"})
    assert response.status_code == 409 and "taken out by you" in response.text
    assert titles(person) == ["Adviser, ", "Minister, Court"]
    assert client.post(url, sent(response)).status_code == 302
    assert titles(person) == ["Adviser, "]


def test_a_row_that_they_took_out_and_i_changed_is_kept_as_a_new_one(client, dave_in, bobs):
    person, adviser, minister = person_with_offices()
    url = edit_url(person)
    page = sent(client.get(url))
    number = 0 if page["offices-0-title"] == ["Minister"] else 1
    bobs.post(url, page | {f"offices-{number}-DELETE": "on"})
    response = client.post(url, page | {f"offices-{number}-organisation": "Court"})
    assert response.status_code == 409 and titles(person) == ["Adviser, "]
    assert client.post(url, sent(response)).status_code == 302
    assert titles(person) == ["Adviser, ", "Minister, Court"]


def test_a_row_that_they_took_out_and_of_which_i_emptied_a_field_is_kept_as_well(client, dave_in, bobs):
    person = make.PersonFactory(name="Rudolf")
    make.OfficeFactory(person=person, title="Minister", organisation="Court")
    url = edit_url(person)
    page = sent(client.get(url))
    bobs.post(url, page | {"offices-0-DELETE": "on"})
    response = client.post(url, page | {"offices-0-organisation": ""})
    assert response.status_code == 409 and "taken out by them" in response.text
    assert client.post(url, sent(response)).status_code == 302
    assert titles(person) == ["Minister, "]


def test_the_same_row_added_by_both_is_added_once(client, dave_in, bobs):
    delegation = make.DelegationFactory()
    make.PersonFactory(name="Rudolf")
    url = edit_url(delegation)
    typed = sent(client.get(url)) | {"delegates-0-person": "Rudolf"}
    assert bobs.post(url, typed).status_code == 302
    assert client.post(url, typed).status_code == 302
    assert [str(one) for one in Delegation.objects.get().delegates.all()] == ["Rudolf"]


def test_what_was_deleted_meanwhile_can_be_recorded_anew(client, dave_in, bob):
    person, *offices = person_with_offices()
    url = edit_url(person)
    typed = sent(client.get(url)) | {"name": "Rudolf V", "offices-2-title": "Envoy"}
    for record in (*offices, person):
        recording.delete(bob, record, "Entered twice")
    response = client.post(url, typed)
    assert response.status_code == 409 and "bob: deleted, “Entered twice”" in errors(response)[0]
    assert client.get(url).status_code == 404
    assert 'action="/people/new/"' in response.text
    response = client.post("/people/new/", sent(response))
    assert response.status_code == 302, errors(response)
    made = Person.objects.get()
    assert (made.name, titles(made)) == ("Rudolf V", ["Adviser, ", "Envoy, ", "Minister, "])
