"""The runner of the suite says what this machine could not run; and its database server leaves no trace."""

import contextlib
from pathlib import Path

import psycopg
import pytest

from tests import chromium, postgres, run


@pytest.fixture
def bare(monkeypatch):
    """A machine with neither PostgreSQL nor Chromium, on which every suite passes."""

    @contextlib.contextmanager
    def no_server():
        raise postgres.PostgresMissing("no PostgreSQL: apt install postgresql")
        yield

    monkeypatch.setattr(run, "server", no_server)
    monkeypatch.setattr(chromium, "EXECUTABLE", None)
    monkeypatch.setattr(run, "pytest", lambda database, url, arguments: (0, "== 3 passed =="))


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_what_cannot_run_is_named_and_fails_where_it_must_run(bare, monkeypatch, capsys, ci, code):
    monkeypatch.setenv("CI", ci)
    assert run.main("all", []) == code
    printed = capsys.readouterr().out
    assert "NOT RUN: the browser tests" in printed and "apt install chromium" in printed
    assert "NOT RUN: the suite on PostgreSQL" in printed and "apt install postgresql" in printed
    assert printed.strip().endswith("== 3 passed ==")


def test_no_suite_at_all_is_no_success(bare, monkeypatch):
    monkeypatch.setenv("CI", "")
    assert run.main("postgres", []) == 1


def test_a_failing_suite_fails_the_run(bare, monkeypatch):
    monkeypatch.setenv("CI", "")
    monkeypatch.setattr(run, "pytest", lambda *_: (1, "== 1 failed =="))
    assert run.main("sqlite", []) == 1


def test_a_given_server_is_taken(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://given")
    with postgres.server() as (url, _):
        assert url == "postgres://given"


@pytest.mark.parametrize("source", ["installed binaries", "the wheel"])
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
