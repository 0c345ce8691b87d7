"""The history of a record: its audit entries, or the versions of a development."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.clocks import PRESENT
from tracker.models import Change, Development, Record, User
from tracker.queries.changed_dates import with_dates
from tracker.queries.versions import events, versions_of

Versions = Mapping[str, int]
"""The versions of a record and of its parts, by reference."""


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of a history: when, by whom, what was done and why, and the texts that changed."""

    at: dt.datetime
    by: User
    done: str
    why: str = ""
    changes: list[dict] = field(default_factory=list)
    """Each with `label`, `old` and `new`."""


def changes_of(reader: User, ref: str) -> list[HistoryEntry]:
    """The audit trail of the record `ref` and its parts, newest first."""
    return [_entry(change, ref) for change in with_dates(_audit_entries(reader, ref))]


def changes_since(reader: User, ref: str, before: Versions, now: Versions) -> list[HistoryEntry]:
    """The entries between the versions `before` and `now` of a record and its parts, newest first.

    `ref`: the record in whose history they are. Every save adds one entry and increases one version by one.
    """
    left = Counter(now)
    left.subtract(before)
    # The deletion of a part has an entry of its own.
    left.update({gone: 1 - left[gone] for gone in before.keys() - now.keys()})
    entries = []
    for change in with_dates(_audit_entries(reader, ref)):
        if left[change.record_ref] > 0:
            left[change.record_ref] -= 1
            entries.append(_entry(change, ref))
    return entries


def changes_to(*records: Record) -> int:
    """How many times `records` and their parts have been saved, whether or not the user may see it."""
    return Change.objects.filter(subject_ref__in=[record.subject_ref for record in records]).count()


def latest_changes(reader: User, records: Iterable[Record], number: int) -> list[HistoryEntry]:
    """The latest `number` changes to `records` and their parts that `reader` may see."""
    changes = Change.objects.visible_to(reader).filter(
        subject_ref__in=[record.subject_ref for record in records]
    )
    return [_entry(change, "") for change in changes.select_related("by")[:number]]


def development_history(reader: User, ref: str) -> list[HistoryEntry]:
    """When and why the development `ref` was recorded, corrected and withdrawn, newest first."""
    return [
        HistoryEntry(
            at=event.at,
            by=event.by,
            done=f"{event.done}: {event.reason}" if event.reason else event.done,
            why=event.note,
            changes=event.rewordings + event.resettings,
        )
        for event in events(versions_of(reader, ref, PRESENT))
    ]


def history_of(reader: User, record: Record) -> list[HistoryEntry]:
    """The history of `record`, newest first."""
    if isinstance(record, Development):
        return development_history(reader, record.ref)
    return changes_of(reader, record.ref)


def _audit_entries(reader: User, ref: str):
    return Change.objects.visible_to(reader).filter(subject_ref=ref).select_related("by")


def _entry(change: Change, ref: str) -> HistoryEntry:
    done = change.action if change.record_ref == ref else f"{change.record_name}: {change.action}"
    return HistoryEntry(change.at, change.by, done, change.note, change.changes)
