"""What to write instead of a text that is nearly a date."""

import calendar
import re

from django.utils import timezone

from tracker.text.nearest_dates import nearest_date

_MONTH = "|".join(name.casefold() for name in [*calendar.month_name[1:], *calendar.month_abbr[1:], "sept"])
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_ENDS = {"early": "Jan and Apr", "mid": "May and Aug", "late": "Sep and Dec"} | {
    "beginning": "Jan and Apr", "start": "Jan and Apr", "middle": "May and Aug", "end": "Sep and Dec",
    "spring": "Mar and May", "summer": "Jun and Aug", "autumn": "Sep and Nov", "fall": "Sep and Nov",
    "q1": "Jan and Mar", "q2": "Apr and Jun", "q3": "Jul and Sep", "q4": "Oct and Dec",
    "first quarter": "Jan and Mar", "second quarter": "Apr and Jun", "third quarter": "Jul and Sep",
    "fourth quarter": "Oct and Dec", "h1": "Jan and Jun", "h2": "Jul and Dec", "first half": "Jan and Jun",
    "second half": "Jul and Dec",
}  # fmt: skip
"""The months between which lies what people call a part of a year."""
_SIGN = r"(?:(?P<sign>before|after|by) |(?:about|around|circa) )?(?:the )?"
_PART = re.compile(rf"{_SIGN}(?P<part>{'|'.join(_ENDS)})(?: of |[ -](?:in )?)(?P<year>\d{{4}})")
_PART_LAST = re.compile(rf"{_SIGN}(?P<year>\d{{4}})[ -]?(?P<part>[qh]\d|spring|summer|autumn|fall)")
_WINTER = re.compile(r"winter (?:of )?(?P<year>\d{4})(?:[-/](?:\d\d){1,2})?")
_NO_YEAR = re.compile(rf"{_DAY}(?: of)? ?(?:{_MONTH})\.?|(?:{_MONTH})\.?(?: {_DAY})?")
_SHORT_YEAR = re.compile(
    rf"\d{{1,3}}(?P<sign>[-/.])\d{{1,2}}(?P=sign)\d\d|{_DAY}[ -](?:{_MONTH})[ -]['’]?\d\d|(?:{_MONTH}) ['’]\d\d"
)
_OPEN = re.compile(
    r"(?:since|from|starting(?: on| in)?|as of) (?P<word>.*\d{4})(?: on| onwards?)?|(?P<rest>.*\d{4}) onwards?"
    r"|(?P<dash>.*\d{4}) ?(?:-|to) ?(?:present|now|today|date)?|(?P<slash>[\d-]{4,10})(?:/?\.\.|/)"
)
_UP_TO = re.compile(r"(?:until|till|up to) (?P<word>.*\d{4})|(?:\.\./?|/)(?P<slash>[\d-]{4,10})")
_UNCERTAIN = re.compile(r"(?:probably |possibly |perhaps )(?P<word>.*\d{4})|(?P<rest>.*\d)(?: ?\(\?\)|[?%])")
_NIGHT = re.compile(
    rf"(?:(?:the )?night of |overnight )?(?P<one>{_DAY}) ?(?:/|-|to) ?(?P<other>{_DAY})"
    rf" (?P<rest>(?:{_MONTH})\.?,? \d{{4}})"
)
_SEASONS = ("Mar and May", "Jun and Aug", "Sep and Nov", "Dec and Feb")
_QUARTERS = ("Jan and Mar", "Apr and Jun", "Jul and Sep", "Oct and Dec")
_CODES = dict(enumerate(_SEASONS, 21)) | dict(enumerate(_QUARTERS, 33)) | {
    37: "Jan and Apr", 38: "May and Aug", 39: "Sep and Dec", 40: "Jan and Jun", 41: "Jul and Dec",
}  # fmt: skip
"""What ISO 8601-2 writes in place of a month."""
_TIMED = re.compile(r"(?P<date>.*\d{4}.*?)(?:t|,? (?:at )?)\d{1,2}:\d\d.*")
_SEVERAL = re.compile(
    rf"(?:from )?(?P<one>(?:{_MONTH})\.?(?: \d{{4}})?|\d{{4}}(?:-\d\d)?) ?(?:-|/|to|until|till) ?"
    rf"(?P<other>(?:{_MONTH})\.?,? \d{{4}}|\d{{4}}(?:-\d\d)?|\d\d)"
)
_CALENDARS = {
    "Islamic": r"muharram safar rabi jumada rajab sha.?ban ramadan shawwal dhu ah "
    r"محرم صفر ربيع جماد[ىي] رجب شعبان رمضان شوال ذو ذي هـ?",
    "Solar Hijri": "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand "
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "Hebrew": "tishrei? cheshvan kislev tevet sh.?vat adar nisan iyy?ar sivan tammuz av elul "
    "ב?תשרי ב?(?:מר)?חשוון? ב?כסלו ב?טבת ב?שבט ב?אדר ב?ניסן ב?אייר ב?סיוון? ב?תמוז ב?אב ב?אלול",
    "Buddhist": r"b\.?e\.? พ\.?ศ\.?",
    "Japanese": "reiwa heisei sh[oō]wa",
    "Minguo": "minguo roc",
}
"""Patterns of the months and eras of other calendars."""
_ERAS = {
    "Japanese": re.compile("(?:令和|平成|昭和) ?[\\d元]"),
    "Minguo": re.compile(r"(?:民[國国] ?\d{1,3}|\b\d{2,3}) ?年"),
}


