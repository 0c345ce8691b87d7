"""Page numbers for reports whose keys are all known."""

from collections.abc import Callable, Iterator

from tracker.clocks import BadQuery
from tracker.forms.fields import whole_number
from tracker.queries.fitting import fitting


def page_of(
    keys: list,
    size: int,
    text: str,
    url: Callable[..., str],
    cost: Callable[..., int] | None = None,
    budget: int = 0,
) -> tuple[list, dict]:
    """The keys on the requested page, at most `size`, and the context of `parts/_pager.html`.

    With `cost` of a key, a page also ends before its keys cost more than `budget`, but never without a key.
    `text` is the query-string parameter; empty means the first page, and a number beyond the last page means the last.
    `url(page=…)` returns the URL of another page. Raises BadQuery if `text` is not a number.
    """
    pages = list(_pages(keys, size, cost, budget)) or [[]]
    last = len(pages)
    number = whole_number(text) if text else 1
    if not number:
        raise BadQuery([f"page: “{text}” is not the number of a page; there are {last}."])
    number = min(number, last)
    shown = pages[number - 1]
    first = sum(map(len, pages[: number - 1]))
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


def _pages(keys: list, size: int, cost: Callable[..., int] | None, budget: int) -> Iterator[list]:
    begin = 0
    while begin < len(keys):
        page = keys[begin : begin + size]
        if cost:
            page = page[: len(fitting({place: cost(key) for place, key in enumerate(page)}, budget))]
        yield page
        begin += len(page)
