"""Records that may be the same as one that is about to be recorded: of the same name, alias, address or text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from tracker.models import Record, Source, User
from tracker.models.names import NameRank, keys_of, names_of
from tracker.models.source_texts import SourceText, sha256
from tracker.queries.record_lookup import candidate_text

SHOWN = 6
"""The maximum number of records in a message."""

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?P<rest>[^#]*?)/*(?:#.*)?", re.IGNORECASE | re.DOTALL)


def namesakes(records: Sequence[Record], user: User) -> list[list[Record]]:
    """For each of `records`, which are of one model, the others that `user` may see of its names, address or text.

    Names are compared folded, and by what they look like; of a record of a process, with those of that process.
    At most four queries.
    """
    model = type(records[0])
    keys = [
        [name for name, rank in keys_of(record).items() if rank != NameRank.SURNAME] for record in records
    ]
    rows = names_of(model).filter(key__in={name for names in keys for name in names}).order_by("record_id")
    by_key: dict[str, list[int]] = defaultdict(list)
    for record_id, name in rows.values_list("record_id", "key"):
        by_key[name].append(record_id)
    # The texts of sources are compared by their digests.
    visible = model.objects.visible_to(user).select_related().defer(*model.private_fields)
    found = visible.in_bulk({record_id for ids in by_key.values() for record_id in ids})
    named_so = [[found[pk] for name in names for pk in by_key[name] if pk in found] for names in keys]
    at_address, of_text = _at_address(records, visible), _of_text(records, visible)
    return [
        list({other.pk: other for other in (*named, *at, *same) if _may_be(record, other)}.values())
        for record, named, at, same in zip(records, named_so, at_address, of_text, strict=True)
    ]


def named(records: Iterable[Record]) -> str:
    """Each of `records`, as far as a message shows them, with what tells it from others."""
    return "; ".join(candidate_text(record) for record in [*records][:SHOWN])


def _may_be(record: Record, other: Record) -> bool:
    if isinstance(record, Source):
        return record.ref != other.ref
    # Many people hold an office of one title, and many processes have a demand of one.
    belongs = all(
        getattr(record, name, None) == getattr(other, name, None) for name in ("process_id", "person_id")
    )
    return belongs and record.ref != other.ref


def _at_address(records: Sequence[Record], visible) -> list[list[Record]]:
    spellings = [_spellings(getattr(record, "url", "")) for record in records]
    wanted = {spelling for each in spellings for spelling in each}
    by_address: dict[str, list[Record]] = defaultdict(list)
    for record in visible.filter(url__in=wanted) if wanted else ():
        by_address[record.url].append(record)
    return [[other for spelling in each for other in by_address[spelling]] for each in spellings]


def _of_text(records: Sequence[Record], visible) -> list[list[Record]]:
    """Those that have, or had, the very text of each of `records`."""
    digests = [sha256(text) if (text := getattr(record, "text", "")) else "" for record in records]
    stored = (
        SourceText.objects.filter(sha256__in=filter(None, digests))
        if any(digests)
        else SourceText.objects.none()
    )
    refs: dict[str, list[str]] = defaultdict(list)
    for digest, ref in stored.values_list("sha256", "source_ref"):
        refs[digest].append(ref)
    by_ref = {other.ref: other for other in visible.filter(ref__in=[*chain(*refs.values())])} if refs else {}
    return [[by_ref[ref] for ref in refs[digest] if ref in by_ref] for digest in digests]


def _spellings(url: str) -> list[str]:
    """The ways to write the address `url`: with and without encryption, "www.", and a slash at its end."""
    match = _ADDRESS.fullmatch(url.strip())
    if not match or not match["rest"]:
        return []
    return [
        f"{scheme}://{host}{match['rest']}{end}"
        for scheme in ("https", "http")
        for host in ("", "www.")
        for end in ("", "/")
    ]
