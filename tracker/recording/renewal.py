"""New versions of many developments at once, where what they name was merged, or a merge was undone."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from tracker.models import Citation, Development, Effect, User
from tracker.models.base import new_ref
from tracker.models.batches import BATCH, in_batches
from tracker.models.vocabularies import CorrectionReason, EndedAs
from tracker.recording import place
from tracker.recording.bulk import NewDevelopment
from tracker.recording.place import Waiting
from tracker.recording.prepare import attach, copied, stamp
from tracker.recording.timestamps import PENDING, Pending
from tracker.recording.wordings import unite_texts

Renewed = tuple[Development, NewDevelopment]
"""A version in force, and what is to stand in its place."""

Tell = Callable[[int], None]
"""Is told how many developments are renewed so far; may raise an exception of its own to have it all rolled back."""


def untold(done: int) -> None:
    """The Tell for changes that nobody watches."""


def told_batches(keys: Iterable[int], tell: Tell) -> Iterator[list[int]]:
    """`keys` a part at a time; `tell` hears how many of them came before."""
    for number, some in enumerate(in_batches(keys)):
        tell(number * BATCH)
        yield some


def locked(developments: QuerySet) -> int:
    """Keep others from ending the `developments` until the transaction ends; how many still are among them then."""
    return len(developments.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def saying_so(keys: Collection[int]) -> Iterator[Renewed]:
    """The versions with the primary keys `keys`, each with an unsaved copy of all that it says."""
    rows = Development.objects.filter(pk__in=keys).select_related("process", "party", "speaker", "talk")
    in_order = Prefetch("effects", Effect.objects.order_by("pk"))
    parts = (in_order, "effects__item", "effects__party", "citations__source")
    for old in rows.prefetch_related(*parts).order_by("pk"):
        effects = [copied(effect) for effect in old.effects.all()]
        for effect in effects:
            effect.item_kind = effect.item.item_kind
        citations = []
        for before in old.citations.all():
            citation = copied(before)
            citation.found, citation.found_in_id = before.found, before.found_in_id
            citations.append(citation)
        yield old, NewDevelopment(copied(old), effects, citations)


def ending(by: User, note: str, reason: str) -> dict[str, object]:
    """The columns of a version that `by` ends for `reason`, but for when."""
    return {"ended_as": EndedAs.CORRECTED, "ended_by": by, "ended_reason": reason, "ended_note": note}


def renew(
    by: User,
    renewed: Sequence[Renewed],
    note: str,
    pending: Pending,
    reason: str = CorrectionReason.RECODED,
) -> None:
    """End the current versions in `renewed` for `reason`, and record in the place of each what stands beside it.

    What is of another process is placed there within its day, in the given order.
    """
    keys = [old.pk for old, _ in renewed]
    Development.objects.filter(pk__in=keys).update(ended_at=PENDING, **ending(by, note, reason))
    Effect.objects.filter(development__in=keys).update(ended_at=PENDING)
    complete(by, renewed)
    pending.renews = True
    Development.objects.bulk_create([new.development for _, new in renewed])
    Effect.objects.bulk_create([effect for _, new in renewed for effect in new.effects])
    Citation.objects.bulk_create([citation for _, new in renewed for citation in new.citations])
    for old, new in renewed:
        pending.recorded([new.development, *new.effects, *new.citations])
        pending.developed(old.process_id, items_of(old, new), ended=old.pk)
        pending.processes.add(new.development.process_id)


def items_of(old: Development, new: NewDevelopment) -> set[int]:
    """The primary keys of the items that either of the two touches."""
    return {effect.item_id for effect in (*old.effects.all(), *new.effects)}


def complete(by: User, renewed: Sequence[Renewed], waiting: Waiting = lambda days: ()) -> None:
    """Fill in all that the new versions in `renewed` do not say themselves; raises ValidationError for a place taken.

    `waiting`: those of given days that wait to be recorded before them.
    """
    for old, new in renewed:
        new.development.ref, new.development.version = old.ref, old.version + 1
    moved = [new.development for old, new in renewed if new.development.process_id != old.process_id]
    days = _days_there(moved)
    for old, new in renewed:
        development = new.development
        development.first_recorded_at, development.sequence = old.first_recorded_at, old.sequence
        place.keep(development, old)
        stamp(by, development, new.citations)
        # Until when it can have happened stays as it was: nothing new is said of that.
        development.recorded_on = days.get(development.ref, old.recorded_on)
        development.happened_key = development.key
    for error in place.arrange(moved, moved=True, waiting=waiting).values():
        raise error
    for _, new in renewed:
        unite_texts(new.effects)
        for effect in new.effects:
            attach(effect, new.development)
        for citation in new.citations:
            citation.development, citation.recorded_at = new.development, new.development.recorded_at
        for part in (*new.effects, *new.citations):
            part.ref = new_ref(part.prefix)


def _days_there(coming: Sequence[Development]) -> dict[str, dt.date]:
    """{reference: its day of recording} for those of `coming` that were in their process before.

    It is not to tell of what was recorded of them elsewhere: those whose date is the same have the day that they had.
    """
    there = Q(process__in={row.process_id for row in coming}, ref__in=[row.ref for row in coming])
    last = {row.ref: row for row in Development.objects.filter(there).order_by("version")} if coming else {}
    return {
        row.ref: last[row.ref].recorded_on if last[row.ref].occurred == row.occurred else timezone.localdate()
        for row in coming
        if row.ref in last
    }
