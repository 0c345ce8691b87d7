"""New developments that are made ready while others record, and then recorded all at once in a short transaction."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils import timezone

from tracker.models import VERSIONS, Citation, Development, Effect, Item, Record, RecordName, User
from tracker.models.base import writes_allowed
from tracker.models.batches import in_batches
from tracker.models.names import keys_of, type_of
from tracker.models.versions import key_column
from tracker.recording.booking import book
from tracker.recording.bulk import NewDevelopment, RowRefused, make_ready
from tracker.recording.changed_rows import said
from tracker.recording.meanwhile import Overtaken
from tracker.recording.place import COLUMNS, Day
from tracker.recording.staged_table import StagedTable, StagedWords, book_keys
from tracker.recording.timestamps import Pending, last_instant
from tracker.recording.trail.rebuilding import last_versions
from tracker.recording.versions import begin_versions, key_of, names_of, versions_of

PARTS = (Development, Effect, Citation)
DAY = ("process_id", "happened_key")
"""The columns of a `place.Day`."""


class Stage:
    """New developments of `by`, with their effects and citations, that wait to be recorded.

    They are checked against what is on record meanwhile; `record` raises Overtaken if that has changed since.
    """

    def __init__(self, by: User):
        self.by = by
        self.hidden = {*by.hidden_process_ids}
        self.pending = Pending(0)
        self.day = timezone.localdate()
        self.read_at, self.last_versions = last_instant(), last_versions()
        self.keys: list[int] = []
        self.processes: set[int] = set()
        self.items: set[int] = set()
        self.tells_order = False
        self.tables: dict[type[models.Model], StagedTable] = {model: StagedTable(model) for model in PARTS}
        self.tables[Development].index(*DAY)
        self.names, self.words = StagedTable(RecordName, keyed=False), StagedWords()

    def add(self, by: User, news: Iterable[NewDevelopment]) -> list[str]:
        """Make `news` ready, as `recording.bulk.record_all` records them, and return their references.

        Raises RowRefused, and adds none of them, when any breaks a rule; what the database itself refuses is found only
        when they are recorded.
        """
        added: list[NewDevelopment] = []
        errors: dict[int, ValidationError] = {}
        for batch in in_batches(news):
            _, wrong = make_ready(by, batch, self.pending, len(added), self._waiting)
            errors |= wrong
            added += batch
        if errors:
            raise RowRefused(errors)
        for batch in in_batches(added):
            self._add(batch)
        return [new.development.ref for new in added]

    def _add(self, batch: list[NewDevelopment]) -> None:
        developments = [new.development for new in batch]
        effects = [effect for new in batch for effect in new.effects]
        citations = [citation for new in batch for citation in new.citations]
        self._put(Development, developments)
        for new in batch:
            # This copies its primary key, which it has by now.
            for effect in new.effects:
                effect.development = new.development
            for citation in new.citations:
                citation.development = new.development
        self._put(Effect, effects)
        self._put(Citation, citations)
        self.names.add(
            RecordName(record_type=type_of(Development), record_id=row.pk, key=key, rank=rank)
            for row in developments
            for key, rank in keys_of(row).items()
        )
        self.keys += [row.pk for row in developments]
        self.processes.update(row.process_id for row in developments)
        self.items.update(effect.item_id for effect in effects)
        self.tells_order |= any(row.is_told_order for row in developments)

    def _put(self, model: type[Record], rows: Sequence[Record]) -> None:
        for row, key in zip(rows, book_keys(model, len(rows)) if rows else (), strict=True):
            row.pk = key
        self.tables[model].add(rows)
        self.words.add(rows)

    def _waiting(self, days: Collection[Day]) -> Iterable[Development]:
        """Those of `days` that are ready already."""
        if not self.keys:
            return []
        return self.tables[Development].having(("id", *COLUMNS), DAY, days)

    def record(self, pending: Pending, margin: int = 1, more: int = 0) -> None:
        """Record everything in the transaction of `pending`, at the instant that it books.

        `margin` and `more`, the number of developments that are recorded with them, say how far ahead. Raises
        Overtaken, and is to be rolled back, if what the developments were checked against has changed.
        """
        if not self.keys:
            return
        instant = book(pending, len(self.keys) + more, len(self.items), margin)
        pending.begun = min(pending.begun, self.pending.begun)
        pending.by = self.by.pk
        self._require_unchanged(instant)
        if connection.vendor == "postgresql":
            # Others record until the end.
            pending.require_unchanged = lambda: self._require_unchanged(instant)
        with writes_allowed():
            for table in (*self.tables.values(), self.names):
                table.insert(instant)
            self.words.insert()
            own = f"t.record_id IN (SELECT id FROM {self.tables[Development].name})"  # noqa: S608
            begin_versions(RecordName, f"{names_of(Development).condition} AND {own}", instant, self.by.pk)
        pending.processes |= self.processes
        pending.items |= self.items

    def _require_unchanged(self, instant: dt.datetime) -> None:
        """Raise Overtaken if anything has changed before `instant` that can matter to what was made ready."""
        by = User.objects.get(pk=self.by.pk)
        if (by.is_active, by.role) != (True, self.by.role) or {*by.hidden_process_ids} != self.hidden:
            raise Overtaken("What its author may see and do has changed.")
        if timezone.localdate(instant) != self.day:
            raise Overtaken("Another day has begun.")
        read_at = last_instant()
        if read_at == self.read_at:
            return
        newest = last_versions()
        if any(self._renamed(field, instant) for model in PARTS for field in _relations(model)):
            raise Overtaken("A record that it names has changed.")
        of_these = Development.objects.filter(process__in=self.processes)
        since = of_these.filter(recorded_at__gt=self.read_at, recorded_at__lt=instant)
        ended = of_these.filter(ended_at__gt=self.read_at, ended_at__lt=instant)
        is_placed_anew = self.tells_order and any(self._is_like(rows, DAY) for rows in (since, ended))
        if is_placed_anew or self._is_like(since, (*DAY, "headline")):
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

    def _is_like(self, rows: models.QuerySet, columns: Sequence[str]) -> bool:
        """Whether one of `rows` has the same in these `columns` as one of the developments that were made ready."""
        own, other = self.tables[Development].name, Development._meta.db_table
        same = " AND ".join(f"t.{name} = {other}.{name}" for name in columns)
        return rows.extra(where=[f"EXISTS (SELECT 1 FROM {own} AS t WHERE {same})"]).exists()  # noqa: S608


def _relations(model: type[Record]) -> Iterator[models.ForeignKey]:
    """What rows of `model` name, apart from the rows that are staged with them."""
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.related_model not in (*PARTS, User):
            yield field
