"""Rows with more or fewer cells than the header, which get only this error, since their cells have shifted."""

import re
from collections.abc import Callable, Sequence

from django.db import models

from tracker.files.importing.columns import Target, Way, codes_of
from tracker.files.importing.spellings import CLEARED
from tracker.models.dates import Span
from tracker.models.fields import BETWEEN_CODES

_REF = re.compile(r"[a-z]{3}-[a-z0-9-]+")


def fitting(
    name: str, target: Target | None, spell: Callable[[str], str] | None
) -> Callable[[str], bool] | None:
    """A function that says whether a text fits the column `name`, which sets `target`; None if any text does.

    `spell` normalises the cells of the column.
    """
    if name == "id":
        return lambda text: not text or bool(_REF.fullmatch(text))
    if target is None or spell is None:
        return None
    codes, field = codes_of(target.coded), target.field

    def fits(text: str) -> bool:
        text = spell(text)
        if text in ("", CLEARED):
            return True
        if target.way is Way.DATE or (target.way is Way.PLAIN and isinstance(field, models.DateField)):
            return _is_date(text)
        if target.way is Way.ID:
            return bool(_REF.fullmatch(text))
        if codes and target.way in (Way.PLAIN, Way.PRECISION):
            return {*codes}.issuperset(text.split(BETWEEN_CODES))
        if isinstance(field, models.BooleanField):
            return text in ("true", "false")
        return text.isdecimal() if isinstance(field, models.IntegerField) else True

    return fits


def wrong_width(
    cells: Sequence[str], header: Sequence[str], fits: Sequence[Callable[[str], bool] | None]
) -> str:
    """The error message of a row of `cells`, with the first shifted cell if it can be determined."""
    size = max((place for place, text in enumerate(cells, start=1) if text.strip()), default=0)
    size = size if size > len(header) else len(cells)
    sizes = f"The row has {size} cell{'' if size == 1 else 's'}, the header {len(header)}"
    if size < len(header):
        return f"{sizes}. A line break within a cell that is not quoted leaves such a row behind."
    places = _places(cells[:size], len(header), fits)
    if not places or len(places) == len(header) + 1:
        return f"{sizes}."
    first, last = places[0], places[-1]
    if first == len(header):
        return f"{sizes}: those from cell {first + 1} on are left over."
    if first == last:
        return f"{sizes}: it seems to go wrong at cell {_named(first, header)}."
    end = _named(last, header) if last < len(header) else str(last + 1)
    return f"{sizes}: it seems to go wrong somewhere from cell {_named(first, header)}, to cell {end}."


def _places(cells: Sequence[str], width: int, fits: Sequence[Callable[[str], bool] | None]) -> list[int]:
    """The indices at which surplus cells can begin so that all others fit their columns; `width` means at the end."""
    surplus, places = len(cells) - width, []
    for place in range(width + 1):
        cut = [*cells[:place], ",".join(cells[place : place + surplus + 1]), *cells[place + surplus + 1 :]]
        if all(fit is None or fit(text) for fit, text in zip(fits, cut, strict=False)):
            places.append(place)
    return places


def _named(place: int, header: Sequence[str]) -> str:
    return f"{place + 1}, “{header[place]}”" if header[place] else str(place + 1)


def _is_date(text: str) -> bool:
    try:
        Span.parse(text)
    except ValueError:
        return False
    return True
