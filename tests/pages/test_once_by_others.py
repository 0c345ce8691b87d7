"""A form that one account opened and another one sends: told so, led to what was recorded, and never twice unawares."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.pages import errors as admin_errors
from tests.admin.pages import typed, url
from tests.models.test_concurrency import at_once
from tests.pages.filling import errors, sent
from tests.pages.test_forms_records import NEW
from tests.pages.test_once import SAID, count, filled, new_demand, new_development, scene  # noqa: F401
from tracker.models import Demand, Development, Party, Process, Source, Submission

NOT_SEEN = "something that no longer exists or that you may not see"


@pytest.fixture
def other(bob):
    """The browser of another account."""
    browser = Client()
    browser.force_login(bob)
    return browser


def told(response):
    """What the page says has been recorded already, and the links in it."""
    box = BeautifulSoup(response.content, "lxml").select_one(".error-summary, .errornote ~ .errorlist")
    return " ".join(box.get_text().split()), [link["href"] for link in box.select("a")]


def words_in(form):
    """What is typed into a form, by field, apart from its key."""
    lists = {name: texts if isinstance(texts, list) else [texts] for name, texts in form.items()}
    return {
        name: words
        for name, texts in lists.items()
        if name != "form_key" and (words := [*filter(None, texts)])
    }


def test_an_unused_form_is_recorded_by_whoever_presses_again(client, scene, other, bob):  # noqa: F811
    form = filled(client, "/developments/new/", **SAID)
    response = other.post("/developments/new/", form)
    assert response.status_code == 422 and not count(headline="They insist")
    assert "This form was opened by another account, so nothing has been saved" in errors(response)[0]
    again = sent(response)
    assert {name: again[name] for name in SAID} == {name: [text] for name, text in SAID.items()}
    assert other.post("/developments/new/", again).status_code == 302
    assert Development.objects.get(headline="They insist").recorded_by == bob
    # The one who opened it hears of that, too.
    response = client.post("/developments/new/", form)
    assert (
        response.status_code == 409
        and "Another account has already recorded They insist" in told(response)[0]
    )
    assert count(headline="They insist") == 1


@pytest.mark.parametrize("model", NEW, ids=lambda model: model.__name__)
def test_every_used_form_leads_another_account_to_the_record(client, scene, other, model):  # noqa: F811
    url_name, texts = NEW[model]
    address = reverse(f"{url_name}:create")
    if model not in (Process, Party, Source):
        texts = {"process": "Peace talks", "development-party": "Freedonia"} | texts
    form = filled(client, address, **texts)
    first = client.post(address, form)
    assert first.status_code == 302, errors(first)
    before = model.objects.count()
    response = other.post(address, form)
    assert response.status_code == 409 and model.objects.count() == before
    words, links = told(response)
    assert "This form was opened by another account, which has already recorded" in words
    assert links == [first.url]
    kept = words_in(sent(response))
    assert kept == {name: texts for name, texts in words_in(form).items() if name in kept} and kept


def test_a_second_record_is_made_by_a_second_press_alone(client, scene, other):  # noqa: F811
    form = filled(client, "/developments/new/", **SAID)
    client.post("/developments/new/", form)
    # Neither a row more nor a text that is wrong makes the form forget who opened it.
    more = sent(other.post("/developments/new/", form | {"add": "effects"}))
    for again in (form, more, form | {"headline": ""}):
        response = other.post("/developments/new/", again)
        assert response.status_code == 409 and count(headline="They insist") == 1
    assert other.post("/developments/new/", sent(other.post("/developments/new/", form))).status_code == 302
    assert count(headline="They insist") == 2


@pytest.mark.parametrize("admin", [False, True])
def test_a_restricted_record_is_not_named(client, scene, other, alice, admin):  # noqa: F811
    secret = make.ProcessFactory(title="Back channel", restricted=True, members=[alice])
    if admin:
        address, form = new_development(client, secret, alice)
        form |= {"effects-0-item": "", "effects-0-firmness": ""}
    else:
        texts = SAID | {"process": secret.ref, "effects-0-item": "", "effects-0-firmness": ""}
        address, form = "/developments/new/", filled(client, "/developments/new/", **texts)
    first = client.post(address, form)
    assert first.status_code == 302, (admin_errors if admin else errors)(first)
    made = Development.objects.get(headline="They insist")
    response = other.post(address, form | {"headline": "Another text"})
    assert response.status_code == 409 and NOT_SEEN in told(response)[0]
    assert "They insist" not in response.text and made.ref not in response.text
    assert "Back channel" not in response.text and not told(response)[1]


@pytest.mark.parametrize("form", [new_development, new_demand])
def test_the_admin_tells_another_account_what_was_recorded(client, scene, alice, other, form):  # noqa: F811
    address, data = form(client, scene, alice)
    unused = other.post(address, data)
    assert unused.status_code == 409 and "This form was opened by another account, so nothing" in unused.text
    assert client.post(address, data).status_code == 302
    made = Development.objects.get(headline="They insist")
    made = made if form is new_development else Demand.objects.get(title="They insist")
    sends = (data, typed(unused), data | {"process": ""})
    responses = [other.post(address, again) for again in sends]
    for response in responses:
        assert response.status_code == 409
        assert told(response)[1] == [url(type(made), "change", made.pk)]
    assert "This form was opened by another account, which has already recorded" in told(responses[0])[0]
    assert "Another account has already recorded" in told(responses[1])[0]
    assert count(headline="They insist") == 1
    again = typed(responses[0])
    if form is new_demand:
        # A demand of this title is on record by now.
        asked = [each for each in other.post(address, again).context["questions"] if each.asked]
        again |= {each.box.name: each.value for each in asked}
    assert other.post(address, again).status_code == 302
    assert count(headline="They insist") == 2 == Submission.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_accounts_that_press_at_the_same_moment_make_one(client, scene, other):  # noqa: F811
    form = filled(client, "/developments/new/", **SAID)
    taken_over = sent(other.post("/developments/new/", form))
    answers = at_once(
        lambda: client.post("/developments/new/", form), lambda: other.post("/developments/new/", taken_over)
    )
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert count(headline="They insist") == 1


def test_a_form_sent_from_elsewhere_is_not_given_back(scene, alice):  # noqa: F811
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    browser.get("/parties/new/")
    form = {"name": "planted", "kind": "state", "csrfmiddlewaretoken": "x" * 32}
    for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        response = browser.post("/parties/new/", form, headers=headers)
        assert response.status_code == 403 and "planted" not in response.text
        assert "Nothing was saved" in response.text
