"""Whether the words that a record had at an earlier instant were kept."""

import datetime as dt

from tracker.models import VERSIONS, Record
from tracker.models.versions import key_column


def are_lost(record: Record, known: dt.datetime) -> bool:
    """Whether `record`, read at the instant `known`, has later words in place of some that were not kept. One query."""
    versions = VERSIONS.get(type(record))
    if versions is None:
        return False
    rows = versions._base_manager.filter(**{key_column(type(record)): record.pk}, is_complete=False)
    return rows.filter(known_from__lte=known, known_until__gt=known).exists()
