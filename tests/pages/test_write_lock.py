"""While another process holds the write lock one can sign in, read and sign out; what cannot be saved is given back."""

import contextlib
import datetime as dt
import sqlite3

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from tests.factories import PartyFactory, ProcessFactory, UserFactory
from tests.pages.filling import sent
from tests.pages.reading import Words
from tracker.models import ImportRun, Party, Process, Token, User
from tracker.write_lock import LongWrite, announced, is_locked_out, long_writes, unless_locked

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "six long words make a password"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
sqlite_alone = pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"].endswith("postgresql"), reason="of SQLite"
)


@pytest.fixture
def locked():
    """A context in which another program holds the write lock; on PostgreSQL, the rows of all processes and parties."""

    @contextlib.contextmanager
    def hold():
        given = connection.get_connection_params()
        with connection.cursor() as cursor:
            # Long enough to tell a wait from none, and short enough for a test.
            cursor.execute(
                "PRAGMA busy_timeout = 50" if connection.vendor == "sqlite" else "SET lock_timeout = '50ms'"
            )
        if connection.vendor == "sqlite":
            with contextlib.closing(sqlite3.connect(given["database"], isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield
                other.execute("ROLLBACK")
        else:
            said = connection.settings_dict
            address = {name.lower(): said[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
            with psycopg.connect(**address, dbname=said["NAME"]) as other:
                other.execute("SELECT 1 FROM tracker_process FOR UPDATE")
                other.execute("SELECT 1 FROM tracker_party FOR UPDATE")
                yield
                other.rollback()

    yield hold
    connection.close()


@pytest.fixture
def analyst():
    return UserFactory(username="ana", password=PASSWORD, editor=True)


def kept(response):
    """The fields of the form that gives back what was sent, as a browser would send them: {name: [values]}."""
    assert response.status_code == 503
    return sent(response)


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


@sqlite_alone
def test_one_signs_in_reads_and_signs_out_without_the_lock(locked, analyst, client):
    PartyFactory(name="Avaria")
    User.objects.filter(pk=analyst.pk).update(password="md5$outdated$" + "0" * 32)
    analyst.set_password(PASSWORD)
    analyst.save()
    with locked():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 60000")  # whoever waits now is found out
        signed_in = client.post("/accounts/login/", {"login": "ana", "password": PASSWORD}, headers=BROWSER)
        assert signed_in.status_code == 302
        for address in ("/", "/parties/", "/parties.csv", "/search/?q=avaria", "/imports/", "/admin/"):
            assert client.get(address, headers=BROWSER).status_code == 200
        assert client.post("/accounts/logout/", headers=BROWSER).status_code == 302
        assert client.get("/", headers=BROWSER).status_code == 302
    analyst.refresh_from_db()
    assert analyst.last_login is None


@sqlite_alone
def test_a_token_reads_without_the_lock_and_its_day_is_noted_later(locked, analyst, client):
    token, secret = Token.make(analyst, "notebook")
    with locked():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 60000")
        answer = client.get("/parties.csv", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 200
    token.refresh_from_db()
    assert token.used_on is None
    client.get("/parties.csv", headers={"Authorization": f"Bearer {secret}"})
    token.refresh_from_db()
    assert token.used_on is not None


def test_a_sign_in_is_noted_when_nobody_else_writes(client, analyst):
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    analyst.refresh_from_db()
    assert analyst.last_login is not None


@pytest.mark.parametrize("address", ["/parties/new/", "/admin/tracker/party/add/"])
@sqlite_alone
def test_pages_and_admin_answer_alike(locked, client, address):
    client.force_login(UserFactory(username="root", administrator=True))
    sent = {
        "name": "Avaria",
        "kind": "state",
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
    with locked():
        response = client.post(
            "/parties/new/", {"name": "Avaria", "kind": "state"}, headers={"HX-Request": "true"}
        )
    assert response.status_code == 503 and response["HX-Retarget"] == "#main"


@sqlite_alone
@pytest.mark.parametrize(
    ("accept", "kind"), [("application/json", "application/json"), ("*/*", "text/plain")]
)
def test_programs_get_a_sentence(locked, client, analyst, accept, kind):
    client.force_login(analyst)
    with locked():
        response = client.post(
            "/parties/new/", {"name": "Avaria", "kind": "state"}, headers={"Accept": accept}
        )
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
            response = client.post("/parties/new/", {"name": "Avaria", "kind": "state"}, headers=BROWSER)
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
    def busy(run, record_type):
        raise OperationalError from locked_error()

    monkeypatch.setattr("tracker.exchange.importing.starting.work", busy)
    client.force_login(analyst)
    response = client.post(
        "/imports/", {"type": "party", "text": "name,kind\nAvaria,state\n"}, headers=BROWSER
    )
    page = client.get(response["Location"], headers=BROWSER)
    assert "Begin that step again" in Words(page).text()


def locked_error():
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return error


def test_a_row_locked_on_postgresql_is_answered_alike(locked, client, analyst):
    process = ProcessFactory(title="Talks")
    client.force_login(analyst)
    address = f"/processes/{process.ref}/edit/"
    typed = sent(client.get(address)) | {"title": ["Other talks"]}
    with locked():
        assert kept(client.post(address, typed, headers=BROWSER)) == typed
    assert Process.objects.get().title == "Talks"


def test_nothing_but_a_lock_is_taken_for_one():
    with pytest.raises(OperationalError), unless_locked():
        raise OperationalError("disk I/O error")
    disk = sqlite3.OperationalError("disk I/O error")
    disk.sqlite_errorcode = sqlite3.SQLITE_IOERR
    for cause in (None, ValueError(), disk):
        error = OperationalError()
        error.__cause__ = cause
        assert not is_locked_out(error)
    error.__cause__ = locked_error()
    assert is_locked_out(error) and not is_locked_out(error.__cause__)


def test_a_long_write_is_known_while_it_lasts(settings):
    before = dt.datetime.now(dt.UTC)
    with announced("the generation of a synthetic record"):
        (write,) = long_writes()
        assert (
            write == LongWrite("the generation of a synthetic record", "", write.since)
            and write.since >= before
        )
    assert long_writes() == []
    left = settings.VAR_DIR / "writing" / "1-dead.json"
    left.write_text(
        '{"what": "of a process that ended", "import_ref": "", "since": "2025-02-18T10:00:00+00:00"}'
    )
    assert long_writes() == [] and not left.exists()
