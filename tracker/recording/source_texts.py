"""Keeps each text of a source as it was stored, and looks the quotes of its citations up in it."""

import datetime as dt

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


def look_up(citation: Citation) -> None:
    """Look the quote of an unsaved `citation` up in the text of its source, and note which text has it."""
    citation.found = citation.found_in = None
    if citation.source_id:
        citation.found = stands_in(citation.quote, citation.source.text)
        citation.found_in = _stored(citation.source) if citation.found else None


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
