"""What was public by a day: the rows that rest on a source that was surely published by then."""

import datetime as dt
from functools import lru_cache

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracker.models.assessments import Assessment
from tracker.models.citations import Citation
from tracker.models.date_columns import happened_by, on_or_before, surely_by
from tracker.models.developments import Development
from tracker.models.effects import Effect
from tracker.models.processes import ProcessLink
from tracker.models.sources import Source
from tracker.models.talks import Delegate, Delegation


def published_by(day: dt.date, path: str = "", surely: bool = True) -> Q:
    """The condition that a source, or the one that it was taken from, was surely published by the end of `day`.

    `path` leads to the source. If not `surely`, it may have been.
    """
    rule = surely_by if surely else on_or_before
    origins = (path, f"{path}taken_from__")
    return Q(
        *(rule(day, f"{origin}published_on", f"{origin}published_precision") for origin in origins),
        _connector=Q.OR,
    )


def _rests_on(day: dt.date) -> dict[type[models.Model], QuerySet]:
    """Of everything that has a source, or belongs to what has one, the rows that were public by the end of `day`.

    Parties, people, processes and all other records are as they are: their names, and those of items, are those of the
    reading, and an item is there if a development that was public touches it.
    """
    cited = Citation.objects.filter(published_by(day, "source__"))
    # A document may be older than what it is cited for, and nothing is public before it happens. Queries bound that day
    # by themselves, where an index serves it; written as a sum, the condition tempts none that they order by another.
    counting = {"happened": F("happened_key") + 0}
    developments, effects = (
        model.objects.alias(**counting).filter(happened_by(day, "happened"))
        for model in (Development, Effect)
    )
    seats = Delegation.objects.filter(published_by(day, "source__"))
    return {
        Source: Source.objects.filter(published_by(day)),
        Citation: cited,
        Development: developments.filter(Exists(cited.filter(development=OuterRef("pk")))),
        Effect: effects.filter(Exists(cited.filter(development=OuterRef("development_id")))),
        Delegation: seats,
        Delegate: Delegate.objects.filter(Exists(seats.filter(pk=OuterRef("delegation_id")))),
        Assessment: Assessment.objects.filter(published_by(day, "source__")),
        ProcessLink: ProcessLink.objects.filter(published_by(day, "source__")),
    }


@lru_cache(maxsize=64)
def public_tables(day: dt.date) -> dict[str, str]:
    """{table: the query of its rows that were public by the end of `day`}, on the tables of the present."""
    return {model._meta.db_table: _sql(rows) for model, rows in _rests_on(day).items()}


def _sql(rows: QuerySet) -> str:
    """The query of all columns of `rows`, whose conditions compare with days and codes alone."""
    sql, params = rows.order_by().query.sql_with_params()
    # To SQLite a number in quotes is a text, and greater than every sum.
    return sql % tuple(param if isinstance(param, int) else f"'{param}'" for param in params)
