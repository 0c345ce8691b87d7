"""The standing of an item as one instant of recording follows the other, kept up instead of being asked for anew.

The rule in `tracker.domain.standing` reads an item for one instant. A history has as many instants as effects.
"""

import datetime as dt
import json
from bisect import bisect_left, insort
from collections import defaultdict, namedtuple
from collections.abc import Callable, Collection, Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q

from tracker.domain.alternatives import Alternative, alternatives
from tracker.domain.movement import sets
from tracker.domain.prepared import Given, Prepared
from tracker.domain.told import Told, ToldOrder
from tracker.models import Development, Effect, Item
from tracker.models.order import by_time, instant_of
from tracker.models.vocabularies import DatePrecision

SetEffect = namedtuple(
    "SetEffect",
    "pk item_id party_id development_id status stance firmness outcome wording wording_language other_texts due_on"
    " due_precision due_last due_phrase review_on occurred_on occurred_precision occurred_last earliest_on latest_on"
    " happened_key placed_at place leaves_open recorded_at ended_at",
)
"""All that decides about a standing, of an effect, as the database has it."""


def effects_on(items: Collection[int]) -> list[SetEffect]:
    """All effects that ever were on `items` (primary keys)."""
    return [*map(SetEffect._make, _effects(connection.vendor).ask(items=items))]


@lru_cache(maxsize=2)
def _effects(vendor: str) -> Prepared:
    return Prepared(Effect.objects.filter(item__in=Given("items")).order_by().values_list(*SetEffect._fields))


class RunningStanding:
    """The effects in force on one item, those that set each of `aspects` (of ASPECTS, or "stance"), and their order."""

    def __init__(self, aspects: Iterable[str]):
        self._all: list[SetEffect] = []
        self._contests = {aspect: _Contest() for aspect in aspects}

    def add(self, effect: SetEffect) -> None:
        """Have `effect` count."""
        insort(self._all, effect, key=by_time)
        for aspect, contest in self._contests.items():
            if sets(effect, aspect):
                contest.add(effect)

    def end(self, effect: SetEffect) -> None:
        """Have `effect`, which was added, count no longer."""
        _remove(self._all, effect, by_time)
        for aspect, contest in self._contests.items():
            if sets(effect, aspect):
                contest.end(effect)

    def deciding(self, aspect: str) -> SetEffect | None:
        """The effect that decides `aspect`: one of those asked for, "raised" or "changed"."""
        if aspect == "raised":
            return self._all[0] if self._all else None
        effects = self._contests[aspect].effects if aspect in self._contests else self._all
        return effects[-1] if effects else None

    def in_doubt(self, told: Callable[[Iterable[SetEffect]], ToldOrder]) -> dict[str, list[Alternative]]:
        """What else may be the latest of each aspect, where anything may; `told` gives the order told of effects."""
        found = {}
        for aspect, contest in self._contests.items():
            effects: Any = contest.possibly_latest()
            if effects and (others := alternatives(effects, aspect, None, told(effects))):
                found[aspect] = others
        return found


class _Contest:
    """The effects in force that set one aspect: in standing order, and by whether they leave open what came last."""

    def __init__(self) -> None:
        self.effects: list[SetEffect] = []
        self._certain: list[SetEffect] = []
        self._open: list[SetEffect] = []
        """By the last day on which they can have happened."""

    def add(self, effect: SetEffect) -> None:
        insort(self.effects, effect, key=by_time)
        if effect.leaves_open:
            insort(self._open, effect, key=_by_last_day)
        else:
            insort(self._certain, effect, key=by_time)

    def end(self, effect: SetEffect) -> None:
        _remove(self.effects, effect, by_time)
        if effect.leaves_open:
            _remove(self._open, effect, _by_last_day)
        else:
            _remove(self._certain, effect, by_time)

    def possibly_latest(self) -> list[SetEffect]:
        """Those that may be the latest, where more than one may; what `tracker.domain.doubt.contested` finds."""
        spans = []
        day = self._certain[-1].happened_key if self._certain else 0
        for effect in reversed(self._open):
            last = _by_last_day(effect)[0].toordinal()
            if last < day:
                break
            spans.append((effect, effect.earliest_on.toordinal() if effect.earliest_on else 0, last))
        if spans and self._certain:
            spans.append((self._certain[-1], day, day))
        if len(spans) < 2:
            return []
        bound = max(first for _, first, _ in spans)
        found = [_with_texts(effect) for effect, _, last in spans if last >= bound]
        return found if len(found) > 1 else []


def _by_last_day(effect: SetEffect) -> tuple[dt.date, int]:
    return effect.latest_on or dt.date.max, effect.pk


def _with_texts(effect: SetEffect) -> SetEffect:
    return effect._replace(other_texts=json.loads(effect.other_texts or "null"))


def _remove(effects: list[SetEffect], effect: SetEffect, key: Callable[[Any], Any]) -> None:
    del effects[bisect_left(effects, key(effect), key=key)]


class ToldOrders:
    """What is told, at one instant and another, of the order within the days of `effects` on `items` (primary keys)."""

    def __init__(self, items: Collection[int], effects: Iterable[SetEffect]):
        days = {effect.happened_key for effect in effects if effect.leaves_open}
        told = set(_told_days(connection.vendor).ask(items=items, days=days)) if days else set()
        self._days: dict[int, list[tuple]] = {}
        if told:
            by_day: dict[tuple, list[tuple]] = defaultdict(list)
            days = {day for _, day in told}
            for *row, recorded, ended in _developments(connection.vendor).ask(items=items, days=days):
                key, ref, follows, process, day, *when = row
                if (process, day) in told:
                    by_day[process, day].append((Told(key, ref, follows, instant_of(*when)), recorded, ended))
            self._days = {row.key: rows for rows in by_day.values() for row, _, _ in rows}

    def at(self, known: dt.datetime, effects: Iterable[SetEffect]) -> ToldOrder:
        """What was told by the instant `known`, as the database has it, of the days of `effects`."""
        days = (self._days.get(effect.development_id, []) for effect in effects)
        in_force = (
            [row for row, recorded, ended in day if recorded <= known and (ended is None or ended > known)]
            for day in {id(day): day for day in days}.values()
        )
        return ToldOrder(in_force)


def _of_days() -> Any:
    """Developments of given days, each a whole one, in the processes of given items."""
    return Development.objects.filter(
        process__in=Item._base_manager.filter(pk__in=Given("items")).values("process").distinct(),
        happened_key__in=Given("days"),
        occurred_precision=DatePrecision.DAY,
    ).order_by()


@lru_cache(maxsize=2)
def _told_days(vendor: str) -> Prepared:
    told = _of_days().filter(~Q(follows="") | Q(occurred_time__isnull=False))
    return Prepared(told.values_list("process", "happened_key").distinct())


@lru_cache(maxsize=2)
def _developments(vendor: str) -> Prepared:
    time = ("occurred_on", "occurred_time", "occurred_zone")
    known = ("recorded_at", "ended_at")
    return Prepared(_of_days().values_list("pk", "ref", "follows", "process", "happened_key", *time, *known))
