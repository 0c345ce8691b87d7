"""The endpoints of the API: every list and every report, with parameters and columns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import django_filters

from tracker.files.export.profiles import PROFILES
from tracker.files.export.report_columns import ReportColumn
from tracker.pages.lists import TURNS, ListPage
from tracker.pages.tabs import TABS
from tracker.register import PARTS, RECORD_TYPES
from tracker.register.filters import CodeFilter, DateFilter, ReferenceFilter
from tracker.register.types import Column, Kind, RecordType
from tracker.reports.positions.filters import BothFilter
from tracker.reports.timeline.page import ORDERS, TimelinePage
from tracker.search.filters import SearchFilters
from tracker.search.page import SearchPage

OF_PAGES = {*TURNS} - {"from"}
"""Pagination parameters, which do not apply to files."""

TEXT = {"type": "string"}
TEXTS = {
    "from": "The start: a day, month or year; of a comparison also a talk, by title or id.",
    "to": "The end: a day, month or year; of a comparison also a talk, by title or id.",
    "from_known": "The knowledge at the start of the comparison: a day, or an instant with its zone.",
    "to_known": "The knowledge at the end of the comparison: a day, or an instant with its zone.",
}
"""Descriptions of report parameters that are not filters."""


@dataclass(frozen=True)
class Parameter:
    """One query-string parameter, with its JSON Schema and description."""

    name: str
    schema: dict
    about: str


@dataclass(frozen=True)
class Endpoint:
    """A list or report that can be exported in one or more formats."""

    name: str
    """The name of its schema and operations."""
    path: str
    """The path without extension; `{ref}` is the id of the record that a report is about."""
    label: str
    formats: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: dict[str, dict]
    """{name: JSON Schema of its value in JSON}"""


WORDS = Parameter("q", TEXT, "Words that each result contains; the last may be incomplete.")


def endpoints(reports: Sequence[tuple[RecordType, Sequence]]) -> list[Endpoint]:
    """All exports; `reports` has, for each record type, the views of reports about one record."""
    lists = [
        Endpoint(
            name=record_type.url_name,
            path=f"/{record_type.path}",
            label=record_type.label_plural.capitalize(),
            formats=ListPage.formats,
            parameters=tuple(_of_list(record_type, "sort")),
            columns=_properties(record_type.columns),
        )
        for record_type in (*RECORD_TYPES, *PARTS)
    ]
    timeline = TimelinePage.row_type
    lists.append(
        Endpoint(
            "timeline", "/timeline", "Timeline of all processes", TimelinePage.formats,
            tuple(_of_list(timeline, "order")), _properties(timeline.columns),
        )
    )  # fmt: skip
    lists.append(
        Endpoint(
            "search", "/search", "Search", SearchPage.formats,
            (WORDS, *(_filter(name, field) for name, field in SearchFilters.base_filters.items())),
            _reported(SearchPage.columns),
        )
    )  # fmt: skip
    return lists + [_report(record_type, view) for record_type, views in reports for view in views]


def _report(record_type: RecordType, view) -> Endpoint:
    label = {name: label for label, name in TABS}.get(view.name, view.name.capitalize())
    if issubclass(view, ListPage):
        columns = _properties(view.row_type.columns)
        parameters = _of_list(view.row_type, "order", view.parameters)
    else:
        columns = _reported(view.columns)
        parameters = _of_report(view)
    return Endpoint(
        f"{record_type.url_name}-{view.name}", f"/{record_type.path}/{{ref}}/{view.name}",
        f"{label} of a {record_type.label}", view.formats, tuple(parameters), columns,
    )  # fmt: skip


def _of_list(record_type: RecordType, by: str, accepted: Iterable[str] | None = None) -> Iterator[Parameter]:
    """The parameters of a list, sorted by the parameter `by`; only the `accepted` ones, if given."""
    for name, field in record_type.filterset.base_filters.items():
        if accepted is None or name in accepted:
            yield _filter(name, field)
    if by == "sort":
        names = [column.name for column in record_type.columns if column.order]
        order = [sign + name for name in names for sign in ("", "-")]
        yield Parameter(
            "sort",
            {"enum": order},
            f"The column to sort by; a hyphen reverses the order. Default: {record_type.sort}.",
        )
    elif accepted is None or "order" in accepted:
        yield Parameter("order", {"enum": [name for name in ORDERS if name]}, "Newest or oldest first.")
    names = [column.name for column in record_type.columns]
    yield Parameter(
        "columns",
        {"type": "array", "items": {"enum": names}},
        "The columns, in order, separated by commas. Default: all.",
    )


def _of_report(view) -> Iterator[Parameter]:
    filters = view.filterset.base_filters if view.filterset else {}
    for name in view.parameters:
        if name in filters:
            yield _filter(name, filters[name])
        elif name not in OF_PAGES:
            yield Parameter(name, TEXT, TEXTS[name])


def _filter(name: str, field: django_filters.Filter) -> Parameter:
    label = f"{field.label}."
    if isinstance(field, CodeFilter):
        codes = [str(code) for code, _ in field.extra["choices"]]
        return Parameter(name, {"type": "array", "items": {"enum": codes}}, f"{label} Once for each code.")
    if isinstance(field, BothFilter):
        return Parameter(
            name, {"type": "array", "items": TEXT}, f"{label} By id, name or alias, once for each."
        )
    if isinstance(field, ReferenceFilter):
        return Parameter(name, TEXT, f"{label} By id, name or alias.")
    if isinstance(field, django_filters.ChoiceFilter):
        return Parameter(name, {"enum": [value for value, _ in field.extra["choices"]]}, label)
    if isinstance(field, DateFilter):
        return Parameter(name, TEXT, f"{label} A day, month or year: 2025-02-18, 18 Feb 2025, 2025-02, 2025.")
    return Parameter(name, TEXT, f"{label} {field.extra.get('help_text', '')}".strip())


CLOCKS = (
    Parameter(
        "on", TEXT, "How things stood at the end of this day (2025-02-18), or before it (before 2025-02-18)."
    ),
    Parameter(
        "public",
        TEXT,
        "What was public by the end of this day (2025-02-18): only what a source published by then tells.",
    ),
    Parameter(
        "known",
        TEXT,
        "What was known then: a day (2025-02-20) or an instant with its zone (2025-02-20T17:30:00Z).",
    ),
)
PROFILE = Parameter(
    "profile",
    {"enum": [name for name in PROFILES if name]},
    "spreadsheet: marked as UTF-8, all quoted, labels beside codes; tools: raw texts, codes only.",
)


_DAY = r"\d{4}-\d\d-\d\d"
DATES = rf"^(\d{{4}}(-\d\d(-\d\d)?)?~?|{_DAY}/{_DAY}|\[({_DAY})?\.\.({_DAY})?\])$"
"""The canonical forms of a date, as a regular expression: a pattern for programs."""


def _properties(columns: Iterable[Column]) -> dict[str, dict]:
    return {
        column.name: _schema(column.kind, column.vocabulary and column.vocabulary.values)
        | {"description": column.label}
        for column in columns
    }


def _reported(columns: Iterable[ReportColumn]) -> dict[str, dict]:
    return {
        column.name: _schema(column.kind, None if column.is_mixed else [*column.labels]) for column in columns
    }


def _schema(kind: Kind, codes: Sequence[str] | None) -> dict:
    if kind in (Kind.MANY, Kind.NAMES, Kind.TEXTS):
        return {"type": "array", "items": {"type": "string"}}
    if codes and kind is Kind.CODES:
        return {"type": "array", "items": {"enum": [*map(str, codes)]}}
    if codes:
        return {"enum": [*map(str, codes), None]}
    return {
        Kind.DATE: {"type": ["string", "null"], "pattern": DATES},
        Kind.INSTANT: {"type": ["string", "null"], "format": "date-time"},
        Kind.TIME: {"type": ["string", "null"], "pattern": r"^\d\d:\d\d$"},
        Kind.NUMBER: {"type": ["integer", "null"]},
        Kind.FLAG: {"type": ["boolean", "null"]},
    }.get(kind, {"type": ["string", "null"]})
