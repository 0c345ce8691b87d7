"""A full disk, a record that can only be read, a database that is away: a page says so, and keeps what was sent."""

import contextlib
import errno
import sqlite3

import psycopg
import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client

from tests.factories import UserFactory
from tests.pages.filling import sent
from tests.pages.reading import Words
from tracker.models import Party
from tracker.outage import Outage, outage_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.both]

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def reader():
    """Somebody who records, whose browser shows what the server answers to an error."""
    reader = Client(raise_request_exception=False, enforce_csrf_checks=True)
    reader.force_login(UserFactory(editor=True))
    return reader


@contextlib.contextmanager
def read_only():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = ON")
            yield
            cursor.execute("PRAGMA query_only = OFF")
        else:
            cursor.execute("SET default_transaction_read_only = on")
            yield
            cursor.execute("SET default_transaction_read_only = off")


@contextlib.contextmanager
def full():
    def execute(execute, sql, *arguments):
        if not sql.startswith("INSERT"):
            return execute(sql, *arguments)
        error = OperationalError("no space left")
        if connection.vendor == "sqlite":
            error.__cause__ = sqlite3.OperationalError("database or disk is full")
            error.__cause__.sqlite_errorcode = sqlite3.SQLITE_FULL
        else:
            error.__cause__ = psycopg.errors.DiskFull("could not extend file")
        raise error

    with connection.execute_wrapper(execute):
        yield


@contextlib.contextmanager
def away():
    """Yield how often somebody tried to connect, each time in vain."""
    attempts = []

    def connect():
        attempts.append(1)
        raise OperationalError("connection refused")

    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setattr(connection, "connect", connect)
        yield attempts


def typed(reader, **more):
    page = reader.get("/parties/new/")
    fields = sent(page) | {"name": ["Avaria"], "kind": ["state"], **more}
    return fields | {"csrfmiddlewaretoken": reader.cookies["csrftoken"].value}


def saved_again(reader, response):
    """What the page gives back can be sent again, and is saved."""
    form = Words(response).soup.select_one("main form")
    token = form.select_one("[name=csrfmiddlewaretoken]")["value"]
    again = reader.post(form["action"], sent(response) | {"csrfmiddlewaretoken": token}, headers=BROWSER)
    return again.status_code == 302 and Party.objects.filter(name="Avaria").count() == 1


@pytest.mark.parametrize(
    ("outage", "words"),
    [
        (read_only, "The record can only be read at the moment"),
        (full, "The disk of the server is full"),
        (away, "The database does not answer"),
    ],
)
def test_a_form_is_given_back_and_saves_once_all_is_well(reader, outage, words):
    fields = typed(reader, description=["x" * 50_000])
    with outage():
        response = reader.post("/parties/new/", fields, headers=BROWSER)
    assert response.status_code == 503 and int(response["Retry-After"]) > 0
    assert words in Words(response).text("h1")
    assert not Party.objects.exists()
    assert saved_again(reader, response)


def test_a_page_says_what_is_out_of_order_and_offers_to_try_again(reader):
    with away() as attempts:
        response = reader.get("/parties/?kind=state", headers=BROWSER)
        # Where none is answered, each takes seconds.
        assert len(attempts) == 1
        plain = reader.get("/parties.csv", headers={"Accept": "*/*"})
    assert response.status_code == plain.status_code == 503
    assert "/parties/?kind=state" in Words(response).links()
    assert plain.content.decode().startswith("The database does not answer.")


def test_another_row_asked_for_takes_nothing_that_was_typed(reader):
    """What a page asks for by itself leaves it as it is."""
    fields = typed(reader, add=["effects"])
    by_htmx = {"HX-Request": "true", "Accept": "*/*"}
    with away():
        response = reader.post("/parties/new/", fields, headers=by_htmx)
        part = reader.get("/imports/imp-1/", headers=by_htmx)
    assert response.status_code == part.status_code == 503
    assert (response["HX-Retarget"], response["HX-Reswap"]) == ("#main", "outerHTML")
    assert part["HX-Reswap"] == "none" and "HX-Retarget" not in part
    main = Words(response).soup.select_one(response["HX-Reselect"])
    assert main.select_one("form [name=name]")["value"] == "Avaria"


def test_what_another_site_sent_is_not_given_back(reader):
    with away():
        response = reader.post("/parties/new/", {"name": "planted"}, headers=BROWSER)
    assert response.status_code == 403 or "planted" not in response.content.decode()


def test_a_fault_of_the_application_stays_one(reader, monkeypatch):
    monkeypatch.setattr("tracker.pages.lists.RecordList.get", lambda *arguments: 1 / 0)
    assert reader.get("/parties/", headers=BROWSER).status_code == 500


def told(cause, kind=OperationalError):
    error = kind("words")
    error.__cause__ = cause
    return outage_of(error)


@pytest.mark.parametrize(
    ("state", "outage"),
    [
        ("53100", Outage.FULL), ("25006", Outage.READ_ONLY), ("57P01", Outage.AWAY), ("08006", Outage.AWAY),
        ("53300", Outage.AWAY), ("55P03", None), ("40P01", None), ("57014", None),
    ],
)  # fmt: skip
def test_the_codes_of_postgresql_are_told_apart(state, outage):
    assert told(type("Failed", (psycopg.OperationalError,), {"sqlstate": state})("words")) is outage


@pytest.mark.parametrize(
    ("code", "outage"),
    [
        (errno.ENOSPC, Outage.FULL),
        (errno.EROFS, Outage.READ_ONLY),
        (errno.ENOENT, None),
        (errno.EACCES, None),
    ],
)
def test_the_errors_of_files_are_told_apart(code, outage):
    assert outage_of(OSError(code, "words")) is outage


def test_other_errors_are_none():
    assert outage_of(ValueError("words")) is None and outage_of(None) is None
    assert told(None) is Outage.AWAY and told(None, InternalError) is None
