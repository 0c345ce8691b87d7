"""Converts the columns of a record type to expressions for the cells of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from tracker.files.export.expressions import (
    BooleanExpression,
    CodeExpression,
    CodeList,
    Guarded,
    IsoDate,
    IsoInstant,
    IsoTime,
    Joined,
    JsonJoined,
    JsonList,
    JsonTexts,
    Label,
    Labels,
    Plain,
    PlainJoined,
    PlainJsonJoined,
    Texts,
)
from tracker.files.export.profiles import PLAIN, CsvProfile
from tracker.models.dates import last_of
from tracker.queries.sql import JsonListOf
from tracker.register.types import Column, Kind


@dataclass(frozen=True)
class Cells:
    """The expression classes of a file format, for texts, lists of texts, lists of codes, and texts of a wording."""

    text: Any
    many: Any
    names: Any
    codes: Any
    texts: Any


GUARDED = Cells(Guarded, Joined, JsonJoined, Plain, Texts)
RAW = Cells(Plain, PlainJoined, PlainJsonJoined, Plain, Texts)
TYPED = Cells(Plain, JsonListOf, JsonList, CodeList, JsonTexts)


def cell(model, column: Column, cells: Cells = GUARDED):
    """The expression of `column` for a row of `model`, in a file format with `cells`."""
    if column.kind is Kind.MANY:
        return cells.many(column.related(model))
    if column.kind is Kind.NAMES:
        return cells.names(column.lookup)
    if column.kind is Kind.TEXTS:
        return cells.texts(column.lookup)
    if column.kind is Kind.CODES:
        return cells.codes(column.lookup)
    if column.kind is Kind.DATE:
        if not column.precision:
            return IsoDate(column.lookup)
        return IsoDate(column.lookup, column.precision, last_of(column.precision))
    if column.name == "id" or column.name.endswith("_id"):
        return CodeExpression(column.lookup)
    if column.kind is Kind.LINK:
        return cells.text(column.lookup)
    return _CELLS.get(column.kind, cells.text)(column.lookup)


_CELLS = {
    Kind.CODE: CodeExpression,
    Kind.INSTANT: IsoInstant,
    Kind.TIME: IsoTime,
    Kind.NUMBER: F,
    Kind.FLAG: BooleanExpression,
}


def sheet(
    model, columns: Sequence[Column], rows: QuerySet, profile: CsvProfile = PLAIN
) -> tuple[list[str], QuerySet]:
    """The header of a CSV file, and `rows` of `model` with one value for each name in it."""
    header, values = [], []
    for column in columns:
        header.append(column.name)
        values.append(cell(model, column, GUARDED if profile.is_guarded else RAW))
        if profile.has_labels and column.vocabulary:
            header.append(f"{column.name}_label")
            label = Labels if column.kind is Kind.CODES else Label
            values.append(label(column.lookup, dict(column.vocabulary.choices)))
    return header, rows.values_list(*values)


def values(model, columns: Sequence[Column], rows: QuerySet, cells: Cells = TYPED) -> QuerySet:
    """`rows` of `model`, with one value for each of `columns`."""
    return rows.values_list(*(cell(model, column, cells) for column in columns))
