"""The differences between two views of a process."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from tracker.clocks import Clocks
from tracker.domain.movement import ASPECTS, moved, slipped_days, value_of
from tracker.domain.standing import latest, latest_stance
from tracker.models import Effect, Item, ItemStance, Party, Process, Talk
from tracker.models.batches import in_batches
from tracker.models.date_columns import happened_by
from tracker.models.developments import in_force
from tracker.models.order import by_time
from tracker.models.past import reading
from tracker.models.vocabularies import CLOSED, ItemKind, Movement, Stance, TalkStatus
from tracker.queries.evidence import with_evidence

PARTS = tuple(aspect for aspect in ASPECTS if aspect != "stance")
"""The aspects that an item has once; it has a stance for each party."""


class Move(NamedTuple):
    """One changed aspect of an item, as primary keys only: enough to count, sort and paginate."""

    between: bool
    """If two talks are compared: whether the change came between them, rather than from the second."""
    movement: Movement
    item: int
    aspect: str
    """One of ASPECTS; empty for an item as a whole that was not mentioned again."""
    party: int | None
    """The party, for a stance."""
    before: int | None
    """The effect that decides at the first moment."""
    after: int | None
    """The effect that decides at the second moment."""
    is_held: bool = False
    """Whether this is a talk that reached its final status by being held."""

    @property
    def label(self) -> str:
        """The label of the movement, or "Held" for a talk that was held; for what was taken back, how."""
        if self.movement == Movement.GONE and self.after is not None:
            return Stance.RETRACTED.label if self.aspect == "stance" else "Given up"
        return TalkStatus.HELD.label if self.is_held else self.movement.label


@dataclass(frozen=True)
class ItemMoves:
    """One changed aspect of an item, with the effects that decide before and after."""

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
        """The aspect; one of ASPECTS."""
        return self.move.aspect

    @property
    def old(self):
        """The value before: a code, a Deadline, a Wording, or None."""
        return value_of(self.before, self.aspect) if self.aspect else None

    @property
    def new(self):
        """The value after."""
        return value_of(self.after, self.aspect) if self.aspect else None

    @property
    def slipped_days(self) -> int | None:
        """For a due date: by how many days it moved; None if one of the two is not a date."""
        return slipped_days(self.old, self.new) if self.aspect == "due" else None

    @property
    def is_correction(self) -> bool:
        """Whether the values differ only because the same development was corrected."""
        if self.before is None or self.after is None:
            return self.movement == Movement.GONE
        return self.before.development.ref == self.after.development.ref


class Comparison:
    """The moves of a process from `start` to `end`; with two talks, those from `talk` and those between the two.

    If the comparison starts with a talk, `first`, only the items touched by it can be "not mentioned again";
    otherwise all open items can.
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
        with self._as_at_the_later():
            self.moves = [] if start == end else sorted(self._moves(), key=self._place)
        ways = {(move.between, move.movement, move.label, move.item) for move in self.moves}
        self.items = Counter(way[:3] for way in ways)
        """{(between, movement, label): number of items}; an item that moved in several ways is counted in each."""

    def changes(self, moves: Iterable[Move]) -> Iterator[ItemMoves]:
        """`moves` with their items and effects, in the same order. Three queries for each batch."""
        for some in in_batches(moves):
            with self._as_at_the_later():
                described = list(self._described(some))
            yield from described

    def _as_at_the_later(self) -> AbstractContextManager[None]:
        """Read the items of the later instant, where those that were merged or moved since are two, or still here."""
        if self.start.known is None or self.end.known is None:
            return nullcontext()
        return reading(max(self.start.known, self.end.known), self.end.public)

    def _described(self, moves: list[Move]) -> Iterator[ItemMoves]:
        keys = {key for move in moves for key in (move.before, move.after)} - {None}
        effects = with_evidence(Effect.objects.filter(pk__in=keys)).in_bulk()
        for move in moves:
            before, after = effects.get(move.before), effects.get(move.after)
            there = after or before
            yield ItemMoves(move, there.item, there.party if move.party else None, before, after)

    def _moves(self) -> Iterator[Move]:
        pairs = [*self._parts(), *self._stances()]
        keys = {key for *_, before, after in pairs for key in (before, after)} | set(self.raised.values())
        values = _Values(keys - {None})
        for item, aspect, party, before, after in pairs:
            if movement := values.movement(aspect, before, after):
                # An item raised in between counts as new, not as changed.
                raised = self.raised.get(item)
                between = self.talk is not None and values.talk(raised or after) != self.talk.pk
                movement = Movement.NEW if raised else movement
                is_held = movement == Movement.CLOSED and values.status(after) == TalkStatus.HELD
                yield Move(between, movement, item, aspect, party, before, after, is_held)
        if self.start.on != self.end.on:
            yield from self._not_mentioned()

    def _parts(self) -> Iterator[tuple]:
        """(item, aspect, None, effect before, effect after) for each aspect decided by another effect. One query."""
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
        """(item, "stance", party, effect before, effect after) for each stance decided by another effect. One query."""
        touched = self._differing().filter(stance__isnull=False).values("item")
        rows = ItemStance.objects.filter(item__in=touched).annotate(
            before=latest_stance(self.start), after=latest_stance(self.end)
        )
        for item, party, before, after in rows.values_list("item", "party", "before", "after"):
            if before != after:
                yield item, "stance", party, before, after

    def _differing(self) -> QuerySet:
        """The effects in force at one of the two moments but not at the other."""
        # Filter the developments, whose index by process covers all of these columns.
        effects = Effect.objects.filter(development__process=self.process)
        if self.start.known == self.end.known:
            between = ~happened_by(self.start.on, "development__happened_key")
            return effects.filter(in_force(self.end, "development__"), between)
        then, now = (Q(in_force(clocks, "development__")) for clocks in (self.start, self.end))
        counting_then = Effect.objects.filter(then, development__process=self.process)
        counting_now = Effect.objects.filter(now, development__process=self.process)
        return effects.filter(
            (then & ~Q(pk__in=counting_now.values("pk"))) | (now & ~Q(pk__in=counting_then.values("pk")))
        )

    def _not_mentioned(self) -> Iterator[Move]:
        """The items open at the first moment that no development has touched since. One query."""
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
            # "Not mentioned" applies to the whole comparison, whether or not between two talks.
            move.between,
            _MOVEMENT[move.movement],
            not move.is_held,
            *self.titles[move.item],
            move.item,
            ("", *ASPECTS).index(move.aspect),
            move.party,
        )


