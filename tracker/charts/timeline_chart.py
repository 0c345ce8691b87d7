"""The context of a chart template: range, ticks, lanes, titles and links, and the rows of the equivalent table."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse

from tracker.charts.lanes import IN_FORCE, Lane, LaneStatement, LaneValue, Mark, Path, Segment, days_of
from tracker.charts.layout import WIDTH, Block, Dot, Drawn, DueMarker, draw, percent
from tracker.charts.time_range import ClockLine, Range, lines_of, read_range, usual_range
from tracker.clocks import BadQuery, Clocks
from tracker.models.dates import Span
from tracker.models.vocabularies import DatePrecision, ItemKind
from tracker.register.display import badge, page_of

LISTED = 5
"""How many developments behind one mark are named, or only the first in a coarse drawing; a list has all of them."""

HEADLINE = 120
"""The longest headline or wording in a chart, in characters; longer ones are cut."""

LETTER = 5.9
"""The average width of a letter in a chart, in pixels."""

SHAPE = 19
"""The width of a segment's mark, in pixels."""

_SINCE = {
    DatePrecision.LASTED: "",
    DatePrecision.AFTER: "since a day",
    DatePrecision.BETWEEN: "since a day",
}
"""The words before the date of a value that still holds, where they are not “since”."""

SHAPED = ("status", "stance", "firmness", "outcome")
"""The aspects whose values are codes, which have a mark and a tone."""


