"""Parses dates as people write them; ambiguous dates are errors."""

import calendar
import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from django.utils import timezone

from tracker.text.date_hints import hint_about, hint_about_month
from tracker.text.date_phrases import MONTH, MONTHS, YEAR, filled, in_usual_words, parted
from tracker.text.folding import visible
from tracker.text.month_names import in_english

HINT = (
    "Write 18 Feb 2025, 2025-02-18, Feb 2025, 2025, or before 18 Feb 2025; also after 18 Feb 2025, "
    "between 12 and 14 Feb 2025, by 14 Feb 2025, about Feb 2025, late Feb 2025."
)

_LONGEST = 60
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = [
    re.compile(pattern)
    for pattern in (
        YEAR,
        rf"{YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?:(?P=sign)(?P<day>\d{{1,2}}))?",
        rf"{_DAY}(?: of)? ?{MONTH},? ?{YEAR}",
        rf"{_DAY}(?P<sign>[-/.])(?P<name>{'|'.join(MONTHS)})(?P=sign){YEAR}",
        rf"{MONTH} {_DAY},? {YEAR}",
        rf"{MONTH}(?:(?:,| of)? |[-/]){YEAR}",
        rf"{YEAR}[-/,]? ?{MONTH}(?:[-/ ]{_DAY})?",
        rf"(?P<month>\d{{1,2}})[-/.]{YEAR}",
        rf"{YEAR} ?[年년](?: ?(?P<month>\d{{1,2}}) ?[月월](?: ?(?P<day>\d{{1,2}}) ?[日일])?)?",
        rf"(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<other>\d{{1,2}})(?P=sign){YEAR}",
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
_UNKNOWN = re.compile(r"(\d{4}(?:-\d\d)?)(?:-xx)+(?![-\d])")
"""A month or year of which ISO 8601-2 says that its day is not known."""
_BETWEEN = re.compile(
    r"between (?P<one>.+?) (?:and|&) (?P<other>.+)|\[(?P<first>[^\[\].]+)\.\.(?P<last>[^\[\].]+)\]"
)
_EITHER = re.compile(r"(?P<one>.+?) or (?P<other>.+)")
_LASTED = re.compile(
    r"(?:from )?(?P<one>.+?) (?:to|until|till|through|thru) (?P<other>.+)"
    r"|(?P<first>[\d-]{10}) ?/ ?(?P<last>[\d-]{10}|(?:\d\d-)?\d\d)"
)
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
    if reading := _simple(plain, text):
        return reading
    if (english := in_english(plain)) and _any(english.casefold(), text):
        raise ValueError(f"“{text}” is not in English. Write {english}.")
    if reading := _any(plain := in_usual_words(plain), text):
        return reading
    if hint := hint_about(plain, text):
        raise ValueError(hint)
    year = timezone.localdate().year
    if re.search(rf"\b{MONTH}", plain) and not re.search(r"\d{4}", plain) and _any(f"{plain} {year}", text):
        raise ValueError(f"“{text}” has no year. Write for example {text} {year}.")
    raise ValueError(f"“{text}” is not a date. {HINT}")


def _any(plain: str, text: str) -> Reading | None:
    forms = (_simple, _by, _open, _about, _third, _between, _lasted, _on_weekday, _either)
    return next(filter(None, (form(plain, text) for form in forms)), None)


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
    first, last = _ends(match["last"] or match["first"], plain, text)
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
        last = _ends(match["end"], plain, text)[1]
        if last == dt.date.max:
            raise ValueError(f"“{text}” leaves out no day. {HINT}")
        return Reading(last + dt.timedelta(days=1), "before")
    if match["start"]:
        return _since(_ends(match["start"], plain, text)[0], text)
    first, last = _ends(match["rest"], plain, text)
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
    if match := _BETWEEN.fullmatch(plain):
        pairs = [(match["first"], match["last"]) if match["first"] else (match["one"], match["other"])]
    elif plain.startswith("between "):
        pairs = parted(plain.removeprefix("between "))
    else:
        return None
    return _range(pairs, "between", text)


def _either(plain: str, text: str) -> Reading | None:
    """One of two days, months or years that follow each other; raises ValueError where others lie between them."""
    if not (match := _EITHER.fullmatch(plain)):
        return None
    for one, other in filled(match["one"], match["other"]):
        if (start := _simple(one, text)) and (end := _simple(other, text)):
            if last_of(start.day, start.precision) + dt.timedelta(days=1) == end.day:
                return Reading(start.day, "between", last_of(end.day, end.precision))
            raise ValueError(
                f"“{text}” is not one span of days. Write the days from the first to the last that it can mean: "
                f"between {start.day} and {last_of(end.day, end.precision)}."
            )
    return None


def _lasted(plain: str, text: str) -> Reading | None:
    """Several days, in words, by a dash or by a slash."""
    if match := _LASTED.fullmatch(plain):
        pairs = [(match["first"], match["last"]) if match["first"] else (match["one"], match["other"])]
    else:
        pairs = parted(plain)
    return _range(pairs, "lasted", text)


def _range(pairs: list[tuple[str, str]], precision: str, text: str) -> Reading | None:
    """The days from the one to the other of the first of `pairs` whose both ends are dates."""
    for one, other in (ends for pair in pairs for ends in filled(*pair)):
        if (start := _end(one, text)) and (end := _end(other, text)):
            if precision == "lasted" and (start.precision, end.precision) != ("day", "day"):
                continue
            last = end.last or last_of(end.day, end.precision)
            if last < start.day:
                raise ValueError(f"“{text}” ends before it begins. Write between {end.day} and {start.day}.")
            return Reading(start.day, "day") if last == start.day else Reading(start.day, precision, last)
    return None


def _ends(part: str, plain: str, text: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of what a day, a month, a year or a third of a month, a part of `plain`, can mean."""
    if not (end := _end(part, text)):
        hint = hint_about(plain, text) or hint_about(part, text)
        raise ValueError(hint or f"“{text}” is not a date. {HINT}")
    return end.day, end.last or last_of(end.day, end.precision)


def _end(plain: str, text: str) -> Reading | None:
    """A day, a month, a year or a third of a month."""
    return _simple(plain, text) or _third(plain, text)


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
    if parts.get("sign") == "/" and month == year % 100 + 1 <= 12:
        raise ValueError(
            f"“{text}”: {calendar.month_abbr[month]} {year}, or the years {year} and {year + 1}? "
            f"Write it as {year}-{month:02} or between {year} and {year + 1}."
        )
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
        hint = hint_about_month(year, month) or f"Nearest: {year:04}-{12 if month else 1:02}."
        raise ValueError(f"“{text}” is not a date: there is no month {month}. {hint}")
    last = calendar.monthrange(year, month)[1]
    if 1 <= day <= last:
        return dt.date(year, month, day)
    near = dt.date(year, month, last if day else 1)
    raise ValueError(
        f"“{text}” is not a date: {calendar.month_name[month]} {year:04} has {last} days. "
        f"Nearest: {shown(near)}, or {near}."
    )