_KIND = {kind: place for place, kind in enumerate(ItemKind)}
_LAST = (Movement.NEW, Movement.REAFFIRMED, Movement.NOT_MENTIONED)
_MOVEMENT = {
    movement: place
    # Changes come before reaffirmed and unchanged aspects.
    for place, movement in enumerate(
        [movement for movement in Movement if movement not in _LAST] + list(_LAST)
    )
}


class _Values:
    """The values that effects set, loaded in bulk as plain rows: enough to determine the movement."""

    FIELDS = (
        "pk", "status", "outcome", "firmness", "stance", "due_on", "due_precision", "due_last", "due_phrase",
        "wording", "wording_language", "other_texts", "happened_key", "placed_at", "place", "development__ref",
        "development__talk",
    )  # fmt: skip

    def __init__(self, keys: set[int]):
        self.rows = {}
        for some in in_batches(sorted(keys)):
            rows = Effect.objects.filter(pk__in=some).order_by()
            self.rows |= {row.pk: row for row in rows.values_list(*self.FIELDS, named=True)}

    def movement(self, aspect: str, before: int | None, after: int | None) -> Movement | None:
        """How the aspect moved; None if it is unchanged and was not reaffirmed."""
        old, new = self.rows.get(before), self.rows.get(after)
        movement = moved(aspect, old, new)
        if movement or old is None or new is None or value_of(new, aspect) is None:
            return movement
        if old.development__ref == new.development__ref:
            return None
        return Movement.REAFFIRMED if by_time(new) > by_time(old) else None

    def status(self, key: int | None) -> str | None:
        """The status that an effect sets."""
        row = self.rows.get(key)
        return row and row.status

    def talk(self, key: int | None) -> int | None:
        """The talk to which the development of an effect belongs."""
        row = self.rows.get(key)
        return row and row.development__talk