def hint_about(plain: str, text: str) -> str:
    """The message about `text`, folded as `plain`, which is no date; empty if nothing tells what it means."""
    if _NO_YEAR.fullmatch(plain):
        return f"“{text}” has no year. Write for example {text} {timezone.localdate().year}."
    if _SHORT_YEAR.fullmatch(plain):
        return f"“{text}” is not a date: write the year with four digits, such as 2025."
    if hint := _hint_about_open(plain, text):
        return hint
    if nearest := nearest_date(plain):
        return f"“{text}” is not a date. Write {nearest}."
    if match := _TIMED.fullmatch(plain):
        return f"“{text}” is not a date: write the day without the time, {match['date'].strip(' ,').title()}."
    if match := _PART.fullmatch(plain) or _PART_LAST.fullmatch(plain):
        first, _, last = _ENDS[match["part"]].partition(" and ")
        month = {"before": first, "by": last, "after": last}.get(match["sign"] or "")
        months = f"{match['sign']} {month}" if month else f"between {first} and {last}"
        return f"“{text}” is not a date. Write the months that it can mean, such as {months} {match['year']}."
    if match := _SEVERAL.fullmatch(plain):
        one, other = match["one"], match["other"]
        other = other if len(other) > 2 else f"{one[:2]}{other}"
        ends = " and ".join(end.title() for end in (one, other))
        return f"“{text}” is not a date. If one day in that time is meant, write between {ends}."
    for name, months in _CALENDARS.items():
        words = rf"(?<!\w)(?:{months.replace(' ', '|')})(?!\w)"
        if (re.search(words, plain) and re.search(r"\d|[״\"]", plain)) or (
            name in _ERAS and _ERAS[name].search(plain)
        ):
            return f"“{text}” is of the {name} calendar. Write the day of the Gregorian one, such as 18 Feb 2025."
    return ""


def _hint_about_open(plain: str, text: str) -> str:
    """The message about what has one end alone, or is said to be uncertain, or is two days with a slash."""
    if match := _OPEN.fullmatch(plain):
        day = next(filter(None, match.groups())).strip().title()
        return f"“{text}” is not a date. Write {day} for when it began, or not before {day} if it may have been later."
    if match := _UP_TO.fullmatch(plain):
        day = (match["word"] or match["slash"]).title()
        return (
            f"“{text}” is not a date. Write {day} for when it ended, or by {day} if it may have been earlier."
        )
    if match := _UNCERTAIN.fullmatch(plain):
        day = (match["word"] or match["rest"]).title()
        return f"“{text}” is not a date. Write {day}, or about {day} if it may have been a little earlier or later."
    if match := _NIGHT.fullmatch(plain):
        one, other, rest = match["one"], match["other"], match["rest"].title()
        lasted = f"if it lasted both days, {one} to {other} {rest}"
        return f"“{text}” is not a date. Write {one} or {other} {rest}; {lasted}."
    if match := _WINTER.fullmatch(plain):
        months = f"between Dec {match['year']} and Feb {int(match['year']) + 1}"
        return f"“{text}” is not a date. Write the months that it can mean, such as {months}."
    return ""


def hint_about_month(year: int, month: int) -> str:
    """What to write instead of a month that there is not: the years that it may mean, or the months of a season."""
    if month == (year + 1) % 100:
        return f"If one day of both years is meant, write between {year} and {year + 1}."
    if months := _CODES.get(month):
        first, _, last = months.partition(" and ")
        return f"Write between {first} {year} and {last} {year + (last == 'Feb')}."
    return ""
