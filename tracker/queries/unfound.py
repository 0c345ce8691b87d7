"""Warnings about quotes that do not occur in the stored text of their source."""

from collections.abc import Iterable

from tracker.models import Citation, Development, Item, Process, Record, Source, User
from tracker.models.evidence import stands_in

LONGEST = 80
"""How many characters of a quote a warning repeats."""


def warnings_for(record: Record, user: User, is_new: bool = False) -> list[str]:
    """Warnings for `user`, who has just saved `record`; for a new item also about the development that raised it."""
    if isinstance(record, Source):
        return _of_source(record, user) if record.text else []
    return [_warning(row) for row in _quoting(record, is_new) if _is_lost(row)]


def _of_source(source: Source, user: User) -> list[str]:
    rows = Citation.objects.visible_to(user).filter(
        source=source, found=False, development__ended_at__isnull=True
    )
    number = rows.count()
    if not number:
        return []
    quotes = "1 quote is" if number == 1 else f"{number:,} quotes are"
    return [f"{quotes} not found in this text. To see which, filter the citations by Words found: No."]


def _quoting(record: Record, is_new: bool) -> Iterable:
    """The records with quotes that belong to `record`."""
    if isinstance(record, Development):
        return record.citations.select_related("source")
    if isinstance(record, Item):
        of_item = Citation.objects.filter(development__effects__item=record.pk).distinct()
        return of_item.select_related("source") if is_new else ()
    if isinstance(record, Process):
        return record.links.select_related("source")
    return [record] if hasattr(record, "quote") else []


def _is_lost(row) -> bool:
    if isinstance(row, Citation):
        return row.found is False
    return row.source is not None and stands_in(row.quote, row.source.text) is False


def _warning(row) -> str:
    words = row.quote if len(row.quote) <= LONGEST else f"{row.quote[:LONGEST].rsplit(' ', 1)[0]} …"
    return f"Not found in the stored text of {row.source.short}: “{words}”. It was saved; please check the quote."
