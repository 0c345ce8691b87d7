"""What nobody would type by hand: each is answered, in words, and nothing breaks."""

from urllib.parse import urlencode

import pytest
from django.db import IntegrityError
from django.test import Client

from tests import factories as make
from tests.pages.filling import errors, sent, submit
from tracker import recording
from tracker.models import Change, Party, Source
from tracker.pages import delete

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, bob):
    """An editor's browser."""
    client.force_login(bob)
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/demands/?after=%00",
        "/demands/?before=%00",
        "/demands.csv?%00=1",
        "/options/party/?q=%00",
        "/admin/tracker/demand/?status=%00",
        "/admin/tracker/party/?q=%00",
        "/admin/autocomplete/?app_label=tracker&model_name=development&field_name=party&term=%00",
        "/accounts/login/?next=%00",
    ],
)
def test_a_null_character_in_an_address_is_refused(desk, address):
    response = desk.get(address)
    assert response.status_code == 400 and "null character" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/options/party/?q=" + "a+" * 2000,
        "/options/party/?q=" + "x" * 60_000,
        "/admin/tracker/party/?q=" + "a+" * 2000,
        "/admin/tracker/development/?item=" + "9" * 23,
        "/admin/tracker/development/?item=" + "9" * 5000,
        "/admin/tracker/development/add/?item=" + "9" * 23,
        "/admin/tracker/development/add/?process=abc&talk=" + "9" * 23,
        "/admin/tracker/talk/add/?issues=1,abc",
        "/developments/new/?process=garbage&item=garbage",
    ],
)
def test_a_value_beyond_measure_does_no_harm(desk, address):
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize(
    "given", ["/talks/new/?process={0}", "/talks/new/?issues={0}", "/principles/new/?parties={0}&process={0}"]
)
def test_a_link_to_a_form_may_name_what_does_not_fit(desk, given):
    assert desk.get(given.format(make.PartyFactory().ref)).status_code == 200


def test_a_name_longer_than_any_is_nobodys(desk):
    typed = {"name": "Rudolf", "party": "x" * 100_000}
    response = submit(desk, "/people/new/", **typed)
    assert errors(response) == ["Party: No party has a name of 100,000 characters."]
    response = desk.get("/demands/", {"party": "x" * 60_000})
    assert response.status_code == 400 and "has a name of 60,000 characters" in response.text


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "-1", "x", ""])
def test_rows_without_number_are_asked_for_in_vain(desk, number):
    demand = make.DemandFactory()
    address = f"/developments/{demand.process.developments.get().ref}/edit/"
    data = sent(desk.get(address))
    for name in ("effects-TOTAL_FORMS", "version"):
        for button in ({}, {"add": "effects"}):
            assert desk.post(address, data | {name: number} | button).status_code in (200, 404, 422)
    assert demand.process.developments.count() == 1


def test_an_instant_that_has_no_day_here_is_none(desk, settings):
    settings.TIME_ZONE = "America/New_York"
    response = desk.get("/?known=0001-01-01T00:00:00Z")
    assert response.status_code == 400 and "lies outside the calendar" in response.text


def test_a_reason_holds_no_null_character(desk):
    address = f"/parties/{make.PartyFactory().ref}/delete/"
    response = desk.post(address, {"version": 1, "note": "a\0b"})
    assert response.status_code == 422 and "Null characters are not allowed" in response.text
    assert desk.post(address, {"version": 1, "note": "Twice"}).status_code == 302
    assert Change.objects.get(action="deleted").note == "Twice"


