"""`manage.py backup` and `restore`, run for real: what is written meanwhile, what is refused, and what comes back."""

import fcntl
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.installation import ROOT, SECONDS, ask, command, fresh

pytestmark = pytest.mark.installation

NAME = "SELECT first_name FROM tracker_user WHERE username = 'analyst'"
RENAME = "UPDATE tracker_user SET first_name = '{}' WHERE username = 'analyst'"


@pytest.fixture(scope="module")
def place(first_start, tmp_path_factory):
    """The environment of an installation that holds the worked example, and is not being served."""
    with fresh(tmp_path_factory.mktemp("kept"), like=first_start[0]) as given:
        yield given


@pytest.fixture(scope="module")
def backup(place, tmp_path_factory):
    """A backup of it, with the name that its analyst had then, and what was said of it."""
    file = tmp_path_factory.mktemp("backups") / "record.backup"
    others = file.with_name(".record.backup.toml")
    others.touch()
    os.utime(others, (0, 0))
    ask(place, RENAME.format("Before"))
    return file, run(place, "backup", str(file)).stdout


def run(environment, *arguments, fails=False):
    done = subprocess.run(
        command(*arguments), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def with_a_letter_changed(whole):
    """A backup in which a text that no index has is otherwise; on PostgreSQL, where it is compressed, any byte."""
    at = whole.find(b"To end the war in Ukraine") if whole.startswith(b"SQLite") else len(whole) // 2
    assert at > 0
    return whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1 :]


def package(environment, folder):
    """The bytes of the data package of an installation."""
    run(environment, "export_package", str(folder / "package.zip"))
    return (folder / "package.zip").read_bytes()


@contextmanager
def open_elsewhere(environment):
    """Another program has the database of an installation open."""
    if "DATABASE_URL" in environment:
        with psycopg.connect(environment["DATABASE_URL"]):
            yield
    else:
        with closing(sqlite3.connect(Path(environment["VAR_DIR"], "tracker.sqlite3"))) as database:
            database.execute("PRAGMA journal_mode = WAL")  # as the application opens it
            database.execute("SELECT count(*) FROM tracker_user").fetchone()
            yield


def test_it_is_for_its_owner_alone_and_says_what_was_proved(backup):
    file, said = backup
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows, tables = re.search(r"([\d,]+) rows of (\d+) tables", said).groups()
    assert int(rows.replace(",", "")) > 1000 and int(tables) > 50
    assert re.search(r"[1-9]\d+ developments, items and assessments checked, 0 differences", said)
    assert {path.name for path in file.parent.iterdir()} == {file.name, ".record.backup.toml"}


def test_what_was_recorded_since_is_gone_after_a_restore_and_kept_beside(place, backup, tmp_path):
    before = package(place, tmp_path)
    ask(place, RENAME.format("After"))
    said = run(place, "restore", str(backup[0])).stdout
    assert ask(place, NAME) == "Before"
    assert package(place, tmp_path) == before
    kept = Path(re.search(r"What was there before is in (\S+)\.\n", said)[1])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    run(place, "restore", str(kept), "--discard")
    assert ask(place, NAME) == "After"


def test_it_is_of_one_moment_while_somebody_writes(place, tmp_path):
    """Two values that are always written together are together in the backup."""
    ended = threading.Event()

    def write():
        number = 0
        while not ended.wait(0.01):
            number += 1
            ask(place, f"UPDATE tracker_user SET first_name = '{number}', last_name = '{number}'")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        run(place, "backup", str(tmp_path / "record.backup"))
    finally:
        ended.set()
        writer.join()
    run(place, "restore", str(tmp_path / "record.backup"), "--discard")
    assert ask(place, "SELECT count(*) FROM tracker_user WHERE first_name <> last_name") == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(lambda whole: b"", "is not a backup", marks=pytest.mark.prove),
        pytest.param(lambda whole: b"PK\3\4" + whole, "is not a backup", marks=pytest.mark.prove),
        pytest.param(lambda whole: whole[: len(whole) * 2 // 3], "is damaged", marks=pytest.mark.prove),
        (lambda whole: with_a_letter_changed(whole), "is damaged"),
    ],
    ids=["empty", "another file", "cut short", "changed"],
)
@pytest.mark.fault
def test_what_is_no_whole_backup_changes_nothing(place, backup, tmp_path, content, why):
    ask(place, RENAME.format("Now"))
    (tmp_path / "file").write_bytes(content(backup[0].read_bytes()))
    assert why in run(place, "restore", str(tmp_path / "file"), fails=True).stderr
    assert ask(place, NAME) == "Now"


