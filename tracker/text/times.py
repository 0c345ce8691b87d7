"""Times of day and time zones as people write them."""

import datetime as dt
import re
import zoneinfo
from functools import cache

from tracker.text.folding import nearest_hint

TIME_HINT = "Write hours and minutes, such as 14:30."
ZONE_HINT = "Write the name of a time zone, such as Asia/Riyadh."
_TIME = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?(?::00(?:\.0+)?)?(?: ?([ap])\.?m\.?)?", re.ASCII | re.IGNORECASE
)
_NOT_FOR_PEOPLE = ("posix", "right", "localtime", "posixrules", "Factory")


def read_time(text: str) -> dt.time:
    """The time of day in `text`, to the minute: 14:30, 14.30, 2:30 pm; raises ValueError with a hint."""
    text = text.strip()
    match = _TIME.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise ValueError(f"“{text[:100]}” is not a time of day. {TIME_HINT}")
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half or hour > 23 or minute > 59:
        hint = f"Nearest: {min(hour, 23):02}:{min(minute, 59):02}."
        if (hour, minute) == (24, 0):
            hint = "Write 00:00 with the date of the next day."
        raise ValueError(f"“{text[:100]}” is not a time of day. {hint}")
    return dt.time(hour, minute)


@cache
def zones() -> dict[str, str]:
    """{folded name: name} of all time zones; also by the city alone, where only one has it."""
    names = sorted(name for name in zoneinfo.available_timezones() if not name.startswith(_NOT_FOR_PEOPLE))
    by_city: dict[str, list[str]] = {}
    for name in names:
        by_city.setdefault(_folded(name.rpartition("/")[2]), []).append(name)
    cities = {city: found[0] for city, found in by_city.items() if len(found) == 1}
    return cities | {_folded(name): name for name in names}


def zone_named(text: str) -> str:
    """The IANA name of the time zone in `text`, in any case, or of its city; raises ValueError with the nearest."""
    if name := zones().get(_folded(text)):
        return name
    hint = nearest_hint(text, sorted({*zones().values()}), ZONE_HINT)
    raise ValueError(f"“{text.strip()[:100]}” is not a time zone.{hint}")


def shown(time: dt.time, zone: str) -> str:
    """A time of day with its zone, for people: 14:30 (Riyadh time)."""
    area, _, city = zone.rpartition("/")
    words = f"{city.replace('_', ' ')} time" if area and area != "Etc" else zone
    return f"{time:%H:%M} ({words})" if words else f"{time:%H:%M}"


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")
