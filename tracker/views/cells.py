"""From the values of a row to the cells of a page: words, shapes, links and dates as they are."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tracker.clocks import Clocks
from tracker.exchange.cells import UNKNOWN, is_lost, joined, led_to
from tracker.models.base import page_pattern
from tracker.models.dates import PartialDate
from tracker.record_type import Column, Kind
from tracker.records import RECORD_TYPES
from tracker.templatetags.reading import external
from tracker.views.reading import instant_text

LONGEST = 160
"""Longer texts are cut in a list; the record's own page has them whole."""

PAGES = {record_type.model.prefix: record_type.url_name for record_type in RECORD_TYPES}
"""Whose page a reference leads to, by its prefix."""

NOTHING = mark_safe('<span class="none" aria-hidden="true">–</span>')


def page_of(ref: str, query: str = "") -> str:
    """The address of the page of the record called `ref`, read by the clocks in `query`; empty where it has none."""
    url_name = PAGES.get(ref[:3])
    if url_name is None:
        return ""
    return page_pattern(url_name).replace("REF", ref) + (f"?{query}" if query else "")


@cache
def badge(kind: str, code: str, label: str) -> SafeString:
    """A code as shape and word, as `parts/_badge.html` has it."""
    return format_html(
        '<span class="badge {0}-{1}"><svg class="mark" aria-hidden="true"><use href="{2}#{0}-{1}"/></svg>'
        '<span class="word">{3}</span></span>',
        kind,
        code,
        static("img/marks.svg"),
        label,
    )


def lookups(model, columns: Sequence[Column], clocks: Clocks) -> list:
    """What to select for `columns` at `clocks`: lookups, or expressions for what other records hold."""
    selected = []
    for column in columns:
        if column.kind is Kind.MANY:
            selected.append(joined(model, column, clocks))
        elif is_lost(column, clocks):
            selected.append(UNKNOWN)
        else:
            selected.append(led_to(column.lookup, clocks) if column.ref else column.lookup)
        if column.ref:
            selected.append(led_to(column.ref, clocks))
        if column.precision:
            selected.append(column.precision)
    return selected


def renderer(
    columns: Sequence[Column], query: str, longest: int | None = LONGEST
) -> Callable[[tuple], list[SafeString]]:
    """A function from what `lookups(columns)` selects to the cells of a row; links keep the clocks in `query`."""
    shown = [(_SHOW[column.kind], column, bool(column.ref or column.precision)) for column in columns]

    def render(values: tuple) -> list[SafeString]:
        cells, position = [], 0
        for show, column, paired in shown:
            value, beside = values[position], values[position + 1] if paired else None
            position += 2 if paired else 1
            empty = value is None or value == "" or value == []
            cells.append(NOTHING if empty else show(column, value, beside, query, longest))
        return cells

    return render


def _text(column, value, beside, query, longest):
    if longest and len(value) > longest:
        value = value[:longest].rsplit(" ", 1)[0] + " …"
    return format_html("{}", value)


def _code(column, value, beside, query, longest):
    label = column.vocabulary(value).label if column.vocabulary else value
    return badge(column.badge, value, label) if column.badge else format_html("{}", label)


def _date(column, value, beside, query, longest):
    date = PartialDate(value, beside) if beside else PartialDate(value)
    return format_html('<time datetime="{}">{}</time>', date.iso, str(date))


def _instant(column, value: dt.datetime, beside, query, longest):
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), instant_text(value))


def _number(column, value, beside, query, longest):
    return format_html('<span class="num">{}</span>', value)


def _flag(column, value, beside, query, longest):
    return format_html("{}", "yes" if value else "no")


def _names(column, value, beside, query, longest):
    return _text(column, "; ".join(value), None, query, longest)


def _many(column, value: str, beside, query, longest):
    # Made for files: guarded, and with its own semicolons marked.
    return _text(
        column, value.removeprefix("'").replace("\\;", ";").replace("\\\\", "\\"), None, query, longest
    )


def _link(column, value, beside, query, longest):
    url = page_of(beside, query)
    text = _text(column, value, None, query, longest)
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def _url(column, value, beside, query, longest):
    return format_html("{}", external(value))


_SHOW: dict[Kind, Callable[[Column, Any, Any, str, int | None], SafeString]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.NAMES: _names,
    Kind.MANY: _many,
    Kind.LINK: _link,
    Kind.URL: _url,
}
