"""The layout of a chart: positions of segments and marks in percent of its width."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.charts.lanes import Lane, LaneStatement, Mark, Path, Segment
from tracker.charts.time_range import Range
from tracker.models.vocabularies import DatePrecision

WIDTH = 700
"""How many pixels wide the narrowest of usual drawings is: what would be too close there is drawn as one."""

PITCH = 9
"""How many pixels two marks must be apart."""

LEGIBLE = 15
"""How many pixels wide a segment must be for its shape."""

APART = 24
"""How many pixels the marks of one day stand apart, where there is room."""

BEFORE = 16
"""How many pixels left of a day stands what is known to lie before it."""

DASH = 45
"""How many pixels long the dash is that ends in nothing."""

MOST = 2500
"""How many segments and marks one page draws at most, as long as drawing them coarser helps."""


@dataclass(slots=True, eq=False)
class Block:
    """A segment as it is drawn, or several in turn that are too narrow to be told apart."""

    segments: list[Segment]
    x: float
    width: float
    about: float = 0
    """How much of the width, from the left, may not belong to it: the days on which it may not have begun."""
    onward: bool = False
    """Whether it began before what is drawn."""
    legible: bool = True
    """Whether there is room to tell which value it is; else it is drawn without tone."""


@dataclass(slots=True, eq=False)
class Dot:
    """A mark as it is drawn, or several that are too close to be told apart."""

    marks: list[Mark]
    x: float
    span: tuple[float, float] | None = None
    """From where to where its dates can lie, where they are not days."""
    endless: bool = False
    """Whether nobody knows how far to the left."""


@dataclass(slots=True, eq=False)
class DueMarker:
    """The date at which something is due, from the beginning to the end of what it can mean."""

    segment: Segment
    x: float
    width: float


@dataclass(slots=True, eq=False)
class Drawn:
    """A lane as it is drawn."""

    lane: Lane
    blocks: list[Block] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    struck: list[Dot] = field(default_factory=list)
    """The marks of versions that were corrected or withdrawn."""
    flags: list[DueMarker] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many segments and marks are drawn."""
        return len(self.blocks) + len(self.dots) + len(self.struck)

    @property
    def rows(self) -> Iterator[tuple[Dot | None, list[Block]]]:
        """What is drawn, in the order of time: each mark with the segments that begin with it, or a segment alone."""
        left = {block.segments[0].since: block for block in self.blocks}
        columns = []
        for dot in (*self.dots, *self.struck):
            begun = [left.pop(mark.statement) for mark in dot.marks if mark.statement in left]
            columns.append((dot.x, dot, begun))
        columns += [(block.x, None, [block]) for block in left.values()]
        return ((dot, begun) for _, dot, begun in sorted(columns, key=lambda row: row[0]))


def percent(pixels: float) -> float:
    """So many pixels of a drawing WIDTH wide, in percent."""
    return pixels * 100 / WIDTH


def draw(paths: Iterable[Path], within: Range, edge: float) -> dict[Path, list[Drawn]]:
    """The lanes of each of `paths` along the range `within`; nothing holds beyond `edge`, in percent.

    Where there is more than MOST to draw it is drawn coarser, so that the drawing stays bounded.
    """
    paths, pitch = list(paths), PITCH
    while True:
        drawn = {path: _draw(path, within, edge, pitch) for path in paths}
        if pitch > WIDTH or sum(lane.size for lanes in drawn.values() for lane in lanes) <= MOST:
            return drawn
        pitch *= 2


def places(path: Path, within: Range, pitch: float = PITCH) -> dict[LaneStatement, float]:
    """Where each version on `path` is marked, in percent; beyond 0 and 100 outside of the range.

    A month or a year is marked where it begins. What happened on one day stands there side by side in the order of
    standing, where the day is wide enough, and else in one place.
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
        drawn.append(Drawn(lane, blocks, dots, struck, _flags(lane, within)))
    return drawn


def _blocks(
    lane: Lane, at: dict[LaneStatement, float], within: Range, edge: float, narrow: float
) -> list[Block]:
    blocks: list[Block] = []
    for segment in lane.segments:
        begins, ends = at[segment.since], min(at[segment.until] if segment.until else edge, edge)
        sure = _sure(segment.since, within)
        if segment is lane.segments[0] and segment.since.when.precision == DatePrecision.BEFORE and sure > 0:
            # Nothing is known to have held before, so that it may have held ever since.
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
    """From where on it has certainly happened."""
    if statement.when.precision == DatePrecision.DAY:
        return within.at(statement.when.day)
    latest = statement.when.latest
    return within.at(latest.toordinal() + 1) if latest else 100


def _dots(marks: list[Mark], at: dict[LaneStatement, float], within: Range, edge: float, pitch: float):
    """The marks in force, and those that are struck."""
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
    """Extend the span of `dot` over every day that the date of `statement` can mean."""
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


def _flags(lane: Lane, within: Range) -> list[DueMarker]:
    """The dates of the deadlines on `lane` that lie in the range."""
    flags = []
    for segment in lane.segments:
        if segment.due is None:
            continue
        last = segment.due.last
        x, ends = within.at(segment.due.day), within.at(last.toordinal() + 1) if last else 100
        if segment.due.precision == DatePrecision.BEFORE:
            x = ends
        if 0 <= x < 100:
            flags.append(DueMarker(segment, x, min(ends, 100) - x))
    return flags
