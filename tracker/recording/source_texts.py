"""Keeps each text of a source as it was stored, and looks the quotes of its citations up in it."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from tracker.models import Citation, Source, SourceText, User
from tracker.models.evidence import stands_in
from tracker.models.source_texts import sha256
from tracker.recording.timestamps import PENDING, Pending


def keep(by: User, source: Source, pending: Pending) -> None:
    """Keep the text of `source`, which `by` has just stored or taken out."""
    stored = newer(source)
    stored.recorded_at, stored.recorded_by = PENDING, by
    stored.save()
    pending.recorded([stored])
    _find_quotes(source, stored, pending)


def newer(source: Source) -> SourceText:
    """The text of `source`, to be saved as its newest."""
    last = SourceText.objects.of(source).values_list("number", flat=True).first() or 0
    return SourceText(
        source_ref=source.ref,
        number=last + 1,
        language=source.language,
        sha256=sha256(source.text),
        text=source.text,
    )


def look_up(citation: Citation, by: User) -> None:
    """Look the quote of an unsaved `citation` up, unless it is proved already, and note which text has it.

    It is looked for in the text of its source, then in the earlier ones that `by` may read, the newest first.
    """
    source = citation.source if citation.source_id else None
    if citation.found or source is None:
        return
    citation.found = stands_in(citation.quote, source.text)
    if citation.found:
        citation.found_in = _stored(source)
    elif citation.quote:
        having = (text for text in _kept(source, by) if stands_in(citation.quote, text.text))
        if proof := next(having, None):
            citation.found, citation.found_in = True, proof


def keep_proofs(before: QuerySet[Citation], citations: Iterable[Citation]) -> None:
    """Let the unsaved `citations` keep the texts that proved the same words of the same source in `before`."""
    proved = before.filter(found=True, found_in__isnull=False)
    proofs = {(row.source_id, row.quote): row.found_in_id for row in proved}
    for citation in citations:
        if proof := proofs.get((citation.source_id, citation.quote)):
            citation.found, citation.found_in_id = True, proof


def _kept(source: Source, by: User) -> list[SourceText]:
    """The texts of `source` that `by` may read; many citations of one source take one query."""
    kept = source.__dict__.setdefault("_kept", {})
    if by.pk not in kept:
        kept[by.pk] = list(SourceText.objects.visible_to(by).of(source))
    return kept[by.pk]


def _stored(source: Source) -> SourceText | None:
    """The newest of the texts kept that has the words of `source`; many citations of one source take one query."""
    stored = source.__dict__.get("_stored")
    if stored is None or stored.text != source.text:
        stored = SourceText.objects.of(source).filter(sha256=sha256(source.text)).first()
        source.__dict__["_stored"] = stored
    return stored


def _find_quotes(source: Source, stored: SourceText, pending: Pending) -> None:
    """Look the quotes of `source` up in its new text; those found in an earlier one stay found there."""
    for citation in source.citations.exclude(quote="").exclude(found=True):
        found = stands_in(citation.quote, stored.text)
        if found is None or found == citation.found:
            continue
        at: dict[str, dt.datetime] = {} if citation.found is False else {"looked_up_at": PENDING}
        if found:
            at["found_at"] = PENDING
        found_in = stored if found else None
        Citation.objects.filter(pk=citation.pk).update(found=found, found_in=found_in, **at)
        pending.looked_up.add(citation.pk)


def unkept() -> QuerySet[Source]:
    """The sources whose text is not the newest of those kept."""
    newest = SourceText.objects.filter(source_ref=OuterRef("ref")).order_by("-number").values("text")
    return Source.objects.annotate(newest=Coalesce(Subquery(newest[:1]), Value("", TextField()))).exclude(
        text=F("newest")
    )


def keep_all(instant: dt.datetime) -> None:
    """Keep the text of each source, as stored at `instant`, where it is not the newest of those kept."""
    for source in unkept().iterator(chunk_size=100):
        stored = newer(source)
        stored.recorded_at = instant
        stored.save()
