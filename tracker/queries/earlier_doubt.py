"""What is in doubt of the items of a list or file at an earlier moment, at which nothing of it is stored."""

import json

from django.db.models import Func, QuerySet, TextField

from tracker.clocks import Clocks
from tracker.domain.doubt import doubt_codes
from tracker.domain.standing import derive

BATCH = 10_000


class Found(Func):
    """The text of `texts` by the primary key of the row, or an empty text."""

    output_field = TextField()
    sqlite = """coalesce(json_extract(%%s, '$."' || %(expressions)s || '"'), '')"""
    postgresql = "coalesce(%%s::jsonb ->> (%(expressions)s)::text, '')"

    def __init__(self, texts: dict[int, str]):
        super().__init__("pk")
        self.texts = texts

    def as_sqlite(self, compiler, connection, **context):
        return self._with_texts(self.sqlite, compiler, connection)

    def as_postgresql(self, compiler, connection, **context):
        return self._with_texts(self.postgresql, compiler, connection)

    def _with_texts(self, template, compiler, connection):
        sql, params = self.as_sql(compiler, connection, template=template)
        return sql, [json.dumps(self.texts), *params]


def with_doubt(rows: QuerySet, clocks: Clocks) -> QuerySet:
    """`rows` of `stand`, which are about to be read, with `doubt` as it was at `clocks`.

    Up to three queries for each BATCH of them.
    """
    keys = list(rows.order_by().values_list("pk", flat=True))
    found: dict[int, str] = {}
    for start in range(0, len(keys), BATCH):
        found |= doubt_codes(keys[start : start + BATCH], clocks)
    return derive(rows, clocks).annotate(doubt=Found(found))
