"""Conditions on the columns that hold dates, and what a database works out from them."""

import datetime as dt

from django.db.models import Case, DateField, F, Func, IntegerField, Q, Transform, Value, When
from django.utils import timezone

from tracker.models.dates import MONTHS, NO_FIRST, RANGES, YEARS, last_of
from tracker.models.vocabularies import DatePrecision
from tracker.text import dates

ONE_DAY = dt.timedelta(days=1)


def happened_by(day: dt.date, key: str) -> Q:
    """The condition on the column or lookup `key`, a `Span.key`, that what is dated so counts by the end of `day`."""
    number = day.toordinal()
    # The first condition is all that an index needs; the other leaves out what has no first day and counts later.
    return Q(**{f"{key}__lte": number}) & (Q(**{f"{key}__gt": 0}) | Q(**{f"{key}__lte": number - NO_FIRST}))


def recorded_by(known: object, key: str) -> Q:
    """The condition on `key`, as of `happened_by`, that all that was recorded by `known` meets.

    With it an index does not pass over what came since. It is empty for an instant that is given later, or by a column.
    """
    if not isinstance(known, dt.datetime):
        return Q()
    # Nothing is dated later than the day after its recording.
    return Q(**{f"{key}__lte": timezone.localdate(known).toordinal() + 1})


def on_or_after(day: dt.date, date: str, precision: str, ends: str | dt.date = "") -> Q:
    """The condition that a date held in three columns can mean `day` or a later one.

    `ends`: the last possible day of what has happened, or the column with it; a whole day lies where it is.
    """
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    month_before = (month - dt.timedelta(days=1)).replace(day=1) if month > dt.date.min else month
    year_before = year.replace(year=max(1, year.year - 1))
    tomorrow = day + dt.timedelta(days=day < dt.date.max)
    first = {
        DatePrecision.DAY: day,
        DatePrecision.MONTH: month,
        DatePrecision.YEAR: year,
        DatePrecision.BEFORE: tomorrow,
        DatePrecision.ABOUT_DAY: day - dt.timedelta(days=day > dt.date.min),
        DatePrecision.ABOUT_MONTH: month_before,
        DatePrecision.ABOUT_YEAR: year_before,
    }
    conditions = (Q(**{precision: code, f"{date}__gte": least}) for code, least in first.items())
    later = Q(**{precision: DatePrecision.AFTER}) | Q(**{f"{last_of(precision)}__gte": day})
    can_be = Q(*conditions, later, _connector=Q.OR)
    if not ends or (isinstance(ends, dt.date) and ends >= day):
        return can_be
    whole = Q(**{precision: DatePrecision.DAY})
    return can_be & (whole if isinstance(ends, dt.date) else whole | Q(**{f"{ends}__gte": day}))


def on_or_before(day: dt.date, date: str, precision: str) -> Q:
    """The condition that a date held in three columns can mean `day` or an earlier one."""
    next_month = dates.last_of(day, "month") + dt.timedelta(days=1) if day < dt.date(9999, 12, 1) else day
    about = {
        DatePrecision.ABOUT_DAY: day + dt.timedelta(days=day < dt.date.max),
        DatePrecision.ABOUT_MONTH: next_month,
        DatePrecision.ABOUT_YEAR: dt.date(min(9999, day.year + 1), 1, 1),
    }
    conditions = (Q(**{precision: code, f"{date}__lte": most}) for code, most in about.items())
    before = Q(**{precision: DatePrecision.BEFORE})
    return Q(*conditions, before, Q(**{f"{date}__lte": day}), _connector=Q.OR)


