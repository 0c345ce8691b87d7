"""Reads an example file and validates all of it before anything is written."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from tracker.loaders.example.tables import (
    NAMED_BY_THEIR_WHOLE,
    PARTS,
    TABLES,
    Wrong,
    choose,
    fields_of,
    fits,
    model_of,
    plain_values,
    required,
    texts,
)
from tracker.models import Demand, Development, Item, Principle
from tracker.models.dates import span
from tracker.models.fields import validate_ref
from tracker.models.vocabularies import LADDERS


class UnreadableExample(Exception):
    """Raised for an invalid file; `problems` has a line for each error: table, id, field, value, what is valid."""

    def __init__(self, problems: list[str]):
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class ExampleEntry:
    """One record of the file: its columns, and its relations as references."""

    table: str
    model: type
    ref: str
    values: dict[str, Any] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, list["ExampleEntry"]] = field(default_factory=dict)


@dataclass
class Example:
    """The records of a file, by table, in its order; `raised_by` is the development that raises each item."""

    tables: dict[str, list[ExampleEntry]]
    raised_by: dict[str, str]


def read(path: Path) -> Example:
    """The records of the file at `path`; raises UnreadableExample with all errors, or OSError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableExample([f"{path.name} is not TOML in UTF-8: {error}."]) from None
    return Reader().read(document)


