"""Writes the words of records into the search index, whenever the records themselves are written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models, transaction

from tracker.models.search import SearchEntry, lexeme
from tracker.text.words import words

BATCH = 2000
"""How many records are read and written in one go."""
MOST_BYTES = 1_000_000
"""PostgreSQL takes so much of the different words of one record, with their places; what follows is not searched."""
SHORT = 50_000
"""Texts of so many characters cannot reach MOST_BYTES."""
LAST_PLACE, MOST_PLACES = 16_383, 255
"""PostgreSQL knows no later place of a word, nor more places of one word."""


class EntryType(NamedTuple):
    """The entries of one record type, under one code."""

    code: str
    names: tuple[str, ...]
    texts: tuple[str, ...]

    def words(self, values: Sequence) -> tuple[list[str], list[str]]:
        """The words of names and of texts, of the `values` of these fields in their order."""
        texts = [" ".join(value) if isinstance(value, list) else value or "" for value in values]
        named, other = texts[: len(self.names)], texts[len(self.names) :]
        title, body = (list(chain.from_iterable(map(words, part))) for part in (named, other))
        return (title, body) if sum(map(len, texts)) <= SHORT else _shortened(title, body)


@cache
def entry_types(model: type[models.Model]) -> tuple[EntryType, ...]:
    """The entries of each record of `model`: none, one, or one without its private texts and one with them."""
    names, texts = getattr(model, "searched_names", ()), getattr(model, "searched_texts", ())
    if not names and not texts:
        return ()
    code, private = str(model._meta.model_name), model.private_fields
    own = EntryType(code, names, texts)
    return (own, EntryType(f"{code}_whole", names, texts + private)) if private else (own,)


def searched_models() -> list[type[models.Model]]:
    """The models whose records are searched."""
    return [model for model in apps.get_app_config("tracker").get_models() if entry_types(model)]


def write(records: Sequence[models.Model]) -> None:
    """Write the entries of `records`, all of one model, in place of those that they have."""
    for kind in entry_types(type(records[0])) if records else ():
        fields = (*kind.names, *kind.texts)
        _write(kind, {row.pk: kind.words([getattr(row, name) for name in fields]) for row in records})


def remove(model: type[models.Model], keys: Collection[int]) -> None:
    """Remove the entries of the records of `model`, or of a kind of it, with the primary keys `keys`."""
    codes = [kind.code for each in searched_models() if issubclass(each, model) for kind in entry_types(each)]
    if codes and keys:
        _delete(SearchEntry.objects.filter(record_type__in=codes, record_id__in=keys))


@transaction.atomic
def rebuild() -> int:
    """Write the entries of all records anew; return how many there are."""
    SearchEntry.objects.all().delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tracker_searchindex")
    for kind, rows in _all_rows():
        _write(kind, rows)
    return SearchEntry.objects.count()


def mismatches() -> Iterator[str]:
    """A sentence for each entry that is missing, too many, or has other words than `rebuild` would write."""
    for kind, rows in _all_rows():
        for key in _unequal(kind, rows):
            yield f"The search entry of {kind.code} {key} is missing or has other words than its record."
    for model in searched_models():
        alone = ~models.Exists(model._base_manager.filter(pk=models.OuterRef("record_id")))
        for kind in entry_types(model):
            for key in SearchEntry.objects.filter(alone, record_type=kind.code).values_list(
                "record_id", flat=True
            ):
                yield f"The search entry of {kind.code} {key} has no record."


def _all_rows() -> Iterator[tuple[EntryType, dict[int, tuple[list[str], list[str]]]]]:
    """The words of all records by primary key, a batch at a time."""
    for model in searched_models():
        for kind in entry_types(model):
            rows = (
                model._base_manager.order_by("pk").values_list("pk", *kind.names, *kind.texts).iterator(BATCH)
            )
            while batch := list(islice(rows, BATCH)):
                yield kind, {key: kind.words(values) for key, *values in batch}


def _shortened(title: list[str], body: list[str]) -> tuple[list[str], list[str]]:
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


def tsvector(title: Iterable[str], body: Iterable[str]) -> str:
    """The text of a tsvector in which the words of the title weigh more."""
    places: dict[str, list[str]] = defaultdict(list)
    place = 0
    for weight, part in (("A", title), ("", body)):
        for word in part:
            place += 1
            if len(places[word]) < MOST_PLACES:
                places[word].append(f"{min(place, LAST_PLACE)}{weight}")
    return " ".join(f"{lexeme(word)}:{','.join(at)}" for word, at in places.items())


def _write(kind: EntryType, rows: dict[int, tuple[list[str], list[str]]]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tracker_searchentry (record_type, record_id, words)"
                " SELECT %s, key, words::tsvector FROM unnest(%s::bigint[], %s::text[]) AS row (key, words)"
                " ON CONFLICT (record_type, record_id) DO UPDATE SET words = excluded.words",
                [kind.code, list(rows), [tsvector(*row) for row in rows.values()]],
            )
        return
    entries = _entries(kind, rows)
    new = [SearchEntry(record_type=kind.code, record_id=key) for key in rows.keys() - entries.keys()]
    entries |= {entry.record_id: entry.pk for entry in SearchEntry.objects.bulk_create(new)}
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO tracker_searchindex (rowid, title, body) VALUES (%s, %s, %s)",
            [(entries[key], " ".join(title), " ".join(body)) for key, (title, body) in rows.items()],
        )


def _entries(kind: EntryType, keys: Collection[int]) -> dict[int, int]:
    """The primary keys of the entries of records, by those of the records."""
    rows = SearchEntry.objects.filter(record_type=kind.code, record_id__in=keys)
    return dict(rows.values_list("record_id", "pk"))


def _delete(entries: models.QuerySet) -> None:
    if connection.vendor == "sqlite":
        keys = [(key,) for key in entries.values_list("pk", flat=True)]
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM tracker_searchindex WHERE rowid = %s", keys)
    entries.delete()


def _unequal(kind: EntryType, rows: dict[int, tuple[list[str], list[str]]]) -> list[int]:
    """The primary keys of the records whose entries do not have these words."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT key FROM unnest(%s::bigint[], %s::text[]) AS row (key, words) LEFT JOIN tracker_searchentry"
                " ON record_type = %s AND record_id = key"
                " WHERE tracker_searchentry.words IS DISTINCT FROM row.words::tsvector",
                [list(rows), [tsvector(*row) for row in rows.values()], kind.code],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute(
            "SELECT record_id, title, body FROM tracker_searchentry AS entry"
            " JOIN tracker_searchindex AS words ON words.rowid = entry.id"
            " WHERE record_type = %s AND record_id BETWEEN %s AND %s",
            [kind.code, min(rows), max(rows)],
        )
        stored = {key: (title, body) for key, title, body in cursor.fetchall()}
    return [key for key, row in rows.items() if stored.get(key) != tuple(map(" ".join, row))]
