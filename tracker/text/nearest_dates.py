"""The nearest form that is read as a date, for texts that name a span of days in other ways."""

import calendar
import datetime as dt
import re
from collections.abc import Callable

from django.utils import timezone

from tracker.text.date_phrases import MONTH, MONTHS, YEAR

_ISO = r"\d{4}-\d\d-\d\d"
_WEEKDAY_NUMBER = r"(?:-?(?P<day>[1-7]))?"
_PARTS = {"first half": (1, 15), "second half": (16, 31), "first week": (1, 7), "second week": (8, 14)} | {
    "third week": (15, 21), "last week": (-6, 31), "first days": (1, 5), "last days": (-4, 31),
}  # fmt: skip
"""The first and last days of parts of a month; a first one below 1 is counted back from the last of the month."""


def nearest_date(plain: str) -> str:
    """What to write for `plain`, a folded text that is no date; empty if nothing tells what it means.

    It may name a day that the calendar lacks, and is then answered with nothing as well.
    """
    for pattern, form in _FORMS:
        if match := pattern.fullmatch(plain):
            try:
                return form(match)
            except ValueError:
                return ""
    return ""


def _between(first: dt.date, last: dt.date) -> str:
    return f"between {first} and {last}"


def _relative(match: re.Match[str]) -> str:
    return str(timezone.localdate() + dt.timedelta(days={"now": 0, "tomorrow": 1}[match[0]]))


def _joined(match: re.Match[str]) -> str:
    return str(dt.date(*map(int, match.groups())))


def _joined_month(match: re.Match[str]) -> str:
    return "-".join(match.groups())


def _week(match: re.Match[str]) -> str:
    year, week, day = int(match["year"]), int(match["week"]), match["day"]
    if day:
        return str(dt.date.fromisocalendar(year, week, int(day)))
    return _between(*(dt.date.fromisocalendar(year, week, day) for day in (1, 7)))


def _day_of_year(match: re.Match[str]) -> str:
    day = dt.date(int(match["year"]), 1, 1) + dt.timedelta(days=int(match["day"]) - 1)
    return str(day) if day.year == int(match["year"]) and match["day"] != "000" else ""


def _week_of(match: re.Match[str]) -> str:
    month = MONTHS[match["name"]] if "name" in match.groupdict() else int(match["month"])
    day = dt.date(int(match["year"]), month, int(match["day"]))
    return _between(day, day + dt.timedelta(days=6))


def _part(match: re.Match[str]) -> str:
    year, month = int(match["year"]), MONTHS[match["name"]]
    first, last = _PARTS[match["part"]]
    length = calendar.monthrange(year, month)[1]
    first = first if first > 0 else length + first
    return _between(dt.date(year, month, first), dt.date(year, month, min(last, length)))


def _tens_of_days(match: re.Match[str]) -> str:
    year, month, ten = int(match["year"]), int(match["month"]), 10 * int(match["ten"])
    last = min(ten + 9, calendar.monthrange(year, month)[1])
    return _between(dt.date(year, month, max(ten, 1)), dt.date(year, month, last))


def _tens_of_months(match: re.Match[str]) -> str:
    year = match["year"]
    return f"between {year}-01 and {year}-09" if match["ten"] == "0" else f"between {year}-10 and {year}-12"


def _century(match: re.Match[str]) -> str:
    return f"between {match[1]}00 and {match[1]}99"


def _year(match: re.Match[str]) -> str:
    return match["year"]


def _ends(match: re.Match[str]) -> str:
    one, other = match["one"], match["other"]
    return f"between {one} and {other}, or {one}/{other} if it lasted so long"


def _about_third(match: re.Match[str]) -> str:
    third, rest = match["third"], match["rest"].title()
    return f"{third} {rest}, or about {rest}"


def _both(match: re.Match[str]) -> str:
    one, other = match["one"], match["other"]
    return (
        f"{one.title()} to {other.title()} if it lasted so long; of two events, record each with its own day"
    )


_FORMS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(pattern), form)
    for pattern, form in (
        (r"now|tomorrow", _relative),
        (r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", _joined),
        (r"((?:19|20)\d\d)(0[1-9]|1[0-2])", _joined_month),
        (rf"{YEAR}-?w(?P<week>\d\d){_WEEKDAY_NUMBER}", _week),
        (rf"{YEAR}-(?P<day>\d\d\d)", _day_of_year),
        (
            rf"(?:the )?week (?:of|beginning|starting|from) (?P<day>\d{{1,2}})(?:st|nd|rd|th)? {MONTH} {YEAR}",
            _week_of,
        ),
        (rf"(?:the )?week (?:of|beginning|starting|from) {YEAR}-(?P<month>\d\d)-(?P<day>\d\d)", _week_of),
        (rf"(?:the )?week (?:of|beginning|starting|from) {MONTH} (?P<day>\d{{1,2}}),? {YEAR}", _week_of),
        (rf"(?:the )?(?P<part>{'|'.join(_PARTS)})(?: of|,| in)? {MONTH},? {YEAR}", _part),
        (rf"{YEAR}-(?P<month>\d\d)-(?P<ten>[0-3])x", _tens_of_days),
        (rf"{YEAR}-(?P<ten>[01])x", _tens_of_months),
        (r"(\d\d)xx", _century),
        (rf"{YEAR}-xx-\d\d", _year),
        (rf"(?P<one>{_ISO}) ?(?:--|\.{{2,3}}|…) ?(?P<other>{_ISO})", _ends),
        (
            r"(?:about|around|approximately|circa|ca\.?|c\.) (?P<third>early|mid|late)[ -](?P<rest>.*\d{4})",
            _about_third,
        ),
        (rf"\{{(?P<one>{_ISO}),(?:{_ISO},)* ?(?P<other>{_ISO})\}}", _both),
        (rf"(?P<one>{_ISO})(?: and | ?[&,;] ?)(?P<other>{_ISO})", _both),
        (
            rf"(?P<one>\d{{1,2}}|\d{{1,2}} {MONTH}|)(?: and | ?& ?|, ?)(?P<other>\d{{1,2}} (?:[a-z]+)\.? \d{{4}})",
            _both,
        ),
    )
]
