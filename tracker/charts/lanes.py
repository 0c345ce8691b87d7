"""The data of a chart: for each item and each party's stance, the values over time and the developments behind them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from tracker.clocks import Clocks
from tracker.domain.movement import Deadline
from tracker.models import Effect, Item, Party
from tracker.models.date_columns import happened_by
from tracker.models.dates import Span, held
from tracker.models.vocabularies import LADDERS, Firmness, Stance, TalkOutcome
from tracker.models.wordings import Wording

OWN = ("status", "firmness", "outcome", "due")
"""The item's own aspects with a lane, in order; the lanes of the parties come below."""

IN_FORCE = "in_force"

READ = {
    name: name
    for name in (
        "item_id", "item_kind", "status", "stance", "firmness", "outcome", "wording", "wording_language",
        "other_texts", "due_on", "due_precision", "due_last", "due_phrase", "occurred_on", "occurred_precision",
        "occurred_last", "ended_at",
    )
} | {
    "party_ref": "party__ref",
    "party": "party__name",
    "party_short": "party__short_name",
    "development": "development_id",
    "ref": "development__ref",
    "version": "development__version",
    "headline": "development__headline",
    "inferred": "development__occurred_inferred",
    "ended_as": "development__ended_as",
}  # fmt: skip
"""{name: lookup} of the columns of an effect."""

DESCRIBED = {
    "number": "as_principle__number",
    "demander": "as_demand__party__name",
    "owner": "as_follow_up__owner__name",
}

_ONLY_STANCE = Q(
    status__isnull=True, firmness__isnull=True, outcome__isnull=True, wording__isnull=True, due_on__isnull=True,
    due_phrase="",
)  # fmt: skip


class LaneValue(NamedTuple):
    """A value: its aspect, the code or text as in files, and its label."""

    aspect: str
    value: str
    label: str


@dataclass(slots=True, eq=False)
class LaneStatement:
    """One version of a development with an effect on an item."""

    ref: str
    version: int
    headline: str
    when: Span
    inferred: bool
    state: str
    """IN_FORCE, or corrected or withdrawn by the clocks."""

    @property
    def in_force(self) -> bool:
        """Whether it is in force at the clocks."""
        return self.state == IN_FORCE


@dataclass(slots=True, eq=False)
class Segment:
    """A value that held from one development to another that changed it."""

    value: LaneValue
    since: LaneStatement
    until: LaneStatement | None = None
    """None if it still holds."""
    due: Span | None = None
    """The date, for a deadline."""


@dataclass(slots=True, eq=False)
class Mark:
    """A development on a lane, with the value that it set."""

    statement: LaneStatement
    values: list[LaneValue] = field(default_factory=list)
    news: bool = False
    """Whether it changed the value, or was corrected or withdrawn; False if it only reaffirmed the value."""


