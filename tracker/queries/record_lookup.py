"""Looks up a record by id, name, alias or surname, with suggestions."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Count, Min, Q

from tracker.models import Delegation, Item, Office, Party, Person, Record, RecordName, Source, Talk
from tracker.models.dates import Span, held
from tracker.models.mergeable import led_on
from tracker.models.names import NameRank, names_of, type_of
from tracker.text.folding import MOST, foreign_letters, key, look, looks_like, visible

CANDIDATES = 50
"""How many records that share a name are read to tell which are meant."""
NEAREST_AMONG = 5000
"""If there are more names than this, only those with the same beginning are compared with the input."""
NEAR, NEAREST = 0.6, 3
"""The minimum difflib ratio of a suggestion, and the maximum number of suggestions."""
LONGEST = 700
"""The longest possible name or heading with an id; databases compare longer texts slowly, or refuse to."""
NAMED = 6
"""How many candidates a message lists."""

_REF = r"[a-z]{3}-[a-z0-9-]+"
_BRACKETED = re.compile(rf"\[({_REF})\]$")


def keys_of_text(model, text: str) -> list[str]:
    """The folded keys to look up for `text`; for a person, "Rubio, Marco" is also tried as "Marco Rubio"."""
    return [key(each) for each in _orders(model, text)]


def _orders(model, text: str) -> list[str]:
    last, comma, first = text.partition(",")
    if model is Person and comma and first.strip() and "," not in first:
        return [text, f"{first} {last}"]
    return [text]


def called(queryset, text: str) -> list:
    """The distinct records of `queryset` called `text`: by name, or else by alias, or else by surname."""
    model = queryset.model
    if model is Delegation:
        return list(_delegations(queryset, text))
    rows = _among(queryset).filter(key__in=keys_of_text(model, text), rank__lt=NameRank.LOOK)
    ranked = list(rows.order_by("rank", "record_id").values_list("rank", "record_id")[:CANDIDATES])
    best = [record_id for rank, record_id in ranked if rank == ranked[0][0]]
    return best_matches(queryset.filter(pk__in=best), text) if best else []


def _cited(queryset, text: str) -> list:
    """The sources of `queryset` whose short citation is `text`: the publisher, with the date if it is known."""
    publisher, _, day = text.rpartition(",")
    try:
        date = Span.parse(day)
        dated = queryset.filter(
            published_on=date.day, published_precision=date.precision, published_last=date.end
        )
    except ValueError:
        publisher, dated = text, queryset.filter(published_on=None)
    names = dated.order_by("pk").values_list("pk", "publisher")
    ids = [pk for pk, name in names.iterator() if key(name) == key(publisher)][:CANDIDATES]
    return list(queryset.filter(pk__in=ids).order_by("pk")) if ids else []


def best_matches(records: Iterable, text: str) -> list:
    """Of `records`, which share the folded key of `text`, only the one spelled exactly so, if it is the only one."""
    # Several rows can be versions of one development.
    matches = list({record.ref: record for record in records}.values())
    if len(full := key(text, most=None)) > MOST:
        matches = [
            record for record in matches if full in {key(name, most=None) for _, name in record.names()}
        ]
    exact = [record for record in matches if getattr(record, record.name_fields[0]) == visible(text)]
    return exact if len(exact) == 1 else matches


def called_by_key(queryset, keys: Iterable[str]) -> dict[str, list[int]]:
    """{key: primary keys of the records of `queryset` called so} for many keys. Two queries.

    All records with it as their name; else the only one with it as an alias, or as a surname.
    """
    rows = _among(queryset).filter(key__in=keys)
    ids = defaultdict(list)
    for name, record_id in rows.filter(rank=NameRank.NAME).values_list("key", "record_id"):
        ids[name].append(record_id)
    others = rows.filter(rank__in=(NameRank.OTHER, NameRank.SURNAME)).order_by("rank").values("key", "rank")
    seen = set(ids)
    for name, _, count, record_id in others.annotate(count=Count("pk"), first=Min("record_id")).values_list(
        "key", "rank", "count", "first"
    ):
        if name not in seen and count == 1:
            ids[name] = [record_id]
        seen.add(name)
    return ids


def _among(queryset):
    """The entries of the name index for the records of `queryset`."""
    return names_of(queryset.model).filter(record_id__in=queryset.order_by().values("pk"))


def _delegations(queryset, text: str):
    """Delegations by their heading, "<party> at <talk>", with any names of the two."""
    words = visible(text).split(" at ")
    either = Q(pk__in=())
    for place in range(1, len(words)):
        party, talk = (
            names_of(model).filter(key=key(" at ".join(part)), rank__lte=NameRank.OTHER).values("record_id")
            for model, part in ((Party, words[:place]), (Talk, words[place:]))
        )
        either |= Q(party__in=party, talk__in=talk)
    return queryset.filter(either)[:CANDIDATES]


def alike(queryset, text: str) -> tuple[Record, str, str] | None:
    """A record of `queryset`, its name that looks like `text` but has letters of another alphabet, and `text` as that.

    For "Rubio, Marco" that is "Marco Rubio". None if there is no such record.
    """
    orders = _orders(queryset.model, text)
    keys = {fold(each) for each in orders for fold in (key, look)}
    ids = _among(queryset).filter(key__in=keys).order_by("rank").values("record_id")[:CANDIDATES]
    return _looking_like(queryset.filter(pk__in=[row["record_id"] for row in ids]).order_by("pk"), orders)


def _looking_like(records: Iterable[Record], orders: list[str]) -> tuple[Record, str, str] | None:
    for record in records:
        for _, name in record.names():
            for text in orders:
                if looks_like(text, name) and foreign_letters(text, name):
                    return record, name, text
    return None


def elsewhere(queryset, text: str):
    """A record of another type called `text` that the reader of `queryset` may see, or None."""
    model, reader = queryset.model, queryset.reader
    rows = RecordName.objects.filter(key__in=keys_of_text(model, text), rank__lt=NameRank.LOOK)
    by_type = defaultdict(list)
    for record_type, record_id in rows.order_by("rank").values_list("record_type", "record_id")[:CANDIDATES]:
        by_type[record_type].append(record_id)
    if not issubclass(model, Item) or model is Item:
        by_type.pop(type_of(model), None)
    for record_type, record_ids in by_type.items():
        other = apps.get_model("tracker", record_type)
        if reader is None and other.process_path is not None:
            continue
        records = other.objects.visible_to(reader) if reader else other.objects.all()
        if other is Item and issubclass(model, Item):
            records = records.exclude(item_kind=model.kind_code)
        if record := records.filter(pk__in=record_ids).first():
            return record
    return None


@dataclass(frozen=True)
class Nearby:
    """The names to choose suggestions from: all of `queryset`, or if too many, those with the same beginning."""

    queryset: object
    rows: tuple[tuple[str, int], ...]
    is_all: bool

    @classmethod
    def of(cls, queryset) -> "Nearby":
        """All names, if they are few enough to hold in memory."""
        rows = _among(queryset).values_list("key", "record_id")[: NEAREST_AMONG + 1]
        rows = tuple(rows) if queryset.model.name_fields else ()
        return cls(queryset, rows[:NEAREST_AMONG], len(rows) <= NEAREST_AMONG)

    def to(self, text: str) -> list[str]:
        """At most NEAREST names that are similar to `text`, best first."""
        typed = key(text)
        best: dict[int, float] = {}
        for name, record_id in self.rows if self.is_all else self._beginning(typed):
            score = _likeness(typed, name)
            if score >= max(NEAR, best.get(record_id, 0)):
                best[record_id] = score
        top = max(best.values(), default=0)
        near = sorted((-score, record_id) for record_id, score in best.items() if score >= top - 0.02)[
            : 4 * NEAREST
        ]
        field = self.queryset.model.name_fields[:1]
        called = dict(
            self.queryset.filter(pk__in=[record_id for _, record_id in near]).values_list("pk", *field)
        )
        return list(dict.fromkeys(called[record_id] for _, record_id in near if record_id in called))[
            :NEAREST
        ]

    def _beginning(self, typed: str) -> list[tuple[str, int]]:
        words = typed.split()
        ends = [" ".join(words[start:]) for start in range(len(words))]
        begun = {typed[:3], *(word[:3] for word in words[-1:])}
        near = Q(key__in=[*words, *ends]) | Q(*(("key__startswith", part) for part in begun), _connector=Q.OR)
        return list(_among(self.queryset).filter(near).values_list("key", "record_id")[:NEAREST_AMONG])


def _likeness(typed: str, name: str) -> float:
    """The similarity of two folded keys, from 0 to 1; `name` may also be a part of `typed`, or the reverse."""
    if len(name) > 3 and f" {name} " in f" {typed} ":
        return 0.8
    if len(typed) > 3 and f" {name}".find(f" {typed}") >= 0:
        return 0.8
    matcher = difflib.SequenceMatcher(None, name, typed)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0
    return matcher.ratio()


def ref_in(text: str) -> str:
    """The id in `text`, which is an id or ends with one in brackets; empty if there is none."""
    if match := _BRACKETED.search(text):
        return match[1]
    return text if re.fullmatch(_REF, text) else ""


def records_by_ref(queryset, refs: Iterable[str]) -> dict:
    """{reference: record of `queryset`}; that of a merged record leads to the one that it was merged into."""
    asked, found = set(refs), {}
    for record in queryset.filter(ref__in=asked):
        found.setdefault(record.ref, record)
    leads = led_on(queryset.model, missing) if (missing := asked - found.keys()) else {}
    survivors = {record.pk: record for record in queryset.filter(pk__in=leads.values())} if leads else {}
    return found | {ref: survivors[pk] for ref, pk in leads.items() if pk in survivors}


def find(queryset, text: str, nearby: Nearby | None = None):
    """The record of `queryset` named by `text`: an id, `Name [id]`, a name or title, an alias, a surname, a citation.

    Raises ValidationError with suggestions if there is none, or with the candidates if there are several. Pass
    `nearby`, the names to choose suggestions from, when looking up many texts.
    """
    text = visible(text)
    noun = queryset.model._meta.verbose_name
    if len(text) > LONGEST:
        raise ValidationError(f"No {noun} has a name of {len(text):,} characters.", code="unknown")
    ref = ref_in(text)
    by_ref = records_by_ref(queryset, [ref]) if ref else {}
    if by_ref:
        return by_ref[ref]
    matches = called(queryset, text)
    if not matches and queryset.model is Source:
        matches = _cited(queryset, text)
    if len(matches) == 1:
        return matches[0]
    if matches:
        candidates = "; ".join(candidate_text(record) for record in matches[:NAMED])
        more = " and others" if len(matches) > NAMED else ""
        raise ValidationError(
            f"“{text}” can mean several: {candidates}{more}. Give the id.", code="ambiguous"
        )
    raise ValidationError(_unknown(queryset, text, noun, nearby), code="unknown")


def candidate_text(record) -> str:
    """A description that tells `record` from its namesakes: its id, the holder of an office, the date of an item."""
    holder = (
        record.person if isinstance(record, Office) else record.party if isinstance(record, Person) else None
    )
    day = getattr(record, "due", None) or (
        held(record, "current_raised") if isinstance(record, Item) else None
    )
    return f"{record}{f' ({holder})' if holder else ''} [{record.ref}]" + (f", {day}" if day else "")


def _unknown(queryset, text: str, noun: str, nearby: Nearby | None) -> str:
    """The message for a `text` that names no record of `queryset`, with suggestions."""
    message = f"There is no {noun} called “{text}”."
    if not key(text):
        return message
    if found := alike(queryset, text):
        return f"{message} {_in_other_letters(*found)}"
    if (other := elsewhere(queryset, text)) is not None:
        type_name = (
            other.get_item_kind_display().lower() if isinstance(other, Item) else other._meta.verbose_name
        )
        article = "an" if type_name[0] in "aeiou" else "a"
        return f"{message} {other} is {article} {type_name} [{other.ref}]."
    near = (nearby or Nearby.of(queryset)).to(text)
    # A name in capitals can look the same where the name as it is kept does not.
    if found := _looking_like((record for name in near for record in called(queryset, name)), [text]):
        return f"{message} {_in_other_letters(*found)}"
    return f"{message} Nearest: {' or '.join(near)}." if near else message


def _in_other_letters(other: Record, name: str, text: str) -> str:
    """The sentence that `text` looks like `name` of the record `other`, with the letters that differ."""
    letters = foreign_letters(text, name)
    odd = ", ".join(f"“{letter}” is {alphabet}" for letter, alphabet in letters[:NAMED])
    return f"“{name}” [{other.ref}] looks the same but is written in other letters: here {odd}."
