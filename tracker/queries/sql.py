"""Many primary keys as one parameter of a query, which takes longer to write with thousands of them than to run."""

import json
from collections.abc import Collection

from django.db.models import BigIntegerField, Func


class Keys(Func):
    """The primary keys `keys` as a column of rows, for what comes after `__in`."""

    output_field = BigIntegerField()

    def __init__(self, keys: Collection[int]):
        super().__init__()
        self.keys = sorted(keys)

    def as_sqlite(self, compiler, connection, **context):
        return "(SELECT value FROM json_each(%s))", (json.dumps(self.keys),)

    def as_postgresql(self, compiler, connection, **context):
        return "(SELECT unnest(%s::bigint[]))", (self.keys,)
