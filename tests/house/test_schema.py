"""The schema needs nothing but the plain database: any program can copy, check and write it."""

import datetime as dt
import sqlite3
from contextlib import closing

import pytest
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import ProcessFactory
from tracker.models import SearchEntry

PLAIN = ("tracker", "0012_plain_constraints")


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


@pytest.mark.django_db(transaction=True)
def test_a_database_with_a_record_takes_the_plain_constraints():
    before = [node.key for node in MigrationExecutor(connection).loader.graph.node_map[PLAIN].parents]
    migrate(before)
    old = MigrationExecutor(connection).loader.project_state(before).apps
    kept = {name: made.pk for name, made in old_record(old).items()}
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())

    new = MigrationExecutor(connection).loader.project_state(PLAIN).apps
    for name, key in kept.items():
        assert new.get_model("tracker", name).objects.filter(pk=key).exists(), name
    assert SearchEntry.objects.filter(title__icontains="readout of the month").exists()
    source = new.get_model("tracker", "Source").objects.get()
    assert (source.published_on, source.published_precision) == (dt.date(2025, 2, 1), "month")
    source.published_on = dt.date(2025, 2, 18)
    with pytest.raises(IntegrityError, match="source_published_precise"):
        source.save()
    # What is written afterwards is searched too: the triggers are there again.
    assert SearchEntry.objects.filter(record_type="process", record_id=ProcessFactory().pk).exists()


def old_record(apps):
    """A row of each table whose constraint changes, made with the models from before, by name of the model."""

    def make(model, /, **values):
        return apps.get_model("tracker", model).objects.create(**values)

    user = make("User", username="ana", role="analyst")
    process = make("Process", ref="prc-1", title="Talks")
    party = make("Party", ref="pty-1", name="Avaria")
    source = make(
        "Source",
        ref="src-1",
        title="Readout of the month",
        published_on="2025-02-01",
        published_precision="month",
    )
    office = make(
        "Office", ref="off-1", person=make("Person", ref="per-1", name="Ana Kovač"), title="Envoy",
        held_from="2025-01-01", held_from_precision="year",
    )  # fmt: skip
    development = make(
        "Development", ref="dev-1", process=process, party=party, kind="decision", headline="Decided", recorded_by=user,
        occurred_on="2025-02-18", occurred_precision="before", happened_key=1, first_recorded_at="2025-03-01T00:00Z",
        recorded_at="2025-03-01T00:00Z", recorded_on="2025-03-01",
    )  # fmt: skip
    item = make("Item", ref="dem-1", process=process, item_kind="demand", title="A demand")
    effect = make(
        "Effect", ref="eff-1", development=development, item=item, item_kind="demand", firmness="stated",
        occurred_on="2025-02-18", occurred_precision="before", happened_key=1, first_recorded_at="2025-03-01T00:00Z",
        recorded_at="2025-03-01T00:00Z",
    )  # fmt: skip
    assessment = make(
        "Assessment", ref="ass-1", process=process, author_name="Ana", statement="Far off.", made_key=1,
        made_on="2025-02-01", made_precision="month", likelihood="likely", confidence="low",
    )  # fmt: skip
    rows = (source, office, development, effect, assessment)
    return {type(row).__name__: row for row in rows}


def migrate(targets):
    """Bring the database to `targets`, with the signals that `manage.py migrate` sends."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(targets)
    emit_pre_migrate_signal(0, False, "default", plan=plan)
    executor.migrate(targets, plan=plan)
    emit_post_migrate_signal(0, False, "default", plan=plan)
