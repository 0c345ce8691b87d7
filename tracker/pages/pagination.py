"""Keyset pagination, in which the last page is as fast as the first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet

from tracker.clocks import PRESENT, BadQuery, Clocks
from tracker.domain.standing import raised_or_not
from tracker.forms.fields import whole_number
from tracker.models.collation import sorted_by
from tracker.queries.candidates import Candidates, by_change, by_due
from tracker.queries.sql import Keys
from tracker.text.folding import nearest_hint

PAGE_SIZE = 50
COUNT_UP_TO = 10_000
"""Counting stops here: counting a million rows takes longer than showing fifty of them."""
COUNT_IN_PAST_UP_TO = 1_000
"""The same at an earlier moment, where versions that are not read have to be passed over."""


@dataclass(frozen=True)
class SortKey:
    """One lookup that a list is sorted by; rows without a value come last in both directions."""

    lookup: str
    descending: bool = False
    nullable: bool = True


@dataclass(frozen=True)
class KeysetPage:
    """One page: the primary keys on it, in order, and whether there are pages before and after."""

    keys: list[int]
    has_previous: bool
    has_next: bool


@cache
def sort_keys(model, lookups: tuple[str, ...], descending: bool) -> tuple[SortKey, ...]:
    """The keys that sort `model` by `lookups`, and finally by primary key, to make the order total."""
    lookups = [sorted_by(model, lookup) for lookup in lookups]
    return tuple(SortKey(lookup, descending, _nullable(model, lookup)) for lookup in (*lookups, "pk"))


def require_turns(parameters: Mapping[str, str], model) -> None:
    """Raise BadQuery for pagination parameters, of a list of `model`, that cannot come from its links."""
    for name in ("after", "before"):
        if (text := parameters.get(name, "")) and not text.startswith(f"{model.prefix}-"):
            noun = model._meta.verbose_name
            raise BadQuery(
                [f"{name}: “{text[:100]}” is not the id of a {noun}, which begins with {model.prefix}-."]
            )
    if (text := parameters.get("page", "")) not in ("", "last"):
        hint = nearest_hint(text, ["last"], "Write last, or leave it out.")
        raise BadQuery([f"page: “{text[:100]}” is not a page of a list.{hint}"])
    if (text := parameters.get("from", "")) and not whole_number(text):
        raise BadQuery([f"from: “{text[:100]}” is not the number of a row."])


def keyset_page(
    rows: QuerySet,
    keys: Sequence[SortKey],
    after: str = "",
    before: str = "",
    last: bool = False,
    size: int | None = None,
    clocks: Clocks = PRESENT,
) -> KeysetPage:
    """The page of `rows` after the reference `after`, before `before`, the `last` page, or by default the first.

    A reference that is not in the list gives the first page. `size` defaults to PAGE_SIZE. At most two queries, and
    those of `_candidates` where `clocks` ask the rule.
    """
    mark, size = after or before, size or PAGE_SIZE
    values = rows.filter(ref=mark).values_list(*(key.lookup for key in keys)).first() if mark else None
    backwards = last or bool(before and values)
    if values:
        rows = rows.filter(_beyond(keys, values, backwards))
    start = values[0] if values else None
    found, _ = _first(rows, keys, size + 1, size + 1, clocks, backwards, start)
    more, shown = len(found) > size, [row[0] for row in found[:size]]
    if backwards:
        return KeysetPage(shown[::-1], has_previous=more, has_next=not last)
    return KeysetPage(shown, has_previous=values is not None, has_next=more)


def first_page(
    rows: QuerySet, keys: Sequence[SortKey], size: int, most: int, clocks: Clocks
) -> tuple[KeysetPage, int | None]:
    """The first page of `rows` as the rule sorts them at `clocks`, and how many there are; None for more than `most`.

    To sort and to count by what follows from the rule asks it of every row, here once for both: one query, unless
    there are `_candidates`.
    """
    whole, by_change = rows, keys[0].lookup == "changed_key"
    if by_change:
        rows, keys = raised_or_not(rows), (replace(keys[0], nullable=True), *keys[1:])
    found, are_all = _first(rows, keys, most + 1, size + 1, clocks)
    shown = [key for key, value in found if value is not None or not by_change]
    page = KeysetPage(shown[:size], has_previous=False, has_next=len(shown) > size)
    if not are_all and len(shown) <= most:
        return page, count(whole, most)
    return page, len(shown) if len(shown) <= most else None


def _first(
    rows: QuerySet,
    keys: Sequence[SortKey],
    most: int,
    needed: int,
    clocks: Clocks,
    backwards: bool = False,
    start: Any = None,
) -> tuple[list[tuple], bool]:
    """The first of `rows`, and whether these are all that there may be up to `most`.

    Each has its primary key and, if the rule sorts them, its first sort key. There are `most` of them, or at least as
    many as are `needed`, where that spares asking the rule of all rows.
    """
    order = _order(keys, backwards)
    for candidates in _candidates(rows.model, keys[0], clocks, backwards, start):
        some = rows.filter(pk__in=Keys(candidates.keys)).order_by(*order)
        found = list(some.values_list("pk", keys[0].lookup)[:most])
        if candidates.decide([value for _, value in found], needed, keys[0].descending == backwards):
            return found, candidates.bound is None
    selected = ("pk", keys[0].lookup) if clocks.asks_the_rule else ("pk",)
    return list(rows.order_by(*order).values_list(*selected)[:most]), True


def _candidates(model, key: SortKey, clocks: Clocks, backwards: bool, start: Any) -> Iterator[Candidates]:
    """The rows of `model` that can come first by `key` from the value `start` on, if the rule sorts them."""
    ascending = key.descending == backwards
    if not clocks.asks_the_rule:
        return
    # Of the items that changed first of all, nearly every one has changed again since.
    if key.lookup == "changed_key" and not (ascending and start is None):
        yield from by_change(clocks, model.kind_code, None, ascending, start)
    if key.lookup == "due_on" and not backwards:
        yield from by_due(clocks, model.kind_code, ascending, start)


def in_order(rows: QuerySet, keys: Sequence[SortKey]) -> QuerySet:
    """`rows` in the order of the pages."""
    return rows.order_by(*_order(keys, backwards=False))


def count(rows: QuerySet, most: int | None = None) -> int | None:
    """How many `rows` there are; None for more than `most`, by default COUNT_UP_TO."""
    most = COUNT_UP_TO if most is None else most
    if "changed_key" in rows.query.annotations:
        # What the filters ask leaves fewer rows of which the rule is asked whether they had come up.
        rows = raised_or_not(rows).filter(changed_key__isnull=False)
    # Count bare keys: otherwise the annotations would be computed for every row.
    counted = rows.order_by().values("pk")[: most + 1].count()
    return None if counted > most else counted


def _nullable(model, lookup: str) -> bool:
    # Every listed item has a date of last change.
    if lookup in ("pk", "changed_key"):
        return False
    name, _, rest = lookup.partition("__")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return True
    return field.null or bool(rest) and _nullable(field.related_model, rest)


def _order(keys: Sequence[SortKey], backwards: bool) -> list:
    order = []
    for key in keys:
        nulls = {"nulls_first" if backwards else "nulls_last": True} if key.nullable else {}
        field = F(key.lookup)
        order.append(field.desc(**nulls) if key.descending != backwards else field.asc(**nulls))
    return order


def _beyond(keys: Sequence[SortKey], values: Sequence[Any], backwards: bool) -> Q:
    """The condition for rows after the row with `values` in the order of `keys`, or before it if `backwards`."""
    key, value, rest = keys[0], values[0], keys[1:]
    sign = "lt" if key.descending != backwards else "gt"
    if not rest:
        return Q(**{f"{key.lookup}__{sign}": value})
    further = _beyond(rest, values[1:], backwards)
    if not key.nullable:
        # This form lets the database use an index on the keys: the bound on the first key comes first, outside the OR.
        return Q(**{f"{key.lookup}__{sign}e": value}) & ~(Q(**{key.lookup: value}) & ~further)
    absent = Q(**{f"{key.lookup}__isnull": True})
    if value is None:
        return (~absent | (absent & further)) if backwards else (absent & further)
    ahead = Q(**{f"{key.lookup}__{sign}": value})
    if not backwards:
        ahead |= absent
    return ahead | (Q(**{key.lookup: value}) & further)
