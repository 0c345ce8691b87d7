"""What others hold locked: how long a page waits for it, what it does without, and who is known to hold it."""

import datetime as dt
import sqlite3
import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from tests.factories import PartyFactory, UserFactory
from tests.fixtures import sqlite_alone
from tracker.files.importing.runs import begin
from tracker.models import ImportRun, Token, User
from tracker.register import RECORD_TYPES
from tracker.write_lock import LongWrite, announced, is_locked_out, long_writes, unless_locked, wait_briefly

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "six long words make a password"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def analyst():
    return UserFactory(username="ana", password=PASSWORD, analyst=True)


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
def test_a_second_factor_is_used_without_the_lock_and_a_recovery_code_only_once(locked, analyst):
    secret = generate_totp_secret()
    TOTP.activate(analyst, secret)
    first, second = RecoveryCodes.activate(analyst).generate_codes()[:2]
    now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    with locked():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 60000")
        assert enters(now) and enters(first)
        assert not enters(first)
    assert not enters(first) and enters(second)
    codes = Authenticator.objects.get(user=analyst, type="recovery_codes")
    # What was spent meanwhile is in the database with the next one, so that a copy of it knows.
    assert codes.data["used_mask"] == 0b11 and codes.last_used_at is not None


def enters(code):
    """Whether ana is let in by her password and then `code`."""
    browser = Client()
    browser.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    return browser.get("/").status_code == 200


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


def test_pages_wait_a_few_seconds_and_commands_longer(locked):
    wait_briefly(connection)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
        assert cursor.fetchone()[0] in (5000, "5s")
    connection.close()


@pytest.mark.parametrize("command", [["run_jobs"], ["import_run", "imp-1"]])
def test_work_in_the_background_waits_for_other_such_work(db, command):
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL they do not wait for each other")
    party = next(kind for kind in RECORD_TYPES if kind.url_name == "party")
    begin(UserFactory(editor=True), party, "parties.csv", [b"name,kind\nRuritania,state\n"])
    ImportRun.objects.update(ref="imp-1")
    with connection.cursor() as cursor:
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        try:
            call_command(*command, stdout=StringIO())
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == (600_000,)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")


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


def locked_error():
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return error


@pytest.mark.fault
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
