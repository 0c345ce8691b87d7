"""The help page for files of one record type: required columns, and possible values."""

from dataclasses import dataclass

from django.db import models

from tracker.files.importing.columns import Columns, Target, Way, labels_of
from tracker.files.importing.texts import OTHER_TEXTS
from tracker.forms.developments import OF_KINDS
from tracker.models import Delegate, Effect, Item
from tracker.models.fields import CodeListField, related_model
from tracker.models.order import validate_zone

PARTS = {
    "development": "The development that raises it",
    "effect": "How it stands from then on",
    "citation": "What that rests on",
    "seat": "The delegation, if not by its id",
}
NEEDED_OF = {"development": {"kind", "occurred_on", "basis"}}
"""{part: fields required for a new record}"""


@dataclass(frozen=True)
class Help:
    """One column: its name, that of its id column, whether it is required, and its possible values."""

    name: str
    or_ids: str
    needed: bool
    takes: str


@dataclass(frozen=True)
class Guide:
    """The columns of a file in groups of (title, columns), and the rules between columns."""

    groups: list[tuple[str, list[Help]]]
    rules: list[str]


def guide(columns: Columns) -> Guide:
    """The help for files with `columns`."""
    item_kind = getattr(columns.model, "kind_code", None)
    groups = [("", _helps(columns.own, item_kind, columns.needed))]
    for part, targets in columns.parts.items():
        needed = NEEDED_OF.get(part, set()) if issubclass(columns.model, Item) else set()
        helps = _helps(targets, item_kind, needed)
        if part == "effect" and issubclass(columns.model, Item):
            helps.append(Help(OTHER_TEXTS, "", False, "texts with their languages, “fa: …; de: …”"))
        title = PARTS[part] if issubclass(columns.model, Item | Delegate) else f"One {part} of it"
        groups.append((title, helps))
    return Guide(groups, _rules(columns))


def missing(columns: Columns, header: list[str]) -> list[str]:
    """The required columns that are missing in `header`."""
    names = set(columns.canonical(header))
    return [
        help.name
        for _, helps in guide(columns).groups
        for help in helps
        if help.needed
        and not {help.name, help.or_ids, f"{help.name}_label"} & names
        and not (columns.model is Delegate and help.name == "delegation_id")
    ]


def _helps(targets: dict[str, Target], item_kind: str | None, needed: set[str]) -> list[Help]:
    """The help for columns of `targets` that apply to `item_kind`, those of the fields `needed` first."""
    helps = []
    for name, target in targets.items():
        if target.plain_header != name and target.plain_header in targets:
            continue
        is_effect = target.field.model is Effect
        if item_kind and is_effect and item_kind not in OF_KINDS.get(target.name, (item_kind,)):
            continue
        ids = {Way.NAME: f"{name}_id", Way.CALLED: f"{name}_ids"}.get(target.way, "")
        is_needed = target.way is not Way.PRECISION and target.name in needed
        helps.append(Help(name, ids if ids in targets else "", is_needed, _takes(target, item_kind)))
    return sorted(helps, key=lambda help: not help.needed)


def _takes(target: Target, item_kind: str | None) -> str:
    """The possible values of a column, in a few words."""
    field = target.field
    if target.way in (Way.ID, Way.NAME):
        names = "id" if target.way is Way.ID else "id, name or alias"
        return f"{related_model(field)._meta.verbose_name}, by {names}"
    if target.way in (Way.IDS, Way.CALLED):
        return f"{related_model(field)._meta.verbose_name_plural}, by id or name, separated by “; ”"
    if target.way is Way.NAMES:
        return "several texts, separated by “; ”"
    if target.way is Way.DATE:
        return "a day, month or year"
    if codes := labels_of(target.coded, item_kind):
        several = ", several separated by “; ”" if isinstance(field, CodeListField) else ""
        return ", ".join(code for code, _ in codes) + several
    if isinstance(field, models.BooleanField):
        return "true or false"
    if isinstance(field, models.IntegerField):
        return "a whole number"
    if isinstance(field, models.TimeField):
        return "a time of day, such as 14:30"
    if validate_zone in field.validators:
        return "a time zone, such as Asia/Riyadh"
    if field.name == "follows":
        return "id or headline of a development of the same process and day, on record or in another row"
    return "a day" if isinstance(field, models.DateField) else "text"


def _rules(columns: Columns) -> list[str]:
    """The rules between the columns of a row, as in the error messages."""
    model = columns.model
    constraints = [
        constraint for table in (*model._meta.parents, model) for constraint in table._meta.constraints
    ]
    rules = [
        str(constraint.get_violation_error_message())
        for constraint in constraints
        if isinstance(constraint, models.CheckConstraint)
        and constraint.violation_error_message != constraint.default_violation_error_message
        and not constraint.name.endswith("_precise")
    ]
    if model.part_of:
        rules.append(f"What it belongs to ({model.part_of}) stays as it was recorded.")
    return rules
