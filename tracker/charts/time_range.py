"""The time range of a chart: read from the query string, divided by ticks, moved and zoomed, and the clocks in it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import formats, timezone

from tracker.clocks import Clocks
from tracker.models.dates import Span
from tracker.register.display import day_text, instant_text
from tracker.text.dates import HINT

EDGE = "Write 18 Feb 2025, 2025-02-18, Feb 2025 or 2025."
SHORTEST = 14
"""The minimum default range, in days."""

MOST_YEARS = 30
"""With more years than this, there are no links to single years."""

MOST_TICKS = 9
_STEPS = (
    ("day", 1), ("day", 2), ("day", 7), ("month", 1), ("month", 3), ("month", 6),
    *(("year", years) for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)  # fmt: skip
"""The possible distances between ticks, narrowest first: (unit, number)."""


@dataclass(frozen=True)
class Tick:
    """A line at the start of a day, month or year."""

    day: dt.date
    label: str


@dataclass(frozen=True)
class Range:
    """The days from `first` to `last`, inclusive."""

    first: dt.date
    last: dt.date

    def __str__(self):
        first, last = (formats.date_format(day, "j M Y") for day in (self.first, self.last))
        return first if first == last else f"{first} to {last}"

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def at(self, day: dt.date | float) -> float:
        """The position of the start of `day`, or of an ordinal with a fraction, in percent from the left.

        Days outside the range are below 0 or above 100.
        """
        ordinal = day.toordinal() if isinstance(day, dt.date) else day
        return (ordinal - self.first.toordinal()) * 100 / self.days

    def moved(self, parts: float) -> "Range":
        """The range moved later by the fraction `parts` of its length, or earlier if negative."""
        return _ranged(*(day.toordinal() + round(self.days * parts) for day in (self.first, self.last)))

    def zoomed(self, factor: float) -> "Range":
        """The range with the same centre and `factor` times as many days, at least one."""
        more = round(self.days * (factor - 1) / 2)
        first, last = self.first.toordinal() - more, self.last.toordinal() + more
        return _ranged(first, last) if first <= last else _ranged(middle := (first + last) // 2, middle)

    def ticks(self) -> list[Tick]:
        """Ticks at starts of days, months or years, as dense as is legible: at most MOST_TICKS."""
        for unit, step in _STEPS:
            beginnings = _beginnings(self, unit, step)
            if len(beginnings) <= MOST_TICKS:
                return [Tick(day, _label(day, unit)) for day in beginnings]
        return []


@dataclass(frozen=True)
class ClockLine:
    """One of the clocks, drawn as a line across the lanes."""

    name: str
    """on or known: the CSS class of the line."""
    label: str
    ordinal: float
    """The ordinal of the day plus the fraction of it that has passed."""
    is_set: bool
    """Whether the reader set it; otherwise it is the present."""

    @property
    def day(self) -> dt.date:
        """The last day that lies at least in part to the left of it."""
        return dt.date.fromordinal(max(1, -int(-self.ordinal // 1) - 1))


def lines_of(clocks: Clocks) -> list[ClockLine]:
    """The clocks as lines: at most one for `on` and one for `known`; today if neither is set."""
    lines = []
    if clocks.on is not None:
        label = f"as it stood on {day_text(clocks)}"
        lines.append(ClockLine("on", label, clocks.on.toordinal() + 1, True))
    if clocks.known is not None:
        local = timezone.localtime(clocks.known)
        passed = (local.hour * 60 + local.minute) / 1440
        label = f"as known {instant_text(clocks.known)}"
        lines.append(ClockLine("known", label, local.date().toordinal() + passed, True))
    return lines or [ClockLine("on", "today", timezone.localdate().toordinal() + 1, False)]


def read_range(parameters: Mapping[str, str], usual: Range) -> Range:
    """The range of the parameters `from` and `to`, each a day, month or year; `usual` if neither is given.

    Raises ValueError, with a message for users, for an invalid date or a range that ends before it begins.
    """
    first, last = _read(parameters, "from"), _read(parameters, "to")
    begins = first.day if first else usual.first
    ends = last.last if last else usual.last
    # If only one end is given and lies beyond the default other end, draw the whole day, month or year.
    if begins > ends and last is None:
        ends = first.last
    if begins > ends and first is None:
        begins = last.day
    if begins > ends:
        raise ValueError(
            f"to: {parameters['to']} is before the start, {parameters['from']}. Choose a later end or an earlier start."
        )
    return Range(begins, ends)


def spanning(first: dt.date, last: dt.date, *lines: dt.date) -> Range:
    """The days from `first` to `last` with margins, extended to those of `lines` that are near.

    Near means no farther away than the length of the range.
    """
    length = max((last - first).days + 1, SHORTEST)
    near = [line for line in lines if (line - last).days <= length and (first - line).days <= length]
    first, last = min([first, *near]).toordinal(), max([last, *near]).toordinal()
    room = max(1, round((last - first) * 0.06))
    missing = max(0, SHORTEST - (last - first + 1 + 2 * room))
    return _ranged(first - room - missing // 2, last + room + (missing + 1) // 2)


def usual_range(days: list[tuple[dt.date, dt.date]], near: Sequence[dt.date]) -> tuple[Range, Range]:
    """The default range, and the range of all `days`; both include the days of `near` that are near enough.

    They differ if the earliest tenth of `days` would take up more than three quarters of the width.
    """
    ends = max(last for _, last in days)
    everything = spanning(days[0][0], ends, *near)
    most = spanning(days[len(days) // 10][0], ends, *near)
    return (most if most.days * 4 < everything.days else everything), everything


def range_links(drawn: dict, url: Callable) -> dict:
    """Links to other ranges: `steps`, pairs of label and URL, and `years`.

    `drawn` comes from `chart_context`; `url` returns the address of the page with another query string.
    """

    def to(label: str, other: Range) -> tuple[str, str]:
        return label, url(**{"from": str(other.first), "to": str(other.last)})

    within, everything = drawn["range"], drawn["everything"]
    steps = [to("All", everything)] if within != everything else []
    steps += [
        to("Earlier", within.moved(-0.5)),
        to("Later", within.moved(0.5)),
        to("Wider", within.zoomed(2)),
    ]
    if within.days > 1:
        steps.append(to("Narrower", within.zoomed(0.5)))
    years = drawn["years"] if len(drawn["years"]) <= MOST_YEARS else []
    return {
        "steps": steps,
        "years": [
            {
                "label": str(year),
                "url": url(**{"from": f"{year:04}", "to": f"{year:04}"}),
                "current": within == Range(dt.date(year, 1, 1), dt.date(year, 12, 31)),
            }
            for year in years
        ],
    }


def _read(parameters: Mapping[str, str], name: str) -> Span | None:
    text = parameters.get(name, "").strip()
    if not text:
        return None
    try:
        date = Span.parse(text)
    except ValueError as error:
        raise ValueError(f"{name}: {str(error).replace(HINT, EDGE)}") from None
    if date.first is None or date.last is None:
        raise ValueError(f"{name}: “{text}” cannot start or end a period. {EDGE}")
    return date


def _ranged(first: int, last: int) -> Range:
    """The range between two ordinals, limited to what datetime.date supports."""
    ends = (max(dt.date.min.toordinal(), min(ordinal, dt.date.max.toordinal())) for ordinal in (first, last))
    return Range(*map(dt.date.fromordinal, ends))


def _beginnings(within: Range, unit: str, step: int) -> list[dt.date]:
    """The days within the range on which every `step`th `unit` begins."""
    if unit == "day":
        first = within.first.toordinal()
        # Aligned to Mondays and fixed days, so that ticks do not depend on the start of the range.
        begins = range(first + (1 - first) % step, within.last.toordinal() + 1, step)
        return [dt.date.fromordinal(ordinal) for ordinal in begins[: MOST_TICKS + 1]]
    months = step * (12 if unit == "year" else 1)
    days, month = [], (within.first.year * 12 + within.first.month - 1) // months * months
    while len(days) <= MOST_TICKS and month <= within.last.year * 12 + within.last.month - 1:
        if month >= 12 and within.first <= (day := dt.date(month // 12, month % 12 + 1, 1)):
            days.append(day)
        month += months
    return days


def _label(day: dt.date, unit: str) -> str:
    return formats.date_format(day, {"day": "j M", "month": "M Y", "year": "Y"}[unit])