def test_a_backup_of_the_other_database_is_told(place, tmp_path):
    theirs = b"SQLite format 3\0" if "DATABASE_URL" in place else b"PGDMP"
    (tmp_path / "file").write_bytes(theirs * 100)
    assert (
        "use a data package: export_package"
        in run(place, "restore", str(tmp_path / "file"), fails=True).stderr
    )


@pytest.mark.prove
def test_a_backup_of_a_later_release_is_refused(place, tmp_path):
    later = (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('tracker', '9999_later', '2030-01-01')"
    )
    ask(place, later)
    run(place, "backup", str(tmp_path / "record.backup"))
    ask(place, "DELETE FROM django_migrations WHERE name = '9999_later'")
    assert "9999_later" in run(place, "restore", str(tmp_path / "record.backup"), fails=True).stderr


def test_while_the_server_runs_nothing_is_restored(place, backup):
    ask(place, RENAME.format("Now"))
    with open(Path(place["VAR_DIR"], "served.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert "The server is running" in run(place, "restore", str(backup[0]), fails=True).stderr
    assert ask(place, NAME) == "Now"


def test_while_another_program_has_the_database_open_nothing_is_restored(place, backup):
    ask(place, RENAME.format("Now"))
    with open_elsewhere(place):
        assert "Stop what uses it first" in run(place, "restore", str(backup[0]), fails=True).stderr
    assert ask(place, NAME) == "Now"


@pytest.mark.prove
def test_a_record_that_breaks_the_rule_is_no_backup(place, tmp_path):
    """And the last good one stays."""
    (tmp_path / "record [1].backup").write_bytes(b"the last good one")
    change = "UPDATE tracker_item SET current_changed_on = {} WHERE id = (SELECT min(id) FROM tracker_item)"
    was = ask(place, "SELECT current_changed_on FROM tracker_item ORDER BY id LIMIT 1")
    ask(place, change.format("'1999-01-01'"))
    try:
        failed = run(place, "backup", str(tmp_path / "record [1].backup"), fails=True)
        assert "No backup was made" in failed.stderr and "1999" in failed.stderr
        assert (tmp_path / "record [1].backup").read_bytes() == b"the last good one"
        assert len(list(tmp_path.iterdir())) == 1
        # Before it is repaired, one may want to keep it as it is.
        kept = run(place, "backup", str(tmp_path / "record [1].backup"), "--anyway").stdout
        assert "1999" in kept and "kept all the same" in kept
        assert "1999" in run(place, "restore", str(tmp_path / "record [1].backup"), fails=True).stderr
        assert "1999" in run(place, "restore", str(tmp_path / "record [1].backup"), "--anyway").stdout
    finally:
        ask(place, change.format(f"'{was}'"))


@pytest.mark.prove
@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the file is of SQLite")
def test_the_database_itself_is_not_replaced_by_its_backup(place):
    for suffix in ("", "-wal"):
        path = Path(place["VAR_DIR"], f"tracker.sqlite3{suffix}")
        assert "is the database itself" in run(place, "backup", str(path), fails=True).stderr
    assert ask(place, "SELECT count(*) FROM tracker_user") > 0


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="the programs are of PostgreSQL")
@pytest.mark.fault
def test_a_restore_that_is_cut_off_changes_nothing(place, backup, tmp_path):
    """As when the program that reads the backup is killed half-way, after it was found whole."""
    ask(place, RENAME.format("Now"))
    real = shutil.which("pg_restore")
    half = f"""#!/bin/sh
case "$*" in *--clean*) {real} "$@" | head -c 200000; kill -9 $$;; *) exec {real} "$@";; esac
"""
    (tmp_path / "pg_restore").write_text(half)
    (tmp_path / "pg_restore").chmod(0o700)
    cut = place | {"PATH": f"{tmp_path}:{place['PATH']}"}
    assert "Nothing was restored" in run(cut, "restore", str(backup[0]), "--discard", fails=True).stderr
    assert ask(place, NAME) == "Now"


@pytest.mark.prove
@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="a damaged file is of SQLite")
@pytest.mark.fault
def test_in_place_of_a_damaged_database_a_backup_comes_back(place, backup):
    path = Path(place["VAR_DIR"], "tracker.sqlite3")
    with path.open("r+b") as file:
        file.write(os.urandom(9000))
    assert "The database cannot be read" in run(place, "backup", f"{backup[0]}.2", fails=True).stderr
    run(place, "restore", str(backup[0]))
    assert ask(place, NAME) == "Before"


@pytest.mark.skipif(not os.environ.get("DATABASE_URL"), reason="the programs are of PostgreSQL")
def test_without_the_programs_of_postgresql_it_says_what_to_install(place, tmp_path):
    without = place | {"PATH": str(tmp_path)}
    assert "apt install postgresql-client" in run(without, "backup", str(tmp_path / "x"), fails=True).stderr
    assert not list(tmp_path.iterdir())
