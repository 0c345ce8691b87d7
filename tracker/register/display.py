"""Display of values: badges of codes, links, dates, instants, and table cells."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracker.clocks import Clocks
from tracker.models.base import page_pattern
from tracker.models.dates import Span
from tracker.models.fields import BETWEEN_CODES
from tracker.models.vocabularies import Vocabulary
from tracker.models.wordings import Text
from tracker.register import RECORD_TYPES
from tracker.register.types import Column, Kind
from tracker.templatetags.reading import external

PAGES = {record_type.model.prefix: record_type.url_name for record_type in RECORD_TYPES}
"""{prefix of a reference: the name of the URL namespace of its record type}"""
LONGEST = 160
"""The longest text in a list, in characters; longer ones are cut."""
NOTHING = mark_safe('<span class="none" aria-hidden="true">–</span>')


def page_of(ref: str, query: str = "") -> str:
    """The URL of the page of the record `ref`, with `query` (the clocks) appended; empty if it has no page."""
    url_name = PAGES.get(ref[:3])
    if url_name is None:
        return ""
    return page_pattern(url_name).replace("REF", ref) + (f"?{query}" if query else "")


@cache
def marks_url() -> str:
    """The URL of the SVG file with the marks of codes."""
    return static("img/marks.svg")


def badge(kind: str, code: str, label: str) -> SafeString:
    """The HTML of a code's mark and label, the same as in `parts/_badge.html`."""
    return format_html(
        '<span class="badge {0}-{1}"><svg class="mark" aria-hidden="true"><use href="{2}#{0}-{1}"/></svg>'
        '<span class="word">{3}</span></span>',
        kind,
        code,
        marks_url(),
        label,
    )


def badges(kind: str, codes: Iterable[Vocabulary]) -> SafeString:
    """The HTML of the badges of `codes`, as in `parts/_badges.html`."""
    return format_html_join(" ", "{}", ((badge(kind, code, str(code.label)),) for code in codes))


def day_text(clocks: Clocks) -> str:
    """The day of `clocks`, formatted; empty for today."""
    if clocks.on is None:
        return ""
    return str(Span(clocks.on))


def dated(date: Span) -> SafeString:
    """`date` for people; in the form for programs too where HTML has one, as it has of a day, a month or a year."""
    machine = format_html(' datetime="{}"', day) if (day := date.machine) else ""
    return format_html("<time{}>{}</time>", machine, str(date))


def instant_text(instant: dt.datetime) -> str:
    """`instant`, formatted to the minute in the installation's time zone, with the zone's name."""
    local = timezone.localtime(instant)
    return f"{formats.date_format(local, 'j M Y, H:i')} {local.tzname()}"


def cells(
    columns: Sequence[Column], rows: Iterable[Sequence], query: str, longest: int | None = LONGEST
) -> Iterator[list[SafeString]]:
    """The HTML cells of each of `rows`, which are tuples of the values of `RecordType.selected(columns)`.

    `query` (the clocks) is appended to links. Texts are cut at `longest` characters; None does not cut them.
    """
    shown = [(_SHOW[column.kind], column) for column in columns]
    for values in rows:
        row, rest = [], iter(values)
        for show, column in shown:
            value = next(rest)
            beside = next(rest) if column.ref else (next(rest), next(rest)) if column.precision else None
            if value is None or value == "" or value == []:
                row.append(NOTHING)
            else:
                row.append(show(column, value, beside, query, longest))
        yield row


def marked(row: list[SafeString]) -> list[SafeString]:
    """The cells of a row whose date can also lie outside the days asked for."""
    first, *others = row
    return [format_html('{} <span class="aside">may be outside these dates</span>', first), *others]


def _text(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    if column.words:
        value = column.words(value)
    if longest and len(value) > longest:
        value = value[:longest].rsplit(" ", 1)[0] + " …"
    return format_html("{}", value)


def _code(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    label = value
    if column.vocabulary:
        label = column.vocabulary(value).label  # type: ignore[call-arg]  # a lookup by value
    return badge(column.badge, value, label) if column.badge else format_html("{}", label)


def _codes(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    assert column.vocabulary is not None, "columns of codes have one"
    return badges(column.badge, map(column.vocabulary, value.split(BETWEEN_CODES)))


def _date(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    date = Span(value, *beside) if beside else Span(value)
    return dated(date)


def _instant(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), instant_text(value))


def _time(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return format_html('<time datetime="{0}">{0}</time>', f"{value:%H:%M}")


def _number(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return format_html('<span class="num">{}</span>', value)


def _flag(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return format_html("{}", "yes" if value else "no")


def _names(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return _text(column, "; ".join(value), None, query, longest)


def _texts(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return _names(column, [str(Text(words, code)) for code, words in value], None, query, longest)


def _many(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    names = json.loads(value)
    return _names(column, names, None, query, longest) if names else NOTHING


def _link(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    url = page_of(beside, query)
    text = _text(column, value, None, query, longest)
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def _url(column: Column, value: Any, beside: Any, query: str, longest: int | None) -> SafeString:
    return format_html("{}", external(value))


_SHOW: dict[Kind, Callable[[Column, Any, Any, str, int | None], SafeString]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.TIME: _time,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.NAMES: _names,
    Kind.TEXTS: _texts,
    Kind.MANY: _many,
    Kind.LINK: _link,
    Kind.URL: _url,
}