def surely_by(day: dt.date, date: str, precision: str) -> Q:
    """The condition that every day which a date held in three columns can mean is `day` or an earlier one."""
    day = max(day, dt.date(3, 1, 1))  # no document is older, and the calendar has room before it
    # The last month, and the last year, that have ended by the day.
    month = (day + ONE_DAY).replace(day=1) - ONE_DAY if day < dt.date.max else day
    year = month if (month.month, month.day) == (12, 31) else dt.date(day.year - 1, 12, 31)
    most = {
        DatePrecision.DAY: day,
        DatePrecision.MONTH: month,
        DatePrecision.YEAR: year,
        DatePrecision.BEFORE: day + ONE_DAY * (day < dt.date.max),
        DatePrecision.ABOUT_DAY: day - ONE_DAY,
        DatePrecision.ABOUT_MONTH: month.replace(day=1) - ONE_DAY,
        DatePrecision.ABOUT_YEAR: year.replace(month=1, day=1) - ONE_DAY,
    }
    conditions = (Q(**{precision: code, f"{date}__lte": last}) for code, last in most.items())
    several = Q(**{f"{precision}__in": list(RANGES), f"{last_of(precision)}__lte": day})
    return Q(*conditions, several, _connector=Q.OR)


def begun_by(day: F, date: str, precision: str, time: str) -> Q:
    """The rule that what a row tells can have begun by `day`; with a time of day, where it is tomorrow already."""
    earlier = {
        DatePrecision.ABOUT_DAY: DayEarlier,
        DatePrecision.ABOUT_MONTH: MonthEarlier,
        DatePrecision.ABOUT_YEAR: YearEarlier,
    }
    about = (Q(**{precision: code, f"{date}__{by.lookup_name}__lte": day}) for code, by in earlier.items())
    elsewhere = Q(**{f"{time}__isnull": False, f"{date}__{DayEarlier.lookup_name}__lte": day})
    before = Q(**{precision: DatePrecision.BEFORE})
    return Q(Q(**{f"{date}__lte": day}), before, *about, elsewhere, _connector=Q.OR)


def precise(date: str, precision: str, optional: bool = False) -> Q:
    """The rule a row must keep: a date has its precision; a month or year is held by its first day, a range by two."""
    first = {f"{date}__{DayOfMonth.lookup_name}": 1}
    january = {f"{date}__{MonthOfYear.lookup_name}": 1}
    last = last_of(precision)
    days = [DatePrecision.DAY, DatePrecision.ABOUT_DAY, DatePrecision.BEFORE, DatePrecision.AFTER]
    single = Q(**{f"{last}__isnull": True}) & (
        Q(**{f"{precision}__in": days})
        | Q(**{f"{precision}__in": list(MONTHS)}, **first)
        | Q(**{f"{precision}__in": list(YEARS)}, **first, **january)
    )
    several = Q(**{f"{precision}__in": list(RANGES), f"{last}__gt": F(date)})
    stated = Q(**{f"{date}__isnull": False}) & (single | several)
    unknown = Q(**{f"{date}__isnull": True, f"{precision}": "", f"{last}__isnull": True})
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


@DateField.register_lookup
class DayEarlier(_Day, Transform):
    """The day before."""

    lookup_name = "day_earlier"
    output_field = DateField()
    sqlite = "date(%(expressions)s, '-1 day')"
    postgresql = "(%(expressions)s - 1)"


@DateField.register_lookup
class MonthEarlier(_Day, Transform):
    """The same day of the month before."""

    lookup_name = "month_earlier"
    output_field = DateField()
    sqlite = "date(%(expressions)s, '-1 month')"
    postgresql = "(%(expressions)s - interval '1 month')::date"


@DateField.register_lookup
class YearEarlier(_Day, Transform):
    """The same day of the year before."""

    lookup_name = "year_earlier"
    output_field = DateField()
    sqlite = "date(%(expressions)s, '-1 year')"
    postgresql = "(%(expressions)s - interval '1 year')::date"


def last_day(date: str = "due_on", precision: str = "due_precision") -> Case:
    """The latest day that the date held in three columns can mean, as `Span.last`; NULL without one."""
    return Case(
        When(**{f"{precision}__in": MONTHS}, then=_MonthEnd(date)),
        When(**{f"{precision}__in": YEARS}, then=_YearEnd(date)),
        When(**{f"{precision}__in": RANGES}, then=F(last_of(precision))),
        When(**{precision: DatePrecision.BEFORE}, then=DayEarlier(date)),
        When(**{precision: DatePrecision.AFTER}, then=Value(None, output_field=DateField())),
        default=F(date),
        output_field=DateField(),
    )
