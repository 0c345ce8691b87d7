"""The CSV of developments against the one that the best known library writes of the same rows and columns."""

from collections.abc import Iterator

from import_export.fields import Field
from import_export.resources import ModelResource

from tests.bench.pages import reader
from tests.bench.timing import Line, timed
from tracker.clocks import PRESENT
from tracker.files.export.cells import sheet
from tracker.files.export.csv import stream_csv
from tracker.models import Development, User
from tracker.register import DEVELOPMENT

TARGET = {"sqlite": 0.1, "postgresql": 0.1}
ROWS = 100_000
"""The library keeps all that it writes in memory, several times over: more rows than these it cannot be asked for."""


def measure() -> Iterator[Line]:
    """The line about the library; each file is written once, after a short one that does not count."""
    reader()
    rows = DEVELOPMENT.rows(User.objects.get(username="bench"), PRESENT).order_by("-happened_key", "-pk")
    resource, related = _resource(), [field.name for field in Development._meta.fields if field.is_relation]

    def ours(number):
        header, cells = sheet(Development, DEVELOPMENT.columns, rows[:number])
        return sum(len(chunk) for chunk in stream_csv(header, cells))

    def theirs(number):
        return len(resource.export(rows.select_related(*related)[:number]).csv.encode())

    for work in (ours, theirs):
        work(100)
    sizes = {}
    seconds = {
        work.__name__: timed(lambda work=work: sizes.update({work.__name__: work(ROWS)}))
        for work in (ours, theirs)
    }
    note = f"{min(ROWS, rows.count()):,} rows; {sizes['ours'] / 1e6:.0f} and {sizes['theirs'] / 1e6:.0f} MB"
    yield Line(
        "CSV of developments", "django-import-export", TARGET, seconds["ours"], seconds["theirs"], note
    )


def _resource() -> ModelResource:
    """What the library needs to write the same columns."""
    columns = {column.name: Field(column.lookup, column.name) for column in DEVELOPMENT.columns}
    meta = type("Meta", (), {"model": Development, "fields": tuple(columns), "export_order": tuple(columns)})
    return type("DevelopmentResource", (ModelResource,), columns | {"Meta": meta})()
