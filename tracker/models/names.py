"""An index of record names as normalised keys, so that both databases find the same records."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from tracker.text.folding import key, look, visible

BATCH = 2000
"""How many records have their names written at a time."""
NAMING = ("aliases", "publisher")
"""Fields besides `name_fields` that contribute to a record's names."""
NAMED_BY = (*NAMING, "merged_into")
"""The same, with that which tells that a record was merged, and so has no names."""
_GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}


class NameRank(models.IntegerChoices):
    """The rank of a name; if several records share a key, the one with the lowest rank is meant."""

    NAME = 0, "Name"
    OTHER = 1, "Alias, short name or heading"
    SURNAME = 2, "Surname"
    LOOK = 3, "What it looks like in Latin letters"


class RecordName(models.Model):
    """One name of one record, folded by `tracker.text.folding.key`; updated whenever the record is saved."""

    record_type = models.CharField(max_length=20)
    """The model name; `item` for items of all kinds."""
    record_id = models.BigIntegerField()
    rank = models.PositiveSmallIntegerField(choices=NameRank)
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record_type", "record_id", "key"], name="record_name_once")
        ]
        indexes = [
            models.Index(fields=["record_type", "key", "rank", "record_id"], name="record_name_key"),
            models.Index(fields=["key"], name="record_name_any_type"),
        ]

    def __str__(self):
        return f"{self.key} ({self.record_type} {self.record_id})"


def require_legible(record: models.Model, fields: Iterable[str]) -> None:
    """Raise ValidationError for a name of `record` in one of `fields` that has nothing to read."""
    names = {field: getattr(record, field) for field in fields}
    if unseen := [field for field, name in names.items() if name and not visible(name)]:
        raise ValidationError(dict.fromkeys(unseen, "It has only signs that nobody sees."))


def root_of(model: type[models.Model]) -> type[models.Model]:
    """The model whose table has the references and primary keys of the rows of `model`: its own, or its parent's."""
    parents: list[type[models.Model]] = [*model._meta.all_parents]
    return parents[-1] if parents else model


def type_of(model) -> str:
    """The `record_type` of the names of `model`."""
    return root_of(model)._meta.model_name


def names_of(model):
    """The names of the records of `model`."""
    return RecordName.objects.filter(record_type=type_of(model))


def surnames(name: str) -> Iterator[str]:
    """The possible surnames in a person's `name`: "von der Leyen", "der Leyen", "Leyen"."""
    words = visible(name).split()
    while len(words) > 1 and key(words[-1]) in _GENERATIONS:
        words.pop()
    for start in range(1, len(words)):
        yield " ".join(words[start:])


def keys_of(record) -> dict[str, int]:
    """{key: NameRank} for all names of `record`; none once it is merged, since another one has them then."""
    ranks: dict[str, int] = {}
    if getattr(record, "merged_into_id", None):
        return ranks
    names = list(record.names())
    for rank, name in names:
        if folded := key(name):
            ranks[folded] = min(rank, ranks.get(folded, rank))
    for rank, name in names:
        if rank != NameRank.SURNAME and (alike := look(name)):
            ranks.setdefault(alike, NameRank.LOOK)
    return ranks


def keep(records: Iterable, are_new: bool = False) -> None:
    """Update the index for `records`, which are all of one model."""
    records = list(records)
    if not records or not records[0].name_fields:
        return
    rows, record_type = names_of(type(records[0])), type_of(type(records[0]))
    wanted = {(record.pk, name): rank for record in records for name, rank in keys_of(record).items()}
    if not are_new:
        stale = []
        for pk, record_id, name, rank in rows.filter(
            record_id__in=[record.pk for record in records]
        ).values_list("pk", "record_id", "key", "rank"):
            if wanted.get((record_id, name)) == rank:
                del wanted[record_id, name]
            else:
                stale.append(pk)
        if stale:
            RecordName.objects.filter(pk__in=stale).delete()
    RecordName.objects.bulk_create(
        [
            RecordName(record_type=record_type, record_id=record_id, key=name, rank=rank)
            for (record_id, name), rank in wanted.items()
        ],
        batch_size=BATCH,
    )


def named_models() -> list[type[models.Model]]:
    """The models whose records have names, but for those whose rows are also of another such model."""
    return [
        model
        for model in apps.get_app_config("tracker").get_models()
        if getattr(model, "name_fields", ()) and not model._meta.all_parents
    ]
