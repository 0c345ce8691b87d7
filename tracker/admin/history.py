"""What the history pages tell: the audit trail of a record, the versions of a development."""

import datetime as dt
from dataclasses import dataclass, field

from tracker.clocks import PRESENT
from tracker.models import Change, Development, Record, User
from tracker.queries.versions import events, versions_of


@dataclass(frozen=True)
class Entry:
    """One step of a history: when, who, what was done and why, and the words that changed."""

    at: dt.datetime
    by: User
    done: str
    why: str = ""
    changes: list[dict] = field(default_factory=list)
    """Each with `label`, `old` and `new`."""


def changes_of(reader: User, record: Record) -> list[Entry]:
    """The audit trail of `record` and its parts, newest first."""
    return [
        Entry(
            at=change.at,
            by=change.by,
            done=change.action
            if change.record_ref == record.ref
            else f"{change.record_name}: {change.action}",
            why=change.note,
            changes=change.changes,
        )
        for change in Change.objects.visible_to(reader).filter(subject_ref=record.ref).select_related("by")
    ]


def development_history(reader: User, development: Development) -> list[Entry]:
    """How `development` came to say what it says: recorded, corrected, withdrawn, newest first."""
    return [
        Entry(
            at=event.at,
            by=event.by,
            done=f"{event.done}: {event.reason}" if event.reason else event.done,
            why=event.note,
            changes=event.rewordings + event.resettings,
        )
        for event in events(versions_of(reader, development.ref, PRESENT))
    ]
