"""The index of all words: one entry for each record, and the database's own index over the entries.

Both databases get words that are folded already, and only compare them: FTS5 splits them at blanks, and a tsvector is
written as it is, without a parser. `search_entries.py` writes them.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import models
from django.db.models import Func, Lookup

from tracker.models.known import EVER, OPEN, KnownQuerySet
from tracker.text.words import Term, Word


class SearchEntry(models.Model):
    """The words of one record, under its type, as long as they were on record.

    Of records with private texts there are two entries, one of them with all words. Those of developments, effects and
    citations never end: such a row is never rewritten, and says itself when it was in force.
    """

    record_type = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    known_from = models.DateTimeField(default=EVER)
    known_until = models.DateTimeField(default=OPEN)

    objects = KnownQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record_type", "record_id", "known_until"], name="search_entry_once"
            )
        ]

    def __str__(self):
        return f"{self.record_type} {self.record_id}"


class SearchIndex(models.Model):
    """The words of an entry: a row of an FTS5 table on SQLite, on PostgreSQL of a view of a tsvector column."""

    entry = models.OneToOneField(
        SearchEntry, models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="index"
    )
    words = models.TextField(db_column="tracker_searchindex")

    class Meta:
        managed = False
        db_table = "tracker_searchindex"

    def __str__(self):
        return str(self.entry_id)


@models.TextField.register_lookup
class Holds(Lookup):
    """Whether the index has all of a list of Term."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} MATCH %s", [*params, _query(self.rhs, " AND ", " OR ", _fts5)]

    def as_postgresql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} @@ %s::tsquery", [*params, tsquery(self.rhs)]


class Rank(Func):
    """How well an entry fits, the best first in ascending order; rank(terms).

    It depends on the words of the entry alone. FTS5's own rank also depends on how many entries have each word, and so
    would tell what stands in those that the reader may not see.
    """

    output_field = models.FloatField()

    def __init__(self, terms):
        super().__init__("pk", "index__words")
        self.terms = terms

    def as_sqlite(self, compiler, connection, **context):
        key, params = compiler.compile(self.source_expressions[0])
        titled = f"{key} IN (SELECT rowid FROM tracker_searchindex WHERE tracker_searchindex MATCH %s)"
        terms = [_query([term], " AND ", " OR ", _fts5) for term in self.terms]
        # All of the words, and some of them, which is the same for a single one.
        asked = dict.fromkeys(f"title : ({sign.join(terms)})" for sign in (" AND ", " OR "))
        fits = " + ".join([f"({titled})"] * len(asked))
        return f"-({fits})", [value for query in asked for value in (*params, query)]

    def as_postgresql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[1])
        return f"-ts_rank({sql}, %s::tsquery)", [*params, tsquery(self.terms)]


def tsquery(terms: Iterable[Term]) -> str:
    """The query of PostgreSQL for `terms`, as text."""
    return _query(terms, " & ", " | ", lambda word: f"{lexeme(word.text)}{':*' if word.is_begun else ''}")


def lexeme(word: str) -> str:
    """`word` as PostgreSQL reads it in the text of a tsvector or a tsquery."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


def _fts5(word: Word) -> str:
    quoted = word.text.replace('"', '""')
    return f'"{quoted}"{" *" if word.is_begun else ""}'


def _query(terms: Iterable[Term], every: str, either: str, write: Callable[[Word], str]) -> str:
    def group(parts: Sequence[str], sign: str) -> str:
        return parts[0] if len(parts) == 1 else f"({sign.join(parts)})"

    alternatives = ([group([write(word) for word in words], every) for words in term] for term in terms)
    return every.join(group(parts, either) for parts in alternatives)
