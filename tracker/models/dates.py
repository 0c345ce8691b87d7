"""Dates known only to a day, a month, a year, or as lying before a day: in Python, and as database expressions."""

import calendar
import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, DateField, F, Func, IntegerField, Q, Transform, When
from django.utils import formats

from tracker.models.vocabularies import DatePrecision
from tracker.text import dates


@dataclass(frozen=True)
class PartialDate:
    """A date and how precisely it is known; a month or a year is held by its first day."""

    first: dt.date
    precision: str = DatePrecision.DAY

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """The date written in `text`, in any form that `tracker.text.dates` reads; raises ValueError with a hint."""
        first, precision = dates.read(text)
        return cls(first, DatePrecision(precision))

    @classmethod
    def parse_day(cls, text: str) -> dt.date:
        """The whole day written in `text`; raises ValueError, also for a month, a year and `before`."""
        date = cls.parse(text)
        if date.precision != DatePrecision.DAY:
            day = dates.shown(date.last)
            raise ValueError(
                f"“{text.strip()}” is not one day. Write a whole day, such as {day} or {date.last}."
            )
        return date.first

    @property
    def iso(self) -> str:
        """ISO 8601, as long as the precision: 2025-02-18, 2025-02 or 2025; the day itself for `before`."""
        length = {DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}.get(self.precision, 10)
        return self.first.isoformat()[:length]

    @property
    def typed(self) -> str:
        """ISO 8601 after "before" where it is so, which `parse` reads back."""
        return f"before {self.iso}" if self.precision == DatePrecision.BEFORE else self.iso

    @property
    def last(self) -> dt.date:
        """The latest day that the date can mean; for `before`, the day ahead of it."""
        if self.precision == DatePrecision.YEAR:
            return dt.date(self.first.year, 12, 31)
        if self.precision == DatePrecision.MONTH:
            return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        if self.precision == DatePrecision.BEFORE:
            return self.first - dt.timedelta(days=1)
        return self.first

    @property
    def key(self) -> int:
        """Where the date stands in order of happening; what is known as before a day leads that day."""
        return self.first.toordinal() * 2 + (self.precision != DatePrecision.BEFORE)

    def __str__(self) -> str:
        """For people: 18 Feb 2025, Feb 2025, 2025, before 18 Feb 2025."""
        if self.precision == DatePrecision.YEAR:
            return f"{self.first.year:04}"
        if self.precision == DatePrecision.MONTH:
            return formats.date_format(self.first, "M Y")
        text = formats.date_format(self.first, "j M Y")
        return f"before {text}" if self.precision == DatePrecision.BEFORE else text


def last_key(day: dt.date, before: bool = False) -> int:
    """The greatest `PartialDate.key` that counts as having happened by the end of `day`, or `before` it."""
    return PartialDate(day, DatePrecision.BEFORE if before else DatePrecision.DAY).key


def partial(first: dt.date | None, precision: str | None) -> PartialDate | None:
    """The date held in a pair of columns, or None where there is none."""
    return PartialDate(first, precision) if first and precision else None


def precise(date: str, precision: str, optional: bool = False) -> Q:
    """The rule a row must keep: a date has its precision, and a month or year is held by its first day."""
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
    """A day worked out from a date, in the words of each database."""

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
    # A day less comes first: SQLite knows no year after 9999.
    sqlite = "date(%(expressions)s, '-1 day', '+1 year')"
    postgresql = "(%(expressions)s + interval '1 year - 1 day')::date"


class _DayBefore(_Day):
    sqlite = "date(%(expressions)s, '-1 day')"
    postgresql = "(%(expressions)s - 1)"


class DaysBetween(_Day):
    """How many days the first of two dates lies after the second: a whole number, NULL where either is."""

    output_field = IntegerField()
    sqlite = "CAST(julianday(%(expressions)s) AS INTEGER)"
    postgresql = "(%(expressions)s)"

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sqlite(compiler, connection, arg_joiner=") - julianday(", **context)

    def as_postgresql(self, compiler, connection, **context):
        return super().as_postgresql(compiler, connection, arg_joiner=" - ", **context)


# Constraints use these rather than Django's `day` and `month`: on SQLite those call a function that exists only in
# connections made by Django, and no other program could then copy or check the database.
@DateField.register_lookup
class DayOfMonth(_Day, Transform):
    """The day of the month, 1 to 31, in functions that the plain database has."""

    lookup_name = "day_of_month"
    output_field = IntegerField()
    sqlite = "CAST(substr(%(expressions)s, 9, 2) AS integer)"
    postgresql = "EXTRACT(DAY FROM %(expressions)s)"


@DateField.register_lookup
class MonthOfYear(_Day, Transform):
    """The month, 1 to 12, in functions that the plain database has."""

    lookup_name = "month_of_year"
    output_field = IntegerField()
    sqlite = "CAST(substr(%(expressions)s, 6, 2) AS integer)"
    postgresql = "EXTRACT(MONTH FROM %(expressions)s)"


def last_day(date: str = "due_on", precision: str = "due_precision") -> Case:
    """The latest day that the date held in a pair of columns can mean, as `PartialDate.last`; NULL without a date."""
    return Case(
        When(**{precision: DatePrecision.MONTH}, then=_MonthEnd(date)),
        When(**{precision: DatePrecision.YEAR}, then=_YearEnd(date)),
        When(**{precision: DatePrecision.BEFORE}, then=_DayBefore(date)),
        default=F(date),
        output_field=DateField(),
    )
