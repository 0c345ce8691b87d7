"""Partial dates (a day, a month, a year, or before a day) in Python and as database expressions."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, DateField, F, Func, IntegerField, Q, Transform, When
from django.utils import formats

from tracker.models.vocabularies import DatePrecision
from tracker.text import dates


@dataclass(frozen=True)
class PartialDate:
    """A date and its precision; a month or a year is represented by its first day."""

    first: dt.date
    precision: str = DatePrecision.DAY

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """The date written in `text`, in any form that `tracker.text.dates` reads; raises ValueError with a hint."""
        first, precision = dates.read(text)
        return cls(first, DatePrecision(precision))

    @classmethod
    def parse_day(cls, text: str) -> dt.date:
        """The full date written in `text`; raises ValueError, also for a month, a year, or "before"."""
        date = cls.parse(text)
        if date.precision != DatePrecision.DAY:
            day = dates.shown(date.last)
            raise ValueError(
                f"“{text.strip()}” is not one day. Write a whole day, such as {day} or {date.last}."
            )
        return date.first

    @property
    def iso(self) -> str:
        """ISO 8601 to its precision: 2025-02-18, 2025-02 or 2025; the day itself for `before`."""
        length = {DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}.get(self.precision, 10)
        return self.first.isoformat()[:length]

    @property
    def typed(self) -> str:
        """ISO 8601, after the word "before" if it is so; `parse` reads it back."""
        return f"before {self.iso}" if self.precision == DatePrecision.BEFORE else self.iso

    @property
    def last(self) -> dt.date:
        """The latest day that the date can mean; for `before`, the previous day."""
        if self.precision == DatePrecision.YEAR:
            return dt.date(self.first.year, 12, 31)
        if self.precision == DatePrecision.MONTH:
            return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        if self.precision == DatePrecision.BEFORE:
            return self.first - dt.timedelta(days=1)
        return self.first

    @property
    def key(self) -> int:
        """An integer that sorts by time; "before" a day sorts just before everything on that day."""
        return self.first.toordinal() * 2 + (self.precision != DatePrecision.BEFORE)

    def __str__(self) -> str:
        """18 Feb 2025, Feb 2025, 2025, or before 18 Feb 2025."""
        if self.precision == DatePrecision.YEAR:
            return f"{self.first.year:04}"
        if self.precision == DatePrecision.MONTH:
            return formats.date_format(self.first, "M Y")
        text = formats.date_format(self.first, "j M Y")
        return f"before {text}" if self.precision == DatePrecision.BEFORE else text


def last_key(day: dt.date, before: bool = False) -> int:
    """The greatest `PartialDate.key` that has happened by the end of `day`, or, if `before`, by its start."""
    return PartialDate(day, DatePrecision.BEFORE if before else DatePrecision.DAY).key


def partial(first: dt.date | None, precision: str | None) -> PartialDate | None:
    """The PartialDate of a pair of columns, or None if they are empty."""
    return PartialDate(first, precision) if first and precision else None


def precise(date: str, precision: str, optional: bool = False) -> Q:
    """A constraint: a date has a precision, and a month or year is represented by its first day."""
    first = {f"{date}__{DayOfMonth.lookup_name}": 1}
    january = {f"{date}__{MonthOfYear.lookup_name}": 1}
    known = (
        Q(**{f"{precision}__in": [DatePrecision.DAY, DatePrecision.BEFORE]})
        | Q(**{precision: DatePrecision.MONTH}, **first)
        | Q(**{precision: DatePrecision.YEAR}, **first, **january)
    )
    stated = Q(**{f"{date}__isnull": False}) & known
    unknown = Q(**{f"{date}__isnull": True, f"{precision}": ""})
    return stated | unknown if optional else stated


class _Day(Func):
    """A day computed from a date, with SQL for each database."""

    output_field = DateField()
    sqlite: str
    postgresql: str

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=self.sqlite, **context)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=self.postgresql, **context)


class _MonthEnd(_Day):
    sqlite = "date(%(expressions)s, '+1 month', '-1 day')"
    postgresql = "(%(expressions)s + interval '1 month - 1 day')::date"


class _YearEnd(_Day):
    # The day is subtracted first, since SQLite has no year after 9999.
    sqlite = "date(%(expressions)s, '-1 day', '+1 year')"
    postgresql = "(%(expressions)s + interval '1 year - 1 day')::date"


class _DayBefore(_Day):
    sqlite = "date(%(expressions)s, '-1 day')"
    postgresql = "(%(expressions)s - 1)"


class DaysBetween(_Day):
    """The days from the second date to the first, as an integer; NULL if either is."""

    output_field = IntegerField()
    sqlite = "CAST(julianday(%(expressions)s) AS INTEGER)"
    postgresql = "(%(expressions)s)"

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sqlite(compiler, connection, arg_joiner=") - julianday(", **context)

    def as_postgresql(self, compiler, connection, **context):
        return super().as_postgresql(compiler, connection, arg_joiner=" - ", **context)


# Constraints use these instead of Django's `day` and `month`, which on SQLite call a function that only exists in
# Django's connections, so that other programs could not copy or check the database.
@DateField.register_lookup
class DayOfMonth(_Day, Transform):
    """The day of the month, 1 to 31, with built-in functions of the database."""

    lookup_name = "day_of_month"
    output_field = IntegerField()
    sqlite = "CAST(substr(%(expressions)s, 9, 2) AS integer)"
    postgresql = "EXTRACT(DAY FROM %(expressions)s)"


@DateField.register_lookup
class MonthOfYear(_Day, Transform):
    """The month, 1 to 12, with built-in functions of the database."""

    lookup_name = "month_of_year"
    output_field = IntegerField()
    sqlite = "CAST(substr(%(expressions)s, 6, 2) AS integer)"
    postgresql = "EXTRACT(MONTH FROM %(expressions)s)"


def last_day(date: str = "due_on", precision: str = "due_precision") -> Case:
    """`PartialDate.last` of a pair of columns, as an expression; NULL without a date."""
    return Case(
        When(**{precision: DatePrecision.MONTH}, then=_MonthEnd(date)),
        When(**{precision: DatePrecision.YEAR}, then=_YearEnd(date)),
        When(**{precision: DatePrecision.BEFORE}, then=_DayBefore(date)),
        default=F(date),
        output_field=DateField(),
    )
