"""The index of all words, kept by the database itself: one entry a record, and the database's own index over them."""

from django.db import models
from django.db.models import Func, Lookup


class SearchEntry(models.Model):
    """The folded words of one record; triggers on the record's table write it, nothing else does."""

    record_type = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    title = models.TextField()
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_type", "record_id"], name="search_entry_once")]

    def __str__(self):
        return f"{self.record_type} {self.record_id}"


class SearchIndex(models.Model):
    """The database's index over the entries: an FTS5 table on SQLite, on PostgreSQL a view of a tsvector column."""

    entry = models.OneToOneField(
        SearchEntry, models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="index"
    )
    words = models.TextField(db_column="tracker_searchindex")
    rank = models.FloatField()

    class Meta:
        managed = False
        db_table = "tracker_searchindex"

    def __str__(self):
        return str(self.entry_id)


@models.TextField.register_lookup
class Holds(Lookup):
    """Whether all of a list of folded words stand in the index, the last perhaps only begun."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} MATCH %s", [*params, " ".join(f'"{word}"' for word in self.rhs) + "*"]

    def as_postgresql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} @@ to_tsquery('simple', %s)", [*params, tsquery(self.rhs)]


class Rank(Func):
    """How well an entry fits, the best first in ascending order; rank(words)."""

    output_field = models.FloatField()

    def __init__(self, words):
        super().__init__("index__rank", "index__words")
        self.words = words

    def as_sqlite(self, compiler, connection, **context):
        return compiler.compile(self.source_expressions[0])

    def as_postgresql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[1])
        return f"-ts_rank({sql}, to_tsquery('simple', %s))", [*params, tsquery(self.words)]


def tsquery(words: list[str]) -> str:
    """The query of PostgreSQL for folded `words`."""
    return " & ".join(f"'{word}'" for word in words) + ":*"
