"""The effects that decide how items stand, each joined to its item, so that it is sought once for all its columns."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Subquery
from django.db.models.sql.constants import LOUTER
from django.db.models.sql.datastructures import Join

from tracker.models import Effect, Item


def join_deciding(items: QuerySet, effects: QuerySet, columns: Iterable[str]) -> str:
    """Join `items`, in place, with the first of `effects` on each, for its `columns`; return the alias of the join."""
    query: Any = items.query
    read = columns if connection.vendor == "postgresql" else ["pk"]
    first = Subquery(effects.values(*read)[:1]).resolve_expression(query)
    return query.join(_Deciding(first, query.get_initial_alias()), reuse=set())


class _Deciding(Join):
    """The join of `first`: of the columns that are read of one effect, or, on SQLite, of its primary key.

    PostgreSQL would join by a key as if any effect could be meant, and SQLite has no LATERAL.
    """

    def __init__(self, first: Any, items: str):
        super().__init__(Effect._meta.db_table, items, None, LOUTER, Item._meta.get_field("effects"), True)
        self.first = first

    def relabeled_clone(self, change_map: Any) -> "_Deciding":
        clone = copy(self)
        clone.parent_alias = change_map.get(self.parent_alias, self.parent_alias)
        clone.table_alias = change_map.get(self.table_alias, self.table_alias)
        clone.first = self.first.relabeled_clone(change_map)
        return clone

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        first, params = compiler.compile(self.first)
        alias = compiler.quote_name_unless_alias(self.table_alias)
        if connection.vendor == "postgresql":
            return f"LEFT JOIN LATERAL {first} {alias} ON true", params
        # By this name no view of the past replaces the table: `first` is one of those in view.
        return f'LEFT JOIN main."{self.table_name}" {alias} ON {alias}."id" = {first}', params
