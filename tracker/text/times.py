"""Times of day and time zones as people write them."""

import datetime as dt
import re
import unicodedata
import zoneinfo
from functools import cache

from tracker.text.folding import fold, nearest_code, visible

TIME_HINT = "Write hours and minutes, such as 14:30."
ZONE_HINT = "Write the name of a time zone, such as Asia/Riyadh."
_TIME = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?::00(?:\.0+)?)?(?: ?([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE
)
_NEARLY = re.compile(
    r"t?(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d{2}))?(?::\d{2}(?:\.\d+)?)?(?P<rest> ?[a-z+-].*)?"
)
_NOT_FOR_PEOPLE = ("posix", "right", "localtime", "posixrules", "Factory")
_OFFSET = re.compile(r"(?:utc|gmt)?_?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_OF_OFFSET = {
    "+03:30": "Asia/Tehran", "+04:30": "Asia/Kabul", "+05:30": "Asia/Kolkata", "+05:45": "Asia/Kathmandu",
    "+06:30": "Asia/Yangon", "+09:30": "Australia/Darwin",
}  # fmt: skip
"""Where clocks show no whole hours."""
_CITIES = {
    "abu_dhabi": "Asia/Dubai", "ankara": "Europe/Istanbul", "astana": "Asia/Almaty", "beijing": "Asia/Shanghai",
    "delhi": "Asia/Kolkata", "doha": "Asia/Qatar", "geneva": "Europe/Zurich", "islamabad": "Asia/Karachi",
    "jeddah": "Asia/Riyadh", "new_delhi": "Asia/Kolkata", "tel_aviv": "Asia/Jerusalem",
    "the_hague": "Europe/Amsterdam", "washington": "America/New_York",
}  # fmt: skip
"""Where people meet, and no zone has the name."""
_SHORT = {"z": "UTC", "msk": "Europe/Moscow", "jst": "Asia/Tokyo", "kst": "Asia/Seoul"} | {
    "cest": "Etc/GMT-2", "eest": "Etc/GMT-3", "edt": "Etc/GMT+4",
}  # fmt: skip
"""Abbreviations that mean one zone, and are no names of zones."""


def read_time(text: str) -> dt.time:
    """The time of day in `text`, to the minute: 14:30, 14.30, 2:30 pm, noon; raises ValueError with a hint."""
    text = text.strip()
    plain = re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), visible(text)).replace("：", ":")
    if plain.casefold() == "noon":
        return dt.time(12)
    match = _TIME.fullmatch(plain)
    if match is None or not (match[2] or match[3]):
        raise ValueError(f"“{text[:100]}” is not a time of day. {_time_hint(plain.casefold())}")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half or hour > 23 or minute > 59:
        hint = f"Nearest: {min(hour, 23):02}:{min(minute, 59):02}."
        if (hour, minute) == (24, 0):
            hint = "Write 00:00 with the date of the next day."
        raise ValueError(f"“{text[:100]}” is not a time of day. {hint}")
    return dt.time(hour, minute)


def _time_hint(plain: str) -> str:
    if plain == "midnight":
        return "Write 00:00 for the start of the day, or with the date of the next day for its end."
    match = _NEARLY.fullmatch(plain[:100])
    hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match else (24, 0)
    if hour > 23 or minute > 59:
        return TIME_HINT
    return f"Nearest: {hour:02}:{minute:02}{'; a zone goes beside it' if match['rest'] else ''}."


@cache
def zones() -> dict[str, str]:
    """{folded name: name} of all time zones; also by the city alone, where only one has it."""
    names = sorted(name for name in zoneinfo.available_timezones() if not name.startswith(_NOT_FOR_PEOPLE))
    by_city: dict[str, list[str]] = {}
    for name in names:
        # Their signs are those of another custom: Etc/GMT+3 is three hours behind.
        if not name.startswith("Etc/GMT"):
            by_city.setdefault(_folded(name.rpartition("/")[2]), []).append(name)
    cities = {city: found[0] for city, found in by_city.items() if len(found) == 1}
    return _SHORT | _CITIES | cities | {_folded(name): name for name in names}


def zone_named(text: str) -> str:
    """The IANA name of the time zone in `text`, in any case, of its city or its whole hours, such as UTC+3.

    Raises ValueError with the nearest.
    """
    folded = _folded(text)
    if name := zones().get(folded) or zones().get(folded.removesuffix("_time")):
        return name
    if offset := _OFFSET.fullmatch(folded):
        return _zone_at(offset, text)
    names = sorted({*zones().values()})
    near = nearest_code(text, names) or zones().get(nearest_code(folded, zones()) or "")
    hint = f"Nearest: {near}." if near else ZONE_HINT
    raise ValueError(f"“{text.strip()[:100]}” is not a time zone. {hint}")


def _zone_at(offset: re.Match[str], text: str) -> str:
    """The zone whose clocks are always `offset` from UTC."""
    hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
    if not minutes and hours <= (14 if offset["sign"] == "+" else 12):
        return f"Etc/GMT{'-' if offset['sign'] == '+' else '+'}{hours}" if hours else "UTC"
    near = _OF_OFFSET.get(f"{offset['sign']}{hours:02}:{minutes:02}")
    hint = f"Nearest: {near}." if near else ZONE_HINT
    raise ValueError(f"“{text.strip()[:100]}” is not a time zone. {hint}")


def shown(time: dt.time, zone: str) -> str:
    """A time of day with its zone, for people: 14:30 (Riyadh time), 14:30 (UTC+3)."""
    area, _, city = zone.rpartition("/")
    words = f"{city.replace('_', ' ')} time" if area and area != "Etc" else city
    if offset := re.fullmatch(r"GMT([+-])(\d+)", city):
        words = f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}" if int(offset[2]) else "UTC"
    return f"{time:%H:%M} ({words})" if words else f"{time:%H:%M}"


def _folded(name: str) -> str:
    return fold(visible(name)).replace(" ", "_")
