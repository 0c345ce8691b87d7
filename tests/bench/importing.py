"""A file of developments brought in, with every check, against the database's own way to take in the same rows."""

import csv
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tests.bench.timing import Line, timed
from tracker.clocks import PRESENT
from tracker.files.export.cells import sheet
from tracker.files.importing import ahead
from tracker.files.importing.at_once import work_at_once
from tracker.files.importing.runs import begin, work
from tracker.models import Development, User
from tracker.models.base import new_ref
from tracker.models.vocabularies import UserRole
from tracker.recording.timestamps import Pending
from tracker.register import DEVELOPMENT

TARGET = {"sqlite": 25, "postgresql": 25}
LOCK_TARGET = {"sqlite": 1.5, "postgresql": 1.5}
ROWS, LOCKED_ROWS = 100_000, 20_000
LEFT_OUT = {"id", "version"}
"""What a file of new developments does not say."""


def measure() -> Iterator[Line]:
    """The line about import; each is done once, after a short one that does not count, and taken back."""
    by, _ = User.objects.get_or_create(username="bench-import", role=UserRole.ADMINISTRATOR)
    works = {"import": _brought_in(by, ROWS), "copy": _copied(ROWS)}
    for short in (_brought_in(by, 100), _copied(100)):
        short()
    seconds = {name: timed(long) for name, long in works.items()}
    note = f"{min(ROWS, Development.objects.at(PRESENT).count()):,} rows"
    against = "COPY, or one INSERT, of the same rows"
    yield Line("import of developments", against, TARGET, seconds["import"], seconds["copy"], note)
    lock, bare = _locked(by, LOCKED_ROWS)
    against = "one INSERT ... SELECT of the same rows, no words"
    yield Line("lock of a long import", against, LOCK_TARGET, lock, bare, f"{LOCKED_ROWS:,} rows")


class _Enough(Exception):
    """Leaves a transaction of which nothing is to be kept."""


def _taken_back(work: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            work()
            raise _Enough
    except _Enough:
        pass


def _locked(by: User, number: int) -> tuple[float, float]:
    """The seconds for which others are locked out while a file of developments is written, and those of bare rows.

    On SQLite that is the whole transaction, on PostgreSQL its end, from the lock on the processes.
    """
    run = begin(by, DEVELOPMENT, "developments.csv", [_file(by, number)])
    work(run, DEVELOPMENT)
    run.state = run.State.WRITING
    run.save()
    times = []
    owner, name = (ahead, "one_instant") if connection.vendor == "sqlite" else (Pending, "finish")
    original = getattr(owner, name)

    @contextmanager
    def in_one_instant():
        begun = time.perf_counter()
        with original() as pending:
            yield pending
        times.append(time.perf_counter() - begun)

    def finish(pending):
        begun = time.perf_counter()
        original(pending)
        times.append(time.perf_counter() - begun)

    setattr(owner, name, in_one_instant if connection.vendor == "sqlite" else finish)
    try:
        _taken_back(lambda: work(run, DEVELOPMENT))
    finally:
        setattr(owner, name, original)
    return max(times), _bare(number)


def _bare(number: int) -> float:
    """The seconds that so many rows of developments take from a temporary table to that of developments."""
    fields = [field for field in Development._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    others = columns.replace('"ref"', "'x' || \"ref\"")
    table = Development._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bare AS SELECT {columns} FROM {table} LIMIT {number}")
        insert = f"INSERT INTO {table} ({columns}) SELECT {others} FROM bare"
        seconds = []
        _taken_back(lambda: seconds.append(timed(lambda: cursor.execute(insert))))
        cursor.execute("DROP TABLE bare")
    return seconds[0]


def _file(by: User, number: int) -> bytes:
    """A file that records so many developments once more, in other words."""
    header, rows = sheet(
        Development, DEVELOPMENT.columns, DEVELOPMENT.rows(by, PRESENT).order_by("pk")[:number]
    )
    kept = [place for place, name in enumerate(header) if name not in LEFT_OUT]
    said = header.index("headline")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([header[place] for place in kept])
    for row in rows:
        cells = [*row[:said], f"{row[said]} again", *row[said + 1 :]]
        writer.writerow([cells[place] for place in kept])
    return out.getvalue().encode()


def _brought_in(by: User, number: int) -> Callable[[], None]:
    content = _file(by, number)

    def bring_in():
        run = begin(by, DEVELOPMENT, "developments.csv", [content])
        assert work_at_once(run, DEVELOPMENT), run.problems

    return lambda: _taken_back(bring_in)


def _copied(number: int) -> Callable[[], None]:
    fields = [field for field in Development._meta.concrete_fields if not field.primary_key]
    found = Development.objects.at(PRESENT).order_by("pk").values_list(*(field.attname for field in fields))
    rows = [
        [
            new_ref(Development.prefix) if field.name == "ref" else field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]
        for row in found[:number]
    ]
    table = Development._meta.db_table
    columns = ", ".join(field.column for field in fields)

    def copy():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as into:
                    for row in rows:
                        into.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    return lambda: _taken_back(copy)
