"""An installation of its own, started for real: the server that `make run` starts, on a database of its own."""

import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.parse
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 120


@contextmanager
def fresh(folder, like=None):
    """Yield the environment of an installation in `folder`, with a new database where DATABASE_URL gives a server.

    It is empty, or a copy of the installation with the environment `like`, which must not run meanwhile.
    """
    given = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LANG") if name in os.environ}
    given |= {"VAR_DIR": str(folder), "PORT": "0"}
    if like:
        shutil.copytree(like["VAR_DIR"], folder, dirs_exist_ok=True)
    url = os.environ.get("DATABASE_URL")
    if not url:
        yield given
        return
    name = f"start_{secrets.token_hex(6)}"
    template = f' TEMPLATE "{like["DATABASE_URL"].rpartition("/")[2]}"' if like else ""
    with psycopg.connect(
        urllib.parse.urlsplit(url)._replace(path="/postgres").geturl(), autocommit=True
    ) as server:
        server.execute(f'CREATE DATABASE "{name}"{template}')
        yield given | {"DATABASE_URL": urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def ask(environment, statement):
    """The first value that the database of an installation answers; through no part of the application."""
    if "DATABASE_URL" in environment:
        with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
            answer = database.execute(statement)
            return answer.fetchone()[0] if answer.description else None
    path = environment.get("SQLITE_PATH", Path(environment["VAR_DIR"], "tracker.sqlite3"))
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        return (database.execute(statement).fetchone() or [None])[0]


def command(*arguments):
    """The command line of `manage.py` with `arguments`."""
    return [sys.executable, "manage.py", *arguments]


@contextmanager
def started(environment, quiet=True):
    """Yield the lines printed up to the addresses of the accounts, by name; stop by Ctrl-C at the end.

    A `quiet` server must have had nothing to complain of, such as an address that is not there.
    """
    process = subprocess.Popen(
        command("start"),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    guard = threading.Timer(SECONDS, process.kill)
    guard.start()
    printed = {}
    try:
        for line in process.stdout:
            name, _, value = line.strip().partition(": ")
            printed[name] = value
            if name == "Administrator":
                break
        assert "Administrator" in printed, process.stderr.read()
        # It may serve for longer than it may take to start.
        guard.cancel()
        yield printed
    finally:
        guard.cancel()
        os.killpg(process.pid, signal.SIGINT)
        _, complaints = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert complaints == "" or not quiet, complaints
