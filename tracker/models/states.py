"""The states of records: what their fields held from when until when, by their versions."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from tracker.models.known import EVER, OPEN, version_field, version_of

BATCH = 2000
"""How many rows are read in one go."""
FEW = 100
"""How many sources are read with their texts, which may be long."""
LAST_KEY = 2**63 - 1
"""No record has a later primary key."""
FIRST_KEY = -LAST_KEY
"""No record has an earlier one: those that are gone have keys below zero."""


class State(NamedTuple):
    """What some fields of a record held from `known_from` until right before `known_until`."""

    known_from: dt.datetime
    known_until: dt.datetime
    values: Any


def states(model: type[models.Model], fields: Sequence[str]) -> Iterator[tuple[int, list[State]]]:
    """Of each record of `model` that there is or was, by primary key, the values of `fields` in all its states.

    They are in their order; the last holds what stands in the record now, unless that is gone. A record that is not
    kept in versions has this one alone.
    """
    tables = [model, *model._meta.all_parents] if version_of(model) else []
    now = model._default_manager.order_by("pk").values_list("pk", *fields).iterator(BATCH)
    streams: list[Iterator[tuple]] = [_versions(each, fields, place) for place, each in enumerate(tables)]
    if tables and model._meta.model_name == "source" and "text" in fields:
        streams.append(_texts(len(streams)))
    last = len(streams)
    streams.append(((key, last, EVER, OPEN, values) for key, *values in now))
    for key, rows in groupby(merge(*streams, key=itemgetter(0, 1)), itemgetter(0)):
        parts: list[list[State]] = [[] for _ in streams]
        for _, place, *state in rows:
            parts[place].append(State(*state))
        *versions, present = parts
        found = [
            state._replace(values=[state.values[name] for name in fields]) for state in _overlaps(versions)
        ]
        yield key, list(joined(_until_now(found, present)))


def joined(parts: Iterable[State]) -> Iterator[State]:
    """`parts`, in their order, with those that follow one another at once and hold the same as one."""
    last = None
    for state in parts:
        if last is not None and (last.known_until, last.values) == (state.known_from, state.values):
            last = last._replace(known_until=state.known_until)
            continue
        if last is not None:
            yield last
        last = state
    if last is not None:
        yield last


def batches(rows: Iterable[tuple[int, list]]) -> Iterator[list[tuple[int, Any]]]:
    """Pairs of a key and one of its values; all of a key are in one batch."""
    batch: list[tuple[int, Any]] = []
    for key, values in rows:
        batch += [(key, value) for value in values]
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _versions(
    table: type[models.Model], fields: Sequence[str], place: int
) -> Iterator[tuple[int, int, dt.datetime, dt.datetime, dict]]:
    """The versions of one table: key, `place`, both ends, and those of `fields` that lie in it by name."""
    key = version_field(table._meta.pk)
    version = version_of(table)
    assert version is not None, f"{table.__name__} is not kept in versions"
    kept = {field.name for field in version._meta.local_concrete_fields}
    names = [
        field.name for field in table._meta.local_concrete_fields if field.name in kept.intersection(fields)
    ]
    rows = version._base_manager.order_by(key, "known_from")
    if hasattr(version, "merged_into_id"):
        rows = rows.filter(merged_into_id=None)
    for pk, start, end, *values in rows.values_list(key, "known_from", "known_until", *names).iterator(BATCH):
        yield pk, place, start, end, dict(zip(names, values, strict=True))


def _texts(place: int) -> Iterator[tuple[int, int, dt.datetime, dt.datetime, dict]]:
    """The texts of all sources that there are or were, as `_versions` gives what lies in a table."""
    stored = apps.get_model("tracker", "SourceText")._base_manager.order_by("number")
    sources = apps.get_model("tracker", "SourceVersion")._base_manager.order_by("row_id").distinct()
    pairs = sources.values_list("row_id", "ref").iterator(BATCH)
    while some := list(islice(pairs, FEW)):
        texts: dict[str, list[tuple[dt.datetime, str]]] = {ref: [(EVER, "")] for _, ref in some}
        for ref, start, text in stored.filter(source_ref__in=texts).values_list(
            "source_ref", "recorded_at", "text"
        ):
            texts[ref].append((start, text))
        for pk, ref in some:
            for (start, text), (end, _) in pairwise([*texts[ref], (OPEN, "")]):
                if start < end:
                    yield pk, place, start, end, {"text": text}


def _overlaps(tables: Sequence[Sequence[State]]) -> list[State]:
    """The states of a record whose fields lie in several tables: one for each stretch in which none of them changes."""
    if not tables:
        return []
    found, *others = tables
    for table in others:
        found = [
            State(
                max(one.known_from, other.known_from),
                min(one.known_until, other.known_until),
                one.values | other.values,
            )
            for one in found
            for other in table
            if one.known_from < other.known_until and other.known_from < one.known_until
        ]
    return list(found)


def _until_now(found: list[State], present: Sequence[State]) -> Iterator[State]:
    """`found`, with what stands in the record in place of the version in force."""
    ended = [state for state in found if state.known_until < OPEN]
    yield from ended
    start = ended[-1].known_until if ended else EVER
    for state in found[len(ended) :]:
        start = state.known_from
    for state in present:
        yield state._replace(known_from=start)
