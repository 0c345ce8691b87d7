"""From the columns of a record type to the cells of a file."""

from django.db.models import Case, F, OuterRef, QuerySet, When

from tracker.clocks import PRESENT, Clocks
from tracker.exchange.expressions import Code, Flag, Guarded, IsoDate, IsoInstant, Joined, JsonJoined
from tracker.models import Record
from tracker.record_type import Column, Kind, RecordType


def led_to(lookup: str, clocks: Clocks = PRESENT):
    """The expression for a `lookup` that may lead to another record; nothing where that came later."""
    path, _, _ = lookup.rpartition("__")
    if not path or clocks.known is None:
        return F(lookup)
    return Case(When(**{f"{path}__recorded_at__lte": clocks.known}, then=F(lookup)))


def joined(model, column: Column, clocks: Clocks = PRESENT) -> Joined:
    """All that a many-valued `column` of `model` held by `clocks`, in one cell, in order of name."""
    relation, _, shown = column.lookup.partition("__")
    field = model._meta.get_field(relation)
    back = field.remote_field.name if field.one_to_many else field.related_query_name()
    related = field.related_model._base_manager.filter(**{back: OuterRef("pk")})
    if clocks.known is not None and issubclass(field.related_model, Record):
        related = related.filter(recorded_at__lte=clocks.known)
    return Joined(related.order_by(*field.related_model._meta.ordering, "pk").values(shown))


def cell(model, column: Column, clocks: Clocks = PRESENT):
    """The expression that gives the text of `column` for a row of `model` read at `clocks`, ready for a file."""
    if column.kind is Kind.MANY:
        return joined(model, column, clocks)
    if column.kind is Kind.DATE:
        return IsoDate(column.lookup, column.precision) if column.precision else IsoDate(column.lookup)
    if column.name == "id" or column.name.endswith("_id"):
        return Code(led_to(column.lookup, clocks))
    if column.kind is Kind.LINK:
        return Guarded(led_to(column.lookup, clocks))
    return _CELLS.get(column.kind, Guarded)(column.lookup)


_CELLS = {
    Kind.CODE: Code,
    Kind.INSTANT: IsoInstant,
    Kind.NUMBER: F,
    Kind.FLAG: Flag,
    Kind.NAMES: JsonJoined,
}


def sheet(
    record_type: RecordType, rows: QuerySet, clocks: Clocks = PRESENT
) -> tuple[list[str], QuerySet]:
    """The header of a file of `record_type`, and `rows`, read at `clocks`, with one value for each column of it."""
    header = [column.name for column in record_type.columns]
    return header, rows.values_list(*(cell(record_type.model, column, clocks) for column in record_type.columns))
