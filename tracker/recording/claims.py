"""Adds claims. Claims are never changed."""

from collections.abc import Sequence

from tracker.models import Claim
from tracker.models.base import writes_allowed
from tracker.recording.timestamps import PENDING, one_instant

BATCH = 500


def add_claims(claims: Sequence[Claim]) -> None:
    """Add unsaved `claims`; raises IntegrityError, and adds none, if one already exists."""
    for row in claims:
        row.recorded_at = PENDING
    with one_instant() as pending, writes_allowed():
        Claim.objects.bulk_create(claims, batch_size=BATCH)
        pending.recorded(claims)
