"""The way back through the entries of a record: from its last words to its first, as far as they agree."""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

from django.db.models import Field

from tracker.models import Change
from tracker.recording.trail.lives import Life
from tracker.recording.trail.words import LOST

Values = Mapping[str, object]
"""{name of a field: its value}, with the primary keys of related records."""


class Reader(Protocol):
    """What words mean."""

    def agrees(self, field: Field, value: object, text: str, entry: Change) -> bool:
        """Whether `text` are the words of `value` right after `entry`."""
        ...

    def value(self, field: Field, text: str, entry: Change, before: Change | None, values: Values) -> object:
        """The value of `field` with the words `text` right before `entry`, which followed `before`; else LOST."""
        ...


class State(NamedTuple):
    """The values of a record from one instant on, until those of the next one."""

    since: dt.datetime
    values: Values
    version: int
    is_complete: bool
    by: int | None
    """The primary key of who wrote it, if the trail says so."""
    reason: str


class _Walk:
    """The values of a record at one point of the way, and the fields of which no more is known from there."""

    def __init__(self, fields: Mapping[str, Field], reader: Reader, values: Values):
        self.fields, self.reader, self.values = fields, reader, dict(values)
        self.lost: set[str] = set()

    def changes(self, entry: Change) -> list[tuple[Field, dict]]:
        """The fields that `entry` changed, with their words, but for those that were lost."""
        return [
            (self.fields[change["field"]], change)
            for change in entry.changes
            if change["field"] in self.fields and change["field"] not in self.lost
        ]

    def compare(self, entry: Change) -> None:
        """Lose the fields whose words are others right after `entry`."""
        for field, change in self.changes(entry):
            if not self.reader.agrees(field, self.values[field.name], change["new"], entry):
                self.lost.add(field.name)

    def compare_all(self, entry: Change) -> None:
        """Lose the fields that are not as in `entry`, of the first recording; those that it leaves out were empty."""
        told = {change["field"]: change["new"] for change in entry.changes}
        for name, field in self.fields.items():
            value = self.values[name]
            is_as_made = name not in told and not field.many_to_many and value == field.get_default()
            if not is_as_made and not self.reader.agrees(field, value, told.get(name, ""), entry):
                self.lost.add(name)

    def go_back(self, entry: Change, before: Change | None) -> None:
        """Take on the values from before `entry`."""
        for field, change in self.changes(entry):
            value = self.reader.value(field, change["old"], entry, before, self.values)
            if value is LOST:
                self.lost.add(field.name)
            else:
                self.values[field.name] = value


def states(
    life: Life, start: dt.datetime, values: Values, version: int, fields: Mapping[str, Field], reader: Reader
) -> list[State]:
    """The states of a record, the first ahead: from `start` to the last `values`, which it had at `version`.

    A field of which no more is known keeps its value in all states before; these are not complete.
    """
    walk, found = _Walk(fields, reader, values), []
    entries = list(reversed(life.entries))
    for at, group in groupby(list(enumerate(entries)), lambda pair: pair[1].at):
        is_last = True
        for place, entry in group:
            made = entry.action == Change.Action.CREATED
            (walk.compare_all if made else walk.compare)(entry)
            # What was between two entries of one instant was never to be read.
            if is_last:
                found.append(State(at, dict(walk.values), version, not walk.lost, entry.by_id, entry.note))
                is_last = False
            if not made:
                walk.go_back(entry, entries[place + 1] if place + 1 < len(entries) else None)
                version = max(version - 1, 1)
    if not entries or entries[-1].action != Change.Action.CREATED:
        found.append(State(start, dict(walk.values), version, not walk.lost, None, ""))
    return _from(start, found)


def _from(start: dt.datetime, found: Sequence[State]) -> list[State]:
    """The states in their order, the first at `start`; of several at one instant, or before `start`, the last."""
    begun = {max(state.since, start): state for state in reversed(found)}
    first = min(begun)
    return [
        state._replace(since=start if since == first else since) for since, state in sorted(begun.items())
    ]
