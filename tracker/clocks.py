"""The clocks of every reading: what had happened by a day, what was public by one, and what was known at an instant."""

import datetime as dt
import re
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property

from tracker.text import dates

INSTANT_HINT = "Write a day (20 Feb 2025 or 2025-02-20) or a day and time with zone (2025-02-20T17:30:00Z)."
DAY_HINT = "Write a day: 18 Feb 2025 or 2025-02-18, or before 18 Feb 2025."


class BadQuery(Exception):
    """A query string that cannot be read; `messages` tells people why, parameter by parameter."""

    def __init__(self, messages: list[str]):
        super().__init__(" ".join(messages))
        self.messages = messages


@dataclass(frozen=True)
class Clocks:
    """One reading of the record.

    `on`: the last day (installation's time zone) whose happenings count; None is today.
    `known`: the instant (aware) up to which recordings, corrections and withdrawals count; None is now.
    `public`: the last day on which what a source tells can have been published; None is whenever, or never.
    """

    on: dt.date | None = None
    known: dt.datetime | None = None
    public: dt.date | None = None

    @cached_property
    def is_present(self) -> bool:
        """Whether this is the reading everybody starts from: today, as known now."""
        return self.on is None and self.known is None and self.public is None

    @cached_property
    def asks_the_rule(self) -> bool:
        """Whether what stood then is worked out row by row; at an instant of knowledge alone it is on record."""
        return self.on is not None or self.public is not None

    @cached_property
    def query(self) -> dict[str, str]:
        """The clocks as query-string parameters; empty in the present."""
        parameters = {name: str(day) for name, day in (("on", self.on), ("public", self.public)) if day}
        if self.known is not None:
            parameters["known"] = instant_iso(self.known)
        return parameters


PRESENT = Clocks()

READ_AT: ContextVar[dt.datetime | None] = ContextVar("READ_AT", default=None)
"""The instant at which the record is read (`tracker.models.past`); None in the present."""


def instant_iso(instant: dt.datetime) -> str:
    """The aware `instant` in UTC by ISO 8601, to the microsecond where it has any: 2025-02-18T17:30:00Z."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)


def parse_on(text: str) -> dict[str, dt.date]:
    """The field of Clocks, `on`, that `text` names: a day, or the day before the one that it says "before" of.

    Raises ValueError, with a message for people, for anything else and for a day after today.
    """
    return {"on": _past_day(text, "nothing can have happened by then")}


def parse_public(text: str) -> dict[str, dt.date]:
    """The field of Clocks, `public`, that `text` names, as `parse_on` does."""
    return {"public": _past_day(text, "nobody can say what will be public by then")}


def _past_day(text: str, why_not_later: str) -> dt.date:
    try:
        day, precision, _ = dates.read(text)
    except ValueError as error:
        raise ValueError(str(error).replace(dates.HINT, DAY_HINT)) from None
    if precision not in ("day", "before"):
        raise ValueError(f"“{text}” is not one day. {DAY_HINT}")
    if day > timezone.localdate():
        raise ValueError(f"{dates.shown(day)} lies in the future; {why_not_later}.")
    return day if precision == "day" else day - dt.timedelta(days=1)


def end_of(day: dt.date) -> dt.datetime:
    """The last instant of `day` in the installation's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def parse_known(text: str) -> dict[str, dt.datetime]:
    """The field of Clocks, `known`, that `text` names: an ISO 8601 instant with zone, or a day, which means its end.

    A day and an instant without zone are read in the installation's time zone.
    Raises ValueError, with a message for people, for anything else.
    """
    text = text.strip()
    instant = _instant(text) if _INSTANT.fullmatch(text) else _end_of_day(text)
    try:
        instant = instant.astimezone(dt.UTC)
        timezone.localtime(instant)  # as it will be shown
    except (ValueError, OverflowError):
        raise ValueError(f"“{text}” lies outside the calendar. {INSTANT_HINT}") from None
    return {"known": instant}


def _instant(text: str) -> dt.datetime:
    try:
        # A "+" that was not percent-encoded arrives as a blank.
        instant = dt.datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise ValueError(f"“{text}” is not an instant. {INSTANT_HINT}") from None
    return timezone.make_aware(instant) if timezone.is_naive(instant) else instant


def _end_of_day(text: str) -> dt.datetime:
    try:
        day, precision, _ = dates.read(text)
    except ValueError as error:
        raise ValueError(str(error).replace(dates.HINT, INSTANT_HINT)) from None
    if precision != "day":
        raise ValueError(f"“{text}” is not an instant. {INSTANT_HINT}")
    return end_of(day)


PARSERS = {"on": parse_on, "public": parse_public, "known": parse_known}
"""What reads each clock: {parameter of the query string, which is the field of Clocks: its parser}."""
