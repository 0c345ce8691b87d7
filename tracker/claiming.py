"""The one door for claims: what a dataset says of our records is added, never changed."""

from collections.abc import Sequence

from django.db import transaction

from tracker.models import Claim
from tracker.models.base import door

BATCH = 500


@transaction.atomic
def claim(claims: Sequence[Claim]) -> None:
    """Add unsaved `claims`; raises IntegrityError, and adds none, where one is there already."""
    with door():
        Claim.objects.bulk_create(claims, batch_size=BATCH)
