"""When an item or a delegation was moved to a process that its reader may not see, and how it last was."""

import datetime as dt
from dataclasses import dataclass

from tracker.clocks import Clocks
from tracker.models import VERSIONS, Delegation, Item, Record, Talk, User
from tracker.models.mergeable import led_on
from tracker.models.past import reading


@dataclass(frozen=True)
class Departure:
    """The move of an item, or of a talk's delegation, out of sight."""

    name: str
    """What it was called until then."""
    at: dt.datetime
    before: Clocks
    """The last moment at which it stood where the reader may see it."""


def departure(model: type[Record], ref: str, user: User, known: dt.datetime | None) -> Departure | None:
    """The move of the item or delegation of `model` with the reference `ref`, as known at the instant that is read.

    None if it was not moved, if `user` may see where to, or could not read it where it was. Of an item that was merged
    it is the move of its survivor. At most four queries, and one for each further process; five more for a survivor.
    """
    if model is Delegation:
        return _departure_of_delegation(ref, user, known)
    if not issubclass(model, Item):
        return None
    gone = model.everything.visible_to(user).exclude(merged_into=None).filter(ref=ref).first()
    if gone is None or model.objects.visible_to(user).filter(pk=led_on(model, [ref])[ref]).exists():
        return None
    if survivor := model.everything.visible_to(user).filter(pk=gone.merged_into_id).first():
        return departure(model, survivor.ref, user, known)
    versions = VERSIONS[Item]._base_manager.filter(row_id=gone.pk).order_by("known_from")
    stood = versions.filter(merged_into_id=None).last()
    moved = versions.filter(merged_into_id=gone.merged_into_id).first()
    if stood is None or moved is None:
        return None
    before = Clocks(known=stood.known_until - dt.timedelta(microseconds=1))
    return Departure(str(gone), moved.known_from, before)


def _departure_of_delegation(ref: str, user: User, known: dt.datetime | None) -> Departure | None:
    # Its row goes along with the talk; what becomes of it there is not to be told.
    versions = VERSIONS[Delegation]._base_manager.filter(ref=ref).order_by("known_from")
    seen = versions.filter(talk_id__in=Talk.everything.visible_to(user).values("pk"))
    stood = (seen.filter(known_from__lte=known) if known else seen).last()
    if stood is None or not versions.filter(known_from=stood.known_until).exists():
        return None
    if known and known < stood.known_until:
        return None
    before = Clocks(known=stood.known_until - dt.timedelta(microseconds=1))
    with reading(before.known):
        gone = Delegation.objects.visible_to(user).filter(ref=ref).first()
        return gone and Departure(str(gone), stood.known_until, before)
