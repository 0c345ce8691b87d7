"""What a file of one record type may have, for people: which columns a new record needs, and what each takes."""

from dataclasses import dataclass

from django.db import models

from tracker.files.importing.columns import Columns, Target, Way
from tracker.files.importing.related import is_needed
from tracker.files.importing.values import labels_of
from tracker.forms.developments import OF_KINDS
from tracker.models import Delegate, Effect, Item

PARTS = {
    "development": "The development that raises it",
    "effect": "How it stands from then on",
    "citation": "What that rests on",
    "seat": "The delegation, if not by its id",
}
NEEDED_OF = {"development": ("kind", "occurred_on", "basis")}
"""What of a part a new record cannot do without."""


@dataclass(frozen=True)
class Help:
    """One column: its name, that of the ids beside it, whether a new record needs it, and what it takes."""

    name: str
    or_ids: str
    needed: bool
    takes: str


@dataclass(frozen=True)
class Guide:
    """The columns of a file in groups, each a title and its columns, and the rules that hold between columns."""

    groups: list[tuple[str, list[Help]]]
    rules: list[str]


def guide(columns: Columns) -> Guide:
    """What a file of the type of `columns` may have."""
    kind = getattr(columns.model, "kind_code", None)
    own = _helps(columns.own, kind, lambda target: is_needed(target.field))
    groups = [("", sorted(own, key=lambda help: not help.needed))]
    for part, targets in columns.parts.items():
        needed = NEEDED_OF.get(part, ()) if issubclass(columns.model, Item) else ()
        helps = _helps(targets, kind, lambda target, needed=needed: target.name in needed)
        title = PARTS[part] if issubclass(columns.model, Item | Delegate) else f"One {part} of it"
        groups.append((title, sorted(helps, key=lambda help: not help.needed)))
    return Guide(groups, _rules(columns))


def missing(columns: Columns, header: list[str]) -> list[str]:
    """The columns that every new record needs and that `header` leaves out."""
    names = set(columns.canonical(header))
    return [
        help.name
        for _, helps in guide(columns).groups
        for help in helps
        if help.needed
        and not {help.name, help.or_ids, f"{help.name}_label"} & names
        and not (columns.model is Delegate and help.name == "delegation_id")
    ]


def _helps(targets: dict[str, Target], kind: str | None, needed) -> list[Help]:
    """The columns of `targets` that an item of `kind` can have; `needed` says which are required."""
    found = []
    for name, target in targets.items():
        if target.plain_header != name and target.plain_header in targets:
            continue
        if kind and target.field.model is Effect and kind not in OF_KINDS.get(target.name, (kind,)):
            continue
        ids = {Way.NAME: f"{name}_id", Way.CALLED: f"{name}_ids"}.get(target.way, "")
        is_required = target.way is not Way.PRECISION and needed(target)
        found.append(Help(name, ids if ids in targets else "", is_required, _takes(target, kind)))
    return found


def _takes(target: Target, kind: str | None) -> str:
    """What a column takes, in a few words."""
    field = target.field
    if target.way in (Way.ID, Way.NAME):
        names = "id" if target.way is Way.ID else "id, name or alias"
        return f"{field.related_model._meta.verbose_name}, by {names}"
    if target.way in (Way.IDS, Way.CALLED):
        return f"{field.related_model._meta.verbose_name_plural}, by id or name, separated by “; ”"
    if target.way is Way.NAMES:
        return "several texts, separated by “; ”"
    if target.way is Way.DATE:
        return "a day, month or year"
    if codes := labels_of(target.coded, kind):
        return ", ".join(code for code, _ in codes)
    if isinstance(field, models.BooleanField):
        return "true or false"
    if isinstance(field, models.IntegerField):
        return "a whole number"
    return "a day" if isinstance(field, models.DateField) else "text"


def _rules(columns: Columns) -> list[str]:
    """What must hold between the columns of one row, in the words in which it is refused."""
    model = columns.model
    checks = [
        rule
        for of in (*model._meta.parents, model)
        for rule in of._meta.constraints
        if rule.violation_error_message != rule.default_violation_error_message
        and not rule.name.endswith("_precise")
    ]
    whole = model.part_of
    fixed = [f"What it belongs to ({whole}) stays as it was recorded."] if whole else []
    return [
        rule.get_violation_error_message() for rule in checks if isinstance(rule, models.CheckConstraint)
    ] + fixed
