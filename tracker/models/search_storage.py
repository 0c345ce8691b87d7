"""How each database stores the words of an entry: SQLite in a row of an FTS5 table, PostgreSQL in a tsvector.

Entries are given by the primary key of their record, with the words as the values of a State.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, models

from tracker.models.known import OPEN
from tracker.models.search import SearchEntry, lexeme
from tracker.models.states import State

LAST_PLACE, MOST_PLACES = 16_383, 255
"""PostgreSQL knows no later place of a word, nor more places of one word."""


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


def store(code: str, entries: list[tuple[int, State]]) -> None:
    """Write the words of records, by their primary keys, in place of those of entries with the same end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO tracker_searchentry (record_type, record_id, known_from, known_until, words)"
                " SELECT %s, key, start, until, words::tsvector"
                " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[])"
                " AS row (key, start, until, words)"
                " ON CONFLICT (record_type, record_id, known_until) DO UPDATE SET words = excluded.words",
                [code, *_columns(entries)],
            )
        return
    stored = _stored(code, entries)
    new = [
        SearchEntry(
            record_type=code, record_id=key, known_from=state.known_from, known_until=state.known_until
        )
        for key, state in entries
        if (key, state.known_until) not in stored
    ]
    stored |= {
        (entry.record_id, entry.known_until): entry.pk for entry in SearchEntry.objects.bulk_create(new)
    }
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO tracker_searchindex (rowid, title, body) VALUES (%s, %s, %s)",
            [(stored[key, state.known_until], *map(" ".join, state.values)) for key, state in entries],
        )


def _stored(code: str, entries: list[tuple[int, State]]) -> dict[tuple[int, dt.datetime], int]:
    """The primary keys of the entries of the same records with the same ends."""
    rows = SearchEntry.objects.filter(record_type=code, record_id__in={key for key, _ in entries})
    if all(state.known_until == OPEN for _, state in entries):
        rows = rows.filter(known_until=OPEN)
    found = {(key, until): pk for pk, key, until in rows.values_list("pk", "record_id", "known_until")}
    return {end: found[end] for key, state in entries if (end := (key, state.known_until)) in found}


def _columns(entries: list[tuple[int, State]]) -> tuple[list, list, list, list]:
    """What PostgreSQL makes rows of."""
    keys, kept = [key for key, _ in entries], [state for _, state in entries]
    return (
        keys,
        [state.known_from for state in kept],
        [state.known_until for state in kept],
        [tsvector(*state.values) for state in kept],
    )


def delete(entries: models.QuerySet) -> None:
    """Delete `entries` with their words."""
    if connection.vendor == "sqlite":
        keys = [(key,) for key in entries.values_list("pk", flat=True)]
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM tracker_searchindex WHERE rowid = %s", keys)
    entries.delete()


def unequal(code: str, entries: list[tuple[int, State]]) -> set[tuple[int, dt.datetime]]:
    """Primary key and end of those of `entries` that are not stored, or with other words."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            keys, _, ends, texts = _columns(entries)
            cursor.execute(
                "SELECT key, until FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS row (key, until, words)"
                " LEFT JOIN tracker_searchentry ON record_type = %s AND record_id = key AND known_until = until"
                " WHERE tracker_searchentry.words IS DISTINCT FROM row.words::tsvector",
                [keys, ends, texts, code],
            )
            return set(cursor.fetchall())
    stored = _stored(code, entries)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, title, body FROM tracker_searchindex WHERE rowid IN ({', '.join(['%s'] * len(stored))})",
            [*stored.values()],
        )
        texts = {key: (title, body) for key, title, body in cursor.fetchall()}
    return {
        end
        for key, state in entries
        if texts.get(stored.get(end := (key, state.known_until))) != tuple(map(" ".join, state.values))
    }
