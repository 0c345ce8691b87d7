"""Page numbers for reports whose keys are all known."""

from collections.abc import Callable

from tracker.clocks import BadQuery
from tracker.forms.fields import whole_number


def page_of(keys: list, size: int, text: str, url: Callable[..., str]) -> tuple[list, dict]:
    """The keys on the requested page, at most `size`, and the context of `parts/_pager.html`.

    `text` is the query-string parameter; empty means the first page, and a number beyond the last page means the last.
    `url(page=…)` returns the URL of another page. Raises BadQuery if `text` is not a number.
    """
    last = max(1, -(-len(keys) // size))
    number = whole_number(text) if text else 1
    if not number:
        raise BadQuery([f"page: “{text}” is not the number of a page; there are {last}."])
    number = min(number, last)
    first = (number - 1) * size
    shown = keys[first : first + size]
    earlier, later = number > 1, number < last
    return shown, {
        "first": first + 1 if shown else None,
        "last": first + len(shown),
        "total_text": f"{len(keys):,}",
        "is_needed": last > 1,
        "first_url": url(page="") if earlier else "",
        "previous_url": url(page=number - 1 if number > 2 else "") if earlier else "",
        "next_url": url(page=number + 1) if later else "",
        "last_url": url(page=last) if later else "",
    }
