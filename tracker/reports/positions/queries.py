"""The position matrix: each party's position on each item, and how it changed."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from tracker.clocks import Clocks
from tracker.domain.movement import moved, value_of
from tracker.domain.standing import latest, latest_stance
from tracker.models import Citation, Effect, Item, ItemStance, Party
from tracker.models.dates import Span
from tracker.models.vocabularies import Movement
from tracker.queries.sql import Keys
from tracker.reports.positions.previous_values import OWN, own, own_before, stance_before

ITEM = {
    "number": "as_principle__number",
    "demand_kind": "as_demand__kind",
    "demander": "as_demand__party",
    "owner": "as_follow_up__owner",
}

STEPS = frozenset(Movement) - {Movement.REAFFIRMED}
"""The movements that change a value."""


class PartyEffect(NamedTuple):
    """One effect, and the columns of its development for a cell, as raw database values, since there are many."""

    pk: int
    stance: str | None
    firmness: str | None
    status: str | None
    happened_key: int
    placed: str
    """The instant of its place within the day, as a text that sorts by time."""
    place: str
    precision: str
    last: dt.date | None
    day: dt.date
    date_inferred: str
    development: int
    ref: str
    basis: str
    speaker: str | None

    @property
    def inferred(self) -> bool:
        """Whether its date was inferred; converts SQLite's 1."""
        return self.date_inferred in ("1", "true")

    @property
    def when(self) -> Span:
        """When it was said, as a Span."""
        return Span(self.day, self.precision, self.last)

    @property
    def order(self) -> tuple:
        """A sort key in standing order."""
        return self.happened_key, self.placed, self.place, self.pk


PARTY_EFFECT = (
    "pk", "stance", "firmness", "status", "happened_key", "placed", "place", "occurred_precision",
    "occurred_last", "occurred_on", "date_inferred", "development", "development__ref", "development__basis",
    "development__speaker__name",
)  # fmt: skip
"""The lookups of the fields of PartyEffect."""


class QuotedWords(NamedTuple):
    """The quote of a development, and its first source."""

    quotes: list[str]
    unfound: list[str]
    """The quotes that are not found in the stored text."""
    source_ref: str
    publisher: str
    published_on: str | None
    published_precision: str
    published_last: dt.date | None

    @property
    def source(self) -> str:
        """The short citation of the source."""
        published = self.published_on and Span(
            dt.date.fromisoformat(self.published_on), self.published_precision, self.published_last
        )
        return f"{self.publisher}, {published}" if published else self.publisher


class CellStep(NamedTuple):
    """One aspect in a cell: the current and the previous value, and the movement."""

    aspect: str
    """stance, firmness or status."""
    new: PartyEffect | None
    old: PartyEffect | None
    movement: Movement | None

    @property
    def code(self) -> str | None:
        """The current code; of a stance that was taken back, `retracted`."""
        return getattr(self.new, self.aspect, None)

    @property
    def old_code(self) -> str | None:
        """The previous code; of a stance that was taken back, `retracted`."""
        return getattr(self.old, self.aspect, None)

    @property
    def is_taken_back(self) -> bool:
        """Whether somebody took back what stood, rather than that it was corrected or withdrawn."""
        return self.movement == Movement.GONE and self.new is not None


class MatrixCell(NamedTuple):
    """One party's position on one item: its own demand or commitment, its stance, or both."""

    own: CellStep | None
    stance: CellStep | None

    @property
    def step(self) -> CellStep:
        """The step whose movement, date and quote are shown: of two, the one that changed, or else the later one."""
        if self.own is None or self.stance is None:
            return self.own or self.stance
        return max(self, key=lambda step: (step.movement in STEPS, step.new.order if step.new else ()))


@dataclass
class MatrixRow:
    """One item, with its cells by primary key of the party."""

    item: dict
    """`pk`, `ref`, `item_kind`, `title`, `status`, and the names of ITEM."""
    cells: dict[int, MatrixCell] = field(default_factory=dict)


@dataclass(frozen=True)
class Matrix:
    """Rows by primary key of the item, and quotes by primary key of the development."""

    rows: dict[int, MatrixRow]
    words: dict[int, QuotedWords]


