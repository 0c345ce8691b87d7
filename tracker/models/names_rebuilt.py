"""Writes the names of all records anew, and their versions by those of the records, or says what that would change."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from django.db import models, transaction

from tracker.models.known import EVER, OPEN, version_of
from tracker.models.names import NAMING, RecordName, keys_of, named_models, names_of, type_of
from tracker.models.states import FIRST_KEY, LAST_KEY, State, batches, joined, states

WRITTEN = 500
"""How many versions are written in one go."""


class Name(NamedTuple):
    """A name of a record, as long as it was on record."""

    record_id: int
    key: str
    rank: int
    known_from: dt.datetime = EVER
    known_until: dt.datetime = OPEN


@transaction.atomic
def rebuild() -> int:
    """Write the names of all records anew; return how many there are now."""
    for model, batch, keys in _batches():
        wanted, stale = _differences(model, batch, keys)
        _delete(RecordName.objects, stale)
        RecordName.objects.bulk_create(
            [
                RecordName(record_type=type_of(model), record_id=name.record_id, key=name.key, rank=name.rank)
                for name in sorted(wanted)
            ],
            batch_size=WRITTEN,
        )
        _write_versions(model, batch, keys)
    return RecordName.objects.count()


def mismatches() -> Iterator[str]:
    """A sentence for each record whose names, now or earlier, are not those that `rebuild` would write."""
    for model, batch, keys in _batches():
        record_type, there = type_of(model), {key for key, _ in batch}
        wanted, stale = _differences(model, batch, keys)
        wrong = {name.record_id for name in wanted} | {name.record_id for name in stale.values()}
        earlier, past = _differences_of_versions(model, batch, keys)
        for key in sorted(wrong & there):
            yield f"The names of {record_type} {key} are not those of its record."
        for key in sorted(wrong - there):
            yield f"The names of {record_type} {key} have no record."
        wrong_before = {name.record_id for name in earlier} | {name.record_id for name in past.values()}
        for key in sorted(wrong_before - wrong):
            yield f"The earlier names of {record_type} {key} are not those of its versions."


def _batches() -> Iterator[tuple[type[models.Model], list[tuple[int, State]], tuple[int, int]]]:
    """All names by the primary keys of records, a batch of one model at a time; from which key to which these are."""
    for model in named_models():
        last = FIRST_KEY - 1
        for batch in chain(batches(_states(model)), [[]]):
            first, last = last + 1, batch[-1][0] if batch else LAST_KEY
            yield model, batch, (first, last)


def _states(model: type[models.Model]) -> Iterator[tuple[int, list[State]]]:
    """The names that each record of `model` has had, as {key: NameRank}."""
    # What is no version of its own row is on record since it was recorded.
    read = {*model.name_fields, *NAMING} | (set() if version_of(model) else {"recorded_at"})
    fields = [field.name for field in model._meta.concrete_fields if field.name in read]
    for key, found in states(model, fields):
        named = []
        for state in found:
            record = model.from_db("default", fields, state.values)
            start = state.known_from if version_of(model) else record.recorded_at
            named.append(State(start, state.known_until, keys_of(record)))
        yield key, list(joined(named))


def _differences(
    model: type[models.Model], batch: list[tuple[int, State]], keys: tuple[int, int]
) -> tuple[set[Name], dict[int, Name]]:
    """The names that are missing now, and those too many, by primary key."""
    wanted = {
        Name(key, name, rank)
        for key, state in batch
        if state.known_until == OPEN
        for name, rank in state.values.items()
    }
    rows = names_of(model).filter(record_id__range=keys).values_list("pk", "record_id", "key", "rank")
    stored = {pk: Name(*name) for pk, *name in rows}
    return wanted - {*stored.values()}, {pk: name for pk, name in stored.items() if name not in wanted}


def _differences_of_versions(
    model: type[models.Model], batch: list[tuple[int, State]], keys: tuple[int, int]
) -> tuple[dict[Name, int | None], dict[int, Name]]:
    """The versions of names that are missing, with the primary key of the name, and those too many, by theirs."""
    wanted: dict[Name, int | None] = dict.fromkeys(_runs(batch))
    rows = names_of(model).filter(record_id__range=keys).values_list("record_id", "key", "pk")
    now = {(key, name): pk for key, name, pk in rows}
    wanted |= {name: now.get((name.record_id, name.key)) for name in wanted if name.known_until == OPEN}
    versions = _versions().filter(record_type=type_of(model), record_id__range=keys)
    stale = {}
    for pk, row_id, *values in versions.values_list("version_key", "row_id", *Name._fields):
        name = Name(*values)
        if name in wanted and wanted[name] in (None, row_id):
            del wanted[name]
        else:
            stale[pk] = name
    return wanted, stale


def _runs(batch: list[tuple[int, State]]) -> Iterator[Name]:
    """Each name with each stretch of time in which its record had it, in the same rank."""
    runs: dict[tuple[int, str], list[State]] = defaultdict(list)
    for key, state in batch:
        # A record that has no version yet has none of its names either.
        for name, rank in state.values.items() if state.known_from > EVER else ():
            runs[key, name].append(state._replace(values=rank))
    for (key, name), parts in runs.items():
        for state in joined(parts):
            yield Name(key, name, state.values, state.known_from, state.known_until)


def _write_versions(model: type[models.Model], batch: list[tuple[int, State]], keys: tuple[int, int]) -> None:
    wanted, stale = _differences_of_versions(model, batch, keys)
    _delete(_versions(), stale)
    # Rows that are gone have keys that no other will ever have.
    lowest = min(_versions().aggregate(lowest=models.Min("row_id"))["lowest"] or 0, 0)
    new = []
    for name, pk in wanted.items():
        if pk is None:
            pk = lowest = lowest - 1
        new.append(_versions().model(record_type=type_of(model), row_id=pk, **name._asdict()))
    _versions().bulk_create(new, batch_size=WRITTEN)


def _delete(rows: models.QuerySet | models.Manager, keys: Iterable[int]) -> None:
    left = iter(keys)
    while some := list(islice(left, WRITTEN)):
        rows.filter(pk__in=some).delete()


def _versions() -> models.QuerySet:
    version = version_of(RecordName)
    assert version is not None
    return version._base_manager.all()
