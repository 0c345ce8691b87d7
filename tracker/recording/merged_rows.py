"""What the rows of merged records, which stay in their tables, go on naming."""

from collections.abc import Collection

from django.db.models import F, Q

from tracker.models import Item, Record, User
from tracker.models.batches import in_batches
from tracker.models.mergeable import Mergeable
from tracker.recording.references import references
from tracker.recording.timestamps import Pending


def follow_their_survivors(model: type[Record]) -> Q:
    """The condition on the records of `model` that they were merged, not moved: what they have to name may change."""
    if not issubclass(model, Mergeable):
        return Q(pk__in=())
    return Q(merged_into__isnull=False) & (
        Q(merged_into__process=F("process")) if issubclass(model, Item) else Q()
    )


def release(by: User, record: Record, note: str, pending: Pending) -> None:
    """Let no merged record name `record` that its survivor does not name any more."""
    for owner, name, table, *_ in references(type(record)):
        if owner is not table or not issubclass(owner, Mergeable) or name == "merged_into":
            continue
        for row in owner.everything.filter(follow_their_survivors(owner), **{name: record.pk}):
            survivor = owner.everything.filter(pk=row.merged_into_id)
            owner.everything.filter(pk=row.pk).update(**{name: survivor.values_list(name, flat=True)[0]})
            touch(owner, [row.pk], by, note, pending)


def touch(model: type[Record], keys: Collection[int], by: User, note: str, pending: Pending) -> None:
    """Count one more version of the records of `model` with the primary keys `keys`, and keep it."""
    for some in in_batches(keys):
        model._base_manager.filter(pk__in=some).update(version=F("version") + 1)
    if keys:
        pending.changed.setdefault((model, by.pk, note), set()).update(keys)
