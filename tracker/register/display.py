"""How a code, a record, a day and an instant are shown to people."""

import datetime as dt
from functools import cache

from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tracker.clocks import Clocks
from tracker.models.base import page_pattern
from tracker.models.dates import PartialDate
from tracker.models.vocabularies import DatePrecision
from tracker.register import RECORD_TYPES

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


def day_text(clocks: Clocks) -> str:
    """The day of `clocks` for people; empty for today."""
    if clocks.on is None:
        return ""
    return str(PartialDate(clocks.on, DatePrecision.BEFORE if clocks.before else DatePrecision.DAY))


def instant_text(instant: dt.datetime) -> str:
    """An instant for people, to the minute, in the installation's time zone, which is named."""
    local = timezone.localtime(instant)
    return f"{formats.date_format(local, 'j M Y, H:i')} {local.tzname()}"
