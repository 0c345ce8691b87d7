"""Clients that send or take slowly hold nobody up."""

import contextlib
import http.client
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request

import pytest

from tests.installation import ROOT, SECONDS, ask, command, fresh, started
from tests.killing import NoAnswer, Reader, held_up
from tracker.models.tokens import hashed

pytestmark = pytest.mark.installation

HALF_A_HEADER = "GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Sl"
HALF_A_FORM = "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nlogin="
DOWNLOAD = "GET /developments.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\r\n"
FEW_BYTES = 4096


def answered(url):
    """Whether ten pages in turn are answered, as those are that need the database and a thread."""
    host = urllib.parse.urlsplit(url)
    found = []
    for _ in range(10):
        with contextlib.closing(
            http.client.HTTPConnection(host.hostname, host.port, timeout=SECONDS)
        ) as page:
            page.request("GET", "/accounts/login/")
            found.append(page.getresponse().status)
    return found == [200] * 10


@contextlib.contextmanager
def clients(url, count, sent):
    """`count` connections that have sent `sent`, send no more, and take nothing of an answer."""
    host = urllib.parse.urlsplit(url)
    with contextlib.ExitStack() as held:
        for _ in range(count):
            client = held.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, FEW_BYTES)
            client.connect((host.hostname, host.port))
            client.sendall(sent.encode())
        yield


def test_pages_are_answered_beside_requests_that_never_end(first_start, tmp_path):
    with (
        fresh(tmp_path, like=first_start[0]) as environment,
        started(environment | {"SERVER_PROCESSES": "1", "SERVER_THREADS": "1"}, quiet=False) as printed,
        clients(printed["URL"], 200, HALF_A_HEADER),
        clients(printed["URL"], 20, HALF_A_FORM),
    ):
        assert answered(printed["URL"])
        assert told_apart(printed["URL"])
        assert probed_beside_a_save_that_waits(environment, printed)


def probed_beside_a_save_that_waits(environment, printed):
    """The only thread for pages waits for another writer meanwhile."""
    reader, outcome = Reader(printed), []

    def save():
        with contextlib.suppress(NoAnswer):
            reader.send("/parties/new/", name="Avaria", kind="state")
        outcome.append("answered")

    with held_up(environment):
        saving = threading.Thread(target=save)
        saving.start()
        # Of the five seconds that a page waits.
        time.sleep(1.5)
        statuses = [probe(printed["URL"], path) for path in ("/healthz", "/readyz")]
        waited = not outcome
    saving.join()
    return waited and statuses == [200, 200]


def probe(url, path):
    with urllib.request.urlopen(f"{url.rstrip('/')}{path}", timeout=SECONDS) as answer:
        return answer.status


def told_apart(url):
    """HEAD has no body, so that the next answer on the connection is whole; nonsense and large files get a code."""
    host = urllib.parse.urlsplit(url)
    with contextlib.closing(http.client.HTTPConnection(host.hostname, host.port, timeout=SECONDS)) as page:
        page.request("HEAD", "/healthz")
        head = page.getresponse()
        assert (head.status, head.read()) == (200, b"")
        page.request("GET", "/healthz")
        assert page.getresponse().status == 200
    large = b"POST /accounts/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n"
    with_cookie = large.replace(b"Host: x", b"Host: x\r\nCookie: sessionid=x")
    wrong = b"GET / HTTP/1.1\r\nbad header line\r\n\r\n"
    for sent, code in ((wrong, b"400"), (large, b"413"), (with_cookie, b"413")):
        with socket.create_connection((host.hostname, host.port), SECONDS) as client:
            client.sendall(sent)
            assert client.recv(4096).split()[1] == code
    return True


@pytest.mark.prove
def test_pages_are_answered_beside_downloads_that_nobody_takes(tmp_path):
    secret = "s" * 40
    with fresh(tmp_path) as environment:
        for arguments in (["migrate", "-v0"], ["generate", "--developments", "5000", "--seed", "1"]):
            subprocess.run(command(*arguments), cwd=ROOT, env=environment, check=True, capture_output=True)
        with started(environment, quiet=False) as printed:
            ask(
                environment,
                "INSERT INTO tracker_token (owner_id, name, purpose, secret_hash, path, made_at) SELECT id, 'slow',"
                f" 'reading', '{hashed(secret)}', '', '2025-02-18' FROM tracker_user WHERE username = 'analyst'",
            )
            with clients(printed["URL"], 50, DOWNLOAD.format(secret)):
                assert answered(printed["URL"])
