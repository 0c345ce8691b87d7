"""Dates as spans of days, known as well as the source tells them, and the columns that hold them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import formats

from tracker.models.vocabularies import DatePrecision
from tracker.text import dates

RANGES = (DatePrecision.BETWEEN, DatePrecision.LASTED)
"""What is held by two days, the first and the last."""

ABOUT = {
    DatePrecision.ABOUT_DAY: DatePrecision.DAY,
    DatePrecision.ABOUT_MONTH: DatePrecision.MONTH,
    DatePrecision.ABOUT_YEAR: DatePrecision.YEAR,
}
"""What is known with a mark of doubt, and the same without it."""

MONTHS = (DatePrecision.MONTH, DatePrecision.ABOUT_MONTH)
YEARS = (DatePrecision.YEAR, DatePrecision.ABOUT_YEAR)

NO_FIRST = 4_000_000
"""What is taken from the key of a date without a first day: more than the calendar has days."""

CALENDARS = (
    ("the Islamic calendar", 1300, 1500, lambda year: int(year * 0.970224 + 621.5774)),
    ("the Solar Hijri calendar", 1300, 1500, lambda year: year + 621),
    ("the Buddhist calendar", 2400, 2700, lambda year: year - 543),
    ("the Hebrew calendar", 5600, 5900, lambda year: year - 3761),
    ("the Nepali calendar", 2060, 2120, lambda year: year - 57),
    ("the Minguo calendar", 90, 150, lambda year: year + 1911),
)
"""(name, first year, last year, the Gregorian year in which a year begins) of other calendars, by the usual offsets.

