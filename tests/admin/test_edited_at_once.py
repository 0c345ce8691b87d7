"""Two people edit or delete one record of any type in the admin: nothing is erased, and nobody blamed for it."""

import pytest

from tests import factories as make
from tests.admin.pages import errors, typed, url
from tests.examples import of_each_kind
from tests.over_the_register.editing import last_changes, person_with_offices, plain_texts, titles
from tests.over_the_register.makers import MAKERS
from tracker import recording
from tracker.admin.conflicts import OpenedAdmin
from tracker.admin.reading import ReadOnly
from tracker.admin.site import site
from tracker.models import Office, Party, Person
from tracker.register import ALL_TYPES, BY_URL_NAME, DEVELOPMENT

pytestmark = pytest.mark.django_db

EDITED = [
    each.url_name
    for each in ALL_TYPES
    if not isinstance(site._registry.get(each.model), ReadOnly | None)
    and each is not DEVELOPMENT
    and len(plain_texts(each)) > 1
]
"""The types with a page to edit them and a text for each of the two; a development is not edited but corrected."""


@of_each_kind(EDITED)
def test_a_late_save_erases_nothing_and_is_blamed_for_nothing(client, dave_in, bobs, url_name):
    record = MAKERS[url_name](make.ProcessFactory())
    mine, *_, theirs = plain_texts(BY_URL_NAME[url_name])
    page = url(type(record), "change", record.pk)
    sent = typed(client.get(page), **{mine: "My own words"})
    response = bobs.post(page, typed(bobs.get(page), **{theirs: "Their own words"}))
    assert response.status_code == 302, errors(response)
    response = client.post(page, sent)
    assert response.status_code == 409 and "<b>bob</b>" in response.text
    record.refresh_from_db()
    assert (getattr(record, mine) != "My own words", getattr(record, theirs)) == (True, "Their own words")
    kept = typed(response)
    assert (kept[mine], kept[theirs]) == ("My own words", "Their own words")
    assert client.post(page, kept).status_code == 302
    record.refresh_from_db()
    assert (getattr(record, mine), getattr(record, theirs)) == ("My own words", "Their own words")
    assert last_changes(record, 2) == [("dave", [mine]), ("bob", [theirs])]
    # The same change by both is none.
    sent = typed(client.get(page), **{mine: "The same words"})
    assert bobs.post(page, typed(bobs.get(page), **{mine: "The same words"})).status_code == 302
    assert client.post(page, sent).status_code == 302
    assert last_changes(record, 1) == [("bob", [mine])]


def test_inlines_are_put_together_like_fields(client, dave_in, bobs):
    person, _, minister = person_with_offices()
    page = url(Person, "change", person.pk)
    shown = typed(client.get(page))
    at = {shown["offices-0-title"]: 0, shown["offices-1-title"]: 1}
    mine = shown | {
        f"offices-{at['Adviser']}-organisation": "Court", "offices-2-title": "Envoy", "offices-TOTAL_FORMS": 3,
    }  # fmt: skip
    theirs = shown | {
        f"offices-{at['Adviser']}-title": "Chief adviser", f"offices-{at['Minister']}-DELETE": "on",
        "offices-2-title": "Ambassador", "offices-TOTAL_FORMS": 3,
    }  # fmt: skip
    assert bobs.post(page, theirs).status_code == 302
    response = client.post(page, mine)
    assert response.status_code == 409
    assert titles(person) == ["Ambassador, ", "Chief adviser, "]
    response = client.post(page, typed(response))
    assert response.status_code == 302, errors(response)
    assert titles(person) == ["Ambassador, ", "Chief adviser, Court", "Envoy, "]
    assert not Office.objects.filter(pk=minister.pk).exists()


def test_what_was_deleted_meanwhile_can_be_added_anew(client, dave_in, bob):
    person = make.PersonFactory(name="Rudolf")
    office = make.OfficeFactory(person=person, title="Adviser")
    page = url(Person, "change", person.pk)
    sent = typed(client.get(page), affiliation="Court")
    recording.delete(bob, office)
    recording.delete(bob, person, "Entered twice")
    response = client.post(page, sent)
    assert response.status_code == 409 and "“Entered twice”" in response.text
    assert f'action="{url(Person, "add")}"' in response.text
    response = client.post(url(Person, "add"), typed(response))
    assert response.status_code == 302, errors(response)
    assert (Person.objects.get().affiliation, titles(Person.objects.get())) == ("Court", ["Adviser, "])


def test_what_changes_between_the_look_and_the_write_is_seen(client, dave_in, bob, monkeypatch):
    party = make.PartyFactory(name="Freedonia", description="")
    page = url(Party, "change", party.pk)
    sent = typed(client.get(page), name="Sylvania")

    def late(self, *args, real=OpenedAdmin._put_together):
        monkeypatch.undo()
        compared = real(self, *args)
        theirs = Party.objects.get(pk=party.pk)
        theirs.description = "A republic."
        recording.save(bob, theirs)
        return compared

    monkeypatch.setattr(OpenedAdmin, "_put_together", late)
    response = client.post(page, sent)
    assert response.status_code == 409 and "<b>bob</b>" in response.text
    party.refresh_from_db()
    assert (party.name, party.description) == ("Freedonia", "A republic.")


@pytest.mark.parametrize("selected", [False, True])
def test_what_others_changed_meanwhile_is_not_deleted_unread(client, dave_in, bob, selected):
    party = make.PartyFactory(name="Ruritania")
    page = url(Party, "changelist") if selected else url(Party, "delete", party.pk)
    chosen = {"action": "delete_selected", "_selected_action": [party.pk]} if selected else {}
    opened = client.post(page, chosen) if selected else client.get(page)
    sent = chosen | {"post": "yes", "seen": opened.context["seen"]}
    assert f'name="seen" value="{opened.context["seen"]}"' in opened.text
    party.description = "A kingdom."
    recording.save(bob, party)
    response = client.post(page, sent)
    assert response.status_code == 409 and Party.objects.filter(pk=party.pk).exists()
    assert "bob: Ruritania: changed" in response.text and "A kingdom." in response.text
    assert client.post(page, sent | {"seen": response.context["seen"]}).status_code == 302
    assert not Party.objects.filter(pk=party.pk).exists()


def test_a_deletion_that_does_not_say_what_was_seen_is_asked_again(client, dave_in):
    party = make.PartyFactory()
    assert client.post(url(Party, "delete", party.pk), {"post": "yes"}).status_code == 409
    assert Party.objects.filter(pk=party.pk).exists()
