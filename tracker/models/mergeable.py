"""Records that can be merged into another one of their type, which their references lead to from then on.

The row of a merged record stays, since versions of developments name it that have ended. It is found through
`everything` alone, and at instants before it was merged.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models

from tracker.models.base import Record, RecordQuerySet, UnmergedManager
from tracker.text.folding import visible

ALIASES_HELP = "Other names and spellings."


def validate_names(names) -> None:
    """Raise ValidationError unless `names` is a list of non-empty texts."""
    if not isinstance(names, list) or not all(isinstance(name, str) and visible(name) for name in names):
        raise ValidationError("Give a list of names, each a text.")


class MergedInto(models.ForeignKey):
    """The record that this one was merged into; empty for those that stand.

    It never leads to a merged one, but to one that was moved to another process.
    """

    def __init__(self, **options):
        # Nearly all are empty: by an index of these SQLite would find a list, and then have to sort it.
        own = {"to": "self", "on_delete": models.PROTECT, "null": True, "editable": False, "db_index": False}
        super().__init__(**own | {"related_name": "merged"} | options)


class Mergeable(Record):
    """A record that can be merged into another one."""

    objects = UnmergedManager.from_queryset(RecordQuerySet)()
    everything = RecordQuerySet.as_manager()

    aliases: list[str] | models.JSONField
    merged_into: "Mergeable | None | MergedInto"
    merged_into_id: int | None
    """Declared by each model."""

    class Meta:
        abstract = True
        base_manager_name = "everything"


def once(field: str, name: str, message: str) -> models.UniqueConstraint:
    """The constraint `name`: of the records that stand, each has another value of `field`."""
    return models.UniqueConstraint(
        fields=[field],
        condition=models.Q(merged_into=None),
        name=name,
        violation_error_code="unique",
        violation_error_message=message,
    )


def led_on(model: type[models.Model], refs: Iterable[str]) -> dict[str, int]:
    """{reference: primary key of the record that it leads to} for those of `refs` that are of merged records.

    One query, and one for each step from process to process; none for a model whose records are not merged.
    """
    if not issubclass(model, Mergeable):
        return {}
    rows = model.everything.filter(merged_into__isnull=False).order_by()
    leads = dict(rows.filter(ref__in=refs).values_list("ref", "merged_into"))
    step = leads
    # What was moved leads to the row of the other process, and stays so, whatever becomes of that.
    while step and (step := dict(rows.filter(pk__in=step.values()).values_list("pk", "merged_into"))):
        leads = {ref: step.get(key, key) for ref, key in leads.items()}
    return leads