A lunar Islamic year is 0.970224 solar years, counted from 622; Solar Hijri years begin in 622, Buddhist ones in 543 BC,
Hebrew ones in 3761 BC, Nepali ones (Vikram Samvat) in 57 BC, and Minguo ones, of Taiwan, in 1912.
"""


@dataclass(frozen=True)
class Span:
    """The days that a date can mean, as its columns hold them."""

    day: dt.date
    """The first of them: of a month or a year its first day; for `before`, the day that they all precede."""
    precision: str = DatePrecision.DAY
    end: dt.date | None = None
    """The last day, of RANGES alone."""

    @classmethod
    def parse(cls, text: str) -> "Span":
        """The date written in `text`, in any form that `tracker.text.dates` reads; raises ValueError with a hint."""
        day, precision, end = dates.read(text)
        return cls(day, DatePrecision(precision), end)

    @classmethod
    def parse_day(cls, text: str) -> dt.date:
        """The whole day written in `text`; raises ValueError for any other date."""
        date = cls.parse(text)
        if date.precision != DatePrecision.DAY:
            day = date.last_known
            raise ValueError(
                f"“{text.strip()}” is not one day. Write a whole day, such as {dates.shown(day)} or {day}."
            )
        return date.day

    @property
    def first(self) -> dt.date | None:
        """The first day that the date can mean; None for `before`."""
        return None if self.precision == DatePrecision.BEFORE else self.day

    @property
    def last(self) -> dt.date | None:
        """The last day that the date can mean; None for `after`."""
        if self.precision == DatePrecision.AFTER:
            return None
        if self.precision == DatePrecision.BEFORE:
            return self.day - dt.timedelta(days=1)
        if self.precision in MONTHS + YEARS:
            return dates.last_of(self.day, ABOUT.get(self.precision, self.precision))
        return self.end or self.day

    @property
    def earliest(self) -> dt.date | None:
        """The first day, that of an `about` moved back by one unit of its precision; None for `before`."""
        if self.precision not in ABOUT or self.day == dt.date.min:
            return self.first
        unit = ABOUT[self.precision]
        before = self.day - dt.timedelta(days=1)
        return before if unit == DatePrecision.DAY else before.replace(day=1, **_january(unit))

    @property
    def latest(self) -> dt.date | None:
        """The last day, that of an `about` moved on by one unit of its precision; None for `after`."""
        last = self.last
        if self.precision not in ABOUT or last is None or last == dt.date.max:
            return last
        return dates.last_of(last + dt.timedelta(days=1), ABOUT[self.precision])

    @property
    def last_known(self) -> dt.date:
        """The last day that is known of it: its last, or the first where no last is known."""
        return self.last or self.day

    @property
    def counts_from(self) -> dt.date:
        """The day from which what is dated so counts: the first, or the last where no first is known."""
        return self.first or self.last  # type: ignore[return-value]  # one of them is known

    @property
    def iso(self) -> str:
        """ISO 8601, as long as the precision: 2025-02-18, 2025-02 or 2025; the day of `day` for all others."""
        unit = ABOUT.get(self.precision, self.precision)
        length = {DatePrecision.MONTH: 7, DatePrecision.YEAR: 4}.get(unit, 10)
        return self.day.isoformat()[:length]

    @property
    def machine(self) -> str:
        """The date as HTML has it for programs: of a day, a month or a year `iso`, of others nothing."""
        return (
            self.iso if self.precision in (DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR) else ""
        )

    @property
    def edtf(self) -> str:
        """The canonical form, by ISO 8601-2: 2025-02, [..2025-02-17], [2025-02-12..2025-02-14], 2025-02~."""
        if self.precision in ABOUT:
            return f"{self.iso}~"
        form = {
            DatePrecision.BEFORE: "[..{last}]",
            DatePrecision.AFTER: "[{first}..]",
            DatePrecision.BETWEEN: "[{first}..{last}]",
            DatePrecision.LASTED: "{first}/{last}",
        }.get(self.precision)
        return form.format(first=self.first, last=self.last) if form else self.iso

    @property
    def typed(self) -> str:
        """What stands in an input, which `parse` reads back: ISO 8601 with the words around it."""
        if self.precision == DatePrecision.AFTER:
            return f"after {self.day - dt.timedelta(days=1)}"
        form = {
            DatePrecision.BEFORE: "before {0}",
            DatePrecision.BETWEEN: "between {0} and {1}",
            DatePrecision.LASTED: "{0} to {1}",
        }.get(self.precision, "about {0}" if self.precision in ABOUT else "{0}")
        return form.format(self.iso, self.end)

    @property
    def key(self) -> int:
        """Its place in the order of what happened: the number of its first day.

        What has no known first day is behind everything that has one, and among itself in the order of the last.
        """
        return self.first.toordinal() if self.first else self.last.toordinal() - NO_FIRST

    def by(self, day: dt.date) -> "Span":
        """The same date of what began on `day` at the latest, for its key and the day from which it counts."""
        if self.precision == DatePrecision.BEFORE and self.day > day:
            return replace(self, day=day + dt.timedelta(days=1))
        return replace(self, day=min(self.day, day)) if self.precision in ABOUT else self

    @property
    def latest_place(self) -> tuple[dt.date, bool]:
        """Its place in a list by time: the day from which it counts, of which `before` comes last."""
        return self.counts_from, self.first is None

    def __str__(self) -> str:
        """For people: 18 Feb 2025, Feb 2025, before 18 Feb 2025, between 12 and 14 Feb 2025, about 2025."""
        unit = ABOUT.get(self.precision, self.precision)
        if unit == DatePrecision.YEAR:
            text = f"{self.day.year:04}"
        elif unit == DatePrecision.MONTH:
            text = formats.date_format(self.day, "M Y")
        elif self.end:
            return self._range()
        elif self.precision == DatePrecision.AFTER:
            text = formats.date_format(self.day - dt.timedelta(days=1), "j M Y")
        else:
            text = formats.date_format(self.day, "j M Y")
        words = {DatePrecision.BEFORE: "before", DatePrecision.AFTER: "after"} | dict.fromkeys(ABOUT, "about")
        return f"{words[self.precision]} {text}" if self.precision in words else text

    @property
    def when(self) -> str:
        """The date as part of a sentence: on 18 Feb 2025, in Feb 2025, before 18 Feb 2025."""
        word = {DatePrecision.DAY: "on ", DatePrecision.MONTH: "in ", DatePrecision.YEAR: "in "}
        return f"{word.get(self.precision, '')}{self}"

    @property
    def start(self) -> "Span":
        """When it began: of what lasted, its first day."""
        return Span(self.day) if self.precision == DatePrecision.LASTED else self

    def _range(self) -> str:
        """Two days, of which the first leaves to the other the month and the year that they share."""
        shared = (self.day.year == self.end.year) + (self.day.isoformat()[:7] == self.end.isoformat()[:7])
        first = formats.date_format(self.day, ("j M Y", "j M", "j")[shared])
        last = formats.date_format(self.end, "j M Y")
        if self.precision == DatePrecision.BETWEEN:
            return f"between {first} and {last}"
        return f"{first}–{last}" if shared == 2 else f"{first} – {last}"


def refuse_duration(date: Span | None, field: str) -> None:
    """Raise ValidationError, at `field`, for a date that lasts several days, as only talks do."""
    if date and date.precision == DatePrecision.LASTED:
        between = Span(date.day, DatePrecision.BETWEEN, date.end)
        raise ValidationError(
            {field: f"Only a talk lasts several days. If one of them is meant, write “{between}”."}
        )


def _january(unit: str) -> dict[str, int]:
    return {"month": 1} if unit == DatePrecision.YEAR else {}


def span(day: dt.date | None, precision: str | None, end: dt.date | None = None) -> Span | None:
    """The date held in three columns, or None where there is none."""
    return Span(day, precision, end) if day and precision else None


def held(row: object, stem: str) -> Span | None:
    """The date of `row`, an object or a mapping, in the columns `<stem>_on`, `<stem>_precision` and `<stem>_last`."""
    names = (f"{stem}_on", f"{stem}_precision", f"{stem}_last")
    if isinstance(row, Mapping):
        return span(*(row[name] for name in names))
    return span(*(getattr(row, name) for name in names))


class HeldDate:
    """The date that `held` finds of an object, as an attribute of its class."""

    def __init__(self, stem: str):
        self.stem = stem

    def __get__(self, row: object, owner: type) -> Any:
        return self if row is None else held(row, self.stem)


def day_of(key: int) -> dt.date:
    """The day from which what has the key `key` (a `Span.key`) counts."""
    return dt.date.fromordinal(key if key > 0 else key + NO_FIRST)


def precision_beside(date: str) -> str:
    """The name of the column, or the lookup, that holds the precision of the date at `date`, where it has one."""
    return f"{date.removesuffix('_on')}_precision"


@cache
def precision_of(model: type[Model], date: str) -> str | None:
    """The name of the precision field of the date field `date` of `model`, or None if it cannot be partial."""
    name = precision_beside(date)
    return name if any(field.name == name for field in model._meta.concrete_fields) else None


def last_of(precision: str) -> str:
    """The name of the column, or the lookup, that holds the last day, beside that of the precision."""
    return f"{precision.removesuffix('_precision')}_last"


def year_of_another(year: int, this_year: int) -> str:
    """The question whether `year` is one of another calendar, if it would be past or near there; else empty."""
    meant = [
        f"{calendar} ({begins(year)})"
        for calendar, first, last, begins in CALENDARS
        if first <= year <= last and begins(year) <= this_year + 20
    ]
    return f"Is {year} a year of {' or of '.join(meant)}?" if meant else ""
