"""Doubt about a standing: which items have other values that may be the latest, found without reading all that was set.

An effect of one whole day comes after all that is certain to be earlier. Only what leaves open what came last
(`Effect.leaves_open`), and the latest effect that does not, can compete; indexes find both in any history.
"""

import datetime as dt
import json
from collections import namedtuple
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, OuterRef, Q, When
from django.db.models.functions import Coalesce

from tracker.clocks import Clocks
from tracker.domain.alternatives import NOTHING_TOLD, Alternative, alternatives, codes_of
from tracker.domain.movement import sets, value_of
from tracker.domain.prepared import Given, Prepared, at_any_instant
from tracker.domain.standing import ASPECTS
from tracker.domain.told import ToldOrder, told_order
from tracker.models import Effect
from tracker.models.base import first_of
from tracker.models.vocabularies import DatePrecision

Place = tuple[str, int | None]
"""What can be in doubt of an item: an aspect, or "stance" with the primary key of the party."""

SETTING = ASPECTS | {"stance": Q(stance__isnull=False)}
"""Which effects set what can be in doubt."""

Outline = namedtuple(
    "Outline",
    "pk item_id party_id development_id status stance firmness outcome wording wording_language other_texts due_on"
    " due_precision due_last due_phrase review_on occurred_precision earliest_on latest_on happened_key placed_at"
    " place",
)
"""What decides about doubt, of an effect: enough for the values that may stand, not for their words and reasons."""

KEY_BITS = 40
"""How far a day is shifted to make room for a primary key."""

READ_COLUMNS = (
    "item", "development", "item_kind", "party", "status", "stance", "firmness", "outcome", "wording",
    "wording_language", "other_texts", "due_on", "due_precision", "due_last", "due_phrase", "review_on",
    "occurred_on", "occurred_precision", "occurred_last", "earliest_on", "latest_on", "happened_key", "placed_at",
    "place",
)  # fmt: skip
"""The columns of an effect that the rule reads."""


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


def contested(
    items: Collection[int], clocks: Clocks, aspects: tuple[str, ...] = tuple(SETTING)
) -> dict[tuple[int, Place], list[int]]:
    """The primary keys of the effects that may be the latest of what they set, where more than one may be, or none.

    By the item of `items` (primary keys) and what they set of it, of `aspects`: what may be the latest of one thing
    need not be that of another. One query.
    """
    found = {}
    for place, group in _competing(items, clocks, aspects).items():
        keys = _possibly_latest(group, clocks.on)
        if keys:
            found[place] = keys
    return found


def outlines(keys: Collection[int]) -> dict[int, Outline]:
    """The effects with the primary keys `keys`, by key, with what decides about doubt and no more. One query."""
    rows = map(Outline._make, _outlines(connection.vendor).ask(effects=keys))
    # Only a wording has texts to read out, and to replace a column takes longer than to read a row.
    return {
        row.pk: row
        if row.wording is None
        else row._replace(other_texts=json.loads(row.other_texts or "null"))
        for row in rows
    }


def _possibly_latest(group: list[tuple[int, int, int]], on: dt.date | None) -> list[int]:
    """The keys of `group`, (key, first day, last day), that nothing certain by the day `on` comes after.

    Empty if that is one alone, and certain.
    """
    today = on.toordinal() if on else dt.date.max.toordinal()
    if len(group) == 1 and group[0][2] <= today:
        return []
    bound = max((first for _, first, last in group if last <= today), default=None)
    if bound is None:
        return [key for key, _, _ in group]
    keys = [key for key, _, last in group if last >= bound]
    return keys if len(keys) > 1 else []


def _competing(
    items: Collection[int], clocks: Clocks, aspects: tuple[str, ...]
) -> dict[tuple[int, Place], list[tuple[int, int, int]]]:
    """What leaves open what came last, and the latest that does not, as (key, first day, last day), by what they set.

    Left out is what is certain to be earlier than the latter, and everything where nothing is left open.
    """
    groups: dict[tuple[int, Place], list[tuple[int, int, int]]] = {}
    rows = _open(at_any_instant(clocks), aspects, connection.vendor).ask(clocks.known, items=items)
    for key, item, party, earliest, latest, *tops in rows:
        first = earliest.toordinal() if earliest else 0
        last = latest.toordinal() if latest else dt.date.max.toordinal()
        for aspect, top in zip(aspects, tops, strict=True):
            # None where it sets nothing of the kind, 0 where nothing else does.
            if top is None or (day := top >> KEY_BITS) > last:
                continue
            place = item, (aspect, party if aspect == "stance" else None)
            if place not in groups:
                groups[place] = [(top & ((1 << KEY_BITS) - 1), day, day)] if top else []
            groups[place].append((key, first, last))
    return groups


@lru_cache(maxsize=64)
def _open(clocks: Clocks, aspects: tuple[str, ...], vendor: str) -> Prepared:
    """What leaves open what came last of `aspects`, of given items.

    Key, item, party, first and last day, and for each aspect the latest effect that leaves nothing open: its day and
    its key in one number, so that it is sought once.
    """
    effects = Effect.objects.at(clocks)
    packed = ExpressionWrapper(F("happened_key") * (1 << KEY_BITS) + F("pk"), BigIntegerField())
    plain = effects.filter(item=OuterRef("item"), leaves_open=False).annotate(packed=packed).latest_first()
    latest = {}
    for aspect in aspects:
        sets = SETTING[aspect]
        same = plain.filter(sets, party=OuterRef("party")) if aspect == "stance" else plain.filter(sets)
        latest[f"latest_{aspect}"] = Case(When(sets, then=Coalesce(first_of(same, "packed"), 0)))
    rows = effects.filter(item__in=Given("items"), leaves_open=True).order_by().annotate(**latest)
    if aspects != tuple(SETTING):
        rows = rows.filter(Q(*(SETTING[aspect] for aspect in aspects), _connector=Q.OR))
    return Prepared(rows.values_list("pk", "item_id", "party_id", "earliest_on", "latest_on", *latest))


@lru_cache(maxsize=2)
def _outlines(vendor: str) -> Prepared:
    rows = Effect.objects.filter(pk__in=Given("effects")).order_by()
    return Prepared(rows.values_list(*Outline._fields))
