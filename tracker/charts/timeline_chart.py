"""The context of a chart template: range, ticks, lanes, and links to other ranges."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.templatetags.static import static
from django.utils import timezone

from tracker.charts.labels import Captions, path_url, share
from tracker.charts.lanes import Path, days_of
from tracker.charts.layout import draw
from tracker.charts.time_range import Range, read_range, spanning
from tracker.clocks import BadQuery, Clocks
from tracker.models.vocabularies import ItemKind
from tracker.register.display import day_text, instant_text, page_of

MOST_YEARS = 30
"""With more years than this, there are no links to single years."""


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


def chart_context(
    paths: Sequence[Path], clocks: Clocks, parameters: Mapping[str, str] = MappingProxyType({})
) -> dict:
    """The context of `paths/_drawing.html` and `paths/_words.html`.

    The range comes from `parameters` (`from`, `to`); by default it covers the developments on `paths`, and the clocks
    and open due dates if they are near. Raises BadQuery for an invalid range.
    """
    lines = lines_of(clocks)
    days = days_of(paths) or [(lines[0].day, lines[0].day)]
    usual, everything = usual_range(days, [*(line.day for line in lines), *_dues(paths)])
    try:
        within = read_range(parameters, usual)
    except ValueError as error:
        raise BadQuery([str(error)]) from None
    edge = within.at(min(line.ordinal for line in lines))
    captions = Captions(clocks, static("img/marks.svg"))
    drawn = draw(paths, within, edge)
    return {
        "range": within,
        "everything": everything,
        "years": sorted({year for first, last in days for year in (first.year, last.year)}),
        "ticks": [{"x": share(within.at(tick.day)), "label": tick.label} for tick in within.ticks()],
        "lines": [_line(line, within) for line in lines if 0 <= within.at(line.ordinal) <= 100],
        "notes": [
            _note(line, within) for line in lines if line.is_set and not 0 <= within.at(line.ordinal) <= 100
        ],
        "beyond": share(max(edge, 0)) if edge < 100 else "",
        "paths": [
            {
                "item": path.item,
                "type_label": ItemKind(path.item["item_kind"]).label,
                "url": page_of(path.item["ref"], captions.query),
                "path_url": path_url(path.item, clocks, {}),
                "lanes": [captions.lane(path, lane) for lane in drawn[path]],
            }
            for path in paths
        ],
    }


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


def _dues(paths: Sequence[Path]) -> list[dt.date]:
    """The last known days of the due dates that are still open."""
    last = (lane.segments[-1] for path in paths for lane in path.lanes if lane.segments)
    return [segment.due.last_known for segment in last if segment.due is not None]


def _line(line: ClockLine, within: Range) -> dict:
    x = within.at(line.ordinal)
    return {"x": share(x), "name": line.name, "label": line.label, "anchor": "end" if x > 50 else "start"}


def _note(line: ClockLine, within: Range) -> str:
    side = "right" if within.at(line.ordinal) > 100 else "left"
    return f"The line “{line.label}” lies to the {side} of what is drawn."
