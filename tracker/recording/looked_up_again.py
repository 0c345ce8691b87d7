"""Looks quotes that were not found up again, once a release finds more of what a reader sees."""

from django.db import connection, transaction
from django.utils import timezone

from tracker.models import Citation, DerivedText, SourceText, derived, evidence
from tracker.models.base import writes_allowed
from tracker.models.batches import in_batches
from tracker.recording.source_texts import look_up
from tracker.recording.timestamps import PENDING, ClockBehind, next_instant
from tracker.text import folding, marks, quotes, words

NAME = "quotes"
"""The name of the digest of the rules by which all quotes have been looked up."""


def install(using: str = "default", **signal: object) -> None:
    """Look the quotes up that other rules have not found; called after every migration."""
    tables = connection.introspection.table_names()
    if using != "default" or not {SourceText._meta.db_table, DerivedText._meta.db_table} <= {*tables}:
        return
    rules = derived.digest_of((evidence, folding, marks, quotes, words)).hexdigest()
    if DerivedText.objects.filter(name=NAME, rules=rules).exists():
        return
    try:
        look_up_again()
    except ClockBehind:
        # Nothing can be recorded now; the next migration does it.
        return
    DerivedText.objects.update_or_create(name=NAME, defaults={"rules": rules})


def look_up_again() -> int:
    """Look up the quotes of the developments in force that were not found; return how many are found now.

    Each is looked for in the texts that its recorder may read, and counts as found from now on. What is found is
    written a batch at a time, so that others can record meanwhile. Raises ClockBehind.
    """
    unfound = Citation.objects.filter(found=False, development__ended_at=None)
    count = 0
    # Those of one source come together: its text is prepared once.
    for keys in in_batches([*unfound.order_by("source", "pk").values_list("pk", flat=True)]):
        rows = unfound.filter(pk__in=keys).order_by("source", "pk").select_related("development__recorded_by")
        if found := [row for row in rows.prefetch_related("source") if _is_found(row)]:
            count += _write(found)
    return count


def _is_found(citation: Citation) -> bool:
    look_up(citation, citation.development.recorded_by)
    return bool(citation.found)


def _write(found: list[Citation]) -> int:
    """Write in which texts the words were `found`, unless another has proved or ended it meanwhile."""
    with transaction.atomic(), writes_allowed():
        for citation in found:
            unfound = Citation.objects.filter(pk=citation.pk, found=False)
            unfound.update(found=True, found_in=citation.found_in, found_at=PENDING)
        # The order of recording is locked last.
        written = Citation.objects.filter(pk__in=[citation.pk for citation in found], found_at=PENDING)
        return written.update(found_at=next_instant(timezone.now()))
