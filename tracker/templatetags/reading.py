"""Words for templates: links that keep the clocks, the office in which somebody spoke, what differs in a wording."""

from urllib.parse import urlencode

from django import template

from tracker.clocks import Clocks
from tracker.models import Development, Office
from tracker.queries.evidence import office_of
from tracker.queries.undated import later_words
from tracker.queries.wordings import differing

register = template.Library()
register.filter(differing)
register.filter(later_words)


@register.filter
def at(target, clocks: Clocks) -> str:
    """The address of a record, or the address `target` itself, read by `clocks`."""
    url = target if isinstance(target, str) else target.get_absolute_url()
    query = urlencode(clocks.query)
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


@register.filter
def office(development: Development) -> Office | None:
    """The office in which the speaker of `development` spoke, as far as is known."""
    return office_of(development)
