"""The layout of a chart: positions of segments and marks in percent of its width."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.charts.lanes import Lane, LaneStatement, Mark, Path, Segment
from tracker.charts.time_range import Range
from tracker.models.vocabularies import DatePrecision

WIDTH = 700
"""The width in pixels of the narrowest usual chart; marks that would be too close there are merged."""

PITCH = 9
"""The minimum distance between two marks, in pixels."""

LEGIBLE = 15
"""The minimum width of a segment with a mark, in pixels."""

APART = 24
"""The distance between marks of the same day, in pixels, if there is room."""

BEFORE = 16
"""How far to the left of a day a date "before" it is drawn, in pixels."""

DASH = 45
"""The length of the dash for a date without a lower bound, in pixels."""

MOST = 280
"""The number of segments and marks on a page above which they are merged more coarsely."""

AT_A_GLANCE = 120
"""The same on the page of an item; the page of its path has more."""


@dataclass(slots=True, eq=False)
class Block:
    """A drawn segment, or several consecutive ones that are too narrow to distinguish."""

    segments: list[Segment]
    x: float
    width: float
    about: float = 0
    """The uncertain part of the width at the left: the days on which it may not have begun yet."""
    onward: bool = False
    """Whether it began before the range."""
    legible: bool = True
    """Whether there is room to show its value; otherwise it is drawn without tone."""


@dataclass(slots=True, eq=False)
class Dot:
    """A drawn mark, or several that are too close to distinguish."""

    marks: list[Mark]
    x: float
    span: tuple[float, float] | None = None
    """The range of its possible dates, unless they are days."""
    endless: bool = False
    """Whether the range has no lower bound."""


@dataclass(slots=True, eq=False)
class DueMarker:
    """A due date, from its first to its last possible day."""

    segment: Segment
    x: float
    width: float
    near: int = 0
    """How many former due dates that lie near it are not drawn."""


@dataclass(slots=True, eq=False)
class Drawn:
    """A drawn lane."""

    lane: Lane
    blocks: list[Block] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    struck: list[Dot] = field(default_factory=list)
    """The marks of corrected and withdrawn versions."""
    flags: list[DueMarker] = field(default_factory=list)
    is_coarse: bool = False
    """Whether marks are merged that there would be room for, because there are too many."""

    @property
    def size(self) -> int:
        """The number of segments, marks and due dates."""
        return len(self.blocks) + len(self.dots) + len(self.struck) + len(self.flags)

    @property
    def rows(self) -> Iterator[tuple[Dot | None, list[Block]]]:
        """Marks with the segments that begin at them, and segments without a mark, in order of time."""
        left = {block.segments[0].since: block for block in self.blocks}
        columns = []
        for dot in (*self.dots, *self.struck):
            begun = [left.pop(mark.statement) for mark in dot.marks if mark.statement in left]
            columns.append((dot.x, dot, begun))
        columns += [(block.x, None, [block]) for block in left.values()]
        return ((dot, begun) for _, dot, begun in sorted(columns, key=lambda row: row[0]))


def percent(pixels: float) -> float:
    """`pixels` as a percentage of WIDTH."""
    return pixels * 100 / WIDTH


def draw(paths: Iterable[Path], within: Range, edge: float, most: int = 0) -> dict[Path, list[Drawn]]:
    """The lanes of each of `paths` in the range `within`; segments end at `edge`, in percent.

    If there are more than `most` shapes (by default MOST), they are merged more coarsely.
    """
    most = most or MOST
    paths, pitch = list(paths), PITCH
    while True:
        drawn = {path: _draw(path, within, edge, pitch) for path in paths}
        if pitch > WIDTH or sum(lane.size for lanes in drawn.values() for lane in lanes) <= most:
            return drawn
        pitch = pitch * 3 // 2


def places(path: Path, within: Range, pitch: float = PITCH) -> dict[LaneStatement, float]:
    """The position of each version on `path`, in percent; below 0 or above 100 outside the range.

    A month or a year is placed at its start. Versions of the same day are placed side by side in standing order if the
    day is wide enough, and otherwise at the same position.
    """
    positions: dict[LaneStatement, float] = {}
    on_day: dict[tuple[int, bool], list[LaneStatement]] = {}
    for statement in path.versions:
        if statement.when.precision == DatePrecision.BEFORE:
            positions[statement] = within.at(statement.when.day) - percent(BEFORE)
        else:
            on_day.setdefault((statement.when.day.toordinal(), statement.in_force), []).append(statement)
    wide = WIDTH / within.days
    for (day, _), versions in on_day.items():
        apart = min(wide / len(versions), APART)
        step = percent(apart) if apart >= pitch else 0
        begins = within.at(day)
        positions.update((statement, begins + step * place) for place, statement in enumerate(versions))
    # What has no known first day is behind all that has one, however late its last day is.
    for earlier, later in reversed(list(pairwise(path.versions))):
        if earlier.when.precision == DatePrecision.BEFORE:
            positions[earlier] = min(positions[earlier], positions[later] - percent(BEFORE))
    return positions


def _draw(path: Path, within: Range, edge: float, pitch: float) -> list[Drawn]:
    at = places(path, within, pitch)
    drawn = []
    for lane in path.lanes:
        dots, struck = _dots(lane.marks, at, within, edge, pitch)
        blocks = _blocks(lane, at, within, min(edge, 100), percent(pitch + LEGIBLE - PITCH))
        drawn.append(Drawn(lane, blocks, dots, struck, _flags(lane, within, pitch), pitch > PITCH))
    return drawn


def _blocks(
    lane: Lane, at: dict[LaneStatement, float], within: Range, edge: float, narrow: float
) -> list[Block]:
    blocks: list[Block] = []
    for segment in lane.segments:
        begins, ends = at[segment.since], min(at[segment.until] if segment.until else edge, edge)
        sure = _sure(segment.since, within)
        if segment is lane.segments[0] and segment.since.when.precision == DatePrecision.BEFORE and sure > 0:
            # No earlier value is known, so this one may have held all along.
            begins = 0
        if ends <= 0 or begins >= edge:
            continue
        x = max(begins, 0)
        block = Block([segment], x, ends - x, max(0, min(sure, ends) - x), begins < 0, ends - x >= narrow)
        last = blocks[-1] if blocks else None
        if last is None or last.legible or block.legible:
            blocks.append(block)
        else:
            last.segments.append(segment)
            last.width, last.about = block.x + block.width - last.x, 0
    return blocks


def _sure(statement: LaneStatement, within: Range) -> float:
    """The position, in percent, from which it has certainly happened."""
    if statement.when.precision == DatePrecision.DAY:
        return within.at(statement.when.day)
    latest = statement.when.latest
    return within.at(latest.toordinal() + 1) if latest else 100


def _dots(marks: list[Mark], at: dict[LaneStatement, float], within: Range, edge: float, pitch: float):
    """The marks of versions in force, and those of corrected or withdrawn ones."""
    by_state: tuple[list[Dot], list[Dot]] = ([], [])
    for mark in sorted(marks, key=lambda mark: at[mark.statement]):
        x = at[mark.statement]
        if not 0 <= x <= 100:
            continue
        dots = by_state[0 if mark.statement.in_force else 1]
        if not dots or x - dots[-1].x >= percent(pitch) - 1e-9:
            dots.append(Dot([], x))
        dots[-1].marks.append(mark)
        _stretch(dots[-1], mark.statement, within, edge)
    return by_state


def _stretch(dot: Dot, statement: LaneStatement, within: Range, edge: float) -> None:
    """Extend the span of `dot` over the possible days of `statement`."""
    precision = statement.when.precision
    if precision == DatePrecision.DAY:
        return
    begins, ends = (
        within.at(statement.when.earliest or statement.when.day),
        max(dot.x, min(_sure(statement, within), edge, 100)),
    )
    if precision == DatePrecision.BEFORE:
        dot.endless = True
        begins -= percent(DASH)
    known = dot.span or (ends, ends)
    dot.span = min(max(begins, 0), known[0]), max(ends, known[1])


def _flags(lane: Lane, within: Range, pitch: float) -> list[DueMarker]:
    """The due dates on `lane` within the range; in a coarse drawing former ones only where there is room."""
    flags: list[DueMarker] = []
    apart = percent(pitch) if pitch > PITCH else 0
    for segment in lane.segments:
        if segment.due is None:
            continue
        last = segment.due.last
        x, ends = within.at(segment.due.day), within.at(last.toordinal() + 1) if last else 100
        if segment.due.precision == DatePrecision.BEFORE:
            x = ends
        if not 0 <= x < 100:
            continue
        near = next((flag for flag in flags if abs(flag.x - x) < apart), None)
        if near and segment.until:
            near.near += 1
        else:
            flags.append(DueMarker(segment, x, min(ends, 100) - x))
    return flags
