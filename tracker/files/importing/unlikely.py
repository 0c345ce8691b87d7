"""Asks about unlikely dates in the rows of a file, as forms do."""

from collections.abc import Iterable, Iterator

from tracker.files.importing.columns import Columns, Way
from tracker.files.importing.row_result import RowResult
from tracker.models import Development, Effect, Record
from tracker.models.dates import Span
from tracker.queries.unlikely_dates import UnlikelyDates, date_fields, date_in


def ask_about_dates(columns: Columns, results: Iterable[RowResult]) -> None:
    """Add the questions about the new dates of `results`, which are to be written, at the columns with the dates."""
    dated = [(result, parts) for result in results if (parts := list(_dated(result)))]
    if not dated:
        return
    unlikely = UnlikelyDates({result.ref for result, _ in dated})
    for result, parts in dated:
        happened = _happened(result)
        for record, names in parts:
            targets = columns.own if record is result.record else columns.targets
            headers = {
                target.name: header
                for header, target in targets.items()
                if target.field.model is type(record) and target.way is not Way.PRECISION
            }
            for question in unlikely.questions(record, names, result.process_id, happened):
                result.ask(headers[question.field], question.text)


def _dated(result: RowResult) -> Iterator[tuple[Record, list[str]]]:
    """The records that a row writes, each with the fields in which it sets a date."""
    if result.record is None:
        return
    new = date_fields(type(result.record)) & result.values.keys()
    if names := sorted(name for name in new if date_in(result.record, name)):
        yield result.record, names
    for part in (result.development, *result.effects):
        if part is not None and (names := sorted(_set(part))):
            yield part, names


def _set(part: Record) -> set[str]:
    return {name for name in date_fields(type(part)) if date_in(part, name)}


def _happened(result: RowResult) -> Span | None:
    """When the development happened that a row records, or is a part of."""
    record = result.development or result.record
    if isinstance(record, Effect):
        record = record.development
    return record.occurred if isinstance(record, Development) else None
