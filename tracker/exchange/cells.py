"""From the columns of a record type to the cells of a file."""

from django.db.models import F, OuterRef, QuerySet

from tracker.exchange.expressions import Code, Flag, Guarded, IsoDate, IsoInstant, Joined, JsonJoined
from tracker.record_type import Column, Kind, RecordType


def joined(model, column: Column) -> Joined:
    """All that a many-valued `column` of `model` holds, in one cell, in order of name."""
    relation, _, shown = column.lookup.partition("__")
    field = model._meta.get_field(relation)
    back = field.remote_field.name if field.one_to_many else field.related_query_name()
    related = field.related_model._base_manager.filter(**{back: OuterRef("pk")})
    return Joined(related.order_by(*field.related_model._meta.ordering, "pk").values(shown))


def cell(model, column: Column):
    """The expression that gives the text of `column` for a row of `model`, ready for a file."""
    if column.kind is Kind.MANY:
        return joined(model, column)
    if column.kind is Kind.DATE:
        return IsoDate(column.lookup, column.precision) if column.precision else IsoDate(column.lookup)
    if column.name == "id" or column.name.endswith("_id"):
        return Code(column.lookup)
    return _CELLS.get(column.kind, Guarded)(column.lookup)


_CELLS = {
    Kind.CODE: Code,
    Kind.INSTANT: IsoInstant,
    Kind.NUMBER: F,
    Kind.FLAG: Flag,
    Kind.NAMES: JsonJoined,
}


def sheet(record_type: RecordType, rows: QuerySet) -> tuple[list[str], QuerySet]:
    """The header of a file of `record_type`, and `rows` with one value for each column of it."""
    header = [column.name for column in record_type.columns]
    return header, rows.values_list(*(cell(record_type.model, column) for column in record_type.columns))
