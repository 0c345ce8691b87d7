"""The labels of a chart: titles, links, and the rows of the equivalent table."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from tracker.charts.lanes import IN_FORCE, Lane, LaneStatement, LaneValue, Mark, Path, Segment
from tracker.charts.layout import WIDTH, Block, Dot, Drawn, DueMarker, percent
from tracker.clocks import Clocks
from tracker.models.dates import Span
from tracker.register.display import badge, page_of

LISTED = 5
"""How many of the developments behind one mark are named; a list has them all."""

HEADLINE = 120
"""Longer headlines, and wordings, are cut in a drawing."""

LETTER = 5.9
"""How many pixels wide a letter of the drawing is on average."""

SHAPE = 19
"""How many pixels of a segment its shape takes up."""

SHAPED = ("status", "stance", "firmness", "outcome")
"""The aspects whose values are codes, which have a shape and a tone."""


@lru_cache(4096)
def when_words(when: Span, inferred: bool = False) -> str:
    """A date as it is known, and whether it was inferred: 18 Feb 2025, Feb 2025 (inferred), before 18 Feb 2025."""
    return f"{when}{' (inferred)' if inferred else ''}"


def date_words(statement: LaneStatement) -> str:
    """When `statement` happened, in words."""
    return when_words(statement.when, statement.inferred)


def cut(text: str) -> str:
    """`text`, or as much of it as a drawing has room for."""
    return text if len(text) <= HEADLINE else text[:HEADLINE].rsplit(" ", 1)[0] + " …"


def share(part: float) -> str:
    """A number in percent as SVG takes it."""
    return f"{part:.2f}%"


def value_words(value: LaneValue) -> str:
    """What was set, the aspect named where the value alone would not tell."""
    if value.aspect == "wording":
        return f"worded “{cut(value.label)}”"
    return f"due {value.label}" if value.aspect == "due" else value.label


def mark_words(mark: Mark) -> str:
    """What a development set on a lane, and whether it only said so again."""
    words = ", ".join(map(value_words, mark.values))
    return words if mark.news else f"{words}, again"


def duration_words(segment: Segment) -> str:
    """From when to when a value held."""
    since = date_words(segment.since)
    return f"from {since} until {date_words(segment.until)}" if segment.until else f"since {since}"


class Captions:
    """The words and addresses of the shapes of paths, read by `clocks`; `shape_url` is where the shapes lie."""

    def __init__(self, clocks: Clocks, shapes_url: str):
        self.clocks = clocks
        self.shapes_url = shapes_url
        self.query = urlencode(clocks.query)
        # What is struck may be said, since, to have happened on a later day than is read.
        self.known = urlencode({name: value for name, value in clocks.query.items() if name == "known"})

    def lane(self, path: Path, drawn: Drawn) -> dict:
        """What a template needs to draw a lane and to tell it in words."""
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
        """A segment: its boxes, the word for which it has room, its title, and how the table tells of it."""
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
        # A word does not stand across the end of a dash that is too short for it.
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
            "title": f"{lane.label}: {words}, {duration}"
            + (", before what is drawn" if block.onward else ""),
            "words": badge(value.aspect, value.value, value.label) if shaped else words,
            "until": date_words(last.until) if last.until else "",
            "since": date_words(segment.since),
            "ref": segment.since.ref,
            "url": page_of(segment.since.ref, self.query),
            "headline": segment.since.headline,
        }

    def flag(self, flag: DueMarker) -> dict:
        """A date at which something is, or was, due."""
        due, moved = flag.segment.due, flag.segment.until
        return {
            "x": share(flag.x),
            "to": share(flag.x + flag.width),
            "moved": moved is not None,
            "title": f"Was due {when_words(due)} until {date_words(moved)}"
            if moved
            else f"Due {when_words(due)}",
        }

    def dot(self, path: Path, lane: Lane, dot: Dot) -> dict:
        """A mark: where it leads, its title, and the developments that the table names."""
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
            "statements": [self.mark(mark) for mark in marks[:LISTED]],
            "more": len(marks) if len(marks) > LISTED else 0,
        }

    @staticmethod
    def mark_title(mark: Mark) -> str:
        """A development in one line: when, how it ended where it has, what it says, what it set."""
        ended = f", {mark.statement.state}" if not mark.statement.in_force else ""
        return f"{date_words(mark.statement)}{ended}: {cut(mark.statement.headline)} ({mark_words(mark)})"

    def mark(self, mark: Mark) -> dict:
        """A development in the table: where it leads, what it set, and how it ended where it has."""
        statement = mark.statement
        return {
            "url": self.statement_url(statement),
            "when": date_words(statement),
            "headline": statement.headline,
            "words": mark_words(mark),
            "state": "" if statement.in_force else f"version {statement.version}, {statement.state}",
        }

    def statement_url(self, statement: LaneStatement) -> str:
        """The page of a development; of a version that is struck, all its versions."""
        if statement.in_force:
            return page_of(statement.ref, self.query)
        history = reverse("development:history", args=[statement.ref])
        return f"{history}?{self.known}" if self.known else history

    def url(self, path: Path, lane: Lane, marks: list[Mark]) -> str:
        """Where a mark leads: to its development, or to the list of them where it stands for several."""
        first = marks[0].statement
        if len({mark.statement.ref for mark in marks}) == 1:
            return self.statement_url(first)
        days = (first.when.day, max(mark.statement.when.day for mark in marks))
        if not first.in_force:
            return path_url(path.item, self.clocks, {"from": days[0], "to": days[1]})
        parameters = {"item": path.item["ref"], "since": days[0], "until": days[1]} | self.clocks.query
        if lane.party_ref:
            # Whose stance it is, and not who spoke, is known to the effects.
            return f"{reverse('effect:list')}?{urlencode(parameters | {'party': lane.party_ref})}"
        return f"{reverse('development:list')}?{urlencode(parameters)}"


def path_url(item: dict, clocks: Clocks, parameters: dict) -> str:
    """The address of the path of `item` alone at `clocks`, with `parameters` in its query string."""
    query = urlencode(parameters | clocks.query)
    address = reverse(f"{item['item_kind'].replace('_', '-')}:path", args=[item["ref"]])
    return f"{address}?{query}" if query else address
