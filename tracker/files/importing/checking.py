"""All else that is wrong with a row that cannot be taken, so that it is mended in one go."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from tracker.files.importing.columns import Columns, Target, precision_of
from tracker.files.importing.row_result import RowResult
from tracker.files.importing.rules import placed
from tracker.models import Development, Effect, Record
from tracker.recording.prepare import complete
from tracker.register import BY_MODEL


def find_all(columns: Columns, one: RowResult) -> None:
    """Add to the messages of a wrong row those of every rule that can be judged without the cells that are wrong."""
    blamed = {message["column"] for message in one.messages}
    found = []
    for record, targets in _records(columns, one):
        unknown = {target.name for target in targets.values() if target.header in blamed}
        for name, rule in _broken(record, targets, unknown, one.development or one.record):
            found.append((_header(one, targets, name), rule))
    # What the recording layer said of the same is less exact: it knows nothing of columns.
    one.messages = [
        message for message in one.messages if not any(rule in message["rule"] for _, rule in found)
    ]
    for header, rule in found:
        one.refuse(header, rule)


def _records(columns: Columns, one: RowResult) -> Iterator[tuple[Record, dict[str, Target]]]:
    """All that the row would write, each with the columns that set it."""
    yield one.record, columns.own
    if one.development is not None:
        yield one.development, columns.parts["development"]
    for part, name in ((one.effects, "effect"), (one.citations, "citation")):
        for record in part:
            yield record, columns.parts[name]


def _broken(record, targets, unknown: set[str], development) -> Iterator[tuple[str, str]]:
    """The rules that `record` breaks, each with the field to blame, if any; none that leans on `unknown` fields."""
    known = {target.name for target in targets.values()} - unknown
    known |= {precision_of(type(record), name) for name in known}
    judged_later = frozenset()
    if isinstance(record, Effect):
        known.add("item_kind")
        development = getattr(record, "development", None) or development
        if (
            not unknown
            and isinstance(development, Development)
            and development.process_id
            and development.occurred
        ):
            try:
                complete(record, development)
            except ValidationError as error:
                yield "", " ".join(error.messages)
        else:
            judged_later = BY_MODEL[Effect].form.judged_later
    fields = record._meta.concrete_fields
    left_out = {field.name for field in fields if field.name not in known}
    # What a name was found to mean is there; what an item that is not saved yet means has no key.
    relations = [field for field in fields if field.is_relation]
    met = {field.name: field.get_cached_value(record, default=None) for field in relations}
    met = {name: other for name, other in met.items() if other is not None}
    unsaved = {name for name, other in met.items() if other.pk is None}
    checks = (
        lambda: record.clean_fields(exclude=left_out | met.keys()),
        record.clean,
        lambda: record.validate_constraints(exclude=left_out | unsaved),
    )
    for check in checks:
        try:
            check()
        except ValidationError as error:
            yield from placed(record, error, judged_later)


def _header(one: RowResult, targets: dict[str, Target], name: str) -> str:
    """The column of the field `name`: the one that is filled in, or else the one that people fill in."""
    headers = [target.header for target in targets.values() if target.name == name]
    filled = [header for header in headers if header in one.cells]
    return next(iter(filled or sorted(headers, key=lambda header: header.endswith(("_id", "_ids")))), "")
