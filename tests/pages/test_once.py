"""A form that makes a record, sent twice: one record is made, and nothing that was typed is lost."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests.admin.pages import errors as admin_errors
from tests.admin.pages import typed, url
from tests.models.test_concurrency import at_once
from tests.pages.filling import errors, sent
from tests.pages.test_forms_records import NEW
from tracker.models import Demand, Development, Party, Process, Source, Submission

SAID = {
    "process": "Peace talks", "occurred_on": "2025-02-18", "kind": "statement", "headline": "They insist",
    "speech_act": "demands", "basis": "own_words", "party": "Freedonia",
    "effects-0-item": "Withdrawal", "effects-0-firmness": "insisted",
}  # fmt: skip


@pytest.fixture
def scene(db, client, alice):
    """What the forms name; alice is signed in."""
    client.force_login(alice)
    process = make.ProcessFactory(title="Peace talks")
    party = make.PartyFactory(name="Freedonia", short_name="FD")
    make.PartyFactory(name="Sylvania")
    make.TalkFactory(process=process, title="First round", host=party)
    make.DemandFactory(process=process, title="Withdrawal", party=party)
    return process


def filled(client, address, **texts):
    return sent(client.get(address)) | texts


def count(**fields):
    return Development.objects.filter(**fields).count()


def test_a_second_press_leads_to_what_the_first_one_made(client, scene):
    form = filled(client, "/developments/new/", **SAID)
    first = client.post("/developments/new/", form)
    # As it was typed, whichever button is pressed.
    for again in (form, form | {"another": "on"}):
        second = client.post("/developments/new/", again, follow=True)
        assert second.redirect_chain == [(first.url, 302)]
        assert "“They insist” is on record already" in second.text
    assert count(headline="They insist") == 1


@pytest.mark.parametrize("model", NEW, ids=lambda model: model.__name__)
def test_every_form_of_a_new_record_makes_one(client, scene, model):
    url_name, texts = NEW[model]
    address = reverse(f"{url_name}:create")
    if model not in (Process, Party, Source):
        texts = {"process": "Peace talks", "development-party": "Freedonia"} | texts
    form = filled(client, address, **texts)
    before = model.objects.count()
    first = client.post(address, form)
    assert first.status_code == 302, errors(first)
    second = client.post(address, form)
    assert (second.status_code, second.url) == (302, first.url)
    assert model.objects.count() == before + 1


def test_another_text_with_the_same_key_is_kept_and_not_written(client, scene):
    form = filled(client, "/developments/new/", **SAID)
    first = client.post("/developments/new/", form)
    response = client.post(
        "/developments/new/", form | {"headline": "They insist on it", "detail": "At noon."}
    )
    assert response.status_code == 409
    page = BeautifulSoup(response.content, "lxml")
    assert page.select_one(".error-summary a")["href"] == first.url
    kept = sent(response)
    assert (kept["headline"], kept["detail"]) == (["They insist on it"], ["At noon."])
    assert Development.objects.get(party__name="Freedonia", kind="statement").headline == "They insist"
    # Whoever means it as another one presses again.
    assert client.post("/developments/new/", kept).status_code == 302
    assert count(headline="They insist on it") == 1


def test_a_press_that_failed_does_not_use_the_key_up(client, scene):
    form = filled(client, "/developments/new/", **SAID)
    wrong = client.post("/developments/new/", form | {"headline": ""})
    assert wrong.status_code == 422 and not Submission.objects.exists()
    assert sent(wrong)["form_key"] == form["form_key"]
    refused = client.post(
        "/developments/new/", form | {"effects-0-firmness": "", "effects-0-item": ["Withdrawal"]}
    )
    assert refused.status_code == 422 and not Submission.objects.exists()
    assert client.post("/developments/new/", form).status_code == 302
    assert Submission.objects.count() == 1


def test_what_is_gone_since_is_not_led_to(client, scene, bob):
    form = filled(client, "/parties/new/", name="Ruritania", kind="state")
    client.force_login(bob)
    form["form_key"] = sent(client.get("/parties/new/"))["form_key"]
    assert client.post("/parties/new/", form).status_code == 302
    party = Party.objects.get(name="Ruritania")
    client.post(f"{party.get_absolute_url()}delete/", {"version": 1})
    response = client.post("/parties/new/", form)
    assert response.status_code == 409 and "something that no longer exists" in response.text
    assert sent(response)["name"] == ["Ruritania"]
    assert client.post("/parties/new/", sent(response)).status_code == 302


@pytest.mark.parametrize("key", [[], ["nonsense"], ["a:b:c"]])
def test_a_form_without_a_key_is_asked_for_once_more(client, scene, key):
    form = filled(client, "/developments/new/", **SAID) | {"form_key": key}
    response = client.post("/developments/new/", form)
    assert response.status_code == 422 and not count(headline="They insist")
    assert client.post("/developments/new/", sent(response)).status_code == 302


def test_an_old_key_is_not_used_and_then_forgotten(client, scene, clock):
    clock("2025-03-01T10:00Z")
    form = filled(client, "/developments/new/", **SAID)
    client.post("/developments/new/", filled(client, "/developments/new/", **SAID))
    old = Submission.objects.get()
    Submission.objects.update(at=timezone.now() - dt.timedelta(days=32))
    assert client.post("/developments/new/", form).status_code == 302
    assert not Submission.objects.filter(pk=old.pk).exists() and Submission.objects.count() == 1


def test_going_on_with_another_gives_a_new_key(client, scene):
    form = filled(client, "/developments/new/", **SAID, another="on")
    response = client.post("/developments/new/", form)
    assert sent(client.get(response.url))["form_key"] != form["form_key"]


def test_a_page_that_is_gone_back_to_has_the_same_key(client, scene):
    """Browsers keep a page, with its key and what was typed, unless they are told not to."""
    for address in ("/developments/new/", url(Development, "add"), url(Demand, "add")):
        assert "no-store" not in client.get(address)["Cache-Control"]
    assert "no-store" in client.get(url(Development, "changelist"))["Cache-Control"]


def test_the_form_on_the_page_of_an_item_makes_one(client, scene):
    demand = Demand.objects.get()
    form = filled(client, f"{demand.get_absolute_url()}update/", **{
        "occurred_on": "2025-02-19", "kind": "statement", "headline": "Again", "speech_act": "demands",
        "basis": "own_words", "party": "Freedonia", "effects-0-firmness": "red_line",
    })  # fmt: skip
    first = client.post(f"{demand.get_absolute_url()}update/", form)
    assert first.status_code == 302, errors(first)
    assert client.post(f"{demand.get_absolute_url()}update/", form).status_code == 302
    assert count(headline="Again") == 1


def test_a_correction_that_is_pressed_twice_makes_one_version(client, scene):
    old = make.DevelopmentFactory(process=scene)
    address = f"{old.get_absolute_url()}edit/"
    form = filled(client, address, headline="Put right", reason="recoded")
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).url == old.get_absolute_url()
    assert count(ref=old.ref) == 2


def new_development(client, scene, alice):
    page = client.get(url(Development, "add"))
    demand = Demand.objects.get()
    return url(Development, "add"), typed(page) | {
        "process": scene.pk, "occurred_on": "2025-02-18", "kind": "statement", "headline": "They insist",
        "speech_act": "demands", "basis": "own_words", "party": demand.party_id,
        "effects-0-item": demand.pk, "effects-0-firmness": "insisted",
    }  # fmt: skip


def new_demand(client, scene, alice):
    page = client.get(url(Demand, "add"))
    return url(Demand, "add"), typed(page) | {
        "process": scene.pk, "title": "They insist", "kind": "demand", "party": Party.objects.first().pk,
        "raised-kind": "statement", "raised-occurred_on": "2025-02-18", "raised-speech_act": "demands",
        "raised-basis": "own_words", "raised-headline": "They insist",
    }  # fmt: skip


@pytest.mark.parametrize("form", [new_development, new_demand])
def test_the_admin_makes_one_of_a_form_that_is_sent_twice(client, scene, alice, form):
    address, data = form(client, scene, alice)
    wrong = client.post(address, data | {"process": ""})
    assert wrong.status_code == 200 and not Submission.objects.exists()
    first = client.post(address, data)
    assert first.status_code == 302, admin_errors(first)
    second = client.post(address, data | {"_continue": "on"}, follow=True)
    assert "is on record already" in second.text and "/change/" in second.redirect_chain[0][0]
    assert count(headline="They insist") == 1
    name = "headline" if form is new_development else "title"
    other = client.post(address, data | {name: "Another text"})
    assert other.status_code == 409 and "has already recorded" in other.text and "Another text" in other.text
    assert count(headline="They insist") == 1
    again = typed(other)
    assert client.post(address, again).status_code == 302
    assert Submission.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", ["page", "admin", "name"])
def test_two_presses_at_the_same_moment_make_one(client, scene, alice, bob, form):
    if form == "admin":
        address, form = new_development(client, scene, alice)
    elif form == "page":
        address, form = "/developments/new/", filled(client, "/developments/new/", **SAID)
    else:
        alice = bob
        client.force_login(bob)
        address, form = "/parties/new/", filled(client, "/parties/new/", name="Ruritania", kind="state")
    clients = [Client(), Client()]
    for each in clients:
        each.force_login(alice)
    answers = at_once(*[lambda each=each: each.post(address, form) for each in clients])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert count(headline="They insist") + Party.objects.filter(name="Ruritania").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("admin", [False, True])
def test_of_two_edits_at_the_same_moment_one_is_shown_the_other(client, scene, alice, bob, admin):
    demand = Demand.objects.get()
    address = url(Demand, "change", demand.pk) if admin else f"{demand.get_absolute_url()}edit/"
    client.force_login(bob)
    form = typed(client.get(address)) if admin else sent(client.get(address))
    clients = [Client(), Client()]
    clients[0].force_login(alice)
    clients[1].force_login(bob)
    changes = ({"title": "Mine"}, {"note": "Theirs"})
    pairs = zip(clients, changes, strict=True)
    answers = at_once(*[lambda each=each, new=new: each.post(address, form | new) for each, new in pairs])
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    demand.refresh_from_db()
    assert (demand.title == "Mine") != (demand.note == "Theirs")
