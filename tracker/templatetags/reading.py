"""Template filters: links that keep the clocks, external links, offices, and word differences."""

import re
from urllib.parse import urlencode

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.clocks import Clocks
from tracker.models import Development, Office
from tracker.queries.evidence import office_of
from tracker.queries.undated import later_words
from tracker.queries.word_diff import differing, texts_differing

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

register = template.Library()
register.filter(differing)
register.filter(texts_differing)
register.filter(later_words)
register.filter(flatatt)


@register.filter
def at(target, clocks: Clocks) -> str:
    """The address of a record, or the address `target` itself, read by `clocks`."""
    url = target if isinstance(target, str) else target.get_absolute_url()
    query = urlencode(clocks.query)
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


@register.filter
def external(url: str) -> SafeString | str:
    """A link to `url` on another site, marked as one; the plain text of what is no address of the web."""
    if not url.lower().startswith(("http://", "https://")):
        return url
    return format_html(
        '<a class="external" href="{0}" rel="noopener noreferrer">{0}'
        '<span class="visually-hidden"> (another site)</span></a>',
        url,
    )


@register.filter
def in_language(code: str | None) -> SafeString:
    """The attribute that says in which language text is written; empty for what is no BCP 47 code."""
    return format_html(' lang="{}"', code) if code and _LANGUAGE.fullmatch(code) else SafeString("")


@register.filter
def office(development: Development) -> Office | None:
    """The office in which the speaker of `development` spoke, as far as is known."""
    return office_of(development)
