"""A file of developments brought in, with every check, against the database's own way to take in the same rows."""

import csv
import io
from collections.abc import Callable, Iterator

from django.db import connection, transaction

from tests.bench.timing import Line, timed
from tracker.clocks import PRESENT
from tracker.files.export.cells import sheet
from tracker.files.importing.runs import begin, work_at_once
from tracker.models import Development, User
from tracker.models.base import new_ref
from tracker.models.vocabularies import UserRole
from tracker.register import DEVELOPMENT

TARGET = {"sqlite": 25, "postgresql": 25}
ROWS = 100_000
LEFT_OUT = {"id", "version"}
"""What a file of new developments does not say."""


def measure() -> Iterator[Line]:
    """The line about import; each is done once, after a short one that does not count, and taken back."""
    by, _ = User.objects.get_or_create(username="bench-import", role=UserRole.ADMINISTRATOR)
    works = {"import": _brought_in(by, ROWS), "copy": _copied(ROWS)}
    for work in (_brought_in(by, 100), _copied(100)):
        work()
    seconds = {name: timed(work) for name, work in works.items()}
    note = f"{min(ROWS, Development.objects.at(PRESENT).count()):,} rows"
    against = "COPY, or one INSERT, of the same rows"
    yield Line("import of developments", against, TARGET, seconds["import"], seconds["copy"], note)


class _Enough(Exception):
    """Leaves a transaction of which nothing is to be kept."""


def _taken_back(work: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            work()
            raise _Enough
    except _Enough:
        pass


def _brought_in(by: User, number: int) -> Callable[[], None]:
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
    content = out.getvalue().encode()

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
