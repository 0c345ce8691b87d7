"""A page that could not write because others do: all that was sent is given back, and saves once when sent again."""

import sqlite3

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from tests.factories import PartyFactory, ProcessFactory, UserFactory
from tests.fixtures import sqlite_alone
from tests.pages.filling import sent
from tests.pages.reading import Words
from tracker.models import ImportRun, Party, Process
from tracker.write_lock import announced

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "six long words make a password"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def analyst():
    return UserFactory(username="ana", password=PASSWORD, editor=True)


def new_party(client, address="/parties/new/"):
    """What a browser sends for a new party, with the key of the form that it was given."""
    key = Words(client.get(address)).soup.select_one("[name=form_key]")["value"]
    return {"name": "Avaria", "kind": "state", "form_key": key}


def kept(response):
    """The fields of the form that gives back what was sent, as a browser would send them: {name: [values]}."""
    assert response.status_code == 503
    # Whatever a line ends with in a page, a browser sends CR LF.
    return {
        name: [value.replace("\r\n", "\n").replace("\n", "\r\n") for value in values]
        for name, values in sent(response).items()
    }


def test_a_save_is_given_back_whole_and_saves_once_when_sent_again(locked, analyst):
    party = PartyFactory(name="Avaria")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(analyst)
    address = f"/parties/{party.ref}/edit/?next=/parties/"
    typed = sent(browser.get(address)) | {
        "name": ["Avaria “the old”"], "description": [" two\r\nlines <b>&amp; a sign 🕊\r\n"], "kind": ["state"],
        "one-time": ["key"], "many": ["b", "a", "b"],
    }  # fmt: skip
    token = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    with locked():
        response = browser.post(address, typed | token, headers=BROWSER)
        assert response.status_code == 503 and int(response["Retry-After"]) > 0
        assert response["Cache-Control"] == "no-store, private"
        assert "Nothing of what you sent was saved" in Words(response).text()
        assert Party.objects.get().name == "Avaria"
    assert kept(response) == typed
    form = Words(response).soup.select_one("main form")
    token = {name: form.select_one(f"[name={name}]")["value"] for name in token}
    saved = browser.post(form["action"], kept(response) | token, headers=BROWSER)
    assert (saved.status_code, saved["Location"]) == (302, "/parties/")
    assert Party.objects.get().name == "Avaria “the old”" and Party.objects.get().version == 2


def test_a_form_that_failed_its_check_is_not_given_back(locked, analyst):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(analyst)
    with locked():
        response = browser.post("/parties/new/", {"name": "planted"}, headers=BROWSER)
    assert response.status_code == 403 and "planted" not in response.content.decode()


@pytest.mark.parametrize("address", ["/parties/new/", "/admin/tracker/party/add/"])
@sqlite_alone
def test_pages_and_admin_answer_alike(locked, client, address):
    client.force_login(UserFactory(username="root", administrator=True))
    sent = new_party(client, address) | {
        "aliases": "",
        "iso_code": "",
        "short_name": "",
        "description": "",
    }
    sent |= {
        f"{prefix}-{name}": "0" for prefix in ("offices", "form") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    with locked():
        response = client.post(address, sent, headers=BROWSER)
    assert response.status_code == 503 and kept(response)["name"] == ["Avaria"]


@sqlite_alone
def test_htmx_gets_the_page_in_place_of_what_it_asked_for(locked, client, analyst):
    client.force_login(analyst)
    typed = new_party(client)
    with locked():
        response = client.post("/parties/new/", typed, headers={"HX-Request": "true"})
    assert response.status_code == 503 and response["HX-Retarget"] == "#main"


@sqlite_alone
@pytest.mark.parametrize(
    ("accept", "kind"), [("application/json", "application/json"), ("*/*", "text/plain")]
)
def test_programs_get_a_sentence(locked, client, analyst, accept, kind):
    client.force_login(analyst)
    typed = new_party(client)
    with locked():
        response = client.post("/parties/new/", typed, headers={"Accept": accept})
    assert response.status_code == 503 and response["Content-Type"].startswith(kind)
    assert "nothing of this was saved" in response.content.decode()


@sqlite_alone
def test_a_password_is_not_written_into_the_page(locked, client, analyst):
    client.force_login(analyst)
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    new = "seven words make a much longer one"
    with locked():
        typed = {"oldpassword": PASSWORD, "password1": new, "password2": new, "next": "/"}
        response = client.post("/accounts/password/change/", typed, headers=BROWSER)
    assert response.status_code == 503 and new not in response.content.decode()
    assert "Only passwords are not kept" in Words(response).text()


@sqlite_alone
def test_the_page_names_what_is_written_as_far_as_the_reader_may_know(locked, client, analyst):
    owner = UserFactory(username="boris", analyst=True)
    run = ImportRun.objects.create(by=owner, record_type="party", file_name="secret channel.csv")
    shown = {}
    with locked(), announced("an import", run.ref):
        for user in (analyst, owner):
            client.force_login(user)
            response = client.post("/parties/new/", new_party(client), headers=BROWSER)
            shown[user.username] = Words(response).text("main")
    assert "secret channel.csv by boris, since" in shown["boris"]
    assert "an import, since" in shown["ana"] and "secret" not in shown["ana"] and "boris" not in shown["ana"]


@sqlite_alone
def test_a_file_is_named_to_be_chosen_again(locked, client, analyst):
    client.force_login(analyst)
    with locked():
        file = SimpleUploadedFile("parties.csv", b"name,kind\nAvaria,state\n")
        typed = {"type": "party", "file": file, "note": "from the archive"}
        response = client.post("/imports/", typed, headers=BROWSER)
    assert response.status_code == 503
    assert "choose again: parties.csv" in Words(response).text() and kept(response)["note"] == [
        "from the archive"
    ]


@sqlite_alone
def test_an_upload_is_kept_when_its_reading_must_wait(client, analyst, monkeypatch):
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT

    def busy(run, record_type):
        raise OperationalError from error

    monkeypatch.setattr("tracker.files.importing.launch.work", busy)
    client.force_login(analyst)
    response = client.post(
        "/imports/", {"type": "party", "text": "name,kind\nAvaria,state\n"}, headers=BROWSER
    )
    page = client.get(response["Location"], headers=BROWSER)
    assert "It was interrupted while being read" in Words(page).text()


def test_a_row_locked_on_postgresql_is_answered_alike(locked, client, analyst):
    process = ProcessFactory(title="Talks")
    client.force_login(analyst)
    address = f"/processes/{process.ref}/edit/"
    typed = sent(client.get(address)) | {"title": ["Other talks"]}
    with locked():
        assert kept(client.post(address, typed, headers=BROWSER)) == typed
    assert Process.objects.get().title == "Talks"
