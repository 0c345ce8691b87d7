"""New developments that are made ready while others record, and then recorded all at once in a short transaction."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import connection, models

from tracker.models import VERSIONS, Development, Item, Record, User
from tracker.models.base import writes_allowed
from tracker.models.batches import in_batches
from tracker.models.versions import key_column
from tracker.recording.booking import book
from tracker.recording.bulk import NewDevelopment, RowRefused, make_ready
from tracker.recording.changed_rows import said
from tracker.recording.meanwhile import Overtaken
from tracker.recording.staged_developments import DAY, PARTS, StagedDevelopments
from tracker.recording.timestamps import Pending, last_instant
from tracker.recording.trail.rebuilding import last_versions
from tracker.recording.versions import key_of, versions_of


class Stage(StagedDevelopments):
    """New developments of `by`, with their effects and citations, that wait to be recorded.

    They are checked against what is on record meanwhile; `record` raises Overtaken if that has changed since.
    """

    def __init__(self, by: User):
        super().__init__(by)
        self.pending = Pending(0)
        self.read_at, self.last_versions = last_instant(), last_versions()
        self.keys: list[int] = []
        self.tells_order = False

    def add(self, by: User, news: Iterable[NewDevelopment]) -> list[str]:
        """Make `news` ready, as `recording.bulk.record_all` records them, and return their references.

        Raises RowRefused, and adds none of them, when any breaks a rule; what the database itself refuses is found only
        when they are recorded.
        """
        added: list[NewDevelopment] = []
        errors: dict[int, ValidationError] = {}
        for batch in in_batches(news):
            _, wrong = make_ready(by, batch, self.pending, len(added), self.waiting)
            errors |= wrong
            added += batch
        if errors:
            raise RowRefused(errors)
        for batch in in_batches(added):
            self.put(batch)
        self.keys += [new.development.pk for new in added]
        self.tells_order |= any(new.development.is_told_order for new in added)
        return [new.development.ref for new in added]

    def record(self, pending: Pending, margin: int = 1, more: int = 0) -> None:
        """Record everything in the transaction of `pending`, at the instant that it books.

        `margin` and `more`, the number of developments that are recorded with them, say how far ahead. Raises
        Overtaken, and is to be rolled back, if what the developments were checked against has changed.
        """
        if not self.keys:
            return
        instant = book(pending, len(self.keys) + more, len(self.items), margin)
        pending.begun = min(pending.begun, self.begun)
        pending.by = self.by.pk
        self._require_unchanged(instant)
        if connection.vendor == "postgresql":
            # Others record until the end.
            pending.require_unchanged = lambda: self._require_unchanged(instant)
        with writes_allowed():
            self.insert(instant)
        pending.processes |= self.processes
        pending.items |= self.items

    def _require_unchanged(self, instant: dt.datetime) -> None:
        """Raise Overtaken if anything has changed before `instant` that can matter to what was made ready."""
        self.require_same_author(instant)
        read_at = last_instant()
        if read_at == self.read_at:
            return
        newest = last_versions()
        if any(self._renamed(field, instant) for model in PARTS for field in _relations(model)):
            raise Overtaken("A record that it names has changed.")
        of_these = Development.objects.filter(process__in=self.processes)
        since = of_these.filter(recorded_at__gt=self.read_at, recorded_at__lt=instant)
        ended = of_these.filter(ended_at__gt=self.read_at, ended_at__lt=instant)
        is_placed_anew = self.tells_order and any(self.is_like(rows, DAY) for rows in (since, ended))
        if is_placed_anew or self.is_like(since, (*DAY, "headline")):
            raise Overtaken("A development was recorded to which it comes close.")
        self.read_at, self.last_versions = read_at, newest

    def _renamed(self, field: models.ForeignKey, instant: dt.datetime) -> bool:
        """Whether a record that one of the staged rows names in `field` says something else by now."""
        model = Item if issubclass(field.related_model, Item) else field.related_model
        if model not in VERSIONS:
            return False
        table, rows = self.tables[field.model], VERSIONS[model]._base_manager.order_by("pk")
        key = f'{versions_of(model)}."{key_of(model)}"'
        named = f'{key} IN (SELECT "{field.column}" FROM {table.name})'  # noqa: S608
        newer = rows.filter(version_key__gt=self.last_versions[model], known_from__lt=instant)
        newer = newer.extra(where=[named])
        if model is not Item:
            return newer.exists()
        # Most of them only stand otherwise.
        for version in newer:
            same = {key_column(Item): getattr(version, key_column(Item))}
            before = rows.filter(**same, version_key__lt=version.pk).last()
            if before is None or said(model, before) != said(model, version):
                return True
        return False


def _relations(model: type[Record]) -> Iterator[models.ForeignKey]:
    """What rows of `model` name, apart from the rows that are staged with them."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model not in (*PARTS, User):
            yield field
