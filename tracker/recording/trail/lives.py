"""What the audit trail says of each record: its entries, from the first recording to the deletion."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple

from tracker.models import Change, Item, Record
from tracker.models.versions import KEPT

BATCH = 200
"""How many records are read at a time: the texts of sources are long."""

CHUNK = 500

RECORDS = [model for model in KEPT if issubclass(model, Record) and model is not Item]
"""The models of the records that the trail has entries of."""


class Life(NamedTuple):
    """The entries of one record, the first ahead; a reference that was used again has another life."""

    model: type[Record]
    ref: str
    entries: list[Change]
    ended: Change | None
    """The entry of the deletion, which is none of `entries`; None for a record that is still there."""

    @property
    def began(self) -> dt.datetime | None:
        """The instant of the first entry, before which nothing is known of a deleted record."""
        return self.entries[0].at if self.entries else None


def batches_of_lives(model: type[Record]) -> Iterator[list[Life]]:
    """All lives in the trail of records of `model`, at most BATCH at a time."""
    entries = Change.objects.filter(record_type=model._meta.model_name).order_by("record_ref", "at", "pk")
    lives = _lives(model, entries.iterator(CHUNK))
    while batch := list(islice(lives, BATCH)):
        yield batch


def _lives(model: type[Record], entries: Iterable[Change]) -> Iterator[Life]:
    for ref, of_record in groupby(entries, attrgetter("record_ref")):
        life: list[Change] = []
        for entry in of_record:
            if entry.action == Change.Action.DELETED:
                yield Life(model, ref, life, entry)
                life = []
                continue
            if entry.action == Change.Action.CREATED:
                # What precedes it is of no record that there was.
                life = []
            life.append(entry)
        if life:
            yield Life(model, ref, life, None)
