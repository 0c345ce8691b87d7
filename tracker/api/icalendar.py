"""Calendar events in the iCalendar format (RFC 5545, RFC 7986)."""

import datetime as dt
import re
from collections.abc import Callable, Iterable

from icalendar import Calendar, Event, vText

from tracker.api.calendar_events import Occasion
from tracker.models import Development
from tracker.models.vocabularies import DatePrecision

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?")


def text(value: str) -> str:
    """`value` with LF line ends and without control characters."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", value))


def feed(occasions: Iterable[Occasion], name: str, note: str, page_of: Callable[[Occasion], str]) -> bytes:
    """An iCalendar file of `occasions` with the title `name` and the description `note`.

    `page_of` returns the absolute URL of an occasion's page. The same occasions give the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Negotiation Tracker//Dues and talks//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for property_name in ("name", "x-wr-calname"):
        calendar.add(property_name, vText(" ".join(text(name).split())))
    for property_name in ("description", "x-wr-caldesc"):
        calendar.add(property_name, vText(" ".join(text(note).split())))
    calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for occasion in occasions:
        calendar.add_component(_event(occasion, page_of(occasion)))
    return calendar.to_ical()


def _event(occasion: Occasion, url: str) -> Event:
    event = Event()
    # The UID does not depend on the host.
    event.add("uid", f"{occasion.item.ref}@negotiation-tracker")
    event.add("dtstamp", occasion.development.recorded_at.replace(microsecond=0).astimezone(dt.UTC))
    event.add("dtstart", occasion.first)
    # DTEND is exclusive; date.max has no following day.
    if occasion.last < dt.date.max:
        event.add("dtend", occasion.last + dt.timedelta(days=1))
    event.add("summary", text(summary(occasion)))
    event.add("description", text("\n".join(_lines(occasion))))
    event.add("status", "CONFIRMED" if occasion.is_certain else "TENTATIVE")
    kinds = (occasion.item.get_item_kind_display(), occasion.kind_label)
    event.add("categories", [text(category) for category in kinds if category])
    event.add("url", url)
    # A due date does not block time.
    event.add("transp", "TRANSPARENT")
    return event


def summary(occasion: Occasion) -> str:
    """The title of the event, which says so if the date is not certain or not a day."""
    what, on = "Talk" if occasion.is_talk else "Due", occasion.on
    if on is None:
        return f"Review: {occasion.item.title}"
    if on.precision not in (DatePrecision.DAY, DatePrecision.LASTED):
        return f"{what} {on}: {occasion.item.title}"
    return f"{what}: {occasion.item.title}"


def _lines(occasion: Occasion) -> Iterable[str]:
    item = occasion.item
    yield str(item.process)
    if occasion.status_label:
        yield f"Status: {occasion.status_label}"
    if occasion.owner:
        yield f"Promised by: {occasion.owner}"
    if occasion.promised_to:
        yield f"Promised to: {', '.join(party.name for party in occasion.promised_to)}"
    if occasion.due.due_phrase:
        yield f"In words: {occasion.due.due_phrase}"
    if occasion.on:
        yield f"Date: {occasion.on}"
    yield f"Said: {occasion.development.occurred}, {_voice(occasion.development)}{occasion.development.headline}"
    for citation in occasion.development.citations.all():
        yield f"Source: {citation}"


def _voice(development: Development) -> str:
    names = [str(name) for name in (development.speaker, development.party) if name]
    return f"{', '.join(names)}: " if names else ""
