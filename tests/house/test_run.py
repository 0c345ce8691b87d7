"""The runner of the suite: two reports in one, what this machine could not run, and a server that leaves no trace."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import chromium, postgres, run
from tests.installation import ROOT, SECONDS

HEADS = (r"SQLite [\d.]+", "PostgreSQL: given")
PASSING = "def test(): pass"
# Each writes its file, waits for the other's, and only then goes on; the one on SQLite is slower.
TOGETHER = """
import os, pathlib, time

def test():
    mine, other = ("postgres", "sqlite") if os.environ["DATABASE_URL"] else ("sqlite", "postgres")
    here = pathlib.Path(__file__).parent
    (here / mine).touch()
    deadline = time.monotonic() + 60
    while not (here / other).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1 if mine == "sqlite" else 0)
"""
# It says that it runs, and that it has torn down, while the database still answered.
ENDLESS = """
import os, pathlib, time
import psycopg, pytest

URL = os.environ["DATABASE_URL"]
FILE = pathlib.Path(__file__).parent / ("postgres" if URL else "sqlite")

@pytest.fixture
def database():
    yield
    time.sleep(1)
    if URL:
        psycopg.connect(URL).close()
    FILE.with_suffix(".torn").touch()

def test(database):
    FILE.write_text(URL)
    time.sleep(60)
"""


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """Makes a suite of the source of one file; returns the arguments by which pytest runs it and no other."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def make(source):
        (tmp_path / "pytest.ini").write_text("[pytest]")
        (tmp_path / "test_one.py").write_text(source)
        return ["-c", str(tmp_path / "pytest.ini"), "-p", "no:cacheprovider", str(tmp_path)]

    return make


@pytest.fixture
def serve(monkeypatch):
    """Sets what comes of asking for a database server: a URL, or an exception."""

    def answer(given):
        @contextlib.contextmanager
        def server():
            if isinstance(given, Exception):
                raise given
            yield given, "given"

        monkeypatch.setattr(run, "server", server)

    return answer


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_what_cannot_run_is_named_and_fails_where_it_must_run(suite, serve, monkeypatch, capsys, ci, code):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(chromium, "EXECUTABLE", None)
    serve(postgres.PostgresMissing("no PostgreSQL: apt install postgresql"))
    assert run.main("all", suite(PASSING)) == code
    printed = capsys.readouterr().out
    assert "NOT RUN: the browser tests" in printed and "apt install chromium" in printed
    assert "NOT RUN: the suite on PostgreSQL" in printed and "apt install postgresql" in printed
    assert "1 passed" in printed.splitlines()[-1]


def test_no_suite_at_all_is_no_success(serve, monkeypatch):
    monkeypatch.setenv("CI", "")
    serve(postgres.PostgresMissing("no PostgreSQL: apt install postgresql"))
    assert run.main("postgres", []) == 1


def test_a_failing_suite_fails_the_run(suite, monkeypatch):
    monkeypatch.setenv("CI", "")
    assert run.main("sqlite", suite("def test(): assert False")) == 1


def test_both_suites_run_at_once_and_are_told_one_after_the_other(suite, serve, capsys):
    serve("postgres://given")
    assert run.main("all", suite(TOGETHER)) == 0
    printed = capsys.readouterr().out
    reports = rf"{HEADS[0]}\n\n.+1 passed.+{HEADS[1]}\n\n.+1 passed.+"
    closing = rf"{HEADS[0]}\n=+ 1 passed[^\n]+\n{HEADS[1]}\n=+ 1 passed[^\n]+\n"
    assert re.fullmatch(rf"\n{reports}\n{closing}", printed, re.DOTALL)


def test_a_server_that_breaks_hides_nothing_of_the_other_suite(suite, serve, monkeypatch, capsys):
    monkeypatch.setenv("CI", "")
    serve(RuntimeError("no room on the disk"))
    assert run.main("all", suite(PASSING)) == 1
    printed = capsys.readouterr().out
    assert "1 passed" in printed.splitlines()[-1]
    assert "NOT RUN: the suite on PostgreSQL" in printed and "no room on the disk" in printed


@pytest.mark.parametrize("how", ["Ctrl-C", pytest.param("SIGTERM", marks=pytest.mark.prove)])
def test_an_early_end_ends_both_suites_and_then_the_server(suite, tmp_path, how):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.run", "all", *suite(ENDLESS)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    files = [tmp_path / "sqlite", tmp_path / "postgres"]
    deadline = time.monotonic() + SECONDS
    while not all(file.exists() for file in files):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    if how == "Ctrl-C":
        # The terminal sends it to all that run in it.
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.terminate()
    assert process.wait(timeout=SECONDS) == {"Ctrl-C": 130, "SIGTERM": 143}[how]
    assert all(file.with_suffix(".torn").exists() for file in files)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(files[1].read_text())


def test_a_given_server_is_taken(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://given")
    with postgres.server() as (url, _):
        assert url == "postgres://given"


@pytest.mark.parametrize("source", ["installed binaries", pytest.param("the wheel", marks=pytest.mark.prove)])
def test_a_private_server_runs_and_leaves_no_trace(monkeypatch, tmp_path, source):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if source == "the wheel":
        monkeypatch.setattr(postgres, "INSTALLED", tmp_path)
    with pytest.raises(KeyboardInterrupt), postgres.server() as (url, _):
        with psycopg.connect(url) as connection:
            folder = connection.execute("SHOW unix_socket_directories").fetchone()[0]
            assert connection.execute("SELECT lower('Ж'), current_setting('fsync')").fetchone() == (
                "ж",
                "off",
            )
        raise KeyboardInterrupt
    assert not Path(folder).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_the_two_suites_share_what_cannot_differ_and_each_has_its_profile(suite, serve, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(chromium, "missing", lambda: "")
    serve("postgres://given")
    source = """
import os, pytest

def test_of_data(): assert os.environ["TEST_PROFILE"] == "GIVEN"

@pytest.mark.once
def test_of_words(): pass

@pytest.mark.postgres
def test_of_looks(): pass
"""
    for profile, each in (("ci", "2 passed, 1 deselected"), ("prove", "3 passed")):
        options = ["-W", "ignore", *suite(source.replace("GIVEN", profile))]
        assert run.suites("all", profile, options) == 0
        sqlite, postgresql = capsys.readouterr().out.splitlines()[-3::2]
        assert each in sqlite and each in postgresql


def test_faults_are_put_into_both_databases_also_those_left_to_the_proof(suite, serve, monkeypatch, capsys):
    monkeypatch.setenv("CI", "")
    serve("postgres://given")
    source = "import pytest\n\n@pytest.mark.once\n@pytest.mark.fault\ndef test_fault(): pass\n\ndef test_other(): pass"
    assert run.main("faults", ["-W", "ignore", *suite(source)]) == 0
    sqlite, postgresql = capsys.readouterr().out.splitlines()[-3::2]
    assert "1 passed, 1 deselected" in sqlite and "1 passed, 1 deselected" in postgresql


def test_a_proof_says_what_ran_and_how_long_it_took(monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(run, "suites", lambda *given: ran.append(given) or 0)
    codes = iter([0, 1])
    monkeypatch.setattr(subprocess, "run", lambda command: subprocess.CompletedProcess(command, next(codes)))
    assert run.main("prove", ["-q"]) == 1
    assert ran == [("all", "prove", ["-q"])]
    *lines, minutes = capsys.readouterr().out.strip().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["passed", "passed", "failed"]
    assert re.fullmatch(r"\d+ minutes", minutes)
