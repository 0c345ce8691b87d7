"""When an item was moved to a process that its reader may not see, and how to read it as it last was."""

import datetime as dt
from dataclasses import dataclass

from tracker.clocks import Clocks
from tracker.models import VERSIONS, Item, Record, User
from tracker.models.mergeable import led_on


@dataclass(frozen=True)
class Departure:
    """The move of an item out of sight."""

    name: str
    """What it was called until then."""
    at: dt.datetime
    before: Clocks
    """The last moment at which it stood where the reader may see it."""


def departure(model: type[Record], ref: str, user: User) -> Departure | None:
    """The move of the item of `model` with the reference `ref`.

    None if it was not moved, if `user` may see where to, or could not read it where it was.
    At most four queries, and one for each further process.
    """
    if not issubclass(model, Item):
        return None
    gone = model.everything.visible_to(user).exclude(merged_into=None).filter(ref=ref).first()
    if gone is None or model.objects.visible_to(user).filter(pk=led_on(model, [ref])[ref]).exists():
        return None
    versions = VERSIONS[Item]._base_manager.filter(row_id=gone.pk).order_by("known_from")
    stood = versions.filter(merged_into_id=None).last()
    moved = versions.filter(merged_into_id=gone.merged_into_id).first()
    if stood is None or moved is None:
        return None
    before = Clocks(known=stood.known_until - dt.timedelta(microseconds=1))
    return Departure(str(gone), moved.known_from, before)