@pytest.mark.parametrize(
    "there",
    ["//evil.example", "/\\evil.example", "///evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
def test_nobody_is_led_elsewhere(desk, there):
    response = submit(desk, "/parties/new/", name="Freedonia", kind="state", next=there)
    assert response.status_code == 302 and response["Location"].startswith("/parties/pty-")


@pytest.mark.parametrize(
    "address",
    ["/", "/parties/", "/parties.csv", "/parties/?x=1", "/nowhere/", "/options/party/", "/accounts/2fa/"],
)
def test_nothing_that_was_read_is_kept_by_the_browser(desk, address):
    assert "no-store" in desk.get(address)["Cache-Control"]


def test_what_was_named_in_the_meantime_is_not_deleted(desk, monkeypatch):
    party = make.PartyFactory()

    def late(record, user, real=delete.obstacles):
        found = real(record, user)
        make.DemandFactory(party=party) if not found else None
        return found

    monkeypatch.setattr(delete, "obstacles", late)
    response = desk.post(f"/parties/{party.ref}/delete/", {"version": 1})
    assert response.status_code == 409 and "other records refer to it" in response.text
    assert Party.objects.filter(pk=party.pk).exists()


def test_what_was_withdrawn_in_the_meantime_is_not_withdrawn_again(desk, bob, monkeypatch):
    development = make.DevelopmentFactory()

    def late(by, row, note):
        raise recording.Outdated(None)

    monkeypatch.setattr(recording, "withdraw", late)
    response = desk.post(f"/developments/{development.ref}/delete/", {"version": 1, "note": "Wrong"})
    assert response.status_code == 409 and "while you wrote" in response.text


def test_a_name_taken_while_the_form_was_judged_is_told(desk, dave, monkeypatch):
    def late(by, record, related, **options):
        monkeypatch.undo()
        make.PartyFactory(name="Freedonia")
        raise IntegrityError

    monkeypatch.setattr(recording, "save", late)
    response = submit(desk, "/parties/new/", name="Freedonia", kind="state")
    assert response.status_code == 409 and Party.objects.count() == 0
    assert errors(response) == ["Somebody else wrote at the same moment. Nothing was saved: try once more."]


def test_null_characters_and_markup_in_forms_are_answered(desk):
    markup = "<script>alert(1)</script>"
    response = submit(desk, "/parties/new/", name="a\0b", kind="state")
    assert response.status_code == 422 and errors(response) == ["Name: Null characters are not allowed."]
    assert submit(desk, "/parties/new/", name=markup, kind="state", description=markup).status_code == 302
    party = Party.objects.get()
    pages = ["/parties/", party.get_absolute_url(), "history/", "edit/", "delete/"]
    pages = [page if page.startswith("/") else f"{party.get_absolute_url()}{page}" for page in pages]
    pages += ["/options/party/?q=script", f"/people/new/?party={party.ref}", "/people/?party=%3Cscript%3E"]
    pages += ["/admin/tracker/party/", f"/admin/tracker/party/{party.pk}/change/", "/admin/tracker/change/"]
    for page in pages:
        text = desk.get(page).text
        assert markup not in text and ("&lt;script&gt;" in text or "&lt;Script&gt;" in text), page


def test_a_browser_keeps_what_is_typed_and_nothing_else(client, bob):
    client.force_login(bob)
    demand = make.DemandFactory()
    page = demand.get_absolute_url()
    for address in ("/demands/new/", "/developments/new/", f"{page}edit/", page):
        assert client.get(address)["Cache-Control"] == "private, no-cache"
    for address in ("/", "/demands/", demand.process.get_absolute_url()):
        assert client.get(address)["Cache-Control"] == "no-store, private"


def test_a_long_text_in_any_script_is_kept(desk):
    text = "Первопричины конфликта. " * 25_000
    typed = {"publisher": "ТАСС", "title": "Стенограмма", "kind": "transcript", "text": text}
    body = urlencode(sent(desk.get("/sources/new/")) | typed, doseq=True)
    form = "application/x-www-form-urlencoded"
    assert desk.post("/sources/new/", body, content_type=form).status_code == 302
    assert Source.objects.get().text == text.strip()


def test_a_form_sent_from_elsewhere_is_not_accepted(bob):
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(bob)
    response = desk.post("/parties/new/", {"name": "Freedonia", "kind": "state"})
    assert response.status_code == 403 and "Nothing was saved" in response.text
    assert "Content-Security-Policy" in response and not Party.objects.exists()


@pytest.mark.parametrize("address", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_empties_what_the_browser_kept(desk, address):
    assert "Clear-Site-Data" not in desk.get("/")
    assert desk.post(address)["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in desk.get("/accounts/login/")
