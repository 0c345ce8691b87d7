"""The differences between two readings of a process."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from tracker.clocks import Clocks
from tracker.domain.movement import ASPECTS, moved, slipped_days, value_of
from tracker.domain.standing import latest, latest_stance
from tracker.models import Effect, Item, ItemStance, Party, Process, Talk
from tracker.models.date_columns import happened_by
from tracker.models.developments import by_time, in_force
from tracker.models.vocabularies import CLOSED, ItemKind, Movement
from tracker.queries.evidence import described

PARTS = tuple(aspect for aspect in ASPECTS if aspect != "stance")
"""What an item has one of; stances it has one of for each party."""

AT_ONCE = 1_000
"""How many effects are asked for by key in one query."""


class Move(NamedTuple):
    """One part of an item between two readings, by keys alone: enough to count, to sort and to pick a page."""

    between: bool
    """Of two talks: whether it did not come of the second one, but lies between the two."""
    movement: Movement
    item: int
    aspect: str
    """One of ASPECTS; empty for an item as a whole that was not mentioned again."""
    party: int | None
    """Whose stance."""
    before: int | None
    """The effect that decided at the first reading."""
    after: int | None
    """The effect that decides at the second."""


@dataclass(frozen=True)
class ItemMoves:
    """One part of an item between two readings, with the words before and after."""

    move: Move
    item: Item
    party: Party | None
    before: Effect | None
    after: Effect | None

    @property
    def movement(self) -> Movement:
        """How it moved."""
        return self.move.movement

    @property
    def aspect(self) -> str:
        """What of the item moved."""
        return self.move.aspect

    @property
    def old(self):
        """The value before: a code, a text, a Deadline, or None."""
        return value_of(self.before, self.aspect) if self.aspect else None

    @property
    def new(self):
        """The value after."""
        return value_of(self.after, self.aspect) if self.aspect else None

    @property
    def slipped_days(self) -> int | None:
        """Of a due date, by how many days it moved, where that can be said."""
        return slipped_days(self.old, self.new) if self.aspect == "due" else None

    @property
    def is_correction(self) -> bool:
        """Whether not the world moved, but what is recorded of one and the same development."""
        if self.before is None or self.after is None:
            return self.movement == Movement.GONE
        return self.before.development.ref == self.after.development.ref


class Comparison:
    """The moves of a process from `start` to `end`; where these are two talks, of `talk` and between the two.

    `first` is the talk that the comparison begins with, if any: what it spoke of may then be "not mentioned again";
    otherwise all that stood open may.
    """

    def __init__(
        self,
        process: Process,
        start: Clocks,
        end: Clocks,
        first: Talk | None = None,
        talk: Talk | None = None,
    ):
        self.process, self.start, self.end, self.first, self.talk = process, start, end, first, talk
        self.titles: dict[int, tuple] = {}
        self.raised: dict[int, int] = {}
        """The effect that raised each item of which nothing stood at `start`."""
        self.moves = [] if start == end else sorted(self._found(), key=self._place)
        ways = {(move.between, move.movement, move.item) for move in self.moves}
        self.items = Counter((between, movement) for between, movement, _ in ways)
        """How many items moved that way, as the keys say; an item that moved in several ways is counted in each."""

    def changes(self, moves: Iterable[Move]) -> Iterator[ItemMoves]:
        """`moves` with their words, in their order. Three queries for each AT_ONCE of them."""
        moves = list(moves)
        for begin in range(0, len(moves), AT_ONCE):
            yield from self._described(moves[begin : begin + AT_ONCE])

    def _described(self, moves: list[Move]) -> Iterator[ItemMoves]:
        keys = {key for move in moves for key in (move.before, move.after)} - {None}
        effects = described(Effect.objects.filter(pk__in=keys)).in_bulk()
        for move in moves:
            before, after = effects.get(move.before), effects.get(move.after)
            there = after or before
            yield ItemMoves(move, there.item, there.party if move.party else None, before, after)

    def _found(self) -> Iterator[Move]:
        pairs = [*self._parts(), *self._stances()]
        keys = {key for pair in pairs for key in pair[3:]} | set(self.raised.values())
        values = _Values(keys - {None})
        for item, aspect, party, before, after in pairs:
            if movement := values.movement(aspect, before, after):
                # What was raised meanwhile is new as a whole, whatever it was raised as and has come to since.
                raised = self.raised.get(item)
                between = self.talk is not None and values.talk(raised or after) != self.talk.pk
                yield Move(between, Movement.NEW if raised else movement, item, aspect, party, before, after)
        if self.start.on != self.end.on:
            yield from self._not_mentioned()

    def _parts(self) -> Iterator[tuple]:
        """(Item, aspect, None, effect before, effect after) for each part that another effect decides. One query."""
        readings = {
            f"{when}_{aspect}": latest(clocks, aspect)
            for aspect in PARTS
            for when, clocks in (("before", self.start), ("after", self.end))
        }
        readings |= {"stood": latest(self.start, "changed"), "raised": latest(self.end, "raised")}
        items = Item.objects.filter(pk__in=self._differing().values("item")).annotate(**readings)
        for key, kind, title, *values in items.order_by().values_list("pk", "item_kind", "title", *readings):
            *values, stood, raised = values
            self.titles[key] = (_KIND[kind], title)
            if stood is None and raised is not None:
                self.raised[key] = raised
            for place, aspect in enumerate(PARTS):
                before, after = values[2 * place], values[2 * place + 1]
                if before != after:
                    yield key, aspect, None, before, after

    def _stances(self) -> Iterator[tuple]:
        """(Item, "stance", party, effect before, effect after) for each that another effect decides. One query."""
        touched = self._differing().filter(stance__isnull=False).values("item")
        rows = ItemStance.objects.filter(item__in=touched).annotate(
            before=latest_stance(self.start), after=latest_stance(self.end)
        )
        for item, party, before, after in rows.order_by().values_list("item", "party", "before", "after"):
            if before != after:
                yield item, "stance", party, before, after

    def _differing(self) -> QuerySet:
        """The effects that count at one of the two readings and not at the other."""
        # Asked of the development, whose index by process has all of these columns.
        effects = Effect.objects.filter(development__process=self.process).order_by()
        if self.start.known == self.end.known:
            between = ~happened_by(self.start.on, "development__happened_key")
            return effects.filter(in_force(self.end, "development__"), between)
        then, now = (Q(in_force(clocks, "development__")) for clocks in (self.start, self.end))
        counting_then = Effect.objects.filter(then, development__process=self.process).order_by()
        counting_now = Effect.objects.filter(now, development__process=self.process).order_by()
        return effects.filter(
            (then & ~Q(pk__in=counting_now.values("pk"))) | (now & ~Q(pk__in=counting_then.values("pk")))
        )

    def _not_mentioned(self) -> Iterator[Move]:
        """What stood open at the first reading and nobody spoke of since. One query."""
        items = Item.objects.filter(process=self.process).exclude(pk__in=self._differing().values("item"))
        if self.first is not None:
            spoken_of = Effect.objects.at(self.start).filter(development__talk=self.first)
            items = items.filter(pk__in=spoken_of.values("item"))
        items = items.annotate(
            last=latest(self.start, "changed"), status=latest(self.start, "status", "status")
        )
        rows = items.filter(last__isnull=False).order_by()
        for key, kind, title, last, status in rows.values_list("pk", "item_kind", "title", "last", "status"):
            if status not in CLOSED[kind]:
                self.titles[key] = (_KIND[kind], title)
                yield Move(False, Movement.NOT_MENTIONED, key, "", None, last, None)

    def _place(self, move: Move) -> tuple:
        return (
            # The group of what was not mentioned is the same for both parts of a comparison of talks.
            move.between,
            _MOVEMENT[move.movement],
            *self.titles.get(move.item, (0, "")),
            move.item,
            ASPECTS.index(move.aspect) if move.aspect else -1,
            move.party or 0,
        )


_KIND = {kind: place for place, kind in enumerate(ItemKind)}
_LAST = (Movement.NEW, Movement.REAFFIRMED, Movement.NOT_MENTIONED)
_MOVEMENT = {
    movement: place
    # What moved comes ahead of what is only there, or only said again.
    for place, movement in enumerate(
        [movement for movement in Movement if movement not in _LAST] + list(_LAST)
    )
}


class _Values:
    """What effects set, read in bulk as plain rows: enough to tell how something moved."""

    FIELDS = (
        "pk", "status", "outcome", "firmness", "stance", "due_on", "due_precision", "due_last", "due_phrase",
        "wording", "happened_key", "first_recorded_at", "sequence", "development__ref", "development__talk",
    )  # fmt: skip

    def __init__(self, keys: set[int]):
        self.rows = {}
        wanted = sorted(keys)
        for begin in range(0, len(wanted), AT_ONCE):
            rows = Effect.objects.filter(pk__in=wanted[begin : begin + AT_ONCE]).order_by()
            self.rows |= {row.pk: row for row in rows.values_list(*self.FIELDS, named=True)}

    def movement(self, aspect: str, before: int | None, after: int | None) -> Movement | None:
        """How the part moved; None where it stands as it did and nobody said so again."""
        old, new = self.rows.get(before), self.rows.get(after)
        movement = moved(aspect, value_of(old, aspect), value_of(new, aspect))
        if movement or old is None or new is None or old.development__ref == new.development__ref:
            return movement
        return Movement.REAFFIRMED if by_time(new) > by_time(old) else None

    def talk(self, key: int | None) -> int | None:
        """The talk to which the development of an effect belongs."""
        row = self.rows.get(key)
        return row and row.development__talk
