"""New versions of developments with their effects and citations, ready in temporary tables, to be inserted at once."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db import models
from django.utils import timezone

from tracker.models import Citation, Development, Effect, Record, RecordName, User
from tracker.models.batches import in_batches
from tracker.models.names import keys_of, type_of
from tracker.models.search_entries import entry_types
from tracker.recording.bulk import NewDevelopment
from tracker.recording.meanwhile import Overtaken
from tracker.recording.place import COLUMNS, Day
from tracker.recording.staged_table import StagedTable, StagedWords, book_keys
from tracker.recording.versions import begin_versions, names_of

PARTS = (Development, Effect, Citation)
DAY = ("process_id", "happened_key")
"""The columns of a `place.Day`."""


class StagedDevelopments:
    """Versions that `by` is about to record, with their names and their words for the search index."""

    def __init__(self, by: User):
        self.by = by
        self.hidden = {*by.hidden_process_ids}
        self.begun, self.day = timezone.now(), timezone.localdate()
        self.processes: set[int] = set()
        self.items: set[int] = set()
        self.tables: dict[type[models.Model], StagedTable] = {model: StagedTable(model) for model in PARTS}
        self.tables[Development].index(*DAY)
        self.names, self.words = StagedTable(RecordName, keyed=False), StagedWords()

    def put(self, batch: Sequence[NewDevelopment]) -> None:
        """Add `batch`, which is complete but for its primary keys."""
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
        self.processes.update(row.process_id for row in developments)
        self.items.update(effect.item_id for effect in effects)

    def _put(self, model: type[Record], rows: Sequence[Record]) -> None:
        for row, key in zip(rows, book_keys(model, len(rows)) if rows else (), strict=True):
            row.pk = key
        self.tables[model].add(rows)
        self.words.add(rows)

    def waiting(self, days: Collection[Day]) -> Iterable[Development]:
        """Those of `days` that are ready already."""
        return self.tables[Development].having(("id", *COLUMNS), DAY, days) if self.processes else []

    def is_like(self, rows: models.QuerySet, columns: Sequence[str]) -> bool:
        """Whether one of `rows` has the same in these `columns` as one of the developments that are ready."""
        own, other = self.tables[Development].name, Development._meta.db_table
        same = " AND ".join(f"t.{name} = {other}.{name}" for name in columns)
        return rows.extra(where=[f"EXISTS (SELECT 1 FROM {own} AS t WHERE {same})"]).exists()  # noqa: S608

    def drop(self, developments: Collection[int]) -> None:
        """Take out those with the primary keys `developments`, with all that belongs to them."""
        for keys in in_batches(developments):
            self.names.delete("record_id", keys)
            for model in PARTS:
                column = "id" if model is Development else "development_id"
                for kind in entry_types(model):
                    self.words.delete(kind.code, self.tables[model].keys(column, keys))
            for model in PARTS:
                self.tables[model].delete("id" if model is Development else "development_id", keys)

    def insert(self, instant: dt.datetime) -> None:
        """Record all of them at `instant`. Call it inside `writes_allowed`."""
        for table in (*self.tables.values(), self.names):
            table.insert(instant)
        self.words.insert()
        own = f"t.record_id IN (SELECT id FROM {self.tables[Development].name})"  # noqa: S608
        begin_versions(RecordName, f"{names_of(Development).condition} AND {own}", instant, self.by.pk)

    def require_same_author(self, instant: dt.datetime) -> None:
        """Raise Overtaken if their author may see and do something else by now, or if `instant` is of another day."""
        by = User.objects.get(pk=self.by.pk)
        if (by.is_active, by.role) != (True, self.by.role) or {*by.hidden_process_ids} != self.hidden:
            raise Overtaken("What its author may see and do has changed.")
        if timezone.localdate(instant) != self.day:
            raise Overtaken("Another day has begun.")
