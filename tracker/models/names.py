"""An index of record names as normalised keys, so that both databases find the same records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from django.apps import apps
from django.db import models, transaction

from tracker.text.names import key, look, visible

BATCH = 2000
"""How many records have their names written at a time."""
NAMING = ("aliases", "publisher")
"""Fields besides `name_fields` that contribute to a record's names."""
_GENERATIONS = {"jr", "sr", "ii", "iii", "iv"}


class NameRank(models.IntegerChoices):
    """The rank of a name; if several records share a key, the one with the lowest rank is meant."""

    NAME = 0, "Name"
    OTHER = 1, "Alias, short name or heading"
    SURNAME = 2, "Surname"
    LOOK = 3, "What it looks like in Latin letters"


class RecordName(models.Model):
    """One name of one record, folded by `tracker.text.names.key`; updated whenever the record is saved."""

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


def type_of(model) -> str:
    """The `record_type` of the names of `model`."""
    parents = model._meta.all_parents
    return (parents[-1] if parents else model)._meta.model_name


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
    """{key: NameRank} for all names of `record`."""
    ranks: dict[str, int] = {}
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


@transaction.atomic
def rebuild() -> int:
    """Rebuild the index; return the number of names."""
    RecordName.objects.all().delete()
    for records in _all_records():
        keep(records, are_new=True)
    return RecordName.objects.count()


def mismatches() -> Iterator[str]:
    """A sentence for each record whose stored names are not those that `rebuild` would write."""
    for records in _all_records():
        stored: dict[int, dict[str, int]] = defaultdict(dict)
        rows = names_of(type(records[0])).filter(record_id__range=(records[0].pk, records[-1].pk))
        for record_id, name, rank in rows.values_list("record_id", "key", "rank"):
            stored[record_id][name] = rank
        for record in records:
            if stored[record.pk] != keys_of(record):
                yield f"The names of {type_of(type(record))} {record.pk} are not those of its record."
    for model in _named_models():
        alone = ~models.Exists(model._base_manager.filter(pk=models.OuterRef("record_id")))
        for record_id in names_of(model).filter(alone).values_list("record_id", flat=True).distinct():
            yield f"The names of {type_of(model)} {record_id} have no record."


def _named_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_app_config("tracker").get_models()
        if getattr(model, "name_fields", ()) and not model._meta.all_parents
    ]


def _all_records() -> Iterator[list]:
    """All records that have names, with the fields of those, a batch of one model at a time."""
    for model in _named_models():
        fields = [
            field.name for field in model._meta.concrete_fields if field.name in {*model.name_fields, *NAMING}
        ]
        rows = model._base_manager.order_by("pk").only(*fields).iterator(BATCH)
        while batch := list(islice(rows, BATCH)):
            yield batch