class Reader:
    """Collects the records and errors of a document."""

    def __init__(self):
        self.problems = []
        self.entries = {}

    def read(self, document: dict) -> Example:
        """The valid records of `document`; raises UnreadableExample."""
        tables = {table: [] for table in TABLES}
        for table, rows in document.items():
            try:
                choose(table, TABLES)
            except Wrong as hint:
                self.problems.append(f"“{table}” is not a table; {hint}.")
                continue
            if not _is_rows(rows):
                self.problems.append(f"{table}: write each record under [[{table}]].")
                continue
            tables[table] = [self.entry(table, TABLES[table], row) for row in rows]
        for entries in tables.values():
            for entry in entries:
                self.relations(entry)
        raised_by = self.developments(tables["development"])
        self.items(raised_by)
        if self.problems:
            raise UnreadableExample(self.problems)
        return Example(tables, raised_by)

    def wrong(self, entry: ExampleEntry, field_name: str, value, why) -> None:
        """Add an error about `value` in a field of `entry`."""
        self.problems.append(f"{entry.table} {entry.ref}, {field_name}: “{value}” cannot stand here; {why}.")

    def entry(self, table: str, model, row: dict, whole: ExampleEntry | None = None) -> ExampleEntry:
        """The record in `row`, without checking its relations."""
        part_models = PARTS.get(table, {})
        entry = ExampleEntry(table, model, "")
        if model in NAMED_BY_THEIR_WHOLE:
            entry.ref = f"of {whole.ref}"
        else:
            self.name(entry, row)
        fields = fields_of(model, whole.table if whole else "")
        for key, value in row.items():
            if key == "id" and model not in NAMED_BY_THEIR_WHOLE:
                continue
            if key in part_models:
                if not _is_rows(value):
                    self.wrong(entry, key, value, f"write each under [[{table}.{key}]]")
                    continue
                entry.parts[key] = [self.entry(key, part_models[key], part, entry) for part in value]
            elif key in fields:
                self.value(entry, fields[key], value)
            else:
                try:
                    choose(key, [*fields, *part_models])
                except Wrong as hint:
                    self.problems.append(f"{table} {entry.ref}: “{key}” is not a field of it; {hint}.")
        for name, column in fields.items():
            if name not in row and required(column):
                self.problems.append(f"{table} {entry.ref}: the field {name} is missing.")
        return entry

    def name(self, entry: ExampleEntry, row: dict) -> None:
        """Set the id from `row`, which must be well formed, of the right type, and unique."""
        entry.ref = str(row.get("id", "(without id)"))
        try:
            validate_ref(entry.ref)
        except ValidationError as error:
            self.wrong(entry, "id", entry.ref, error.messages[0].rstrip("."))
            return
        if not entry.ref.startswith(f"{entry.model.prefix}-"):
            self.wrong(entry, "id", entry.ref, f"it must begin with {entry.model.prefix}-")
        elif entry.ref in self.entries:
            self.wrong(entry, "id", entry.ref, "another record of this file has it")
        self.entries[entry.ref] = entry

    def value(self, entry: ExampleEntry, column, value) -> None:
        """Set one value, or the reference of a relation."""
        try:
            if column.many_to_many:
                entry.many[column.name] = texts(value)
            elif column.is_relation:
                if not isinstance(value, str):
                    raise Wrong("the id of a record must stand here")
                entry.references[column.name] = value
            else:
                entry.values |= plain_values(entry.model, column, value)
        except Wrong as why:
            self.wrong(entry, column.name, value, why)

    def relations(self, entry: ExampleEntry) -> None:
        """Check that all relations of `entry` and its parts refer to a record of the right type."""
        pairs = [
            *entry.references.items(),
            *((name, ref) for name, refs in entry.many.items() for ref in refs),
        ]
        for name, ref in pairs:
            column = entry.model._meta.get_field(name)
            if fits(column, ref):
                # A record that was merged or moved leads to another one.
                stored = model_of(ref)._base_manager.filter(ref=ref)
                if ref in self.entries or stored.exists():
                    continue
            try:
                choose(ref, [known for known in self.entries if fits(column, known)])
            except Wrong as hint:
                self.wrong(entry, name, ref, hint)
        for parts in entry.parts.values():
            for part in parts:
                self.relations(part)

    def developments(self, developments: list[ExampleEntry]) -> dict[str, str]:
        """Check the developments' order and their effects; return {item: development that raises it}."""
        raised_by, last = {}, None
        for entry in developments:
            when = span(*map(entry.values.get, ("occurred_on", "occurred_precision", "occurred_last")))
            if when and last and when.first and when.key < last.key:
                self.wrong(
                    entry, "occurred_on", when.typed, f"it stands after one of {last.typed}; move it up"
                )
            last = when or last
            for effect in entry.parts.get("effect", []):
                self.effect(entry, effect, raised_by)
            self.raised(entry, "talk", entry.references.get("talk"), raised_by)
        return raised_by

    def raised(self, entry: ExampleEntry, name: str, ref: str | None, raised_by: dict[str, str]) -> None:
        """Check that the item `ref`, if it is in the file, has been raised by an earlier development."""
        if ref in self.entries and ref not in raised_by:
            self.wrong(entry, name, ref, "it is raised only further down; move this behind it")

    def effect(self, development: ExampleEntry, effect: ExampleEntry, raised_by: dict[str, str]) -> None:
        """Check the status and process of an effect, and the requirements of a first effect."""
        ref = effect.references.get("item", "")
        model = model_of(ref)
        if model is None or not issubclass(model, Item):
            return
        status = effect.values.get("status")
        if status:
            try:
                choose(status, LADDERS[model.kind_code].values)
            except Wrong as hint:
                self.wrong(effect, "status", status, hint)
        item = self.entries.get(ref)
        if item is None:
            return
        if item.references.get("process") != development.references.get("process"):
            self.wrong(effect, "item", ref, "it belongs to another process")
        if ref not in raised_by:
            for name, other in item.references.items():
                if issubclass(item.model._meta.get_field(name).related_model, Item):
                    self.raised(item, name, other, raised_by)
            raised_by[ref] = development.ref
            needed = ["status", "wording"] if model in (Principle, Demand) else ["status"]
            missing = [name for name in needed if not effect.values.get(name)]
            if missing:
                self.wrong(effect, "item", ref, f"its first effect must give its {' and '.join(missing)}")

    def items(self, raised_by: dict[str, str]) -> None:
        """Check that every item is raised by a development."""
        for ref, entry in self.entries.items():
            if issubclass(entry.model, Item) and ref not in raised_by:
                self.problems.append(
                    f"{entry.table} {ref}: no {Development._meta.verbose_name} has an effect on it."
                )


def _is_rows(value) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)
