"""The schema needs nothing but the plain database: any program can copy, check and write it."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connection


@pytest.fixture
def plain(db):
    """A connection to the test's SQLite database as any other program opens it, without Django's functions."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows no functions of its clients")
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as opened:
        yield opened


def test_every_table_and_view_is_read_and_written_by_plain_sqlite(plain):
    tables = plain.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    assert len(tables) > 40
    for name, kind in tables:
        # EXPLAIN compiles checks, generated columns, indexes and triggers without running them.
        plain.execute(f'EXPLAIN SELECT * FROM "{name}"')
        if kind == "table" and name != "sqlite_sequence" and not name.startswith("tracker_searchindex_"):
            columns = [row[1] for row in plain.execute(f'PRAGMA table_info("{name}")')]
            plain.execute(f'EXPLAIN INSERT INTO "{name}" DEFAULT VALUES')
            plain.execute(f'EXPLAIN UPDATE "{name}" SET {", ".join(f"""{c!r} = {c!r}""" for c in columns)}')
            plain.execute(f'EXPLAIN DELETE FROM "{name}"')


def test_the_database_is_copied_checked_and_dumped_by_plain_sqlite(plain, tmp_path):
    plain.execute("VACUUM INTO ?", [str(tmp_path / "copy.sqlite3")])
    assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = "SELECT count(*) FROM sqlite_master"
        assert copy.execute(names).fetchone() == plain.execute(names).fetchone()
        assert any("tracker_effect" in line for line in copy.iterdump())


def test_nothing_in_postgresql_leans_on_an_extension(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no extensions in its file")
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")
        assert cursor.fetchall() == []
