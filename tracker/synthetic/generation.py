"""The sizes of synthetic processes, and their writing."""

import datetime as dt
from collections.abc import Callable
from contextlib import contextmanager
from random import Random

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction

from tracker.clocks import PRESENT
from tracker.domain.standing import VALUES, latest, latest_stance
from tracker.models import (
    Citation,
    Delegate,
    Delegation,
    Demand,
    Development,
    Effect,
    FollowUp,
    Item,
    ItemStance,
    Principle,
    Process,
    RecordName,
    SearchEntry,
    Talk,
    User,
    derived,
)
from tracker.models.base import writes_allowed
from tracker.models.vocabularies import ItemKind, UserRole
from tracker.recording.bulk_insert import BulkTable, tidy
from tracker.recording.denormalized import batches, mark_open, store_doubts
from tracker.recording.earlier_versions import begin_all
from tracker.recording.future import continue_from
from tracker.synthetic.history import History, Shape
from tracker.synthetic.world import BEGINS, make_world

BROAD = Shape(developments=10_000, items=500, even=True)
"""The largest process that one page is asked for; every record of ten of its size has one."""

ROOM = 1_000_000
"""How many kilobytes of memory the page cache may take; a record of 1,000,000 developments has 6.8 GB."""

_NOBODY = {"is_active": False, "password": UNUSABLE_PASSWORD_PREFIX, "role": UserRole.VIEWER}


class Occupied(Exception):
    """The database holds processes already, or what this very seed once made."""


def shapes(developments: int) -> list[Shape]:
    """The sizes of the processes, largest first; in all, exactly `developments`, and items a tenth of that.

    The largest holds a tenth of the record; from ten times its size on, BROAD is one of them; the others grow smaller
    and smaller.
    """
    largest = max(developments // 10, min(developments, 10))
    sizes = [Shape(largest, max(largest // 10, 1))]
    if developments >= 10 * BROAD.developments:
        sizes.append(BROAD)
    left = developments - sum(shape.developments for shape in sizes)
    weights = [1 / (place + 12) ** 0.9 for place in range(max(int(developments**0.45), 1))]
    for weight in weights:
        size = min(round(developments * weight / sum(weights)), left, largest)
        if size:
            sizes.append(Shape(size, max(round(size / 10), 1)))
            left -= size
    while left:
        size = min(left, largest)
        sizes.append(Shape(size, max(round(size / 10), 1)))
        left -= size
    return sizes


def generate(
    developments: int, seed: int, add: bool = False, tell: Callable[[str], None] = lambda line: None
) -> None:
    """Write a synthetic record of so many developments, the same for the same number and seed, standing included.

    `tell` is given a line about every process written. Each process is a transaction of its own, so that what stands
    after an interruption is sound; what can be searched is written at the end. The instants of recording are invented
    too: what is added to a record changes how its past reads. Raises Occupied, and writes nothing, where there are
    processes already, unless the record is to `add` to them, or where the seed has been used.
    """
    if not add and Process.objects.exists():
        raise Occupied("This database holds processes already; --add puts synthetic ones beside them.")
    if Process.objects.filter(ref__startswith=f"prc-s{seed}-").exists():
        raise Occupied(f"Seed {seed} has been used here already; choose another.")
    random = Random(f"{developments} {seed}")
    with _room(), _derived_at_the_end(), writes_allowed():
        by, _ = User.objects.get_or_create(username="generator", defaults=_NOBODY)
        with transaction.atomic():
            world = make_world(random, developments, seed)
        tables = _tables()
        history = History(random, world, tables, by)
        all_shapes, lasts = shapes(developments), []
        for number, shape in enumerate(all_shapes, start=1):
            with transaction.atomic():
                process = _process(number, seed)
                process.last_recorded_at = history.write(process, shape)
                for table in tables.values():
                    table.flush()
                process.save(update_fields=["last_recorded_at"])
                _restand(process)
            lasts.append(process.last_recorded_at)
            tell(f"{number} of {len(all_shapes)}: {shape.developments} developments, {shape.items} items")
        with transaction.atomic():
            continue_from(max(lasts))
    tidy([*(table.model for table in tables.values()), RecordName, SearchEntry])


@contextmanager
def _room():
    """A context in which SQLite keeps up to ROOM of the database at hand: the index of names is written all over."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (usual,) = cursor.execute("PRAGMA cache_size").fetchone()
        cursor.execute(f"PRAGMA cache_size = -{ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {usual}")


@contextmanager
def _derived_at_the_end():
    """A context for rows written past the ORM, which leaves names and search to `derived`, also when interrupted."""
    try:
        yield
    finally:
        begin_all()
        derived.rebuild("names", "words")


def _tables():
    kinds = {
        ItemKind.TALK: Talk,
        ItemKind.PRINCIPLE: Principle,
        ItemKind.DEMAND: Demand,
        ItemKind.FOLLOW_UP: FollowUp,
    }
    return {
        "Item": BulkTable(Item, keyed=True),
        **{kind.value: BulkTable(model) for kind, model in kinds.items()},
        "item issues": BulkTable(Item.issues.through),
        "principle parties": BulkTable(Principle.parties.through),
        "demand addressed_to": BulkTable(Demand.addressed_to.through),
        "follow-up promised_to": BulkTable(FollowUp.promised_to.through),
        "Delegation": BulkTable(Delegation, keyed=True),
        "Delegate": BulkTable(Delegate),
        "Development": BulkTable(Development, keyed=True),
        "Effect": BulkTable(Effect),
        "Citation": BulkTable(Citation),
        "ItemStance": BulkTable(ItemStance),
    }


def _process(number, seed):
    process = Process(
        ref=f"prc-s{seed}-{number}",
        title=f"Synthetic process {seed}-{number:04}",
        aim="To be measured by; nothing in it ever happened.",
        recorded_at=dt.datetime.combine(BEGINS, dt.time(), tzinfo=dt.UTC),
    )
    process.save()
    return process


def _restand(process):
    """Store what the rule gives for every item of the process."""
    Item.objects.filter(process=process).update(
        **{f"current_{name}": latest(PRESENT, aspect, column) for name, (aspect, column) in VALUES.items()}
    )
    ItemStance.objects.filter(item__process=process).update(current_stance=latest_stance(PRESENT, "stance"))
    for keys in batches(Item.objects.filter(process=process)):
        mark_open(keys)
        store_doubts(keys)
