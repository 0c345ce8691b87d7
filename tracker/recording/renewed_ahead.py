"""New versions of very many developments, made ready while others record, before a merge or the like writes them."""

import datetime as dt
from collections.abc import Collection, Sequence
from functools import partial
from typing import Protocol

from django.db import connection

from tracker.models import VERSIONS, Citation, Development, Effect, Source, User
from tracker.models.batches import in_batches
from tracker.models.versions import key_column
from tracker.recording.booking import book, wait_for
from tracker.recording.bulk import NewDevelopment
from tracker.recording.meanwhile import Overtaken
from tracker.recording.renewal import Renewed, Tell, complete, ending, items_of, locked
from tracker.recording.staged_developments import DAY, StagedDevelopments
from tracker.recording.staged_table import StagedPairs
from tracker.recording.timestamps import Pending, last_instant

FEW = 50
"""How many developments that others recorded or corrected meanwhile are left until nobody else can record."""


class Renewal(Protocol):
    """What gives developments new versions, such as a merge."""

    by: User
    why: str
    reason: str

    def developments(self) -> list[int]:
        """The primary keys of the versions in force that are to be renewed, in the order in which they are."""

    def renewed(self, keys: Sequence[int]) -> list[Renewed]:
        """Those with the primary keys `keys`, each with what is to stand in its place."""

    def is_settled(self, new: NewDevelopment) -> bool:
        """Whether what `new` says is known before the rest of it is done."""


class RenewedAhead(StagedDevelopments):
    """The new versions of a `renewal`, which wait to be recorded by its transaction.

    What others do to its developments meanwhile is left to that: it renews those that it finds not renewed yet.
    """

    def __init__(self, renewal: Renewal, attempt: int = 1):
        super().__init__(renewal.by)
        self.renewal, self.attempt = renewal, attempt
        self.pairs = StagedPairs()
        self.read_at, self.last_text = last_instant(), _last_version()
        self.moved_to: set[int] = set()
        """The processes to which developments are moved (primary keys)."""
        self.done = 0

    def make_ready(self, tell: Tell) -> None:
        """Make all ready that can be; `tell` hears how many are, and may raise an exception of its own."""
        left: set[int] = set()
        while True:
            self._drop_outdated()
            keys = self.renewal.developments()
            ready = self.pairs.all().keys() | left
            waiting = [key for key in keys if key not in ready]
            if len(waiting) <= (FEW if self.done else 0):
                tell(self.done)
                return
            for some in in_batches(waiting):
                tell(self.done)
                left.update(set(some) - self._add(some))
                self.done += len(some)

    def _add(self, keys: Sequence[int]) -> set[int]:
        """Make the new versions of `keys` ready; return those that are."""
        renewed = [(old, new) for old, new in self.renewal.renewed(keys) if self.renewal.is_settled(new)]
        complete(self.by, renewed, self.waiting)
        self.put([new for _, new in renewed])
        self.pairs.add([(old.pk, new.development.pk) for old, new in renewed])
        for old, new in renewed:
            self.processes.add(old.process_id)
            self.moved_to |= {new.development.process_id} - {old.process_id}
            self.items |= items_of(old, new)
        return {old.pk for old, _ in renewed}

    def record(self, pending: Pending) -> None:
        """Record those that still hold in the transaction of `pending`, at an instant that this books.

        Raises Overtaken, and is to be rolled back, if it has to be made ready anew. Call it inside `writes_allowed`,
        before anything is locked for which others would wait.
        """
        number = len(self.pairs.all())
        if not number:
            return
        # Each ends one version and begins another.
        instant = book(pending, 2 * number, len(self.items), self.attempt)
        self._require_same(instant)
        locked(Development.objects.filter(pk__in=self.pairs.old, ended_at=None))
        self._drop_outdated()
        if connection.vendor == "postgresql":
            # Others record until the end.
            pending.require_unchanged = partial(self._require_unchanged, instant)
        values = ending(self.by, self.renewal.why, self.renewal.reason)
        Development.objects.filter(pk__in=self.pairs.old).update(ended_at=instant, **values)
        Effect.objects.filter(development__in=self.pairs.old).update(ended_at=instant)
        self.insert(instant)
        pending.processes |= self.processes
        pending.items |= self.items
        wait_for(instant, len(self.items), self.attempt)

    def _drop_outdated(self) -> None:
        """Take out those whose old version has ended, or cites a source of which there is another text by now."""
        pairs, last = self.pairs.all(), _last_version()
        current = Development.objects.filter(pk__in=self.pairs.old, ended_at=None)
        outdated = pairs.keys() - {*current.order_by().values_list("pk", flat=True)}
        outdated |= self._citing(self._changed_sources())
        if outdated:
            self.drop([pairs[key] for key in outdated])
            self.pairs.delete(outdated)
        self.last_text = last

    def _changed_sources(self) -> set[int]:
        """The primary keys of the sources that were saved since it was asked last."""
        newer = VERSIONS[Source]._base_manager.filter(version_key__gt=self.last_text)
        return set(newer.values_list(key_column(Source), flat=True))

    def _citing(self, sources: Collection[int]) -> set[int]:
        """The old versions that cite one of `sources`: whether their quotes are found there may have changed."""
        citing: set[int] = set()
        for some in in_batches(sources):
            rows = Citation.objects.filter(source__in=some, development__in=self.pairs.old)
            citing.update(rows.order_by().values_list("development", flat=True))
        return citing

    def _require_same(self, instant: dt.datetime) -> None:
        """Raise Overtaken if its author, or a day on which a development is placed anew, is not what it was."""
        self.require_same_author(instant)
        there = Development.objects.filter(process__in=self.moved_to)
        for column in ("recorded_at", "ended_at"):
            since = there.filter(**{f"{column}__gt": self.read_at, f"{column}__lt": instant})
            if self.moved_to and self.is_like(since, DAY):
                raise Overtaken("A development of the same day was recorded where they are moved to.")

    def _require_unchanged(self, instant: dt.datetime) -> None:
        self._require_same(instant)
        newer = VERSIONS[Source]._base_manager.filter(version_key__gt=self.last_text, known_from__lt=instant)
        if self._citing(set(newer.values_list(key_column(Source), flat=True))):
            raise Overtaken("Another text of a source was stored.")


def _last_version() -> int:
    """The last primary key of the versions of sources; 0 if there are none."""
    last = VERSIONS[Source]._base_manager.order_by("-version_key").values_list("version_key", flat=True)
    return last.first() or 0
