"""What is worked out from the texts of records and stored beside them; a release that changes how rebuilds it."""

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

from django.db import connection, models, transaction
from pyuca import collator

from tracker.models import collation, names, names_rebuilt, search_entries, search_storage, states
from tracker.text import folding, words


class DerivedText(models.Model):
    """One kind of derived text, and a digest of the rules by which all of it was written."""

    name = models.CharField(max_length=20, primary_key=True)
    rules = models.CharField(max_length=64)

    def __str__(self):
        return self.name


def derive(records: Sequence[models.Model], are_new: bool = False) -> None:
    """Store what is worked out from the texts of `records`, all of one model: their names and their search entries."""
    if records and hasattr(records[0], "derived_from"):
        names.keep(records, are_new=are_new)
        search_entries.write(records)


def derives_from(model: type[models.Model], fields: Iterable[str]) -> bool:
    """Whether anything is worked out from one of `fields` of `model`."""
    return any(not each.derived_from().isdisjoint(fields) for each in kinds_of(model))


def forget(model: type[models.Model], keys: Collection[int]) -> None:
    """Remove what was worked out from the texts of the records of `model` with the primary keys `keys`."""
    for each in kinds_of(model)[:1]:
        names.names_of(each).filter(record_id__in=keys).delete()
        search_entries.remove(each, keys)


@cache
def kinds_of(model: type[models.Model]) -> tuple:
    """`model`, and the models whose records are rows of it as well; none where it is no record."""
    if not hasattr(model, "derived_from"):
        return ()
    kinds = (
        each for each in search_entries.searched_models() if each is not model and issubclass(each, model)
    )
    return (model, *kinds)


KINDS: dict[str, tuple[Callable[[], int], tuple]] = {
    "sort keys": (collation.rebuild, (collator, collation)),
    "names": (names_rebuilt.rebuild, (folding, names, names_rebuilt, states)),
    "words": (search_entries.rebuild, (folding, words, search_entries, search_storage, states)),
}
"""What writes each kind anew, and the modules that have its rules."""


def rebuild(*kinds: str) -> dict[str, int]:
    """Write the kinds, or all, anew; return how many rows each has."""
    counts = {}
    for kind in kinds or KINDS:
        with transaction.atomic():
            counts[kind] = KINDS[kind][0]()
            DerivedText.objects.update_or_create(name=kind, defaults={"rules": rules_of(kind)})
    return counts


def rules_of(kind: str) -> str:
    """A digest of all that the rules of a kind depend on."""
    digest = digest_of(KINDS[kind][1])
    for model in search_entries.searched_models():
        keys = [(key.name, key.of) for key in collation.keys_in(model)]
        digest.update(repr((search_entries.entry_types(model), model.name_fields, keys)).encode())
    return digest.hexdigest()


def digest_of(modules: Iterable[ModuleType]) -> "hashlib._Hash":
    """A digest of the code of `modules` and of the version of Unicode, to be added to."""
    digest = hashlib.sha256(unicodedata.unidata_version.encode())
    for module in modules:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest


def is_outdated(kind: str) -> bool:
    """Whether other rules have written a kind, or none yet."""
    return not DerivedText.objects.filter(name=kind, rules=rules_of(kind)).exists()


def install(using="default", **signal) -> None:
    """Rebuild what other rules have written, or nothing yet; called after every migration."""
    if using != "default" or DerivedText._meta.db_table not in connection.introspection.table_names():
        return
    if outdated := list(filter(is_outdated, KINDS)):
        rebuild(*outdated)


def drop_triggers(plan=(), using="default", **signal) -> None:
    """Drop the triggers by which earlier releases kept the index: PostgreSQL alters no column that one names."""
    if not plan or using != "default":
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search!_%' ESCAPE '!'"
            )
            drop = 'DROP TRIGGER "{}"'
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE NOT tgisinternal AND tgname LIKE 'search!_%' ESCAPE '!' AND pg_table_is_visible(pg_class.oid)"
            )
            drop = 'DROP FUNCTION "{}"() CASCADE'
        for (name,) in cursor.fetchall():
            cursor.execute(drop.format(name))
