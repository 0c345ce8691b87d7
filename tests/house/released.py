"""A database as the first release made it, with a small record: `python -m tests.house.released`.

The migrations that the later single one replaces are run one by one, with the models of their time.
"""

import datetime as dt
import os
import re

import django

LAST = "0008_versions"
"""The last migration of the first release."""
DAY = dt.date(2025, 2, 18)
AT = dt.datetime(2025, 2, 19, 9, tzinfo=dt.UTC)
EDITED = dt.datetime(2025, 2, 20, 9, tzinfo=dt.UTC)
"""The instant at which the talk got another title and lost its host, and the source another text."""


def make():
    """Make the tables, and write one process with a talk, a source, and the trail of both."""
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    others = [key for key in executor.loader.graph.leaf_nodes() if key[0] != "tracker"]
    state = executor.migrate([("tracker", LAST)])
    fill(state.apps.get_model)
    executor.loader.build_graph()
    executor.migrate(others)


def fill(model):
    """Write the record; `model` gives a model of the time by label and name."""
    alice = model("tracker", "User").objects.create(username="alice", role="analyst")
    party = model("tracker", "Party").objects.create(
        ref="pty-1", recorded_at=AT, name="Northland", kind="state", aliases=["The North"]
    )
    process = model("tracker", "Process").objects.create(
        ref="prc-1", recorded_at=AT, last_recorded_at=AT, title="River talks", aim="A shared river"
    )
    source = model("tracker", "Source").objects.create(
        ref="src-1",
        recorded_at=AT,
        publisher="Herald",
        title="They met",
        published_on=DAY.replace(day=1),
        published_precision="month",
        kind="news_report",
        text="They met today.",
    )
    person = model("tracker", "Person").objects.create(ref="per-1", recorded_at=AT, name="Ana", party=party)
    model("tracker", "Office").objects.create(
        ref="off-1", recorded_at=AT, person=person, title="Envoy", held_from=DAY.replace(month=1, day=1),
        held_from_precision="year",
    )  # fmt: skip
    model("tracker", "Assessment").objects.create(
        ref="ase-1", recorded_at=AT, process=process, author_name="Ana", statement="Far off.",
        made_key=DAY.replace(day=1).toordinal() * 2 + 1, made_on=DAY.replace(day=1), made_precision="month",
        likelihood="likely", confidence="low",
    )  # fmt: skip
    talk = model("tracker", "Talk").objects.create(
        ref="tlk-1", recorded_at=AT, item_kind="talk", title="First round", process=process, form="call",
        current_status="held", current_status_on=DAY, current_status_precision="day", current_outcome="to_continue",
        current_raised_on=DAY, current_raised_precision="day", current_changed_on=DAY,
        current_changed_precision="day", current_changed_key=DAY.toordinal() * 2 + 1,
    )  # fmt: skip
    times = {"recorded_at": AT, "first_recorded_at": AT, "happened_key": DAY.toordinal() * 2 + 1}
    development = model("tracker", "Development").objects.create(
        ref="dev-1", occurred_on=DAY, occurred_precision="day", kind="talks", headline="They met", party=party,
        basis="own_words", process=process, recorded_by=alice, sourced=True, recorded_on=AT.date(),
        **times,
    )  # fmt: skip
    model("tracker", "Effect").objects.create(
        ref="eff-1", development=development, item_id=talk.pk, item_kind="talk", status="held", outcome="to_continue",
        occurred_on=DAY, occurred_precision="day", **times,
    )  # fmt: skip
    model("tracker", "Citation").objects.create(
        ref="cit-1",
        recorded_at=AT,
        development=development,
        source=source,
        quote="They met today.",
        found=True,
    )
    demand = model("tracker", "Demand").objects.create(
        ref="dem-1", recorded_at=AT, item_kind="demand", title="Free passage", process=process, kind="demand",
        party=party, current_status="rejected", current_status_on=DAY, current_status_precision="before",
        current_raised_on=DAY.replace(day=10), current_raised_precision="day", current_changed_on=DAY,
        current_changed_precision="before", current_changed_key=DAY.toordinal() * 2,
    )  # fmt: skip
    for ref, day, precision, status in (("2", 10, "day", "met"), ("3", 18, "before", "rejected")):
        when = {"occurred_on": DAY.replace(day=day), "occurred_precision": precision}
        times["happened_key"] = when["occurred_on"].toordinal() * 2 + (precision == "day")
        said = model("tracker", "Development").objects.create(
            ref=f"dev-{ref}", kind="report", headline="They spoke", party=party, basis="paraphrase",
            process=process, recorded_by=alice, recorded_on=AT.date(), **when, **times,
        )  # fmt: skip
        model("tracker", "Effect").objects.create(
            ref=f"eff-{ref}", development=said, item_id=demand.pk, item_kind="demand", status=status, **when, **times,
        )  # fmt: skip
    changes = [{"field": "text", "old": "They met.", "new": "They met today."}]
    model("tracker", "Change").objects.create(
        at=EDITED, action="changed", by=alice, record_type="source", record_ref="src-1", record_name="They met",
        changes=changes,
    )  # fmt: skip
    changes = [
        {"field": "title", "label": "title", "old": "Round one", "new": "First round"},
        {"field": "host", "label": "host", "old": "Northland", "new": ""},
    ]
    model("tracker", "Change").objects.create(
        at=EDITED, action="changed", by=alice, record_type="talk", record_ref="tlk-1", record_name="First round",
        subject_ref="tlk-1", process=process, changes=changes,
    )  # fmt: skip


SCHEMA = {
    "sqlite": (
        "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')",
        'SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master m, pragma_table_info(m.name) c',
    ),
    "postgresql": (
        "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
    ),
}


def tables():
    """The columns, indexes and constraints of all tables, a line each."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        for statement in SCHEMA[connection.vendor]:
            cursor.execute(statement)
            for row in cursor.fetchall():
                yield " ".join(map(str, row))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            for name, statement in cursor.fetchall():
                yield " ".join([name, *sorted(re.findall(r'CONSTRAINT "(\w+)"', statement))])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    make()
