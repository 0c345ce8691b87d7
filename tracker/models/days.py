"""Days worked out inside the database: the latest that a partial date can mean, and how many lie between two."""

from django.db.models import Case, DateField, F, Func, IntegerField, Transform, When

from tracker.models.vocabularies import DatePrecision


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
