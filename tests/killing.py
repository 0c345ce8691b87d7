"""What tests need that kill the processes of an installation."""

import http.client
import http.cookiejar
import re
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tests.installation import ROOT, SECONDS, ask, command


def require_sound(environment):
    """That everything stored is what the rule gives, and nothing is left of a recording that was under way."""
    for arguments in (("check_standing",), ("rebuild_search", "--check")):
        done = subprocess.run(
            command(*arguments), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == 0, done.stdout + done.stderr
    for table in ("development", "effect", "citation", "party"):
        assert not ask(environment, f"SELECT count(*) FROM tracker_{table} WHERE recorded_at > '9000-01-01'")


def until(asked, what):
    """Wait until `asked` answers something that is true; return it."""
    deadline = time.monotonic() + SECONDS
    while not (answer := asked()):
        assert time.monotonic() < deadline, what
        time.sleep(0.01)
    return answer


def is_writing(environment):
    """Whether somebody has written what is not yet committed."""
    if "DATABASE_URL" in environment:
        return ask(
            environment,
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relname IN ('tracker_party', 'tracker_development')",
        )
    path = Path(environment["VAR_DIR"], "tracker.sqlite3")
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        database.execute("ROLLBACK")
    return False


def processes(environment, word):
    """The ids of the processes of an installation whose command line has `word`, the oldest first."""
    own, found = f"VAR_DIR={environment['VAR_DIR']}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            given = (folder / "environ").read_bytes().split(b"\0")
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if own in given and word.encode() in arguments:
            found.append(int(folder.name))
    return sorted(found)


class NoAnswer(Exception):
    """Raised where the server does not answer, or not with a page."""


class Reader:
    """Somebody who is signed in, as a browser without JavaScript."""

    def __init__(self, printed, role="Administrator"):
        self.url, cookies = printed["URL"].rstrip("/"), http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        name, password = printed[role].split(" / ")
        assert "/accounts/login/" not in self.send("/accounts/login/", login=name, password=password)[0]

    def get(self, path):
        """The page at `path`; raises NoAnswer where there is none."""
        return self._open(self.url + path)[1]

    def send(self, path, **fields):
        """(Address, page) after the form at `path` was sent with `fields` and what is hidden in it."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.get(path)))
        body = urllib.parse.urlencode(hidden | fields).encode()
        return self._open(urllib.request.Request(self.url + path, body, {"Referer": self.url + path}))

    def _open(self, request):
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return urllib.parse.urlsplit(answer.url).path, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                raise NoAnswer from error
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error


@contextmanager
def held_up(environment):
    """Let no save be committed: on SQLite none begins, on PostgreSQL none takes its instant."""
    if "DATABASE_URL" in environment:
        with psycopg.connect(environment["DATABASE_URL"]) as database:
            database.execute("SELECT * FROM tracker_lastrecording FOR UPDATE")
            yield
            database.rollback()
    else:
        path = Path(environment["VAR_DIR"], "tracker.sqlite3")
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield
            database.execute("ROLLBACK")


def answers(reader):
    """Whether the server answers."""
    try:
        return reader.get("/healthz")
    except NoAnswer:
        return None


def command_line(process):
    """The arguments of a process, as one text."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def killed(environment, *arguments, moment):
    """Kill a command at a `moment`, a function of its process that waits for it."""
    begun = subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        moment(begun)
        assert begun.poll() is None
    finally:
        begun.kill()
    assert begun.wait(SECONDS) == -signal.SIGKILL
    begun.communicate()
