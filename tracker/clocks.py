"""The two clocks that every reading obeys: what had happened by a day, and what was known at an instant."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone


@dataclass(frozen=True)
class Clocks:
    """One reading of the record.

    `on`: the last day (installation's time zone) whose happenings count; None is today.
    `known`: the instant (aware) up to which recordings, corrections and withdrawals count; None is now.
    `before`: whether of the day `on` only that counts which is known to lie before it: how all stood going into it.
    """

    on: dt.date | None = None
    known: dt.datetime | None = None
    before: bool = False

    @property
    def is_present(self) -> bool:
        """Whether this is the reading everybody starts from: today, as known now."""
        return self.on is None and self.known is None

    @property
    def query(self) -> dict[str, str]:
        """The clocks as query-string parameters; empty in the present."""
        parameters = {}
        if self.on is not None:
            parameters["on"] = f"before {self.on}" if self.before else str(self.on)
        if self.known is not None:
            parameters["known"] = instant_iso(self.known)
        return parameters


PRESENT = Clocks()


def instant_iso(instant: dt.datetime) -> str:
    """The aware `instant` in UTC by ISO 8601, to the microsecond where it has any: 2025-02-18T17:30:00Z."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


# Other forms of ISO 8601, such as 2025-W08-2, are days as well, and too easily taken for something else.
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_BEFORE = re.compile(r"^before\s+", re.I)
_INSTANT = re.compile(rf"{_DAY.pattern}[T ]\d\d:\d\d.*", re.ASCII)


def parse_on(text: str) -> dict[str, dt.date | bool]:
    """The fields of Clocks that `text` names: `on` for YYYY-MM-DD, and `before` for "before YYYY-MM-DD".

    Raises ValueError, with a message for people, for anything else and for a day after today.
    """
    day = _BEFORE.sub("", text)
    try:
        if not _DAY.fullmatch(day):
            raise ValueError
        on = dt.date.fromisoformat(day)
    except ValueError:
        raise ValueError(
            f"“{text}” is not a day; write it as YYYY-MM-DD, for example 2025-02-18, or before 2025-02-18."
        ) from None
    if on > timezone.localdate():
        raise ValueError(f"{text} lies in the future; nothing can have happened by then.")
    return {"on": on} if day == text else {"on": on, "before": True}


def end_of(day: dt.date) -> dt.datetime:
    """The last instant of `day` in the installation's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def parse_known(text: str) -> dict[str, dt.datetime]:
    """The field of Clocks, `known`, that `text` names: an ISO 8601 instant with zone, or a day, which means its end.

    A day and an instant without zone are read in the installation's time zone.
    Raises ValueError, with a message for people, for anything else.
    """
    # A "+" that was not percent-encoded arrives as a blank.
    text = text.strip().replace(" ", "+") if text.count("T") else text.strip()
    try:
        if _DAY.fullmatch(text):
            instant = end_of(dt.date.fromisoformat(text))
        elif _INSTANT.fullmatch(text):
            instant = dt.datetime.fromisoformat(text)
            if timezone.is_naive(instant):
                instant = timezone.make_aware(instant)
        else:
            raise ValueError
        instant = instant.astimezone(dt.UTC)
        timezone.localtime(instant)  # as it will be shown
    except (ValueError, OverflowError):
        raise ValueError(
            f"“{text}” is not an instant; write a day (2025-02-20) or a day and time with zone "
            "(2025-02-20T17:30:00Z)."
        ) from None
    return {"known": instant}
