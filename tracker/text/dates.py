"""Parses dates as people write them; ambiguous dates are errors."""

import calendar
import datetime as dt
import re
import unicodedata

from django.utils import timezone

from tracker.text.names import visible

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].casefold(), calendar.month_abbr[number].casefold())
} | {"sept": 9}
HINT = "Write 18 Feb 2025, 2025-02-18, Feb 2025, 2025, or before 18 Feb 2025."

_LONGEST = 60
_MONTH = rf"(?P<name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_FORMS = [
    re.compile(pattern)
    for pattern in (
        _YEAR,
        rf"{_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?:(?P=sign)(?P<day>\d{{1,2}}))?",
        rf"{_DAY}(?: of)? ?{_MONTH},? {_YEAR}",
        rf"{_DAY}(?P<sign>[-/.])(?P<name>{'|'.join(MONTHS)})(?P=sign){_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_MONTH},? {_YEAR}",
        rf"(?P<month>\d{{1,2}})[/.]{_YEAR}",
        rf"(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<other>\d{{1,2}})(?P=sign){_YEAR}",
    )
]
_BEFORE = "before "
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def read(text: str) -> tuple[dt.date, str]:
    """The date written in `text`, as its first day and its precision: `day`, `month`, `year`, or `before` that day.

    `today` and `yesterday` are those of the installation's time zone. Raises ValueError, with a message for people,
    for what is no date, for a day that the calendar lacks, and for 03/04/2025, which can be two.
    """
    plain = re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), visible(text[: _LONGEST + 1]))
    plain = plain.translate(_DASHES).casefold()
    if len(plain) > _LONGEST:
        raise ValueError(f"“{text[:_LONGEST]}…” is not a date. {HINT}")
    is_before = plain.startswith(_BEFORE)
    first, precision = _read(plain.removeprefix(_BEFORE), text.strip())
    if not is_before:
        return first, precision
    if first == dt.date.min:
        raise ValueError(f"No day of the calendar lies before “{text.strip()[len(_BEFORE) :]}”. {HINT}")
    return first, "before"


def shown(day: dt.date) -> str:
    """`day` as pages write it: 18 Feb 2025."""
    return f"{day.day} {calendar.month_abbr[day.month]} {day.year:04}"


def _read(plain: str, text: str) -> tuple[dt.date, str]:
    days_ago = {"today": 0, "yesterday": 1}.get(plain)
    if days_ago is not None:
        return timezone.localdate() - dt.timedelta(days_ago), "day"
    match = next(filter(None, (form.fullmatch(plain) for form in _FORMS)), None)
    if match is None:
        raise ValueError(f"“{text}” is not a date. {HINT}")
    parts = match.groupdict()
    year = int(parts["year"])
    if "one" in parts:
        day, month = _day_and_month(int(parts["one"]), int(parts["other"]), year, text)
        return _day(year, month, day, text), "day"
    month = MONTHS[parts["name"]] if "name" in parts else int(parts.get("month") or 0)
    if parts.get("day"):
        return _day(year, month, int(parts["day"]), text), "day"
    is_month = "name" in parts or bool(parts.get("month"))
    return _day(year, month if is_month else 1, 1, text), "month" if is_month else "year"


def _day_and_month(first: int, other: int, year: int, text: str) -> tuple[int, int]:
    """Day and month, where one of two numbers alone can be the month; raises ValueError that names both readings."""
    if other > 12 >= first:
        return other, first
    if first <= 12 and first != other and first and other and year:
        days = dt.date(year, other, first), dt.date(year, first, other)
        readings, written = (" or ".join(map(form, days)) for form in (shown, str))
        raise ValueError(f"“{text}”: {readings}? Write it as {written}.")
    return first, other


def _day(year: int, month: int, day: int, text: str) -> dt.date:
    if not year:
        raise ValueError(f"“{text}” is not in the calendar, which begins with the year 0001. {HINT}")
    if not 1 <= month <= 12:
        near = 12 if month else 1
        raise ValueError(f"“{text}” is not a date: there is no month {month}. Nearest: {year:04}-{near:02}.")
    last = calendar.monthrange(year, month)[1]
    if 1 <= day <= last:
        return dt.date(year, month, day)
    near = dt.date(year, month, last if day else 1)
    raise ValueError(
        f"“{text}” is not a date: {calendar.month_name[month]} {year:04} has {last} days. "
        f"Nearest: {shown(near)}, or {near}."
    )
