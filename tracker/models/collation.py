"""Sort keys, stored beside the texts that lists sort by, so that both databases sort alike.

They are in the alphabetical order of all scripts: the Unicode Collation Algorithm in its root order (DUCET).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain, islice
from struct import pack

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models, transaction
from pyuca.collator import Collator_10_0_0

from tracker.models.known import version_of

BATCH = 2000
LONGEST = 200
"""So many characters of a text are compared; the databases index no longer keys."""
PRIMARY, SECONDARY, TERTIARY = range(3)
"""Letters, then accents, then case."""
_LEAST = {SECONDARY: 0x20, TERTIARY: 0x02}
"""The weights of letters without an accent, and of small ones; where only these follow, they are left out."""


def collation_key(text: str) -> bytes:
    """The key of `text`: keys that are compared byte by byte are in the alphabetical order of the texts."""
    words = unicodedata.normalize("NFD", text[:LONGEST]).split(" ")
    elements = [*chain.from_iterable(map(_elements, words))]
    levels = []
    for level in (PRIMARY, SECONDARY, TERTIARY):
        weights = [element[level] for element in elements if element[level]]
        while weights and weights[-1] == _LEAST.get(level):
            weights.pop()
        levels.append(pack(f">{len(weights)}H", *weights))
    return b"\0\0".join(levels)


@lru_cache(20_000)
def _elements(word: str) -> list[tuple[int, ...]]:
    """The weights of a word and of the blank behind it, with which none of its letters is sorted as one."""
    return [tuple(element[:3]) for element in _collator().collation_elements(f"{word} ")]


@cache
def _collator() -> Collator_10_0_0:
    """Read from its table, which takes a moment, when the first key is asked for."""
    return Collator_10_0_0()


class CollationKey(models.BinaryField):
    """The sort key of the text field `of` of the same model; it is worked out whenever a row is saved."""

    def __init__(self, of: str = "", **options):
        self.of = of
        super().__init__(**{"default": b"", "editable": False} | options)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance, add):
        key = collation_key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key


def keys_in(model: type[models.Model]) -> list[CollationKey]:
    """The sort keys of `model`, also those that it inherits."""
    return [field for field in model._meta.concrete_fields if isinstance(field, CollationKey)]


def with_keys(model: type[models.Model], values: Mapping) -> dict:
    """`values` of fields of `model`, with the sort keys of the texts among them."""
    missing = (key for key in keys_in(model) if key.of in values and key.attname not in values)
    return {**values, **{key.attname: collation_key(values[key.of]) for key in missing}}


def with_key_fields(rows: Sequence[models.Model], fields: Iterable[str]) -> list[str]:
    """`fields` that are to be written of `rows`, with the sort keys of the texts among them, which are set here."""
    keys = [key for key in (keys_in(type(rows[0])) if rows else ()) if key.of in fields]
    for key in keys:
        for row in rows:
            key.pre_save(row, add=False)
    return [*fields, *(key.name for key in keys)]


def sorted_by(model: type[models.Model], lookup: str) -> str:
    """The lookup that sorts rows of `model` by `lookup`: that of its sort key where it has one."""
    *path, name = lookup.split("__")
    try:
        for step in path:
            model = model._meta.get_field(step).related_model
    except FieldDoesNotExist:
        return lookup
    key = next((field.name for field in keys_in(model) if field.of == name), name)
    return "__".join([*path, key])


@transaction.atomic
def rebuild() -> int:
    """Write the sort keys that are not right; return how many there are."""
    count = 0
    with connection.cursor() as cursor:
        for model, field, batch in _batches():
            count += len(batch)
            table, pk = model._meta.db_table, model._meta.pk.column
            wrong = [(right, key) for key, right, stored in batch if right != stored]
            cursor.executemany(f'UPDATE {table} SET "{field.column}" = %s WHERE "{pk}" = %s', wrong)  # noqa: S608
    return count


def mismatches() -> Iterator[str]:
    """A sentence for each sort key that is not that of its text."""
    for model, field, batch in _batches():
        for key, right, stored in batch:
            if right != stored:
                yield f"The {field.name} of {model._meta.model_name} {key} is not that of its {field.of}."


def _batches() -> Iterator[tuple[type[models.Model], CollationKey, list[tuple[int, bytes, bytes]]]]:
    """Of all rows, and of their versions, the primary key, the right sort key, and the one stored."""
    for model in apps.get_app_config("tracker").get_models():
        for field in keys_in(model):
            if field.model is not model:
                continue
            for each in filter(None, (model, version_of(model))):
                rows = each._base_manager.order_by("pk").values_list("pk", field.of, field.attname)
                stored = rows.iterator(BATCH)
                while batch := list(islice(stored, BATCH)):
                    yield each, field, [(key, collation_key(text), bytes(old)) for key, text, old in batch]
