"""Doubt about a standing: the other values that would be the latest by another choice of days.

A date that is known to a month, as before a day, or about a day leaves open what came last; so do two developments of
one day of which nobody tells the order. The standing stays what the rule gives; what else it could be is named beside
it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.clocks import Clocks
from tracker.domain.contested import Place, contested, outlines
from tracker.domain.movement import Deadline, sets, value_of
from tracker.domain.standing import ASPECTS
from tracker.domain.told import ToldOrder, told_order
from tracker.models import Effect
from tracker.models.dates import Span
from tracker.models.order import by_time
from tracker.models.vocabularies import DatePrecision, Firmness, Stance, TalkOutcome
from tracker.models.wordings import Wording

NOT_YET = "none"
"""How a file has it that nothing may have been set yet, or that it may have been taken back."""

READ_COLUMNS = (
    "item", "development", "item_kind", "party", "status", "stance", "firmness", "outcome", "wording",
    "wording_language", "other_texts", "due_on", "due_precision", "due_last", "due_phrase", "review_on",
    "occurred_on", "occurred_precision", "occurred_last", "earliest_on", "latest_on", "happened_key", "placed_at",
    "place",
)  # fmt: skip
"""The columns of an effect that the rule reads."""

_LABELS: dict[str, dict] = {
    "stance": dict(Stance.choices),
    "firmness": dict(Firmness.choices),
    "outcome": dict(TalkOutcome.choices),
}

NOTHING_TOLD = ToldOrder()


@dataclass(frozen=True)
class Alternative:
    """A value that may be the latest, other than the one that stands."""

    aspect: str
    value: str | Deadline | Wording | None
    """None where nothing may have been set yet, or what was set may have been taken back."""
    effect: Effect | None
    """The latest effect that sets it."""
    standing: Effect
    """The effect that decides how it stands."""

    @property
    def code(self) -> str:
        """The value as a file has it."""
        if self.value is None:
            return NOT_YET
        if isinstance(self.value, Deadline):
            return " ".join(filter(None, [self.value.on.edtf if self.value.on else "", self.value.phrase]))
        if isinstance(self.value, Wording):
            return " / ".join(f"“{text.words}”" for text in self.value.texts)
        return self.value

    @property
    def label(self) -> str:
        """The value in words."""
        if self.effect is None:
            return "Not yet"
        if self.value is None:
            return "Given up" if self.aspect == "due" else "Retracted"
        if self.aspect == "status":
            return self.effect.status_label
        if isinstance(self.value, Wording):
            return self.code
        return _LABELS.get(self.aspect, {}).get(self.value, str(self.value))

    @property
    def reason(self) -> str:
        """Why it may be the latest."""
        standing = self.standing.occurred
        if self.effect is None:
            if standing.precision == DatePrecision.LASTED:
                return f"it lasts until {Span(standing.end)}, which is later than the day shown"
            return f"what set it is dated {standing}, and may be later than the day shown"
        other = self.effect.occurred
        if other == standing and other.first == other.last:
            return f"both are of {other}, and which came first is not known"
        return f"that is dated {other}, and may be later than {standing}"

    def __str__(self) -> str:
        return f"or {self.label}: {self.reason}"


def alternatives(
    effects: Iterable[Effect], aspect: str, on: dt.date | None, told: ToldOrder = NOTHING_TOLD
) -> list[Alternative]:
    """What else than the standing may be the latest of `aspect` as of the day `on` (None: today), the latest first.

    `effects` are those in force that count by the day and set the aspect: of one item, and of one party for a stance.
    `told` is what is told of the order within their days.
    """
    standing, *others = sorted(effects, key=by_time, reverse=True)
    bound = last_begun((standing, *others), on)
    stands = value_of(standing, aspect)
    by_value: dict[str | Deadline | Wording | None, Alternative] = {}
    for effect in others:
        value = value_of(effect, aspect)
        if value == stands or (bound is not None and _latest_on(effect) < bound):
            continue
        if not any(told.is_after(later, effect) for later in (standing, *others)):
            by_value.setdefault(value, Alternative(aspect, value, effect, standing))
    if bound is None and stands is not None:
        by_value[None] = Alternative(aspect, None, None, standing)
    return list(by_value.values())


def told_of(groups: Iterable[tuple[str, Iterable[Effect]]], clocks: Clocks) -> ToldOrder:
    """What is told at `clocks` of the days on which effects of one of `groups` differ.

    Each is an aspect with effects of one item. One query, or none if no day has two values.
    """
    items, days = set(), set()
    for aspect, effects in groups:
        values: dict[int, object] = {}
        for effect in effects:
            if effect.occurred_precision == DatePrecision.DAY:
                value = value_of(effect, aspect)
                if values.setdefault(effect.happened_key, value) != value:
                    items.add(effect.item_id)
                    days.add(effect.happened_key)
    return told_order(items, days, clocks) if days else NOTHING_TOLD


def _latest_on(effect: Any) -> dt.date:
    """The last day on which it can have happened, which only a row restored from an older release lacks for a while."""
    return effect.latest_on or dt.date.max


def doubts(items: Collection[int], clocks: Clocks) -> dict[int, dict[Place, list[Alternative]]]:
    """What is in doubt of each of `items` (primary keys) at `clocks`, where anything is.

    One query where nothing is in doubt, else two or three. Of a long history only what may be latest is read.
    """
    candidates = contested(items, clocks)
    if not candidates:
        return {}
    read = Effect.objects.only(*READ_COLUMNS).in_bulk(set().union(*candidates.values()))
    return _in_doubt({place: [read[key] for key in keys] for place, keys in candidates.items()}, clocks)


def doubt_codes(items: Collection[int], clocks: Clocks) -> dict[int, str]:
    """The `codes` of what is in doubt of each of `items` (primary keys) itself, where anything is.

    One query where nothing is in doubt, else two or three.
    """
    candidates = contested(items, clocks, tuple(ASPECTS))
    if not candidates:
        return {}
    read = outlines(set().union(*candidates.values()))
    groups = {place: [read[key] for key in keys] for place, keys in candidates.items()}
    return {item: codes(found) for item, found in _in_doubt(groups, clocks).items()}


def last_begun(effects: Iterable, on: dt.date | None) -> dt.date | None:
    """The first day of what began last of those `effects` that happened by `on` for certain; None where none did.

    What ended before it can have begun is not the latest.
    """
    begun = (
        effect.earliest_on or dt.date.min for effect in effects if on is None or _latest_on(effect) <= on
    )
    return max(begun, default=None)


def doubts_among(effects: Iterable[Effect], clocks: Clocks) -> dict[int, dict[Place, list[Alternative]]]:
    """What is in doubt of each item (its primary key), given all its `effects` in force at `clocks`.

    One query, or none if no day has two values.
    """
    return _in_doubt(by_place(effects), clocks)


def _in_doubt(
    groups: Mapping[tuple[int, Place], Collection[Any]], clocks: Clocks
) -> dict[int, dict[Place, list[Alternative]]]:
    """What is in doubt of each item, given the effects that may be the latest of each of `groups`."""
    in_doubt: dict[int, dict[Place, list[Alternative]]] = {}
    told = told_of(((place[0], setting) for (_, place), setting in groups.items()), clocks)
    for (item, place), setting in groups.items():
        if others := alternatives(setting, place[0], clocks.on, told):
            in_doubt.setdefault(item, {})[place] = others
    return in_doubt


def by_place(effects: Iterable) -> dict[tuple[int, Place], list]:
    """`effects` by the item (its primary key) and what they set of it."""
    groups: dict[tuple[int, Place], list] = {}
    for effect in effects:
        for place in places_of(effect):
            groups.setdefault((effect.item_id, place), []).append(effect)
    return groups


def places_of(effect: Any) -> Iterable[Place]:
    """What `effect`, or a row with its columns, sets."""
    for aspect in ASPECTS:
        if sets(effect, aspect):
            yield aspect, None
    if sets(effect, "stance"):
        yield "stance", effect.party_id


def own(in_doubt: dict[Place, list[Alternative]]) -> list[Alternative]:
    """What is in doubt of an item itself, apart from the stances on it."""
    return [other for (aspect, _), found in in_doubt.items() if aspect != "stance" for other in found]


def codes(in_doubt: dict[Place, list[Alternative]]) -> str:
    """What is in doubt of an item itself, as a file has it: status: rejected, none; due: 2025-03."""
    own = (
        f"{aspect}: {codes_of(in_doubt[aspect, None])}" for aspect in ASPECTS if (aspect, None) in in_doubt
    )
    return "; ".join(own)


def codes_of(others: Iterable[Alternative]) -> str:
    """The other values of one aspect, as a file has them."""
    return ", ".join(other.code for other in others)
