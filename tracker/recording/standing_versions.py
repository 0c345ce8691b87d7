"""Begins the versions of rows that hold a standing: one for each instant at which it may have changed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection, models

from tracker.domain.alternatives import Alternative, codes_of
from tracker.domain.doubt import codes
from tracker.domain.standing import ASPECTS, VALUES
from tracker.models import Item, ItemStance
from tracker.models.known import OPEN
from tracker.models.versions import kept_columns
from tracker.recording.bulk_insert import fill
from tracker.recording.running_standing import RunningStanding, SetEffect, ToldOrders, effects_on
from tracker.recording.versions import lacks_version, table_of, versions_of

Row = dict[str, Any]
"""A row by column, as the database has it."""

BATCH = 500


@dataclass(frozen=True)
class Kind:
    """What the rows of one model hold of a standing, and of which effects it follows."""

    item: str
    """The column with the primary key of the item."""
    key_of_row: Callable[[Row], object]
    key_of_effect: Callable[[SetEffect], object]
    """Equal for a row and the effects that count for it."""
    aspects: Sequence[str]
    """Of ASPECTS, or "stance"."""
    values: Mapping[str, tuple[str, str]]
    """Which column of the effect that decides which aspect is held, by name, without the "current_" of its column."""
    doubt: Callable[[dict[str, list[Alternative]]], str]
    """How what is in doubt of each aspect is held."""

    def held(self, standing: RunningStanding, told: Callable) -> Row:
        """What a row holds of `standing`, by column; `told` as in `RunningStanding.in_doubt`."""
        row: Row = {"current_doubt": self.doubt(standing.in_doubt(told))}
        for name, (aspect, column) in self.values.items():
            row[f"current_{name}"] = getattr(standing.deciding(aspect), column, None)
        return row


KINDS: dict[type[models.Model], Kind] = {
    Item: Kind(
        item="id",
        key_of_row=lambda row: row["id"],
        key_of_effect=lambda effect: effect.item_id,
        aspects=tuple(ASPECTS),
        values=VALUES,
        doubt=lambda found: codes({(aspect, None): others for aspect, others in found.items()}),
    ),
    ItemStance: Kind(
        item="item_id",
        key_of_row=lambda row: (row["item_id"], row["party_id"]),
        key_of_effect=lambda effect: effect.stance and (effect.item_id, effect.party_id),
        aspects=("stance",),
        values={"stance": ("stance", "stance")},
        doubt=lambda found: codes_of(found.get("stance", ())),
    ),
}


def begin_at_each_moment(model: type[models.Model]) -> None:
    """Give the rows of `model`, one of KINDS, that never had a version those that they would have by now."""
    kind = KINDS[model]
    columns = [str(field.column) for field in kept_columns(model)]
    names = ", ".join(map(connection.ops.quote_name, columns))
    target = f"{versions_of(model)} ({names}, known_from, known_until, reason_given, is_complete)"
    for rows in _without_version(model, columns):
        items = {row[kind.item] for row in rows}
        effects = effects_on(items)
        told = ToldOrders(items, effects)
        by_key = defaultdict(list)
        for effect in effects:
            by_key[kind.key_of_effect(effect)].append(effect)
        fill(
            target,
            [found for row in rows for found in _versions(kind, row, by_key[kind.key_of_row(row)], told)],
        )


def _without_version(model: type[models.Model], columns: Sequence[str]) -> Iterator[list[Row]]:
    """The rows of `model` that never had a version, some at a time."""
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table_of(model)} AS t WHERE {lacks_version(model)} ORDER BY id")  # noqa: S608
        keys = [key for (key,) in cursor.fetchall()]
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            places = ", ".join(["%s"] * len(some))
            cursor.execute(f"SELECT {names} FROM {table_of(model)} WHERE id IN ({places})", some)  # noqa: S608
            yield [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _versions(kind: Kind, row: Row, effects: Sequence[SetEffect], told: ToldOrders) -> Iterator[list]:
    """The versions that `row` has had, as `effects` were recorded and ended; the latest is as it stands."""
    begun, ended = defaultdict(list), defaultdict(list)
    for effect in effects:
        begun[effect.recorded_at].append(effect)
        if effect.ended_at is not None:
            ended[effect.ended_at].append(effect)
    # What nothing was said of stands as it was entered.
    instants = sorted(begun | ended) or [row[name] for name in ("recorded_at",) if name in row]
    standing = RunningStanding(kind.aspects)
    for instant, until in zip(instants, [*instants[1:], None], strict=True):
        for effect in begun[instant]:
            standing.add(effect)
        for effect in ended[instant]:
            standing.end(effect)
        held = kind.held(standing, partial(told.at, instant)) if until else {}
        end = until or connection.ops.adapt_datetimefield_value(OPEN)
        yield [*(row | held).values(), instant, end, "", True]
