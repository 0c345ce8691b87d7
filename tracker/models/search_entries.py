"""Writes the words of records into the search index, whenever the records themselves are written.

The entry of a record that is kept in versions ends when its words change, and another begins; so `left_to` leaves it to
whoever knows the instant. All other entries are written in place.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from tracker.models.known import EVER, OPEN, version_of
from tracker.models.search import SearchEntry
from tracker.models.search_storage import MOST_PLACES, delete, store, unequal
from tracker.models.states import BATCH, FIRST_KEY, LAST_KEY, State, batches, joined, states
from tracker.text.words import LONGEST_WORD, Term, words

MOST_BYTES = 1_000_000
"""PostgreSQL takes so much of the different words of one record, with their places; what follows is not searched."""
SHORT = 50_000
"""Texts of so many characters cannot reach MOST_BYTES."""

OFFERED = "\ue000"
"""Stands before each word of a name that is offered while somebody types, so that these are found among themselves."""

WHOLE = "\ue001"
"""Stands before a whole name, written as one word, so that what is called just so comes first."""

Words = tuple[list[str], list[str]]
"""The words of names, and those of texts."""

Reworded = dict[type[models.Model], set[int]]
"""The primary keys of records that were written or deleted, by their model."""

_reworded: ContextVar[Reworded | None] = ContextVar("reworded", default=None)


class EntryType(NamedTuple):
    """The entries of one record type, under one code."""

    code: str
    names: tuple[str, ...]
    texts: tuple[str, ...]
    is_offered: bool = False
    """Whether its records are offered by name while somebody types."""

    def words(self, values: Sequence) -> Words:
        """The words of names and of texts, of the `values` of these fields in their order."""
        texts = [" ".join(value) if isinstance(value, list) else value or "" for value in values]
        named = chain.from_iterable(
            value if isinstance(value, list) else [value or ""] for value in values[: len(self.names)]
        )
        names = [list(words(name)) for name in named if name]
        title = list(chain.from_iterable(names))
        body = list(chain.from_iterable(map(words, texts[len(self.names) :])))
        if self.is_offered:
            body += dict.fromkeys(map(OFFERED.__add__, title))
            body += dict.fromkeys([WHOLE + "".join(name)[:LONGEST_WORD] for name in names])
        return (title, body) if sum(map(len, texts)) <= SHORT else _shortened(title, body)


@cache
def entry_types(model: type[models.Model]) -> tuple[EntryType, ...]:
    """The entries of each record of `model`: none, one, or one without its private texts and one with them."""
    names, texts = getattr(model, "searched_names", ()), getattr(model, "searched_texts", ())
    if not names and not texts:
        return ()
    code, private = str(model._meta.model_name), model.private_fields
    own = EntryType(code, names, texts, getattr(model, "is_offered", False))
    return (own, EntryType(f"{code}_whole", names, texts + private)) if private else (own,)


def of_names(terms: Iterable[Term]) -> list[Term]:
    """`terms` as they are asked of the names that are offered, and of no other text."""
    return [
        tuple(tuple(word._replace(text=OFFERED + word.text) for word in every) for every in term)
        for term in terms
    ]


def searched_models() -> list[type[models.Model]]:
    """The models whose records are searched."""
    return [model for model in apps.get_app_config("tracker").get_models() if entry_types(model)]


@contextmanager
def left_to(reworded: Reworded) -> Iterator[None]:
    """Inside the block, add the records to `reworded` whose entries are to be written with `keep`."""
    token = _reworded.set(reworded)
    try:
        yield
    finally:
        _reworded.reset(token)


def write(records: Sequence[models.Model]) -> None:
    """Write the entries of `records`, all of one model, in place of those that they have."""
    if not records or _is_left(type(records[0]), {row.pk for row in records}):
        return
    for kind in entry_types(type(records[0])):
        fields = (*kind.names, *kind.texts)
        store(
            kind.code,
            [
                (row.pk, State(EVER, OPEN, kind.words([getattr(row, name) for name in fields])))
                for row in records
            ],
        )


def remove(model: type[models.Model], keys: Collection[int]) -> None:
    """Remove the entries of the records of `model`, or of a kind of it, with the primary keys `keys`."""
    for each in searched_models():
        if keys and issubclass(each, model) and not _is_left(each, keys):
            codes = [kind.code for kind in entry_types(each)]
            delete(SearchEntry.objects.filter(record_type__in=codes, record_id__in=keys, known_until=OPEN))


def keep(model: type[models.Model], keys: Collection[int], instant: dt.datetime) -> None:
    """End the entries of the records of `model` whose words are no longer those, and begin others, at `instant`."""
    ordered = iter(sorted(keys))
    while some := list(islice(ordered, BATCH)):
        for kind in entry_types(model):
            rows = model._default_manager.filter(pk__in=some).values_list("pk", *kind.names, *kind.texts)
            now = [(key, State(instant, OPEN, kind.words(values))) for key, *values in rows]
            same = {key for key, _ in now} - {key for key, _ in unequal(kind.code, now)}
            before = SearchEntry.objects.filter(
                record_type=kind.code, record_id__in=set(some) - same, known_until=OPEN
            )
            before.update(known_until=instant)
            store(kind.code, [(key, state) for key, state in now if key not in same])


def _is_left(model: type[models.Model], keys: Collection[int]) -> bool:
    """Whether the entries of these records of `model` are written later; it is noted then."""
    reworded = _reworded.get()
    if reworded is None or version_of(model) is None:
        return False
    if entry_types(model):
        reworded.setdefault(model, set()).update(keys)
    return True


@transaction.atomic
def rebuild() -> int:
    """Write the entries of all records anew, with all that they had in earlier versions; return how many there are."""
    SearchEntry.objects.all().delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tracker_searchindex")
    for model, kind in _kinds():
        for entries in _all_entries(model, kind):
            store(kind.code, entries)
    return SearchEntry.objects.count()


def mismatches() -> Iterator[str]:
    """A sentence for each entry that is missing, too many, or has other words or ends than `rebuild` would write."""
    for model, kind in _kinds():
        last = FIRST_KEY - 1
        for entries in chain(_all_entries(model, kind), [[]]):
            first, last = last + 1, entries[-1][0] if entries else LAST_KEY
            yield from _mismatches(kind, entries, first, last)


def _mismatches(kind: EntryType, entries: list[tuple[int, State]], first: int, last: int) -> Iterator[str]:
    """Those of the records with primary keys from `first` to `last`, of which there should be just `entries`."""
    rows = SearchEntry.objects.filter(record_type=kind.code, record_id__range=(first, last))
    stored = {
        (key, until): start
        for key, until, start in rows.values_list("record_id", "known_until", "known_from")
    }
    wrong = unequal(kind.code, entries)
    for key, state in entries:
        start = stored.pop((key, state.known_until), None)
        if (key, state.known_until) in wrong or start != state.known_from:
            name = f"{kind.code} {key}{_until(state.known_until)}"
            yield f"The search entry of {name} is missing or has other words than its record."
    for key, until in stored:
        yield f"The search entry of {kind.code} {key}{_until(until)} has no record."


def _until(instant: dt.datetime) -> str:
    return "" if instant == OPEN else f" until {instant}"


def _kinds() -> list[tuple[type[models.Model], EntryType]]:
    return [(model, kind) for model in searched_models() for kind in entry_types(model)]


def _all_entries(model: type[models.Model], kind: EntryType) -> Iterator[list[tuple[int, State]]]:
    """What the entries of all records should be, by primary key, a batch at a time."""
    return batches(
        (key, list(joined(state._replace(values=kind.words(state.values)) for state in found)))
        for key, found in states(model, (*kind.names, *kind.texts))
    )


def _shortened(title: list[str], body: list[str]) -> Words:
    """As many of the words as PostgreSQL takes."""
    counts: dict[str, int] = defaultdict(int)
    size = 0
    for place, word in enumerate(chain(title, body)):
        counts[word] += 1
        # Beside the word itself: its length, evened out, and two bytes for each place.
        size += len(word.encode()) + 5 if counts[word] == 1 else 2 * (counts[word] <= MOST_PLACES)
        if size > MOST_BYTES:
            return title[:place], body[: max(place - len(title), 0)]
    return title, body
