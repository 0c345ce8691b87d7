"""Deadlines: overdue, due for review, and blocked are computed here and never stored."""

import datetime as dt
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import timezone

from tracker.clocks import Clocks
from tracker.domain.standing import ASPECTS, Standing, is_stored, stand
from tracker.models import Effect, Item
from tracker.models.base import first_of
from tracker.models.date_columns import last_day
from tracker.models.dates import Span, span
from tracker.models.effects import DATED_KINDS, GIVEN_UP, due_words
from tracker.models.items import ENDED, is_owed
from tracker.models.vocabularies import (
    DemandStatus,
    FollowUpStatus,
    PrincipleStatus,
    TalkStatus,
)

FULFILLED = frozenset(
    {
        TalkStatus.HELD,
        PrincipleStatus.AGREED,
        PrincipleStatus.SIGNED,
        PrincipleStatus.IMPLEMENTING_MINIMAL,
        PrincipleStatus.IMPLEMENTING_INTERMEDIATE,
        PrincipleStatus.IMPLEMENTED,
        DemandStatus.MET,
        FollowUpStatus.DONE,
    }
)
"""The statuses of an awaited item that no longer block a follow-up; codes are unique across item kinds."""

# The three conditions are over these names, which a query annotates and a `Due` has as values: `is_open`, `due_by`
# (the latest day that the due date can mean), `due_on`, `review_on`, `waits` (whether an item stands for what it
# waits for) and `awaited_status`.


def overdue(day: dt.date) -> Q:
    """On `day`, the latest day that the due date can mean has passed."""
    return Q(is_open=True, due_by__lt=day)


def for_review(day: dt.date) -> Q:
    """On `day`, a phrase without a date is due for review."""
    return Q(is_open=True, due_on__isnull=True, review_on__lt=day)


BLOCKED = Q(is_open=True, waits=True) & (Q(awaited_status__isnull=True) | ~Q(awaited_status__in=FULFILLED))
"""The item that it waits for is not yet settled."""

IS_OPEN = Case(When(status__in=ENDED, then=False), default=True)
"""Whether a row of `stand` is still owed."""

_LOOKUPS = {"exact": operator.eq, "lt": operator.lt, "in": lambda value, wanted: value in wanted}


def is_satisfied(condition: Q, values: Mapping[str, Any]) -> bool:
    """Whether `condition` (lookups exact, lt, in, isnull) holds for `values`; None equals and precedes nothing."""
    outcomes = (
        is_satisfied(child, values) if isinstance(child, Q) else _compares(child, values)
        for child in condition.children
    )
    return (all(outcomes) if condition.connector == Q.AND else any(outcomes)) != condition.negated


def _compares(comparison: Any, values: Mapping[str, Any]) -> bool:
    path, wanted = comparison
    name, _, lookup = path.partition("__")
    value = values[name]
    if lookup == "isnull":
        return (value is None) == wanted
    return value is not None and _LOOKUPS[lookup or "exact"](value, wanted)


def today(clocks: Clocks) -> dt.date:
    """The day that `clocks` read the record at the end of, in the installation's time zone.

    Where no day is named, it is the one by which all was public, or that of the instant: what was overdue then stays
    told as it was.
    """
    return clocks.on or clocks.public or timezone.localdate(clocks.known)


def due_by(clocks: Clocks) -> Combinable:
    """An expression for the latest day that the due date of a row of `stand` can mean; NULL without a date."""
    if is_stored(clocks):
        return last_day()
    effects = Effect.objects.at(clocks).filter(ASPECTS["due"], item=OuterRef("pk"))
    return first_of(effects.annotate(last=last_day()), "last")


def awaited_status(clocks: Clocks, path: str = "as_follow_up__waits_for") -> Combinable:
    """The status of the item at `path`, which a follow-up waits for, as an expression; None without such an item."""
    if is_stored(clocks):
        return F(f"{path}__current_status")
    effects = Effect.objects.at(clocks).filter(item=OuterRef(path), status__isnull=False)
    return first_of(effects, "status")


@dataclass(frozen=True)
class Due:
    """The deadline of an item, evaluated on the day of reading."""

    day: dt.date
    """The day of reading."""
    on: Span | None
    phrase: str
    review_on: dt.date | None
    open: bool
    """Whether it is still owed."""
    waits_for_status: str | None = None
    waits: bool = False
    """Whether it waits for an item."""

    @property
    def _values(self) -> dict[str, Any]:
        return {
            "is_open": self.open,
            "due_on": self.on and self.on.day,
            "due_by": self.on and self.on.last,
            "review_on": self.review_on,
            "waits": self.waits,
            "awaited_status": self.waits_for_status,
        }

    @property
    def is_overdue(self) -> bool:
        """Whether the latest day that the due date can mean has passed."""
        return is_satisfied(overdue(self.day), self._values)

    @property
    def is_for_review(self) -> bool:
        """Whether a phrase without a date is due for review."""
        return is_satisfied(for_review(self.day), self._values)

    @property
    def is_blocked(self) -> bool:
        """Whether the item that it waits for is not yet settled."""
        return is_satisfied(BLOCKED, self._values)

    @property
    def has_flags(self) -> bool:
        """Whether it is overdue, blocked, or has a review date."""
        return (
            self.is_overdue
            or self.is_blocked
            or (self.open and self.on is None and self.review_on is not None)
        )

    @property
    def is_stated(self) -> bool:
        """Whether a due date or phrase is stated."""
        return self.on is not None or bool(self.phrase)

    @property
    def is_given_up(self) -> bool:
        """Whether the date was given up, with no other in its place."""
        return self.phrase == GIVEN_UP

    @property
    def words(self) -> str:
        """The phrase, for people."""
        return due_words(None, self.phrase)

    def __str__(self) -> str:
        return due_words(self.on, self.phrase)


def place_of_due(on: Span | None) -> tuple[bool, dt.date]:
    """The place of a due date in a list: by the latest day that it can mean; then without one, then undated."""
    return on is None, (on and on.last) or dt.date.max


def due_of(row: object, clocks: Clocks, waits: bool, waits_for_status: str | None) -> Due:
    """The `Due` of a row of `tracker.domain.standing.stand`, an object or a dict, that names `due_on` and `status`."""
    read = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
    return Due(
        day=today(clocks),
        on=span(read("due_on"), read("due_precision"), read("due_last")),
        phrase=read("due_phrase") or "",
        review_on=read("review_on"),
        open=read("status") not in ENDED,
        waits=waits,
        waits_for_status=waits_for_status,
    )


def due_in(standing: Standing, waits_for: Item | None, clocks: Clocks) -> Due:
    """When the item of `standing` is owed; it waits for `waits_for`, whose status it carries as `awaited_status`."""
    due = standing.due
    return Due(
        day=today(clocks),
        on=due.due if due else None,
        phrase=due.due_phrase if due else "",
        review_on=due.review_on if due else None,
        open=not standing.is_closed,
        waits=waits_for is not None,
        waits_for_status=standing.item.awaited_status,  # type: ignore[attr-defined]  # annotated by the query
    )


def still_owed(items: QuerySet, clocks: Clocks) -> QuerySet:
    """The `items` open at `clocks` that have a due date or a review date, annotated by `stand`."""
    return stand(items.filter(item_kind__in=DATED_KINDS), clocks).filter(is_owed())
