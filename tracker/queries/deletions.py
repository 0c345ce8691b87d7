"""When and why a record was deleted, and how to read it as it last was."""

import datetime as dt
from dataclasses import dataclass

from tracker.clocks import Clocks
from tracker.models import VERSIONS, Change, Record, User
from tracker.models.known import OPEN
from tracker.models.names import root_of
from tracker.models.past import reading


@dataclass(frozen=True)
class Deletion:
    """The deletion of a record."""

    name: str
    """Its last name."""
    at: dt.datetime
    by: User | None
    note: str
    before: Clocks
    """The last moment at which it was on record."""
    is_later: bool = False
    """Whether it was recorded after the instant that is read too."""


def deletion(model: type[Record], ref: str, user: User, known: dt.datetime | None) -> Deletion | None:
    """The deletion of the record of `model` with the reference `ref`; the last one before `known`, if there was one.

    None if it was not deleted, if it was on record at the instant `known` that is read, or if `user` could not read it
    by the rights of now. At most five queries.
    """
    versions = VERSIONS.get(root_of(model))
    last = versions and versions.objects.filter(ref=ref).order_by("known_until").last()
    if not last or last.known_until == OPEN:
        return None
    is_later = bool(known and known < last.known_until)
    if is_later:
        if versions.objects.filter(ref=ref, known_from__lte=known, known_until__gt=known).exists():
            return None
        ended = versions.objects.filter(ref=ref, known_until__lte=known).order_by("known_until").last()
        # It had been deleted by then, and was put back.
        last, is_later = ended or last, ended is None
    before = Clocks(known=last.known_until - dt.timedelta(microseconds=1))
    with reading(before.known):
        record = model.objects.visible_to(user).filter(ref=ref).first()
        if record is None:
            return None
        entries = Change.objects.filter(
            record_ref=ref, action=Change.Action.DELETED, at__lte=last.known_until
        )
        entry = entries.select_related("by").first()
        return Deletion(
            str(record),
            last.known_until,
            entry and entry.by,
            entry.note if entry else "",
            before,
            is_later,
        )
