"""The records that the trail has entries of, each with all states in which it was."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Field

from tracker.models import Assessment, Item, Record
from tracker.models.collation import keys_in
from tracker.models.known import OPEN
from tracker.models.versions import relation_table
from tracker.recording.trail.lives import Life
from tracker.recording.trail.names import Names
from tracker.recording.trail.reader import TrailReader, editable_fields
from tracker.recording.trail.walk import State, Values, states
from tracker.recording.trail.words import LOST, empty


class Rebuilt(NamedTuple):
    """A record, with all states in which it was, the first ahead."""

    record: Record
    """The record as it is, or as it last was."""
    states: Sequence[State]
    until: dt.datetime
    """The instant of its deletion; OPEN if it is still there."""

    @property
    def is_deleted(self) -> bool:
        """Whether it is gone."""
        return self.until != OPEN

    @property
    def is_as_made(self) -> bool:
        """Whether it is as it was first recorded, and nothing about it is in doubt."""
        return len(self.states) == 1 and self.states[0].is_complete and not self.is_deleted

    def as_of(self, state: State) -> Record:
        """The record in a state."""
        if state is self.states[-1]:
            return self.record
        record = made(type(self.record), self.record, state.values)
        record.version = state.version
        return record


def rebuilt(lives: Sequence[Life], names: Names) -> Iterator[Rebuilt]:
    """The records of `lives`, which are all of one model, as far as they can be told."""
    model = lives[0].model
    fields = editable_fields(model)
    reader = TrailReader(model, names)
    refs = [life.ref for life in lives if life.ended is None]
    stored = {record.ref: record for record in model._base_manager.filter(ref__in=refs)}
    related = _related(model, [record.pk for record in stored.values()])
    for life in lives:
        if life.ended is None and life.ref in stored:
            record = stored[life.ref]
            values = {
                name: related[name][record.pk] if field.many_to_many else getattr(record, field.attname)
                for name, field in fields.items()
            }
            found = states(life, record.recorded_at, values, record.version, fields, reader)
            yield Rebuilt(record, found, OPEN)
        elif life.ended is not None and (gone := _deleted(life, names, fields, reader)):
            yield gone


def _related(model: type[Record], keys: list[int]) -> dict[str, dict[int, frozenset[int]]]:
    """{name of a many-valued relation: {primary key: those of the related records}}."""
    found: dict[str, dict[int, frozenset[int]]] = {}
    for field in model._meta.many_to_many:
        own, other = field.m2m_column_name(), field.m2m_reverse_name()
        rows = relation_table(field)._base_manager.filter(**{f"{own}__in": keys}).values_list(own, other)
        by_record = defaultdict(set)
        for key, target in rows:
            by_record[key].add(target)
        found[field.name] = defaultdict(frozenset, {key: frozenset(all_) for key, all_ in by_record.items()})
    return found


def _deleted(life: Life, names: Names, fields: Mapping[str, Field], reader: TrailReader) -> Rebuilt | None:
    """A record that was deleted; None if the trail does not say enough of it to have it on record."""
    key = life.ended and names.deleted(life.ref, life.ended.at)
    if not key or not life.ended or not life.began:
        return None
    values, lost = last_words(life, fields, reader)
    if any(not (fields[name].null or fields[name].many_to_many) for name in lost):
        return None
    record = made(life.model, None, values)
    record.pk, record.ref, record.recorded_at = key, life.ref, life.began
    record.version = 1 + sum(entry.action == entry.Action.CHANGED for entry in life.entries)
    if isinstance(record, Item):
        record.id, record.item_kind = key, record.kind_code
    found = states(life, life.began, values, record.version, fields, reader)
    if lost:
        found = [state._replace(is_complete=False) for state in found]
    return Rebuilt(record, found, life.ended.at)


def last_words(
    life: Life, fields: Mapping[str, Field], reader: TrailReader
) -> tuple[dict[str, object], set[str]]:
    """The values that a record had when it was deleted, and the names of the fields whose values cannot be told."""
    ended = life.ended
    values: dict[str, object] = {}
    lost: set[str] = set()
    told = {change["field"]: change["old"] for change in ended.changes} if ended else {}
    for name, field in fields.items():
        text = told.get(name, "")
        value = reader.value(field, text, ended, ended, values) if ended else LOST
        if value is LOST:
            lost.add(name)
            value = frozenset() if field.many_to_many else empty(field)
        values[name] = value
    return values, lost


def made(model: type[Record], like: Record | None, values: Values) -> Record:
    """A record with the `values` of its editable fields, and else those of `like`."""
    columns = (
        {field.attname: getattr(like, field.attname) for field in model._meta.concrete_fields} if like else {}
    )
    for field in editable_fields(model).values():
        if not field.many_to_many:
            columns[field.attname] = values[field.name]
    record = model(**columns)
    for key in keys_in(model):
        if like is None or getattr(record, key.of) != getattr(like, key.of):
            key.pre_save(record, add=False)
    if isinstance(record, Assessment):
        record.made_key = record.made.key
    return record
