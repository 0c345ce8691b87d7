"""Which columns a list has, and in which order: read from the query string, and chosen without any script."""

import difflib
from collections.abc import Callable, Iterable, Sequence

from tracker.clocks import BadQuery
from tracker.register.types import Column


def chosen(columns: Sequence[Column], asked: Iterable[str]) -> tuple[Column, ...]:
    """Those of `columns` that the texts `asked` name, with commas between them, in that order, each once.

    Raises BadQuery, with the nearest name, for a name that is none of theirs.
    """
    named = {column.name: column for column in columns}
    names = dict.fromkeys(name.strip() for text in asked for name in text.split(",") if name.strip())
    for name in names:
        if name not in named:
            near = difflib.get_close_matches(name, named, n=1)
            hint = f"Nearest: {near[0]}." if near else f"There are {', '.join(named)}."
            raise BadQuery([f"columns: there is no column “{name}”. {hint}"])
    return tuple(named[name] for name in names)


def chooser(columns: Sequence[Column], shown: Sequence[Column], url: Callable[..., str], kept: list) -> dict:
    """What `records/_columns.html` takes: the columns that are shown, with the ways to move them, and then the others.

    `url` gives the address of the page with changes to its query string; `kept` is what stays of that, in pairs.
    """
    names = [column.name for column in shown]

    def moved(place: int, to: int) -> str:
        if not 0 <= to < len(names):
            return ""
        order = names.copy()
        order[place], order[to] = order[to], order[place]
        return url(columns=",".join(order))

    return {
        "shown": [
            {
                "name": column.name,
                "label": column.label,
                "earlier_url": moved(place, place - 1),
                "later_url": moved(place, place + 1),
            }
            for place, column in enumerate(shown)
        ],
        "others": [column for column in columns if column.name not in names],
        "usual_url": url(columns=""),
        "kept": kept,
    }
