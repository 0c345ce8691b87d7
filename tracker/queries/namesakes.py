"""Records that may be the same as one that is about to be recorded: of the same name, alias, address or text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from django.db.models import Q

from tracker.models import Record, Source, User
from tracker.models.names import NameRank, keys_of, names_of
from tracker.models.source_texts import SourceText, sha256
from tracker.queries.record_lookup import candidate_text

SHOWN = 6
"""The maximum number of records in a message."""

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?(?P<rest>[^#]*?)/*(?:#.*)?", re.IGNORECASE | re.DOTALL)


_TRACKING = re.compile(
    r"(?:utm_\w+|(?:fb|g|ms|y|dc|tw|igsh|wbra|gbra)clid|mc_[ce]id|igshid?|_ga|ocid|cmpid)(?:=[^&]*)?", re.I
)
"""The parameters by which sites see where a reader came from; they lead to the same page."""
_FEW = 20
"""For so many records at most, stored addresses are looked for that may have more parameters: they are scanned."""


Marks = list[str]
"""By which a record may be taken for another one: the keys of its names, and that of its address."""


def namesakes(records: Sequence[Record], user: User) -> list[list[Record]]:
    """For each of `records`, which are of one model, the others that `user` may see of its names, address or text.

    Names are compared folded, and by what they look like; of a record of a process, with those of that process.
    At most four queries.
    """
    return [others for others, _ in namesakes_and_marks(records, user)]


def namesakes_and_marks(records: Sequence[Record], user: User) -> list[tuple[list[Record], Marks]]:
    """For each of `records` its `namesakes`, and the marks that tell whether one of the others may be the same."""
    model = type(records[0])
    keys = [_marks(record) for record in records]
    rows = names_of(model).filter(key__in={name for names in keys for name in names}).order_by("record_id")
    by_key: dict[str, list[int]] = defaultdict(list)
    for record_id, name in rows.values_list("record_id", "key"):
        by_key[name].append(record_id)
    # The texts of sources are compared by their digests.
    visible = model.objects.visible_to(user).select_related().defer(*model.private_fields)
    found = visible.in_bulk({record_id for ids in by_key.values() for record_id in ids})
    named_so = [[found[pk] for name in names for pk in by_key[name] if pk in found] for names in keys]
    at_address, of_text = _at_address(records, visible), _of_text(records, visible, user)
    return [
        (list({other.pk: other for other in (*named, *at, *same) if _may_be(record, other)}.values()), marks)
        for record, named, at, same, marks in zip(records, named_so, at_address, of_text, keys, strict=True)
    ]


def named(records: Iterable[Record]) -> str:
    """Each of `records`, as far as a message shows them, with what tells it from others."""
    return "; ".join(candidate_text(record) for record in [*records][:SHOWN])


def _marks(record: Record) -> Marks:
    names = [name for name, rank in keys_of(record).items() if rank != NameRank.SURNAME]
    address = _address_key(getattr(record, "url", ""))
    return [*names, f"//{address}"] if address else names


def _may_be(record: Record, other: Record) -> bool:
    if isinstance(record, Source):
        return record.ref != other.ref
    # Many people hold an office of one title, and many processes have a demand of one.
    belongs = all(
        getattr(record, name, None) == getattr(other, name, None) for name in ("process_id", "person_id")
    )
    return belongs and record.ref != other.ref


def _at_address(records: Sequence[Record], visible) -> list[list[Record]]:
    addresses = [_address_key(getattr(record, "url", "")) for record in records]
    wanted = {spelling for address in filter(None, addresses) for spelling in _spellings(address)}
    wanted |= {record.url for record, address in zip(records, addresses, strict=True) if address}
    if not wanted:
        return [[] for _ in records]
    condition = Q(url__in=wanted)
    for address in addresses if len(records) <= _FEW else ():
        for spelling in _spellings(address):
            condition |= Q(url__startswith=f"{spelling}{'&' if '?' in spelling else '?'}")
    by_address: dict[str, list[Record]] = defaultdict(list)
    for record in visible.filter(condition):
        by_address[_address_key(record.url)].append(record)
    return [by_address[address] if address else [] for address in addresses]


def _of_text(records: Sequence[Record], visible, user: User) -> list[list[Record]]:
    """Those that have, or had, the very text of each of `records`, as far as `user` may see that."""
    digests = [sha256(text) if (text := getattr(record, "text", "")) else "" for record in records]
    stored = (
        SourceText.objects.visible_to(user).filter(sha256__in=filter(None, digests))
        if any(digests)
        else SourceText.objects.none()
    )
    refs: dict[str, list[str]] = defaultdict(list)
    for digest, ref in stored.values_list("sha256", "source_ref"):
        refs[digest].append(ref)
    by_ref = {other.ref: other for other in visible.filter(ref__in=[*chain(*refs.values())])} if refs else {}
    return [[by_ref[ref] for ref in refs[digest] if ref in by_ref] for digest in digests]


def _address_key(url: str) -> str:
    """What the spellings of one address share; empty without an address."""
    match = _ADDRESS.fullmatch(url.strip())
    if not match:
        return ""
    path, mark, query = match["rest"].partition("?")
    kept = "&".join(each for each in query.split("&") if not _TRACKING.fullmatch(each))
    return f"{path.rstrip('/')}{mark if kept else ''}{kept}"


def _spellings(address: str) -> list[str]:
    """The ways to write the `address`, a key: with and without encryption, "www.", and a slash at its end."""
    if not address:
        return []
    return [
        f"{scheme}://{host}{address}{end}"
        for scheme in ("https", "http")
        for host in ("", "www.")
        for end in ("", "/")
    ]
