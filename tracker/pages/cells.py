"""From the values of a row to the cells of a page: words, shapes, links and dates as they are."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.clocks import Clocks
from tracker.files.export.cells import UNKNOWN, is_lost, joined, led_to
from tracker.models.dates import PartialDate
from tracker.register.display import NOTHING, badge, instant_text, page_of
from tracker.register.types import Column, Kind
from tracker.templatetags.reading import external

LONGEST = 160
"""Longer texts are cut in a list; the record's own page has them whole."""


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
