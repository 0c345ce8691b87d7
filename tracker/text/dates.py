"""Parses dates as people write them; ambiguous dates are errors."""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone

from tracker.text.date_hints import hint_about
from tracker.text.folding import visible

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].casefold(), calendar.month_abbr[number].casefold())
} | {"sept": 9}
HINT = (
    "Write 18 Feb 2025, 2025-02-18, Feb 2025, 2025, or before 18 Feb 2025; also after 18 Feb 2025, "
    "between 12 and 14 Feb 2025, by 14 Feb 2025, about Feb 2025, late Feb 2025."
)

_LONGEST = 60
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<name>{_NAMES})\.?"
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
        rf"{_YEAR} ?[年년](?: ?(?P<month>\d{{1,2}}) ?[月월](?: ?(?P<day>\d{{1,2}}) ?[日일])?)?",
        rf"(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<other>\d{{1,2}})(?P=sign){_YEAR}",
    )
]
_OPEN = re.compile(
    r"(?P<sign>before|after) (?P<rest>.+)|\[\.\.(?P<end>[^\[\].]+)\]|\[(?P<start>[^\[\].]+)\.\.\]"
)
_BY = re.compile(
    r"(?:by|on or before|not? later than) (?P<last>.+)|(?:on or after|not before|not? earlier than) (?P<first>.+)"
)
_ABOUT = re.compile(r"(?:(?:about|around|approximately|circa|ca\.?|c\.|~) ?(?P<word>.+)|(?P<sign>.+)~)")
_THIRD = re.compile(
    r"(?:(?P<third>early|mid|late)[ -](?:in )?|(?:the )?(?P<part>beginning|start|middle|end) of )(?P<rest>.+)"
)
_THIRDS = {"early": 1, "beginning": 1, "start": 1, "mid": 11, "middle": 11, "late": 21, "end": 21}
"""The days on which thirds of a month begin."""
_WEEKDAY = re.compile(
    r"(?P<name>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|r|rs|rsday|urday)?\.?,? (?P<rest>.*\d{4}.*)"
)
_UNKNOWN = re.compile(r"(\d{4}(?:-\d\d)?)(?:-xx)+")
"""A month or year of which ISO 8601-2 says that its day is not known."""
_BETWEEN = re.compile(
    r"between (?P<one>.+?) and (?P<other>.+)|\[(?P<first>[^\[\].]+)\.\.(?P<last>[^\[\].]+)\]"
)
_LASTED = re.compile(
    r"(?:from )?(?P<one>.+?) (?:to|until|till) (?P<other>.+)|(?P<first>[\d-]{10})/(?P<last>[\d-]{10})"
)
_SHARED = re.compile(rf"(?:(?P<day>\d{{1,2}}(?:st|nd|rd|th)?)(?: of)? ?)?{_MONTH},? {_YEAR}")
_LEADING = re.compile(rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?")
_TRAILING = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_ABOUT_A = {"day": "about_day", "month": "about_month", "year": "about_year"}


class Reading(NamedTuple):
    """What a text says of a date."""

    day: dt.date
    """The first day that it can mean; for `before`, the day that it lies before."""
    precision: str
    """A code of DatePrecision."""
    last: dt.date | None = None
    """The last day, of `between` and `lasted` alone."""


def read(text: str) -> Reading:
    """The date written in `text`, in words or by ISO 8601-2 (EDTF).

    `today` and `yesterday` are those of the installation's time zone. Raises ValueError, with a message for people,
    for what is no date, for a day that the calendar lacks, and for 03/04/2025, which can be two.
    """
    plain = re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), visible(text[: _LONGEST + 1]))
    plain = plain.translate(_DASHES).casefold()
    if len(plain) > _LONGEST:
        raise ValueError(f"“{text[:_LONGEST]}…” is not a date. {HINT}")
    text = text.strip()
    plain = _UNKNOWN.sub(r"\1", re.sub("^(?:on |in )?(?:the )?(?!or )", "", plain))
    for form in (_simple, _by, _open, _about, _third, _between, _lasted, _on_weekday):
        if reading := form(plain, text):
            return reading
    raise ValueError(hint_about(plain, text) or f"“{text}” is not a date. {HINT}")


def shown(day: dt.date) -> str:
    """`day` as pages write it: 18 Feb 2025."""
    return f"{day.day} {calendar.month_abbr[day.month]} {day.year:04}"


def last_of(day: dt.date, precision: str) -> dt.date:
    """The last day of the day, month or year that begins with `day`."""
    if precision == "year":
        return dt.date(day.year, 12, 31)
    return day if precision == "day" else day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _on_weekday(plain: str, text: str) -> Reading | None:
    """A day with the name of its weekday, which has to be right."""
    match = _WEEKDAY.fullmatch(plain)
    reading = _simple(match["rest"], text) if match else None
    if not match or not reading or reading.precision != "day":
        return None
    weekday = calendar.day_name[reading.day.weekday()]
    if not weekday.casefold().startswith(match["name"]):
        raise ValueError(f"“{text}” is not a date: {shown(reading.day)} is a {weekday}.")
    return reading


