"""Texts of sources as releases before 0030 kept them, each until it was replaced: brought to how they are kept now.

The migration does it for its database, and a restore for the package of such a release.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.apps.registry import Apps
from django.db.models import QuerySet

from tracker.models.changes import digest
from tracker.models.evidence import stands_in
from tracker.models.source_texts import sha256

Earlier = Mapping[str, Sequence[tuple[dt.datetime, str]]]
"""{reference of a source: the texts that it had, each with the instant until which it had it, in their order}."""


class Entry(NamedTuple):
    """What an audit entry says of the text: when and by whom it was stored, and its digest."""

    at: dt.datetime
    by: int | None
    digest: str


class Stored(NamedTuple):
    """A text with who stored it when."""

    at: dt.datetime
    by: int | None
    text: str


def withhold(apps: Apps) -> tuple[int, Earlier]:
    """Put digests in place of texts that stand in audit entries; the number of entries, and the texts that gave way.

    Releases before 0011 logged them in full, so packages written by those contain them.
    """
    changes, mended, texts = apps.get_model("tracker", "Change").objects, 0, defaultdict(list)
    for entry in changes.filter(record_type="source").order_by("pk").iterator(chunk_size=100):
        told = [change for change in entry.changes if change["field"] == "text"]
        bare = [
            change for change in told if any(change[key] != digest(change[key]) for key in ("old", "new"))
        ]
        for change in bare:
            if change["old"] != digest(change["old"]):
                texts[entry.record_ref].append((entry.at, change["old"]))
            change |= {key: digest(change[key]) for key in ("old", "new")}
        if bare:
            mended += 1
            changes.filter(pk=entry.pk).update(changes=entry.changes)
    return mended, texts


def keep(apps: Apps, earlier: Earlier) -> None:
    """Keep the `earlier` texts and the present ones as they are kept now, and say of each quote which of them has it.

    `apps` are those of the installation, or of a migration.
    """
    source, text = (apps.get_model("tracker", name) for name in ("Source", "SourceText"))
    stored = set(source.objects.exclude(text="").values_list("ref", flat=True))
    for ref in sorted(stored.union(earlier)):
        present = source.objects.filter(ref=ref).first()
        entries = list(_entries(apps, ref))
        texts = sorted(earlier.get(ref, ()), key=itemgetter(0))
        first = present.recorded_at if present else min((entry.at for entry in entries), default=texts[0][0])
        versions = stored_texts(texts, present and present.text, entries, first)
        text.objects.bulk_create(
            text(
                source_ref=ref,
                number=number,
                recorded_at=version.at,
                recorded_by_id=version.by,
                language=present.language if present else "",
                sha256=sha256(version.text),
                text=version.text,
            )
            for number, version in enumerate(versions, start=1)
        )
        if present:
            _prove(present, text.objects.filter(source_ref=ref))


def stored_texts(
    earlier: Iterable[tuple[dt.datetime, str]],
    present: str | None,
    entries: Sequence[Entry],
    first: dt.datetime,
) -> list[Stored]:
    """The texts of a source first recorded at `first`, in the order in which they were stored.

    `present` is its text now, None if it is gone. A text that no entry tells of followed the one before at once.
    """
    found: list[Stored] = []
    last = first
    for until, text in (*earlier, (None, present)):
        if not text:
            continue
        since = [
            entry
            for entry in entries
            if entry.digest == digest(text) and last <= entry.at and (until is None or entry.at <= until)
        ]
        at, by, _ = since[0] if since else Entry(last, None, "")
        if found and at > last:
            found.append(Stored(last, _who_emptied(entries, last), ""))
        found.append(Stored(at, by, text))
        last = until or at
    if found and present == "":
        found.append(Stored(last, _who_emptied(entries, last), ""))
    return found


def _who_emptied(entries: Iterable[Entry], at: dt.datetime) -> int | None:
    return next((entry.by for entry in entries if entry.at == at and not entry.digest), None)


def _entries(apps: Apps, ref: str) -> Iterator[Entry]:
    rows = apps.get_model("tracker", "Change").objects.filter(record_type="source", record_ref=ref)
    for at, by, changes in rows.order_by("at", "pk").values_list("at", "by", "changes"):
        for change in changes:
            if change["field"] == "text":
                yield Entry(at, by, change["new"])


def _prove(source: Any, texts: QuerySet) -> None:
    """Write into each citation of `source` whose words were found, which of its `texts` has them."""
    known = list(texts.order_by("number"))
    for citation in source.citations.filter(found=True, found_in=None):
        moment = citation.found_at or citation.recorded_at
        before = [text for text in known if text.recorded_at <= moment]
        for text in (*reversed(before), *known[len(before) :]):
            if stands_in(citation.quote, text.text):
                source.citations.filter(pk=citation.pk).update(found_in=text.pk)
                break
