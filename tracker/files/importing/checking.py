"""Finds all errors of a row, so that they can be corrected at once."""

from collections.abc import Iterator
from typing import TypeGuard

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import BaseConstraint, UniqueConstraint

from tracker.files.importing.columns import Columns, Target
from tracker.files.importing.row_result import RowResult
from tracker.models import Development, Effect, Record
from tracker.models.dates import precision_of
from tracker.recording.prepare import complete
from tracker.register import BY_MODEL


def refuse_broken(result: RowResult, error: ValidationError) -> None:
    """Add the errors of `tracker.recording` to the columns of their fields."""
    if result.record is None:
        return
    for name, message in placed(result.record, error):
        column = next(
            (column for column in (name, f"{name}_id", f"{name}_ids") if column in result.cells), name
        )
        result.refuse(column, message)


def find_all(columns: Columns, result: RowResult) -> None:
    """Add the errors of all other rules that do not depend on invalid cells."""
    blamed = {message["column"] for message in result.messages}
    broken = []
    for record, targets in _records(columns, result):
        unknown = {target.name for target in targets.values() if target.header in blamed}
        for name, rule in _broken(record, targets, unknown, result.development or result.record):
            broken.append((_header(result, targets, name), rule))
    # These replace the less exact messages of `tracker.recording`, which does not know the columns.
    result.messages = [
        message for message in result.messages if not any(rule in message["rule"] for _, rule in broken)
    ]
    for header, rule in broken:
        result.refuse(header, rule)


def _records(columns: Columns, result: RowResult) -> Iterator[tuple[Record, dict[str, Target]]]:
    """The records that the row would write, each with its columns."""
    if result.record is not None:
        yield result.record, columns.own
    if result.development is not None:
        yield result.development, columns.parts["development"]
    for effect in result.effects:
        yield effect, columns.parts["effect"]
    for citation in result.citations:
        yield citation, columns.parts["citation"]


def _broken(
    record: Record, targets: dict[str, Target], unknown: set[str], development: Record | None
) -> Iterator[tuple[str, str]]:
    """(field or empty, message) for the rules that `record` breaks, except those that depend on `unknown` fields."""
    known = {target.name for target in targets.values()} - unknown
    known |= {precision for name in known if (precision := precision_of(type(record), name))}
    judged_later: frozenset[str] = frozenset()
    if isinstance(record, Effect):
        known.add("item_kind")
        development = getattr(record, "development", None) or development
        if not unknown and _is_complete(development):
            try:
                complete(record, development)
            except ValidationError as error:
                yield "", " ".join(error.messages)
        else:
            judged_later = BY_MODEL[Effect].form.judged_later
    fields = record._meta.concrete_fields
    left_out = {field.name for field in fields if field.name not in known}
    # Related records exist, and one that is missing has been asked for.
    relations = {field.name for field in fields if field.is_relation}
    # But an unsaved item has no primary key yet.
    cache = record._state.fields_cache
    unsaved = {name for name in relations if cache.get(name) is not None and cache[name].pk is None}
    checks = (
        lambda: record.clean_fields(exclude=left_out | relations),
        record.clean,
        lambda: record.validate_constraints(exclude=left_out | unsaved),
    )
    for check in checks:
        try:
            check()
        except ValidationError as error:
            yield from placed(record, error, judged_later)


def _is_complete(development: Record | None) -> TypeGuard[Development]:
    """Whether enough of a development is known to check an effect by it."""
    return isinstance(development, Development) and bool(development.process_id and development.occurred)


def _header(result: RowResult, targets: dict[str, Target], name: str) -> str:
    """The column of the field `name`: the non-empty one, or else the one that people fill in."""
    headers = [target.header for target in targets.values() if target.name == name]
    filled = [header for header in headers if header in result.cells]
    return next(iter(filled or sorted(headers, key=lambda header: header.endswith(("_id", "_ids")))), "")


def placed(
    record: Record, error: ValidationError, left_out: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """(field or empty, message) for each error, without the constraints `left_out`."""
    form = BY_MODEL[type(record)].form
    constraints = {
        constraint.get_violation_error_message(): constraint
        for model in (*record._meta.parents, type(record))
        for constraint in model._meta.constraints
    }
    errors = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, errors_of_field in errors.items():
        for broken in errors_of_field:
            constraint = constraints.get(broken.message)
            if constraint is None or constraint.name not in left_out:
                field = name if name != NON_FIELD_ERRORS else ""
                if constraint is not None:
                    field = form.places.get(constraint.name, _field_of(constraint) or field)
                yield from ((field, message) for message in broken.messages)


def _field_of(constraint: BaseConstraint) -> str:
    """The field to show a violated unique constraint at: that of its condition, or else the last."""
    if not isinstance(constraint, UniqueConstraint):
        return ""
    decisive = constraint.condition.referenced_base_fields if constraint.condition is not None else set()
    return next(iter(decisive - {"merged_into"}), constraint.fields[-1])