def chart_context(
    paths: Sequence[Path], clocks: Clocks, parameters: Mapping[str, str] = MappingProxyType({}), most: int = 0
) -> dict:
    """The context of `paths/_drawing.html` and `paths/_words.html`.

    The range comes from `parameters` (`from`, `to`); by default it covers the developments on `paths`, and the clocks
    and open due dates if they are near. If there are more than `most` segments and marks (by default
    MOST of layout.py), they are merged. Raises BadQuery for an invalid range.
    """
    lines = lines_of(clocks)
    days = days_of(paths) or [(lines[0].day, lines[0].day)]
    usual, everything = usual_range(days, [*(line.day for line in lines), *_dues(paths)])
    try:
        within = read_range(parameters, usual)
    except ValueError as error:
        raise BadQuery([str(error)]) from None
    edge = within.at(min(line.ordinal for line in lines))
    drawn = draw(paths, within, edge, most)
    is_coarse = any(lane.is_coarse for lanes in drawn.values() for lane in lanes)
    captions = Captions(clocks, static("img/marks.svg"), 1 if is_coarse else LISTED)
    return {
        "range": within,
        "everything": everything,
        "years": sorted({year for first, last in days for year in (first.year, last.year)}),
        "ticks": [{"x": share(within.at(tick.day)), "label": tick.label} for tick in within.ticks()],
        "lines": [_line(line, within) for line in lines if 0 <= within.at(line.ordinal) <= 100],
        "notes": [
            _note(line, within) for line in lines if line.is_set and not 0 <= within.at(line.ordinal) <= 100
        ],
        "is_coarse": is_coarse,
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


@lru_cache(4096)
def when_words(when: Span, inferred: bool = False) -> str:
    """A date with its precision: 18 Feb 2025, about Feb 2025, before 18 Feb 2025."""
    return f"{when}{' (inferred)' if inferred else ''}"


def date_words(statement: LaneStatement) -> str:
    """The date of `statement` in words."""
    return when_words(statement.when, statement.inferred)


def cut(text: str) -> str:
    """`text`, cut to HEADLINE characters."""
    return text if len(text) <= HEADLINE else text[:HEADLINE].rsplit(" ", 1)[0] + " …"


def share(part: float) -> str:
    """A percentage, formatted for SVG."""
    return f"{part:.2f}%"


def value_words(value: LaneValue) -> str:
    """The value in words, with the aspect if the value alone would be ambiguous."""
    if value.aspect == "wording":
        return f"worded “{cut(value.label)}”"
    return f"due {value.label}" if value.aspect == "due" else value.label


def mark_words(mark: Mark) -> str:
    """The value that a development set on a lane, and whether it only reaffirmed it."""
    words = ", ".join(map(value_words, mark.values))
    return words if mark.news else f"{words}, again"


def duration_words(segment: Segment) -> str:
    """The dates between which a value held."""
    since = date_words(segment.since)
    if segment.until:
        return f"from {since} until {date_words(segment.until)}"
    return f"{_SINCE.get(segment.since.when.precision, 'since')} {since}".strip()


class Captions:
    """The texts and links of a chart at `clocks`.

    `shapes_url` is the URL of the file with the marks, `listed` how many developments behind one mark are named.
    """

    def __init__(self, clocks: Clocks, shapes_url: str, listed: int):
        self.clocks = clocks
        self.shapes_url = shapes_url
        self.listed = listed
        self.query = urlencode(clocks.query)
        # A corrected version's development may now be dated after the day of the view, so link with `known` only.
        self.known = urlencode({name: value for name, value in clocks.query.items() if name == "known"})

    def lane(self, path: Path, drawn: Drawn) -> dict:
        """The context to draw a lane, and to describe it in the table."""
        lane = drawn.lane
        dots = {dot: self.dot(path, lane, dot) for dot in (*drawn.dots, *drawn.struck)}
        blocks = {block: self.block(lane, block) for block in drawn.blocks}
        return {
            "label": lane.label,
            "aspect": lane.aspect,
            "party_url": page_of(lane.party_ref, self.query) if lane.party_ref else "",
            "blocks": list(blocks.values()),
            "dots": [dots[dot] for dot in drawn.dots],
            "struck": [dots[dot] for dot in drawn.struck],
            "flags": [self.flag(flag) for flag in drawn.flags],
            "rows": [
                {"dot": dots.get(dot), "blocks": [blocks[block] for block in begun]}
                for dot, begun in drawn.rows
            ],
        }

    def block(self, lane: Lane, block: Block) -> dict:
        """A segment: its boxes, its label if there is room, its title, and its row in the table."""
        segment, last = block.segments[0], block.segments[-1]
        value, several = last.value, len(block.segments) > 1
        shaped = value.aspect in SHAPED and not several
        words = (
            f"{len(block.segments)} values in turn, the last {last.value.label}" if several else value.label
        )
        duration = f"from {date_words(segment.since)}" + (
            f" until {date_words(last.until)}" if last.until else ""
        )
        if not several:
            duration = duration_words(segment)
        # Do not let a label run over the end of a short dash.
        before = block.about if block.about < percent(SHAPE) < block.width - block.about else 0
        room = (block.width - before) * WIDTH / 100 - (SHAPE if shaped else 6)
        return {
            "x": share(block.x),
            "about": share(block.about) if block.about else "",
            "stated_x": share(block.x + before),
            "stated_width": share(max(block.width - before, 0)),
            "sure_x": share(block.x + block.about),
            "sure": share(max(block.width - block.about, 0.3)) if block.width > block.about else "",
            "tone": f"{value.aspect}-{value.value}" if block.legible and shaped else "plain",
            "shape": f"{self.shapes_url}#{value.aspect}-{value.value}" if block.legible and shaped else "",
            "word": value.label if block.legible and room >= min(len(value.label), 24) * LETTER else "",
            "onward": block.onward,
            "title": f"{lane.label}: {words}, {duration}" + (", before this range" if block.onward else ""),
            "words": badge(value.aspect, value.value, value.label) if shaped else words,
            "until": date_words(last.until) if last.until else "",
            "since": date_words(segment.since),
            "ref": segment.since.ref,
            "url": page_of(segment.since.ref, self.query),
            "headline": segment.since.headline,
        }

    def flag(self, flag: DueMarker) -> dict:
        """The marker of a current or former due date."""
        due, moved = flag.segment.due, flag.segment.until
        title = f"Was due {when_words(due)} until {date_words(moved)}" if moved else f"Due {when_words(due)}"
        return {
            "x": share(flag.x),
            "to": share(flag.x + flag.width),
            "moved": moved is not None,
            "title": title + (f"; {flag.near} former due dates lie near" if flag.near else ""),
        }

    def dot(self, path: Path, lane: Lane, dot: Dot) -> dict:
        """A mark: its link, its title, and the developments for the table."""
        marks, first = dot.marks, dot.marks[0].statement
        states = {mark.statement.state for mark in marks}
        state = states.pop() if len(states) == 1 else "struck"
        is_single = len(marks) == 1
        when = date_words(first)
        if not is_single and (last := date_words(marks[-1].statement)) != when:
            when = f"{when} to {last}"
        noun = "developments" if state == IN_FORCE else f"versions {state}"
        return {
            "x": share(dot.x),
            "state": "" if state == IN_FORCE else state,
            "count": "" if is_single else len(marks),
            "span": dot.span and (share(dot.span[0]), share(dot.span[1])),
            "endless": dot.endless,
            "vague": dot.span is not None,
            "when": when,
            "title": self.mark_title(marks[0]) if is_single else f"{len(marks)} {noun}, {when}",
            "url": self.url(path, lane, marks),
            "statements": [self.mark(mark) for mark in marks[: self.listed]],
            "more": len(marks) if len(marks) > self.listed else 0,
        }

    @staticmethod
    def mark_title(mark: Mark) -> str:
        """A development in one line: date, whether corrected or withdrawn, headline, and the value it set."""
        ended = f", {mark.statement.state}" if not mark.statement.in_force else ""
        return f"{date_words(mark.statement)}{ended}: {cut(mark.statement.headline)} ({mark_words(mark)})"

    def mark(self, mark: Mark) -> dict:
        """A development in the table: link, value, and whether it was corrected or withdrawn."""
        statement = mark.statement
        return {
            "url": self.statement_url(statement),
            "when": date_words(statement),
            "headline": statement.headline,
            "words": mark_words(mark),
            "state": "" if statement.in_force else f"version {statement.version}, {statement.state}",
        }

    def statement_url(self, statement: LaneStatement) -> str:
        """The URL of a development; of its history, if the version was corrected or withdrawn."""
        if statement.in_force:
            return page_of(statement.ref, self.query)
        history = reverse("development:history", args=[statement.ref])
        return f"{history}?{self.known}" if self.known else history

    def url(self, path: Path, lane: Lane, marks: list[Mark]) -> str:
        """The link of a mark: its development, or the list of developments if there are several."""
        first = marks[0].statement
        if len({mark.statement.ref for mark in marks}) == 1:
            return self.statement_url(first)
        days = (first.when.day, max(mark.statement.when.day for mark in marks))
        if not first.in_force:
            return path_url(path.item, self.clocks, {"from": days[0], "to": days[1]})
        parameters = {"item": path.item["ref"], "since": days[0], "until": days[1]} | self.clocks.query
        if lane.party_ref:
            # Filter effects, since they know whose stance it is, not who spoke.
            return f"{reverse('effect:list')}?{urlencode(parameters | {'party': lane.party_ref})}"
        return f"{reverse('development:list')}?{urlencode(parameters)}"


def path_url(item: dict, clocks: Clocks, parameters: dict) -> str:
    """The URL of the path page of `item` at `clocks`, with `parameters`."""
    query = urlencode(parameters | clocks.query)
    address = reverse(f"{item['item_kind'].replace('_', '-')}:path", args=[item["ref"]])
    return f"{address}?{query}" if query else address


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