def _by(plain: str, text: str) -> Reading | None:
    """A date that lies on a day or before it, or on it or after it."""
    if not (match := _BY.fullmatch(plain)):
        return None
    named = match["last"] or match["first"]
    third = _third(named, text)
    first, last = (third.day, third.last) if third else _ends(named, text)
    if match["first"]:
        return _since(first, text)
    if last == dt.date.max:
        raise ValueError(f"“{text}” leaves out no day. {HINT}")
    return Reading(last + dt.timedelta(days=1), "before")


def _open(plain: str, text: str) -> Reading | None:
    """A date that lies before or after another."""
    if not (match := _OPEN.fullmatch(plain)):
        return None
    if match["end"]:
        last = _ends(match["end"], text)[1]
        if last == dt.date.max:
            raise ValueError(f"“{text}” leaves out no day. {HINT}")
        return Reading(last + dt.timedelta(days=1), "before")
    if match["start"]:
        return _since(_ends(match["start"], text)[0], text)
    first, last = _ends(match["rest"], text)
    if match["sign"] == "before":
        if first == dt.date.min:
            raise ValueError(f"No day of the calendar lies before “{text.partition(' ')[2]}”. {HINT}")
        return Reading(first, "before")
    if last == dt.date.max:
        raise ValueError(f"No day of the calendar lies after “{text.partition(' ')[2]}”. {HINT}")
    return _since(last + dt.timedelta(days=1), text)


def _since(first: dt.date, text: str) -> Reading:
    if first == dt.date.min:
        raise ValueError(f"“{text}” leaves out no day. {HINT}")
    return Reading(first, "after")


def _about(plain: str, text: str) -> Reading | None:
    if not (match := _ABOUT.fullmatch(plain)):
        return None
    about = _simple(match["word"] or match["sign"], text)
    return about and Reading(about.day, _ABOUT_A[about.precision])


def _third(plain: str, text: str) -> Reading | None:
    """A third of a month: its days 1 to 10, 11 to 20, and 21 to the last."""
    match = _THIRD.fullmatch(plain)
    month = _simple(match["rest"], text) if match else None
    if not match or not month or month.precision != "month":
        return None
    first = _THIRDS[match["third"] or match["part"]]
    last = last_of(month.day, "month") if first == 21 else month.day.replace(day=first + 9)
    return Reading(month.day.replace(day=first), "between", last)


def _between(plain: str, text: str) -> Reading | None:
    if not (match := _BETWEEN.fullmatch(plain)):
        return None
    pair = (match["first"], match["last"]) if match["first"] else (match["one"], match["other"])
    return _range([pair], "between", text)


def _lasted(plain: str, text: str) -> Reading | None:
    """Several days, in words, by a dash or by a slash."""
    if match := _LASTED.fullmatch(plain):
        pairs = [(match["first"], match["last"]) if match["first"] else (match["one"], match["other"])]
    else:
        pairs = [(plain[:place].rstrip(), plain[place + 1 :].lstrip()) for place in _dashes(plain)]
    return _range(pairs, "lasted", text)


def _dashes(plain: str) -> Iterator[int]:
    return (match.start() for match in re.finditer("-", plain))


def _range(pairs: list[tuple[str, str]], precision: str, text: str) -> Reading | None:
    """The days from the one to the other of the first of `pairs` whose both ends are dates."""
    for one, other in (filled for pair in pairs for filled in _filled(*pair)):
        if (start := _simple(one, text)) and (end := _simple(other, text)):
            if precision == "lasted" and (start.precision, end.precision) != ("day", "day"):
                continue
            last = last_of(end.day, end.precision)
            if last < start.day:
                raise ValueError(f"“{text}” ends before it begins. {HINT}")
            return Reading(start.day, "day") if last == start.day else Reading(start.day, precision, last)
    return None


def _filled(one: str, other: str) -> Iterator[tuple[str, str]]:
    """Both ends of a range as they are, and with what one of them leaves to the other to say."""
    yield one, other
    if match := _SHARED.fullmatch(other):
        yield f"{one} {match['year']}", other
        yield f"{one} {match['name']} {match['year']}", other
    if (leading := _LEADING.fullmatch(one)) and (trailing := _TRAILING.fullmatch(other)):
        yield f"{one} {trailing['year']}", f"{leading['name']} {other}"


def _ends(plain: str, text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of what a day, month or year can mean."""
    if not (simple := _simple(plain, text)):
        raise ValueError(hint_about(plain, text) or f"“{text}” is not a date. {HINT}")
    return simple.day, last_of(simple.day, simple.precision)


def _simple(plain: str, text: str) -> Reading | None:
    """A day, a month or a year; None for any other text."""
    days_ago = {"today": 0, "yesterday": 1}.get(plain)
    if days_ago is not None:
        return Reading(timezone.localdate() - dt.timedelta(days_ago), "day")
    match = next(filter(None, (form.fullmatch(plain) for form in _FORMS)), None)
    if match is None:
        return None
    parts = match.groupdict()
    year = int(parts["year"])
    if "one" in parts:
        day, month = _day_and_month(int(parts["one"]), int(parts["other"]), year, text)
        return Reading(_day(year, month, day, text), "day")
    month = MONTHS[parts["name"]] if "name" in parts else int(parts.get("month") or 0)
    if parts.get("day"):
        return Reading(_day(year, month, int(parts["day"]), text), "day")
    is_month = "name" in parts or bool(parts.get("month"))
    return Reading(_day(year, month if is_month else 1, 1, text), "month" if is_month else "year")


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
