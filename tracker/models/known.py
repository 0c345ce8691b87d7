"""From when until when something was on record: a version of a row, or the words of a record in the search index."""

import datetime as dt
from functools import cache

from django.apps import apps
from django.db import connection, models

from tracker.clocks import READ_AT

EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""The beginning of what has no instant of its own."""

OPEN = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""The end of what is in force."""


class KnownQuerySet(models.QuerySet):
    """Rows that are on record from `known_from` until right before `known_until`."""

    def on_record(self):
        """Only what was on record at the instant that is read; in the present, what is now."""
        instant = READ_AT.get()
        if instant is None:
            return self.filter(known_until=OPEN)
        return self.filter(known_from__lte=instant, known_until__gt=instant)


def literal(instant: dt.datetime) -> str:
    """`instant` as SQL."""
    text = connection.ops.adapt_datetimefield_value(instant)
    return f"'{text}'::timestamptz" if connection.vendor == "postgresql" else f"'{text}'"


@cache
def version_of(model: type[models.Model]) -> type[models.Model] | None:
    """The model of the versions of `model`; None if it is not kept in versions."""
    try:
        return apps.get_model("tracker", f"{model.__name__}Version")
    except LookupError:
        return None


def version_field(field: models.Field) -> str:
    """The name of the field of a version with the values of `field`: Django keeps `id` for primary keys."""
    return "row_id" if field.column == "id" else str(field.column)
