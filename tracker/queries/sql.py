"""Database expressions for both databases that Django lacks."""

import json
from collections.abc import Collection

from django.db.models import BigIntegerField, Func, Subquery, TextField


class Keys(Func):
    """The primary keys `keys` as a column, for `__in`.

    They are one parameter: a query with thousands of parameters takes longer to build than to run.
    """

    output_field = BigIntegerField()

    def __init__(self, keys: Collection[int]):
        super().__init__()
        self.keys = sorted(keys)

    def as_sqlite(self, compiler, connection, **context):
        return "(SELECT value FROM json_each(%s))", (json.dumps(self.keys),)

    def as_postgresql(self, compiler, connection, **context):
        return "(SELECT unnest(%s::bigint[]))", (self.keys,)


def of_members(aggregate: str, finished: str) -> str:
    """A Subquery template that evaluates `aggregate` over the column `text` once; `finished` may use it repeatedly."""
    return (
        "(WITH member(text) AS (%(subquery)s), "
        f"joined(text) AS (SELECT {aggregate} FROM member) SELECT {finished} FROM joined)"
    )


class JsonListOf(Subquery):
    """The values of a queryset of one text column, which may use OuterRef, as a JSON list in order."""

    sqlite = of_members("json_group_array(text)", "text")
    postgresql = of_members("coalesce(json_agg(text)::text, '[]')", "text")
    is_json = True
    """Whether the text is JSON, to be taken as it is where JSON is made."""

    def __init__(self, queryset):
        super().__init__(queryset, output_field=TextField())

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=self.sqlite, **context)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=self.postgresql, **context)
