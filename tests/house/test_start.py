"""`manage.py start`, run for real: what it prints, what it serves, how it stops, and what it keeps."""

import http.cookiejar
import re
import socket
import stat
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.installation import ROOT, SECONDS, ask, command, fresh, started

# One of the two databases, since all of it needs a second start; the browser tests start one on the other.
pytestmark = [pytest.mark.installation, pytest.mark.once]


@pytest.fixture(scope="module")
def environment(first_start, tmp_path_factory):
    """The environment of an installation that was started once."""
    with fresh(tmp_path_factory.mktemp("start"), like=first_start[0]) as given:
        yield given


@pytest.fixture(scope="module")
def later_start(environment):
    """What the second start printed, and the answers that its server gave."""
    with started(environment) as printed:
        answers = {
            path: fetch(printed["URL"] + path) for path in ("accounts/login/", "static/admin/css/base.css")
        }
        signed_in = {
            role: sign_in(printed["URL"], *printed[role].split(" / "))
            for role in ("Analyst", "Administrator")
        }
    return printed, answers, signed_in


def fetch(url, opener=urllib.request.urlopen):
    with opener(url, timeout=SECONDS) as answer:
        return answer.status, answer.headers, answer.read().decode(), answer.url


def sign_in(url, name, password):
    """The address where one lands after signing in."""
    cookies = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    page = f"{url}accounts/login/?next=/accounts/password/change/"
    fetch(page, opener.open)
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    form = {"login": name, "password": password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(page, urllib.parse.urlencode(form).encode(), {"Referer": page})
    return fetch(request, opener.open)[3]


def test_it_prints_the_address_and_both_accounts(first_start):
    printed = first_start[1]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", printed["URL"])
    assert re.fullmatch(r"analyst / \S{12,}", printed["Analyst"])
    assert re.fullmatch(r"administrator / \S{12,}", printed["Administrator"])


def test_it_serves_pages_and_static_files(later_start):
    for status, headers, _, _ in later_start[1].values():
        assert status == 200
        assert headers["Server"] == "tracker"


def test_both_accounts_sign_in(later_start):
    assert all(address.endswith("/accounts/password/change/") for address in later_start[2].values())


def test_what_is_secret_is_the_operators_alone(first_start):
    folder = Path(first_start[0]["VAR_DIR"])
    for name in ("accounts.txt", "secret-key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_later_start_prints_the_same_accounts_and_says_when_one_was_changed(
    first_start, later_start, environment
):
    accounts = [
        printed[role] for printed in (first_start[1], later_start[0]) for role in ("Analyst", "Administrator")
    ]
    assert accounts[:2] == accounts[2:]
    changed = PBKDF2PasswordHasher().encode("another one", "salt", iterations=1)
    ask(environment, f"UPDATE tracker_user SET password = '{changed}' WHERE role = 'analyst'")
    with started(environment) as printed:
        assert "password was changed" in printed["Analyst"]
        assert printed["Administrator"] == first_start[1]["Administrator"]


def test_a_port_in_use_is_said_in_one_line(environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        tried = subprocess.run(
            command("start"), cwd=ROOT, env=environment | {"PORT": str(port)}, capture_output=True, text=True
        )
    assert tried.returncode == 1
    assert tried.stderr == f"CommandError: Port {port} is in use; choose another: PORT={port + 1} make run\n"


@pytest.mark.fault
def test_a_database_that_does_not_answer_is_said_without_a_traceback(environment):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"postgres://ana:hidden@127.0.0.1:{free.getsockname()[1]}/record"
        tried = subprocess.run(
            command("start"),
            cwd=ROOT,
            env=environment | {"DATABASE_URL": nobody},
            capture_output=True,
            text=True,
        )
    assert tried.returncode == 1
    assert tried.stderr.startswith("CommandError: The database does not answer: ")
    assert "Traceback" not in tried.stderr and "hidden" not in tried.stderr
