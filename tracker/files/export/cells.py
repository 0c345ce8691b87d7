"""From the columns of a record type to the cells of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Value, When

from tracker.clocks import PRESENT, Clocks
from tracker.files.export.expressions import (
    BooleanExpression,
    CodeExpression,
    Guarded,
    IsoDate,
    IsoInstant,
    Joined,
    JsonJoined,
    JsonList,
    Label,
    ListOf,
    Plain,
    PlainJoined,
    PlainJsonJoined,
)
from tracker.files.export.profiles import PLAIN, Profile
from tracker.models import Record
from tracker.register.types import Column, Kind


@dataclass(frozen=True)
class Cells:
    """By which expressions a sort of file has texts, and what is of several texts."""

    text: Any
    many: Any
    names: Any


GUARDED = Cells(Guarded, Joined, JsonJoined)
RAW = Cells(Plain, PlainJoined, PlainJsonJoined)
TYPED = Cells(Plain, ListOf, JsonList)

UNKNOWN = Value(None, output_field=IntegerField())
"""What is empty in every row."""


def is_lost(column: Column, clocks: Clocks) -> bool:
    """Whether nobody can tell what `column` held as it was known at `clocks`."""
    return column.of_now and clocks.known is not None


def led_to(lookup: str, clocks: Clocks = PRESENT):
    """The expression for a `lookup` that may lead to another record; nothing where that came later."""
    path, _, _ = lookup.rpartition("__")
    if not path or clocks.known is None:
        return F(lookup)
    return Case(When(**{f"{path}__recorded_at__lte": clocks.known}, then=F(lookup)))


def joined(model, column: Column, clocks: Clocks = PRESENT, put_together=Joined):
    """All that a many-valued `column` of `model` held by `clocks`, in one cell, in order of name."""
    relation, _, shown = column.lookup.partition("__")
    field = model._meta.get_field(relation)
    back = field.remote_field.name if field.one_to_many else field.related_query_name()
    related = field.related_model._base_manager.filter(**{back: OuterRef("pk")})
    if clocks.known is not None and issubclass(field.related_model, Record):
        related = related.filter(recorded_at__lte=clocks.known)
    return put_together(related.order_by(*field.related_model._meta.ordering, "pk").values(shown))


def cell(model, column: Column, clocks: Clocks = PRESENT, cells: Cells = GUARDED):
    """The expression that gives `column` for a row of `model` read at `clocks`, ready for a file that has `cells`."""
    if is_lost(column, clocks):
        return UNKNOWN
    if column.kind is Kind.MANY:
        return joined(model, column, clocks, cells.many)
    if column.kind is Kind.NAMES:
        return cells.names(column.lookup)
    if column.kind is Kind.DATE:
        return IsoDate(column.lookup, column.precision) if column.precision else IsoDate(column.lookup)
    if column.name == "id" or column.name.endswith("_id"):
        return CodeExpression(led_to(column.lookup, clocks))
    if column.kind is Kind.LINK:
        return cells.text(led_to(column.lookup, clocks))
    return _CELLS.get(column.kind, cells.text)(column.lookup)


_CELLS = {
    Kind.CODE: CodeExpression,
    Kind.INSTANT: IsoInstant,
    Kind.NUMBER: F,
    Kind.FLAG: BooleanExpression,
}


def sheet(
    model, columns: Sequence[Column], rows: QuerySet, clocks: Clocks = PRESENT, profile: Profile = PLAIN
) -> tuple[list[str], QuerySet]:
    """The header of a CSV file, and `rows` of `model`, read at `clocks`, with one value for each name in it."""
    header, values = [], []
    for column in columns:
        header.append(column.name)
        values.append(cell(model, column, clocks, GUARDED if profile.is_guarded else RAW))
        if profile.has_labels and column.vocabulary:
            header.append(f"{column.name}_label")
            values.append(Label(column.lookup, dict(column.vocabulary.choices)))
    return header, rows.values_list(*values)


def values(
    model, columns: Sequence[Column], rows: QuerySet, clocks: Clocks = PRESENT, cells: Cells = TYPED
) -> QuerySet:
    """`rows` of `model`, read at `clocks`, with one value for each of `columns`."""
    return rows.values_list(*(cell(model, column, clocks, cells) for column in columns))
