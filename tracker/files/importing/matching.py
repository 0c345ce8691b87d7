"""Which record on file a row without an id means, and whether two rows of a file are about one record."""

from django.db.models import OuterRef, Subquery

from tracker.clocks import PRESENT
from tracker.files.importing import rules
from tracker.files.importing.cells import CellReader
from tracker.files.importing.columns import Columns
from tracker.files.importing.row_result import RowResult
from tracker.files.spreadsheet.rows import SpreadsheetRow
from tracker.models import Development, Effect, ImportRun, Talk
from tracker.models.names import NameRank, keys_of, names_of
from tracker.queries.record_lookup import candidate_text
from tracker.register import BY_MODEL

SHOWN = 6
"""How many records, and how many columns, a message names."""


class Matcher:
    """Matches the rows of one file with the records on file, and with each other."""

    def __init__(self, columns: Columns, cells: CellReader, run: ImportRun):
        self.columns, self.model, self.cells, self.run = columns, columns.model, cells, run
        self._seen: dict[str | int, int] = {}

    def first(self, key: str | int, one: RowResult) -> int:
        """The row in which a record was met first, by its id or the hash of all that tells it apart."""
        return self._seen.setdefault(key, one.row.number)

    def met(self, judged: list[RowResult]) -> dict[str, tuple[RowResult, object]]:
        """By reference, the new rows among `judged` that mean a record on file, each with that record.

        Refuses rows that are of the same record as an earlier one, and those that can mean several.
        """
        if not judged:
            return {}
        on_file = self._on_file(judged)
        met, left, repeated = {}, [], []
        for one in judged:
            key, apart = rules.key(one.record), self._apart(one.record, one)
            first = self.first(hash((key, apart)), one)
            if first != one.row.number:
                repeated.append((one, first))
                continue
            exact = [record for record, its in on_file.get(key, ()) if its == apart]
            if len(exact) == 1 or (exact and self.model is Development):
                self._meet(met, one, exact[0])
            else:
                left.append(
                    (
                        one,
                        [(record, its) for record, its in on_file.get(key, ()) if not exact or its == apart],
                    )
                )
        namesakes = self._namesakes([one for one, records in left if not records])
        for one, records in left:
            apart = self._apart(one.record, one)
            free = [record for record, its in records if _may_be(its, apart) and record.ref not in self._seen]
            if len(free) == 1:
                self._meet(met, one, free[0])
            elif free:
                one.refuse("id", f"Several records on file may be meant: {self._named(free)}. Give the id.")
            elif records:
                one.notices.append(
                    f"This makes another {self.columns.record_type.label} of that name beside "
                    f"{self._named([record for record, _ in records])}. If one of these is meant, give its id."
                )
            elif others := namesakes.get(one.row.number):
                one.notices.append(
                    f"On record already, under this name or one that looks like it: {self._named(others)}. "
                    "If one of these is meant, give its id."
                )
        self._tell(repeated, judged)
        return met

    def _namesakes(self, judged: list[RowResult]) -> dict[int, list]:
        """By row, the records on file that share a name with the new record of the row, however it is written."""
        if self.model.process_path is not None or not judged:
            return {}
        rows_of: dict[str, set[int]] = {}
        for one in judged:
            for name, rank in keys_of(one.record).items():
                if rank != NameRank.SURNAME:
                    rows_of.setdefault(name, set()).add(one.row.number)
        names = names_of(self.model).filter(key__in=rows_of).order_by("record_id")
        shared = list(names.values_list("record_id", "key"))
        visible = self.model.objects.visible_to(self.run.by).select_related()
        records = visible.in_bulk({record_id for record_id, _ in shared})
        found: dict[int, list] = {}
        for record_id, name in shared:
            for number in rows_of[name]:
                others = found.setdefault(number, [])
                if record_id in records and records[record_id] not in others:
                    others.append(records[record_id])
        return found

    def _meet(self, met: dict, one: RowResult, record) -> None:
        first = self.first(record.ref, one)
        if first != one.row.number:
            one.refuse("", f"Row {first} is of the same record, {record.ref}.")
        else:
            met[record.ref] = (one, record)

    def _on_file(self, judged: list[RowResult]) -> dict[tuple, list[tuple]]:
        """The records that may be meant, by identity, each with what else tells it apart."""
        rows = self.model.objects.visible_to(self.run.by).filter(
            **rules.lookups([one.record for one in judged])
        )
        rows = rows.at(PRESENT) if self.columns.is_versioned else rows
        if self.model is Talk:
            raised = (
                Effect.objects.at(PRESENT).filter(item=OuterRef("pk")).order_by("first_recorded_at", "pk")
            )
            rows = rows.annotate(raised_by=Subquery(raised.values("pk")[:1]))
        single = {target.name for target in self.columns.own.values() if target.field.many_to_one}
        found = list(rows.select_related(*single))
        effects = {}
        if self.model is Talk:
            effects = Effect.objects.in_bulk([record.raised_by for record in found if record.raised_by])
        on_file: dict[tuple, list] = {}
        for record in found:
            effect = effects.get(getattr(record, "raised_by", None))
            on_file.setdefault(rules.key(record), []).append(
                (record, self._told_apart(record, effect, effect))
            )
        return on_file

    def _apart(self, record, one: RowResult) -> tuple:
        return self._told_apart(record, one.development, one.effects[0] if one.effects else None)

    def _told_apart(self, record, raised, effect) -> tuple:
        """What tells `record` apart from others of its identity: of a talk, also its days."""
        names = rules.said(record, BY_MODEL[self.model].told_apart_by)
        if self.model is not Talk:
            return names
        occurred = (raised.occurred_on, raised.occurred_precision) if raised else None
        due = (effect.due_on, effect.due_precision, effect.due_phrase) if effect else None
        return (*names, occurred, due if due and any(due) else None)

    def _named(self, records: list) -> str:
        return "; ".join(map(candidate_text, records[:SHOWN]))

    def _tell(self, repeated: list[tuple[RowResult, int]], judged: list[RowResult]) -> None:
        """Say of rows of one record what is the same in both, and in what they differ."""
        numbers = {first for _, first in repeated}
        earlier = {one.row.number: one.cells for one in judged if one.row.number in numbers}
        for stored in self.run.rows.filter(number__in=numbers - earlier.keys()):
            earlier[stored.number] = self.cells.judged(SpreadsheetRow(stored.number, stored.cells)).cells
        for one, first in repeated:
            one.repeats = True
            one.refuse(*self._difference(one, first, earlier.get(first, one.cells)))

    def _difference(self, one: RowResult, first: int, cells: dict[str, str]) -> tuple[str, str]:
        names = [name for name in {**cells, **one.cells} if cells.get(name) != one.cells.get(name)]
        if not names:
            return "", f"It says the same as row {first}."
        what, number = self.columns.record_type.label, one.row.number
        same = [self.model._meta.get_field(name).verbose_name for name in BY_MODEL[self.model].identity]
        alike = f"same {', '.join(same)}" if len(same) <= SHOWN else "the same in all that tells one apart"
        differing = "; ".join(
            f"{name}, where row {first} has {_quoted(cells.get(name))} and row {number} {_quoted(one.cells.get(name))}"
            for name in names[:SHOWN]
        )
        parts = (
            " Further effects and citations come in with files of their own."
            if self.model is Development
            else ""
        )
        return names[
            0
        ], f"Rows {first} and {number} are of one {what} ({alike}), which has one {differing}.{parts}"


def _quoted(text: str | None) -> str:
    return f"“{text[:100]}”" if text else "nothing"


def _may_be(one: tuple, other: tuple) -> bool:
    """Whether nothing that both say tells them apart."""
    return all(its is None or theirs is None or its == theirs for its, theirs in zip(one, other, strict=True))
