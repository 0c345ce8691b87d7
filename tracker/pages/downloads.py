"""Downloads: the file formats of a page, and file responses."""

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

from tracker.clocks import BadQuery
from tracker.files.export.profiles import PROFILES, SPREADSHEET, TOOLS, CsvProfile
from tracker.files.export.report_columns import ReportColumn
from tracker.files.export.reports import stream_objects, stream_table
from tracker.text.folding import nearest_hint

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

WAYS = (
    ("CSV", "csv", "", "columns by their machine names"),
    ("CSV for spreadsheets", "csv", SPREADSHEET.name, "with labels beside the codes"),
    ("CSV for programs", "csv", TOOLS.name, "raw texts, codes only"),
    ("JSON", "json", "", "typed values"),
    ("Excel", "xlsx", "", "a workbook with typed cells"),
)
"""The download menu: (label, format, profile, description)."""


def profile_called(name: str) -> CsvProfile:
    """The CSV profile called `name`, the default if empty; raises BadQuery for an unknown one."""
    if name in PROFILES:
        return PROFILES[name]
    names = [profile for profile in PROFILES if profile]
    raise BadQuery([f"profile: “{name}” is not one of {', '.join(names)}.{nearest_hint(name, names)}"])


def file_response(name: str, content: Iterable[bytes], ending: str, profile: str) -> StreamingHttpResponse:
    """A response with a file; its name is `name`, the profile (CSV only) and `ending`."""
    filename = ".".join(filter(None, [name, profile if ending == "csv" else "", ending]))
    response = StreamingHttpResponse(content, content_type=CONTENT_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def table_response(
    name: str, columns: Sequence[ReportColumn], rows: Iterable[Sequence], ending: str, profile: str
) -> StreamingHttpResponse:
    """A response with a file of `rows`, as JSON or CSV."""
    if ending == "json":
        return file_response(name, stream_objects(columns, rows), ending, profile)
    return file_response(name, stream_table(columns, rows, profile_called(profile)), ending, profile)
