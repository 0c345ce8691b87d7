"""What is due: the open deadlines of all items that a reader may see, the most pressing first."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Case, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from tracker.clocks import Clocks
from tracker.domain.deadlines import (
    IS_OPEN,
    awaited_status,
    due_of,
    for_review,
    overdue,
    today,
)
from tracker.domain.standing import ASPECTS, is_stored, latest, stand
from tracker.models import Effect, Item, User
from tracker.models.base import first_of
from tracker.models.date_columns import last_day
from tracker.models.dates import MONTHS, YEARS
from tracker.models.effects import DATED_KINDS
from tracker.models.items import is_owed


def dues(user: User, clocks: Clocks, limit: int) -> tuple[list[Item], list[Item]]:
    """The open deadlines that `user` may see: those overdue or due for review, and those to come.

    At most `limit` items of each, each with `when` (Due) and `waits_for`, the most pressing first. Two queries.
    """
    items = Item.objects.visible_to(user)
    first = (_first_stored if is_stored(clocks) else _first_by_rule)(items, clocks, limit)
    shown = _with_due(first, clocks)
    late, coming = ([shown[key] for key in first if first[key] == is_late] for is_late in (True, False))
    return late, coming


def _is_late(clocks: Clocks) -> Case:
    """True of what is overdue or due for review, false of what is to come, NULL without a due date or a review date."""
    day = today(clocks)
    stated = Q(due_on__isnull=False) | Q(review_on__isnull=False)
    return Case(When(overdue(day) | for_review(day), then=True), When(stated, then=False))


def _first_stored(items: QuerySet, clocks: Clocks, limit: int) -> dict[int, bool]:
    """{primary key: `_is_late`} of the `limit` most pressing open `items` that are late, and as many to come."""
    owed = items.filter(is_owed("current_")).annotate(
        is_open=Value(True),
        due_by=last_day("current_due_on", "current_due_precision"),
        **{name: F(f"current_{name}") for name in ("due_on", "due_precision", "review_on")},
    )
    parts = []
    for is_late, part in _parts(today(clocks)):
        first = owed.filter(part).order_by("due_on", "review_on", "pk").values("pk")[:limit]
        # SQLite knows no limit in a part of a union.
        rows = Item.objects.filter(pk__in=first).order_by().annotate(is_late=Value(is_late))
        parts.append(rows.values_list("is_late", "current_due_on", "current_review_on", "pk"))
    return _most_pressing(parts[0].union(*parts[1:], all=True), limit)


def _parts(day: dt.date) -> Iterator[tuple[bool, Q]]:
    """What is late on `day` and what is to come, in parts of which an index has each in the order of urgency."""
    undated, may_come = Q(due_on__isnull=True), Q(due_by__gte=day) | Q(due_by__isnull=True)
    yield True, Q(due_on__lte=day) & overdue(day)
    yield True, for_review(day)
    yield False, Q(due_on__gte=day) & may_come
    yield False, undated & Q(review_on__gte=day)
    # Of what is held by an earlier day, only this can still be to come.
    in_this_year = Q(due_on__gte=day.replace(month=1, day=1), due_precision__in=[*MONTHS, *YEARS])
    for vague in (in_this_year, Q(due_precision__is_long=True)):
        yield False, Q(due_on__lt=day) & vague & may_come


def _first_by_rule(items: QuerySet, clocks: Clocks, limit: int) -> dict[int, bool]:
    """The same, where the rule is asked: of each item once for the status, and once for all that sorts it."""
    effects = Effect.objects.at(clocks).filter(ASPECTS["due"], item=OuterRef("pk"))
    effects = effects.annotate(is_open=Value(True), due_by=last_day()).annotate(is_late=_is_late(clocks))
    effects = effects.annotate(due=JSONObject(**{name: name for name in ("is_late", "due_on", "review_on")}))
    rows = items.filter(item_kind__in=DATED_KINDS).annotate(
        status=latest(clocks, "status", "status"), due=first_of(effects, "due")
    )
    dues = rows.annotate(is_open=IS_OPEN).filter(is_open=True).values_list("pk", "due")
    stated = ((key, due) for key, due in dues if due and due["is_late"] is not None)
    return _most_pressing(
        ((bool(due["is_late"]), due["due_on"], due["review_on"], key) for key, due in stated), limit
    )


def _most_pressing(rows: Iterable[tuple[bool, Any, Any, int]], limit: int) -> dict[int, bool]:
    """{primary key: whether it is late}, the `limit` most pressing first, of late `rows`, and as many to come.

    Each has whether it is late, its due date and its review date or None, and its primary key.
    """
    pressing: dict[bool, list] = {True: [], False: []}
    for is_late, on, review, key in rows:
        # As the database sorts a column.
        comes_last = (review is None) is not connection.features.order_by_nulls_first
        pressing[is_late].append((on is None, on or "", comes_last, review or "", key))
    return {key: is_late for is_late, some in pressing.items() for *_, key in sorted(some)[:limit]}


def _with_due(keys: Collection[int], clocks: Clocks) -> dict[int, Item]:
    """{primary key: the item}, of the items with `keys`."""
    rows = stand(Item.objects.filter(pk__in=keys), clocks).annotate(awaited_status=awaited_status(clocks))
    rows = rows.select_related("process", "as_follow_up__owner", "as_follow_up__waits_for")
    items = rows.in_bulk()
    for item in items.values():
        follow_up = getattr(item, "as_follow_up", None)
        item.waits_for = follow_up and follow_up.waits_for
        item.when = due_of(item, clocks, item.waits_for is not None, item.awaited_status)
    return items