@dataclass(slots=True, eq=False)
class Lane:
    """One aspect of an item over time, or the stance of one party on it."""

    aspect: str
    party_ref: str = ""
    party: str = ""
    segments: list[Segment] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The party or the aspect."""
        return self.party or self.aspect.capitalize()

    def add(self, statement: LaneStatement, value: LaneValue, due: Span | None = None) -> None:
        """Add `statement`, the latest so far, which sets `value`; a version no longer in force only adds a mark."""
        if not self.marks or self.marks[-1].statement is not statement:
            self.marks.append(Mark(statement))
        mark = self.marks[-1]
        mark.values.append(value)
        if not statement.in_force or value.aspect == "wording":
            mark.news = True
            return
        last = self.segments[-1] if self.segments else None
        if last is not None and last.value.value == value.value:
            if statement.when.counts_from < last.since.when.counts_from:
                # Known to have been said earlier too, on a day that nobody knows: it held from the first known day.
                last.since = statement
            return
        if last is not None:
            last.until = statement
        mark.news = True
        self.segments.append(Segment(value, statement, due=due))


@dataclass(slots=True, eq=False)
class Path:
    """An item with its lanes: its own aspects, then one lane for each party with a stance."""

    item: dict
    """pk, ref, item_kind, title and others, such as number and party (which demands or owes it)."""
    lanes: list[Lane]
    versions: list[LaneStatement]
    """Every version with a mark on one of the lanes, in standing order."""


def paths_of(
    items: Sequence[int], clocks: Clocks, stances: bool = True, party: Party | None = None
) -> dict[int, Path]:
    """The paths of `items` (primary keys) at `clocks`, by primary key.

    `stances=False` leaves out stances; `party` limits them to one party. Two queries.
    """
    described = Item.objects.filter(pk__in=items).annotate(
        **{name: F(path) for name, path in DESCRIBED.items()}
    )
    rows = _rows(items, clocks, stances)
    return {
        item["pk"]: path_from(
            item | {"party": item["demander"] or item["owner"] or ""},
            rows[item["pk"]],
            clocks,
            lambda row: stances and (party is None or row["party_ref"] == party.ref),
        )
        for item in described.values("pk", "ref", "item_kind", "title", *DESCRIBED)
    }


def path_of(item: Item, clocks: Clocks) -> Path:
    """The path of `item` at `clocks`. One query."""
    described = {name: getattr(item, name) for name in ("pk", "ref", "item_kind", "title")}
    return path_from(described, _rows([item.pk], clocks, True)[item.pk], clocks, lambda row: True)


def days_of(paths: Iterable[Path]) -> list[tuple[dt.date, dt.date]]:
    """The first and the last day that each version on `paths` can have happened on, in order.

    Of a date that is open to one side it is the day where it is not.
    """
    whens = [statement.when for path in paths for statement in path.versions]
    return sorted((when.day, max(when.day, when.last_known)) for when in whens)


def _rows(items: Sequence[int], clocks: Clocks, stances: bool) -> dict[int, list[dict]]:
    """{item pk: READ columns of its effects, in standing order}; effects with only a stance if `stances`."""
    effects = _recorded(clocks).filter(item__in=items)
    if not stances:
        effects = effects.exclude(_ONLY_STANCE)
    rows: dict[int, list[dict]] = {item: [] for item in items}
    for values in effects.values_list(*READ.values()):
        row = dict(zip(READ, values, strict=True))
        rows[row["item_id"]].append(row)
    return rows


def _recorded(clocks: Clocks) -> QuerySet:
    """The effects of all versions recorded by `clocks`, in force or not, in standing order."""
    rows = Effect.objects.order_by("happened_key", "placed_at", "place", "pk")
    if clocks.on is not None:
        rows = rows.filter(happened_by(clocks.on, "happened_key"))
    return rows if clocks.known is None else rows.filter(recorded_at__lte=clocks.known)


def path_from(item: dict, rows: list[dict], clocks: Clocks, wanted: Callable[[dict], bool]) -> Path:
    """The path of `item` from `rows`, its effects in standing order; `wanted` selects the stances to include."""
    lanes: dict[tuple[str, str], Lane] = {}
    versions: dict[int, LaneStatement] = {}
    for row in rows:
        for value, due in _values(row):
            is_stance = value.aspect == "stance"
            if is_stance and not wanted(row):
                continue
            if row["development"] not in versions:
                versions[row["development"]] = _statement(row, clocks)
            # A wording is shown on the item's first lane.
            aspect, party = "status" if value.aspect == "wording" else value.aspect, ""
            if is_stance:
                party = row["party_ref"]
            if (aspect, party) not in lanes:
                lanes[aspect, party] = Lane(aspect, party, party and (row["party_short"] or row["party"]))
            lanes[aspect, party].add(versions[row["development"]], value, due)
    order = sorted(lanes.values(), key=lambda lane: (lane.party, _PLACES.get(lane.aspect, 0)))
    return Path(item, order, list(versions.values()))


_PLACES = {aspect: place for place, aspect in enumerate(OWN)}


def _statement(row: dict, clocks: Clocks) -> LaneStatement:
    ended = row["ended_at"] is not None and (clocks.known is None or row["ended_at"] <= clocks.known)
    return LaneStatement(
        row["ref"],
        row["version"],
        row["headline"],
        held(row, "occurred"),
        row["inferred"],
        row["ended_as"] if ended else IN_FORCE,
    )


_LABELS = {
    **{(kind, "status"): {code.value: code.label for code in ladder} for kind, ladder in LADDERS.items()},
    "stance": {code.value: code.label for code in Stance},
    "firmness": {code.value: code.label for code in Firmness},
    "outcome": {code.value: code.label for code in TalkOutcome},
}
"""{(item kind, aspect): {code: label}}; cached, since looking up labels one at a time would double the time."""


def _values(row: dict) -> Iterator[tuple[LaneValue, Span | None]]:
    """The values that an effect set; a deadline with its date."""
    if code := row["status"]:
        yield LaneValue("status", code, _LABELS[row["item_kind"], "status"][code]), None
    for aspect in ("firmness", "outcome"):
        if code := row[aspect]:
            yield LaneValue(aspect, code, _LABELS[aspect][code]), None
    if row["due_on"] or row["due_phrase"]:
        on = held(row, "due")
        typed = " · ".join(filter(None, [row["due_phrase"], on.typed if on else ""]))
        yield LaneValue("due", typed, str(Deadline(on, row["due_phrase"]))), on
    if row["wording"] and row["other_texts"] is not None:
        words = str(Wording.of(row["wording"], row["wording_language"], row["other_texts"]))
        yield LaneValue("wording", words, words), None
    if code := row["stance"]:
        yield LaneValue("stance", code, _LABELS["stance"][code]), None
