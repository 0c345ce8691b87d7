"""Questions about dates that can be true but seldom are, asked before a date is recorded; they never refuse it."""

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from tracker.models import Assessment, Development, Effect, Record
from tracker.models.dates import Span, last_of, precision_of, span, year_of_another
from tracker.models.vocabularies import DatePrecision

PAST_DATES = ("published_on", "retrieved_on", "made_on", "judged_on")
"""Dates of what has usually happened when it is recorded."""
FAR = dt.timedelta(days=3652)
"""Ten years: what is further from everything else in its process is asked about."""
ANCIENT = 1000
"""What is dated before this year is asked about."""


_EXPECTED = {
    "due_on": "is due",
    "review_on": "is to be reviewed",
    "judge_on": "is to be checked",
    "judged_on": "was checked",
}


@dataclass(frozen=True)
class Question:
    """What is asked about one date of a record."""

    field: str
    text: str

    @property
    def key(self) -> str:
        """A digest of the question, by which a form says that it was answered."""
        return hashlib.sha256(f"{self.field} {self.text}".encode()).hexdigest()[:16]


class UnlikelyDates:
    """Asks about the dates of records; two queries for each process whose developments are asked about.

    Developments are compared with all of their process but those with the references `besides`.
    """

    def __init__(self, besides: Collection[str] = ()):
        self.today = timezone.localdate()
        self.besides = besides
        self.periods: dict[int | None, tuple[dt.date, dt.date] | None] = {}
        """When the first and the latest development of a process happened; None where there is none."""

    def questions(
        self,
        record: Record,
        fields: Collection[str],
        process: int | None = None,
        happened: Span | None = None,
    ) -> list[Question]:
        """What to ask about the dates in `fields` of `record`, at most one question for each.

        `process`: the primary key of its process. `happened`: of an effect, when its development happened.
        """
        questions = []
        for name in fields:
            date = date_in(record, name)
            if date is None:
                continue
            text = self._of_calendar(date) or self._of_the_future(name, date) or _of_old(date)
            text = text or _of_order(record, name, date, happened)
            if not text and isinstance(record, Development):
                text = self._of_distance(process, date)
            if text:
                questions.append(Question(name, text))
        return questions

    def _of_calendar(self, date: Span) -> str:
        day = date.day - dt.timedelta(days=date.precision == DatePrecision.AFTER)
        return year_of_another(day.year, self.today.year)

    def _of_the_future(self, name: str, date: Span) -> str:
        is_future = name in PAST_DATES and date.earliest and date.earliest > self.today
        return f"{date} is in the future." if is_future else ""

    def _of_distance(self, process: int | None, date: Span) -> str:
        if process not in self.periods:
            self.periods[process] = self._period(process)
        period = self.periods[process]
        if period is None or date.first is None:
            return ""
        first, latest = period
        if date.latest and first - date.latest > FAR:
            years = _years(date.first, first)
            return f"{date} is {years} years before the first development of its process, {Span(first)}."
        if date.earliest - latest > FAR:
            years = _years(latest, date.first)
            return f"{date} is {years} years after the latest development of its process, {Span(latest)}."
        return ""

    def _period(self, process: int | None) -> tuple[dt.date, dt.date] | None:
        # An index leads to either end; an aggregate would read all between them.
        rows = Development.objects.filter(process=process, ended_at__isnull=True, happened_key__gt=0)
        rows = rows.exclude(ref__in=self.besides).order_by("-happened_key")
        first, latest = (
            ordered.values_list("happened_key", flat=True).first() for ordered in (rows.reverse(), rows)
        )
        return (dt.date.fromordinal(first), dt.date.fromordinal(latest)) if first and latest else None


def date_fields(model: type[models.Model]) -> set[str]:
    """The names of the fields of `model` that hold a date, without those beside them that complete it."""
    return {
        field.name
        for field in model._meta.get_fields()
        if type(field) is models.DateField and field.editable and not field.name.endswith("_last")
    }


def date_in(record: models.Model, name: str) -> Span | None:
    """The date that `record` holds in the field `name` and those beside it; a field without these holds a day."""
    precision = precision_of(type(record), name)
    if precision is None:
        return span(getattr(record, name), DatePrecision.DAY)
    return span(*(getattr(record, column) for column in (name, precision, last_of(precision))))


def _years(first: dt.date, last: dt.date) -> int:
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _of_order(record: Record, name: str, date: Span, happened: Span | None) -> str:
    """What lies, on all days that it can mean, before something that usually comes first."""
    if name in ("published_on", "retrieved_on") and hasattr(record, "retrieved_on"):
        published, retrieved = date_in(record, "published_on"), date_in(record, "retrieved_on")
        if published and retrieved and published.earliest and published.earliest > retrieved.day:
            return f"It was retrieved {retrieved.when}, but published {published.when}, which is later."
    if isinstance(record, Effect) and name in _EXPECTED and happened:
        return _of_expected(f"{_EXPECTED[name]} {date.when}", date, "said", happened)
    if isinstance(record, Assessment) and name in _EXPECTED and (made := date_in(record, "made_on")):
        return _of_expected(f"{_EXPECTED[name]} {date.when}", date, "written", made)
    return ""


def _of_expected(text: str, date: Span, done: str, stated: Span) -> str:
    """What is expected on `date`, as `text` says, but lies before it was stated or ten years after that."""
    if stated.earliest and date.latest and date.latest < stated.earliest:
        return f"It {text}, but this was {done} {stated.when}, which is later."
    if stated.latest and date.earliest and date.earliest - stated.latest > FAR:
        return f"It {text}, {_years(stated.latest, date.earliest)} years after this was {done} {stated.when}."
    return ""


def _of_old(date: Span) -> str:
    return f"{date} is more than a thousand years ago." if date.last_known.year < ANCIENT else ""
