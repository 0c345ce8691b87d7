"""What to write instead of a text that is nearly a date."""

import calendar
import re

from django.utils import timezone

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
_PART = re.compile(rf"(?:the )?(?P<part>{'|'.join(_ENDS)})(?: of |[ -](?:in )?)(?P<year>\d{{4}})")
_NO_YEAR = re.compile(rf"{_DAY}(?: of)? ?(?:{_MONTH})\.?|(?:{_MONTH})\.?(?: {_DAY})?")
_SHORT_YEAR = re.compile(
    rf"\d{{1,2}}(?P<sign>[-/.])\d{{1,2}}(?P=sign)\d\d|{_DAY}[ -](?:{_MONTH})[ -]['’]?\d\d|(?:{_MONTH}) ['’]\d\d"
)
_TIMED = re.compile(r"(?P<date>.*\d{4}.*?)(?:t|,? (?:at )?)\d{1,2}:\d\d.*")
_SEVERAL = re.compile(
    rf"(?:from )?(?P<one>(?:{_MONTH})\.?(?: \d{{4}})?|\d{{4}}(?:-\d\d)?) ?(?:-|/|to|until|till) ?"
    rf"(?P<other>(?:{_MONTH})\.?,? \d{{4}}|\d{{4}}(?:-\d\d)?|\d\d)"
)
_CALENDARS = {
    "Islamic": "muharram safar rabi jumada rajab sha.?ban ramadan shawwal dhu",
    "Solar Hijri": "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand",
    "Hebrew": "tishrei? cheshvan kislev tevet sh.?vat adar nisan iyy?ar sivan tammuz av elul",
}
"""Patterns of the months of other calendars."""


def hint_about(plain: str, text: str) -> str:
    """The message about `text`, folded as `plain`, which is no date; empty if nothing tells what it means."""
    if _NO_YEAR.fullmatch(plain):
        return f"“{text}” has no year. Write for example {text} {timezone.localdate().year}."
    if _SHORT_YEAR.fullmatch(plain):
        return f"“{text}” is not a date: write the year with four digits, such as 2025."
    if match := _TIMED.fullmatch(plain):
        return f"“{text}” is not a date: write the day without the time, {match['date'].strip(' ,').title()}."
    if match := _PART.fullmatch(plain):
        months = f"between {_ENDS[match['part']]} {match['year']}"
        return f"“{text}” is not a date. Write the months that it can mean, such as {months}."
    if match := _SEVERAL.fullmatch(plain):
        one, other = match["one"], match["other"]
        other = other if len(other) > 2 else f"{one[:2]}{other}"
        ends = " and ".join(end.title() for end in (one, other))
        return f"“{text}” is not a date. If one day in that time is meant, write between {ends}."
    for name, months in _CALENDARS.items():
        if re.search(rf"\b(?:{months.replace(' ', '|')})\b", plain) and re.search(r"\d{4}", plain):
            return f"“{text}” is of the {name} calendar. Write the day of the Gregorian one, such as 18 Feb 2025."
    return ""
