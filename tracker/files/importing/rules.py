"""What import shares with the forms, and what tells the records of a type apart where a row gives no id."""

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint

from tracker.files.importing.columns import precision_of
from tracker.register import BY_MODEL


def fixed(model) -> tuple[str, ...]:
    """The fields of `model` that stay as they were recorded."""
    return (*BY_MODEL[model].form.fixed, *filter(None, [model.part_of]))


def said(record, names: tuple[str, ...]) -> tuple:
    """What `record` says in the fields called `names`, dates with their precision; None for nothing."""
    fields = []
    for name in names:
        fields.append(record._meta.get_field(name).attname)
        fields += filter(None, [precision_of(type(record), name)])
    return tuple(getattr(record, field) or None for field in fields)


def key(record) -> tuple:
    """What `record` says in the fields of its identity."""
    return said(record, BY_MODEL[type(record)].identity)


def lookups(records: list) -> dict:
    """The conditions that leave, among the records of a model, all that may be those of `records`, and few others."""
    model = type(records[0])
    names = BY_MODEL[model].sought_by or BY_MODEL[model].identity
    found = {}
    for name in names:
        field = model._meta.get_field(name)
        values = {getattr(record, field.attname) for record in records}
        # A list of values finds no row that has none.
        if None not in values and not field.null:
            found[f"{name}__in"] = list(values)
    return found


def placed(
    record, error: ValidationError, left_out: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Pairs of a field, empty where the rule is of no one field, and what is wrong; but for constraints `left_out`."""
    form = BY_MODEL[type(record)].form
    rules = {
        rule.get_violation_error_message(): rule
        for model in (*record._meta.parents, type(record))
        for rule in model._meta.constraints
    }
    errors = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for name, some in errors.items():
        for one in some:
            rule = rules.get(one.message)
            if rule is None or rule.name not in left_out:
                field = name if name != NON_FIELD_ERRORS else ""
                field = form.places.get(rule.name, _told_by(rule) or field) if rule else field
                yield from ((field, message) for message in one.messages)


def _told_by(rule) -> str:
    """Which field of one that must be unique is most likely wrong: the one that it depends on, or else the last."""
    if not isinstance(rule, UniqueConstraint):
        return ""
    return next(iter(rule.condition.referenced_base_fields)) if rule.condition else rule.fields[-1]
