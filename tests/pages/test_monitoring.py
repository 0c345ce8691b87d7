"""What operators see: health, the log, and metrics."""

import json
import logging

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pythonjsonlogger.json import JsonFormatter

from tracker.logs import JSON_FIELDS, OfRequest, WithoutTraceback, configuration

pytestmark = pytest.mark.django_db
SEARCHED = "a word nobody may read"


@pytest.fixture
def requests_logged(caplog):
    """The lines of the log that tell of requests."""
    caplog.set_level("INFO", logger="tracker.requests")
    caplog.handler.addFilter(OfRequest())
    return lambda: [one for one in caplog.records if one.name == "tracker.requests"]


@pytest.mark.parametrize(("path", "word"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_who_watches_needs_no_account(client, path, word):
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": word})
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_not_redirected_and_take_nothing(client, settings, path):
    assert client.post(path).status_code == 405
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]
    assert Client().get(path).status_code != 301
    assert Client().get("/").status_code == 301


def test_without_its_database_it_lives_but_is_not_ready(client, monkeypatch):
    def away(*arguments):
        raise OperationalError("could not connect to host db.internal")

    monkeypatch.setattr(connection, "cursor", away)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "reason": "the database does not answer"}


def test_before_the_last_migration_it_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tracker'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "migrations are to be applied")


def test_each_request_is_a_line_without_what_was_asked(client, bob, requests_logged):
    client.force_login(bob)
    answer = client.get("/search/", {"q": SEARCHED}, headers={"X-Request-ID": "from-the-proxy-1"})
    client.get("/feeds/secretsecretsecret/timeline.atom")
    client.get("/parties/pty-nobody/")
    first, second, third = requests_logged()
    assert first.getMessage() == "GET /search/ 200"
    assert first.request_id == answer["X-Request-ID"] == "from-the-proxy-1" != second.request_id
    assert first.user_id == bob.pk and first.milliseconds >= 0
    assert second.getMessage() == "GET /feeds/<slug:secret>/<str:name> 404"
    assert third.getMessage() == "GET /parties/<slug:ref>/ 404"


def test_an_id_that_is_none_is_replaced(client):
    for given in ("short", "with blanks in it", "x" * 65):
        assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] != given


def test_a_line_can_be_json():
    assert configuration("INFO", "json", None)["handlers"]["console"]["formatter"] == "json"
    record = logging.makeLogRecord({"msg": "GET / 200", "levelname": "INFO", "request_id": "1" * 16})
    line = json.loads(JsonFormatter(JSON_FIELDS, style="{").format(record))
    assert (line["message"], line["levelname"], line["request_id"]) == ("GET / 200", "INFO", "1" * 16)


@pytest.mark.parametrize(("status", "is_kept"), [(404, False), (499, False), (500, True)])
def test_only_an_error_of_the_server_has_a_traceback(status, is_kept):
    error = ("type", "value", "traceback")
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "Forbidden", (), error)
    record.status_code = status
    assert WithoutTraceback().filter(record)
    assert record.exc_info == (error if is_kept else None)


def test_a_reporter_is_given_errors_alone():
    made = configuration("INFO", "text", "collected.Handler")
    assert made["handlers"]["reporter"]["class"] == "collected.Handler"
    assert made["handlers"]["reporter"]["level"] == "ERROR" and "reporter" in made["root"]["handlers"]
    assert "reporter" not in configuration("INFO", "text", None)["root"]["handlers"]


def test_metrics_are_for_who_has_their_token(client, settings, tmp_path):
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN, settings.VAR_DIR = "m" * 30, tmp_path
    (tmp_path / "metrics").mkdir()
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {'m' * 30}"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
