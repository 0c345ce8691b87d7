"""Writes the versions of records that were read back from the trail, in place of those that were just begun."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.db import models

from tracker.models import VERSIONS, Record
from tracker.models.collation import CollationKey
from tracker.models.versions import Version, kept_columns, key_column
from tracker.recording.trail.records import Rebuilt
from tracker.recording.trail.walk import State

Begun = Mapping[type[models.Model], int]
"""{model: the last primary key of its versions before any were begun}."""

BATCH = 500

NONE: Mapping[str, str] = MappingProxyType({})


def write_rows(table: type[models.Model], records: Sequence[Rebuilt], begun: Begun) -> None:
    """Write the versions of the rows of `records` in `table`; those from before `begun` are left alone."""
    _sign([one for one in records if one.is_as_made], table, begun)
    records = [one for one in records if not one.is_as_made]
    stored = versions_begun(table, key_column(table), [one.record.pk for one in records], begun)
    gone: list[Version] = []
    made: list[Version] = []
    written: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    for one in records:
        old = stored[one.record.pk] or ([_whole(table, one)] if one.is_deleted else [])
        new = _combined(table, old, one) if old else []
        if one.is_deleted or [*map(_content, new)] != [*map(_content, old)]:
            gone += old
            made += new
            continue
        for before, after in zip(old, new, strict=True):
            if after.changed_by_id is not None:
                written[after.changed_by_id, after.reason_given].append(before.pk)
    replace(table, gone, made)
    _write_who(table, written)


def _sign(records: Sequence[Rebuilt], table: type[models.Model], begun: Begun) -> None:
    """Write who recorded `records`, which nobody changed since, and why."""
    own = key_column(table)
    keys = [one.record.pk for one in records]
    rows = VERSIONS[table]._base_manager.filter(**{f"{own}__in": keys}, pk__gt=begun[table])
    # The first version is the last to be seen.
    first = dict(rows.order_by("-known_from", "-pk").values_list(own, "pk"))
    written: dict[tuple[int | None, str], list[int]] = defaultdict(list)
    for one in records:
        if one.record.pk in first and one.states[0].by is not None:
            written[one.states[0].by, one.states[0].reason].append(first[one.record.pk])
    _write_who(table, written)


def _write_who(table: type[models.Model], written: Mapping[tuple[int | None, str], Sequence[int]]) -> None:
    """Write into versions, {(who, why): their primary keys}, who made them, and why."""
    for (by, reason), keys in written.items():
        VERSIONS[table]._base_manager.filter(pk__in=keys).update(changed_by=by, reason_given=reason)


def versions_begun(
    table: type[models.Model],
    column: str,
    keys: Sequence[int],
    begun: Begun,
    others: Mapping[str, str] = NONE,
) -> dict[int, list[Version]]:
    """The versions of `table` that were just begun, by the value of a column, which is one of `keys`.

    `others` has what else holds for them.
    """
    found = defaultdict(list)
    rows = VERSIONS[table]._base_manager.filter(**{f"{column}__in": keys}, **others, pk__gt=begun[table])
    for row in rows.order_by("known_from", "pk"):
        found[getattr(row, column)].append(row)
    return found


def replace(table: type[models.Model], gone: Sequence[Version], made: Sequence[Version]) -> None:
    """Write the versions `made` of rows of `table` in place of those that are `gone`."""
    rows = VERSIONS[table]._base_manager
    rows.filter(pk__in=[row.pk for row in gone if row.pk]).delete()
    rows.bulk_create(made, batch_size=BATCH)


def _whole(table: type[models.Model], one: Rebuilt) -> Version:
    """One version of a record that was deleted, from its first recording to its deletion."""
    return VERSIONS[table](
        known_from=one.states[0].since, known_until=one.until, **_values(kept_columns(table), one.record)
    )


def _combined(table: type[models.Model], old: Sequence[Version], one: Rebuilt) -> list[Version]:
    """The versions `old`, divided where the words of the record changed, each with those of its time."""
    told = [field for field in kept_columns(table) if _is_of_words(field)]
    later = {state.since: state for state in one.states if state.since > old[0].known_from}
    standing = {row.known_from: row for row in old}
    row, state = (
        old[0],
        [one.states[0], *(each for each in one.states if each.since <= old[0].known_from)][-1],
    )
    words = _values(told, one.as_of(state))
    found: list[Version] = []
    for instant in sorted({*later, *standing}):
        if instant in later:
            state = later[instant]
            words = _values(told, one.as_of(state))
        row = standing.get(instant, row)
        version = _copy(row, words, instant, state)
        if found and _is_same(found[-1], version):
            # What is stored now has the latest number of a version.
            earlier = found.pop()
            version.known_from, version.changed_by_id = earlier.known_from, earlier.changed_by_id
            version.reason_given = earlier.reason_given
        found.append(version)
    for version, following in zip(found, [*found[1:], None], strict=True):
        version.known_until = following.known_from if following else old[-1].known_until
    return found


def _copy(row: Version, words: dict[str, object], instant: dt.datetime, state: State) -> Version:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    values |= words | {"version_key": None, "known_from": instant, "is_complete": state.is_complete}
    if instant == state.since:
        values |= {"changed_by_id": state.by, "reason_given": state.reason}
    return type(row)(**values)


def _is_of_words(field: models.Field) -> bool:
    """Whether what the trail says changes the field: people set it, or it is worked out whenever they do."""
    if field.primary_key:
        return False
    return field.editable or isinstance(field, CollationKey) or field.name in ("version", "made_key")


def _values(fields: Sequence[models.Field], record: Record) -> dict[str, object]:
    """The values of `record`, by the names that the fields have in its versions."""
    return {
        "row_id" if field.column == "id" else str(field.column): getattr(record, field.attname)
        for field in fields
    }


def _is_same(row: Version, following: Version) -> bool:
    """Whether two versions tell the same; those that lack words, if they differ by their number alone."""
    left = ("known_from", *(() if row.is_complete else ("version",)))
    told, then = (
        {name: value for name, value in _content(each).items() if name not in left}
        for each in (row, following)
    )
    return told == then


def _content(row: Version) -> dict[str, object]:
    """All that a version tells, but for who wrote it."""
    left = ("version_key", "known_until", "changed_by_id", "reason_given")
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in left
    }
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}