def matrix(items: Collection[int], parties: Iterable[Party], clocks: Clocks, since: Clocks | None) -> Matrix:
    """The positions of `parties` on `items` (primary keys, all raised) at `clocks`, and the changes since `since`.

    Without `since`, changes are relative to the statement before the deciding one. Four queries.
    """
    keys = {party.pk for party in parties}
    rows = {item["pk"]: MatrixRow(item) for item in _items(items, clocks, since)}
    pairs = list(_stances(items, keys, clocks, since))
    effects = _party_effects(
        {key for *_, new, old in pairs for key in (new, old)}
        | {row.item[name] for row in rows.values() for name in ("own", "own_before")}
    )
    stances: dict[int, dict[int, CellStep]] = {}
    for item, party, new, old in pairs:
        if new or old:
            stances.setdefault(item, {})[party] = step("stance", effects.get(new), effects.get(old), since)
    for key, row in rows.items():
        steps, behind = stances.get(key, {}), row.item["demander"] or row.item["owner"]
        if behind in keys:
            aspect, now, then = OWN[row.item["item_kind"]], row.item["own"], row.item["own_before"]
            row.cells[behind] = MatrixCell(
                step(aspect, effects.get(now), effects.get(then), since), steps.pop(behind, None)
            )
        row.cells |= {party: MatrixCell(None, stance) for party, stance in steps.items()}
    shown = (cell.step.new for row in rows.values() for cell in row.cells.values())
    return Matrix(rows, _words({new.development for new in shown if new}))


def step(aspect: str, new: PartyEffect | None, old: PartyEffect | None, since: Clocks | None) -> CellStep:
    """How `aspect` moved from `old` to `new`, the deciding effects at `since` and now, or two consecutive ones.

    A first statement has not moved; compared with `since`, it is new.
    """
    movement = moved(aspect, old, new)
    if old is None:
        # An item of which nothing stood is new, also if no value is known; a stance only with a value.
        movement = (movement if aspect == "stance" else Movement.NEW) if since else None
    elif movement is None and new and value_of(new, aspect) and new.ref != old.ref and new.order > old.order:
        movement = Movement.REAFFIRMED
    return CellStep(aspect, new, old, movement)


def _items(items: Collection[int], clocks: Clocks, since: Clocks | None) -> QuerySet:
    return (
        Item.objects.filter(pk__in=Keys(items))
        .order_by()
        .annotate(
            status=latest(clocks, "status", "status"),
            own=own(clocks),
            own_before=own(since) if since else own_before(clocks),
            **{name: F(path) for name, path in ITEM.items()},
        )
        .values("pk", "ref", "item_kind", "title", "status", "own", "own_before", *ITEM)
    )


def _stances(
    items: Collection[int], parties: Collection[int], clocks: Clocks, since: Clocks | None
) -> QuerySet:
    """Rows of item, party, and the effects that set the party's stance on the item, now and before."""
    return (
        ItemStance.objects.filter(item__in=Keys(items), party__in=parties)
        .order_by()
        .annotate(now=latest_stance(clocks), then=latest_stance(since) if since else stance_before(clocks))
        .values_list("item", "party", "now", "then")
    )


def _party_effects(effects: Collection[int | None]) -> dict[int, PartyEffect]:
    rows = Effect.objects.filter(pk__in=Keys(set(effects) - {None})).order_by()
    # Keep raw values: converting instants and booleans would double the time.
    rows = rows.annotate(
        placed=Cast("placed_at", TextField()),
        date_inferred=Cast("development__occurred_inferred", TextField()),
    )
    return {row[0]: PartyEffect._make(row) for row in rows.values_list(*PARTY_EFFECT)}


def _words(developments: Collection[int]) -> dict[int, QuotedWords]:
    by_development: dict[int, QuotedWords] = {}
    citations = Citation.objects.filter(development__in=Keys(developments)).order_by("pk")
    citations = citations.annotate(on=Cast("source__published_on", TextField()))
    for development, quote, is_found, *source in citations.values_list(
        "development",
        "quote",
        "found",
        "source__ref",
        "source__publisher",
        "on",
        "source__published_precision",
        "source__published_last",
    ):
        words = by_development.get(development)
        if words is None:
            words = by_development[development] = QuotedWords([], [], *source)
        if quote:
            words.quotes.append(quote)
            if is_found is False:
                words.unfound.append(quote)
    return by_development
