"""What operators see: health, the log, and metrics."""

import io
import json
import logging
import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pythonjsonlogger.json import JsonFormatter

from tests.installation import ROOT, SECONDS
from tracker.logs import JSON_FIELDS, Discreet, OfRequest, configuration

pytestmark = pytest.mark.django_db
SEARCHED = "a word nobody may read"


@pytest.fixture
def requests_logged(caplog):
    """The lines of the log that tell of requests."""
    caplog.set_level("INFO", logger="tracker.requests")
    caplog.handler.addFilter(OfRequest())
    return lambda: [one for one in caplog.records if one.name == "tracker.requests"]


class Reported(logging.Handler):
    """A reporter that keeps what it is given."""

    def __init__(self):
        super().__init__()
        self.given = []

    def emit(self, record):
        self.given.append(record)


@pytest.fixture
def written():
    """The lines of the log as JSON with a reporter, as an operator gets them: (lines so far, records reported)."""
    made = configuration("INFO", "json", "collected.Handler")
    lines, reported = io.StringIO(), Reported()
    console = logging.StreamHandler(lines)
    console.setFormatter(JsonFormatter(JSON_FIELDS, style="{"))
    root = logging.getLogger()
    # Those of this process would take out first what these are to take out.
    others = root.handlers[:]
    for name, handler in {"console": console, "reporter": reported}.items():
        handler.setLevel(made["handlers"][name]["level"])
        for each in made["handlers"][name]["filters"]:
            given = dict(made["filters"][each])
            handler.addFilter(given.pop("()")(**given))
    root.handlers = [console, reported]
    yield lambda: [json.loads(line) for line in lines.getvalue().splitlines()], reported.given
    root.handlers = others


SECRET = "s3cretsecretsecret"


@pytest.mark.parametrize(
    ("path", "sent", "status", "message"),
    [
        (f"/feeds/{SECRET}/nosuch.atom", {}, 404, "Not Found: /feeds/<slug:secret>/<str:name>"),
        (f"/feeds/{SECRET}/a/b", {}, 404, "Not Found: /feeds/..."),
        (f"/feeds/{SECRET}/x.atom", {"Authorization": "Bearer no"}, 401, "Unauthorized: /feeds/..."),
        (f"/search/?q={SECRET}%00", {}, 400, "Bad Request: /search/"),
        (
            f"/search/?q={SECRET}",
            {"Host": "other.example"},
            400,
            "Invalid HTTP_HOST header: 'other.example'. You may need to add 'other.example' to ALLOWED_HOSTS.",
        ),
    ],
)
def test_a_refused_request_is_one_line_without_its_secrets(client, bob, written, path, sent, status, message):
    client.force_login(bob)
    answer = client.get(path, headers=sent)
    lines, reported = written[0](), written[1]
    assert answer.status_code == status
    (line,) = [line for line in lines if line["name"].startswith("django.")]
    assert (line["levelname"], line["message"]) == ("WARNING", message)
    assert line["request_id"] == answer["X-Request-ID"]
    assert "exc_info" not in line and SECRET not in json.dumps(lines) and not reported


def test_a_forged_form_tells_the_host_that_it_came_from_alone(written):
    client = Client(enforce_csrf_checks=True)
    sent = {"Referer": f"https://other.example/{SECRET}/?q={SECRET}"}
    assert client.post(f"/feeds/{SECRET}/x", {"word": SECRET}, headers=sent, secure=True).status_code == 403
    assert "https://other.example does not match" in written[0]()[0]["message"]
    assert SECRET not in json.dumps(written[0]())


def test_what_the_server_says_of_a_client_that_left_has_no_secret(written):
    for path in (f"/feeds/{SECRET}/all.atom", "/readyz"):
        logging.getLogger("waitress").error("Exception while serving %s", path)
    assert [line["message"] for line in written[0]()] == [
        "Exception while serving /feeds/...",
        "Exception while serving /readyz",
    ]


def test_a_reporter_is_given_an_error_without_the_request(client, written, monkeypatch):
    def fail(*arguments):
        raise RuntimeError("It broke.")

    monkeypatch.setattr(connection, "cursor", fail)
    client.raise_request_exception = False
    answer = client.get(f"/readyz?q={SECRET}")
    assert answer.status_code == 500
    (record,) = written[1]
    assert record.getMessage() == "Internal Server Error: /readyz" and record.exc_info
    assert record.request_id == answer["X-Request-ID"] and not hasattr(record, "request")


def test_no_other_handler_writes_what_django_says():
    assert not logging.getLogger("django").handlers


def test_a_warning_is_not_written_where_errors_are_asked_for():
    record = logging.makeLogRecord({"name": "django.security.DisallowedHost", "levelno": logging.ERROR})
    record.status_code = 400
    assert not Discreet("ERROR").filter(record)


@pytest.mark.parametrize(("path", "word"), [("/healthz", "alive"), ("/readyz", "ready")])
def test_who_watches_needs_no_account(client, path, word):
    answer = client.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": word})
    assert not answer.cookies
    assert client.get(path, headers={"Host": "10.0.0.7:8000"}).json() == {"status": word}
    assert client.get(f"{path}/", headers={"Host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_not_redirected_and_take_nothing(client, settings, path):
    assert client.post(path).status_code == 405
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]
    assert Client().get(path).status_code != 301
    assert Client().get("/").status_code == 301


@pytest.mark.fault
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
    assert Discreet("INFO").filter(record)
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


COUNTED = """
import django, os, resource
django.setup()
from tracker.monitoring.metrics import ROOM, folder, measured
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
for limit in (1000, most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    measured("GET", "/", 200, 0.1)
    print(sum(file.stat().st_blocks * 512 >= ROOM for file in folder().glob("*.db")))
"""


@pytest.mark.fault
def test_a_disk_that_is_full_costs_the_numbers_alone(tmp_path):
    """Their files take their room beforehand, since a process that finds none later is ended by the system."""
    given = os.environ | {"VAR_DIR": str(tmp_path), "METRICS_TOKEN": "m" * 30}
    given |= {"DJANGO_SETTINGS_MODULE": "tracker.settings"}
    done = subprocess.run(
        [sys.executable, "-c", COUNTED], cwd=ROOT, env=given, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.stdout.split() == ["0", "1"], done.stderr
    assert "Requests are not counted" in done.stderr
