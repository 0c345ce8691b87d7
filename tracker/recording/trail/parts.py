"""Writes the versions of what records had for a while: related records, and names by which they are found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import models

from tracker.models import VERSIONS, Record, RecordName
from tracker.models.names import keys_of, type_of
from tracker.models.versions import Version, key_column, relation_table
from tracker.recording.trail.keys import NewKeys
from tracker.recording.trail.names import naming
from tracker.recording.trail.records import Rebuilt
from tracker.recording.trail.rows import Begun, replace, versions_begun
from tracker.recording.trail.walk import State

Part = tuple
"""One of the parts of a record: the values of its columns."""


@dataclass(frozen=True)
class Parts:
    """A table with rows for the parts of records."""

    table: type[models.Model]
    owner: str
    """The column with the primary key of the record."""
    columns: tuple[str, ...]
    """The columns with the values of a part."""
    had: Callable[[Rebuilt, State], set[Part]]
    """The parts of a record in a state."""
    others: dict[str, str] = field(default_factory=dict)
    """The values of the other columns, which are those of the rows of all such records."""


class During(NamedTuple):
    """A part of a record, and the states in which the record had it: from the first to ahead of `until`."""

    part: Part
    since: State
    until: State | None


def parts_of(model: type[Record]) -> Iterator[Parts]:
    """The parts of records of `model`: their many-valued relations, and their names."""
    for relation in model._meta.many_to_many:
        columns = (relation.m2m_reverse_name(),)
        yield Parts(relation_table(relation), relation.m2m_column_name(), columns, _related(relation.name))
    if naming(model):
        yield Parts(RecordName, "record_id", ("key", "rank"), _names, {"record_type": type_of(model)})


def _related(name: str) -> Callable[[Rebuilt, State], set[Part]]:
    return lambda _, state: {(key,) for key in state.values[name]}  # type: ignore[attr-defined]  # a set of keys


def _names(one: Rebuilt, state: State) -> set[Part]:
    return set(keys_of(one.as_of(state)).items())


def write_parts(parts: Parts, records: Sequence[Rebuilt], begun: Begun, new_keys: NewKeys) -> None:
    """Write the versions of the parts of those of `records` of which they changed, or which were deleted."""
    changed = []
    for one in records:
        if len(one.states) > 1 or one.is_deleted:
            had = [parts.had(one, state) for state in one.states]
            if one.is_deleted or any(each != had[-1] for each in had):
                changed.append((one, had))
    keys = [one.record.pk for one, _ in changed]
    stored = versions_begun(parts.table, parts.owner, keys, begun, parts.others)
    gone: list[Version] = []
    made: list[Version] = []
    for one, had in changed:
        rows = stored[one.record.pk]
        if not one.is_deleted and len(rows) != len(had[-1]):
            # Not all of them have just begun.
            continue
        gone += rows
        present = {tuple(getattr(row, column) for column in parts.columns): row for row in rows}
        made += [_version(parts, one, during, present, new_keys) for during in _during(one, had)]
    replace(parts.table, gone, made)


def _during(one: Rebuilt, had: Sequence[set[Part]]) -> Iterator[During]:
    since: dict[Part, State] = {}
    for state, parts in zip(one.states, had, strict=True):
        for part in sorted(since.keys() - parts):
            yield During(part, since.pop(part), state)
        for part in sorted(parts - since.keys()):
            since[part] = state
    for part, state in since.items():
        yield During(part, state, None)


def _version(
    parts: Parts, one: Rebuilt, during: During, present: dict[Part, Version], new_keys: NewKeys
) -> Version:
    row = present.get(during.part) if during.until is None else None
    own = key_column(parts.table)
    key = getattr(row, own) if row else new_keys.next(parts.table)
    values = {own: key, parts.owner: one.record.pk, **dict(zip(parts.columns, during.part, strict=True))}
    return VERSIONS[parts.table](
        known_from=during.since.since,
        known_until=during.until.since if during.until else one.until,
        changed_by_id=during.since.by,
        reason_given=during.since.reason,
        **values,
        **parts.others,
    )
