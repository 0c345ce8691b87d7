"""Filters by days: rows whose date can be as asked for, and whether it can also be otherwise."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from tracker.clocks import Clocks
from tracker.models.date_columns import on_or_after, on_or_before
from tracker.models.dates import Span, precision_beside, precision_of
from tracker.models.fields import model_at
from tracker.register.filters import DateFilter

ONE_DAY = dt.timedelta(days=1)

Ends = str | Callable[[Clocks], dt.date]


def last_recording_day(clocks: Clocks) -> dt.date:
    """The last day on which anything that is read at `clocks` can have been recorded, and so have happened."""
    return timezone.localdate(clocks.known)


class SideFilter(DateFilter):
    """Rows whose date can lie on one side of a day."""

    def __init__(self, field_name: str, label: str, ends: Ends = ""):
        """`ends`: for what has happened, the column with the last possible day, or that day by the clocks."""
        super().__init__(field_name, label)
        self._ends = ends

    @property
    def ends(self) -> str | dt.date:
        """The column with the last possible day, or that day; empty for what may lie in the future."""
        return self._ends(self.parent.clocks) if callable(self._ends) else self._ends

    def precision_in(self, rows: QuerySet) -> str | None:
        """The lookup of how precisely the date is known; None for one that is always a day."""
        name = precision_beside(self.field_name)
        *path, date = self.field_name.split("__")
        is_partial = name in rows.query.annotations or precision_of(model_at(rows.model, path), date)
        return name if is_partial else None

    def outside(self, rows: QuerySet, value: Span) -> Q:
        """The condition that a date that can lie on this side of `value` can also lie on the other."""
        precision = self.precision_in(rows)
        return self.other_side(value, precision) if precision else Q()

    @abstractmethod
    def other_side(self, value: Span, precision: str) -> Q:
        """The condition that a date held with `precision` can lie on the other side of `value`."""


class SinceFilter(SideFilter):
    """Rows that can be dated on or after the first possible day."""

    def other_side(self, value: Span, precision: str) -> Q:
        day = value.first or value.day
        return on_or_before(day - ONE_DAY, self.field_name, precision) if day > dt.date.min else Q()

    def filter(self, rows: QuerySet, value: Span) -> QuerySet:
        """The rows of `rows` from `value` (Span) on."""
        return rows.filter(since_condition(value, self.field_name, self.precision_in(rows), self.ends))


class UntilFilter(SideFilter):
    """Rows that can be dated on or before the last possible day."""

    def other_side(self, value: Span, precision: str) -> Q:
        day = value.last_known
        return on_or_after(day + ONE_DAY, self.field_name, precision, self.ends) if day < dt.date.max else Q()

    def filter(self, rows: QuerySet, value: Span) -> QuerySet:
        """The rows of `rows` up to `value` (Span)."""
        return rows.filter(until_condition(value, self.field_name, self.precision_in(rows)))


def since_condition(value: Span, date: str, precision: str | None, ends: str | dt.date = "") -> Q:
    """The condition that the date at the lookup `date` can be the first day of `value` or a later one.

    `ends`: see `on_or_after`.
    """
    day = value.first or value.day
    return on_or_after(day, date, precision, ends) if precision else Q(**{f"{date}__gte": day})


def until_condition(value: Span, date: str, precision: str | None) -> Q:
    """The condition that the date at the lookup `date` can be the last day of `value` or an earlier one."""
    day = value.last_known
    return on_or_before(day, date, precision) if precision else Q(**{f"{date}__lte": day})


def since(field_name: str = "changed_on", label: str = "From", ends: Ends = "") -> SinceFilter:
    """A filter for a first day."""
    return SinceFilter(field_name, label, ends)


def until(field_name: str = "changed_on", label: str = "To", ends: Ends = "") -> UntilFilter:
    """A filter for a last day."""
    return UntilFilter(field_name, label, ends)
