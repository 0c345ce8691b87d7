"""`datapackage.json`, the description of a data package (Frictionless Data Package 1, with Table Schema)."""

import datetime as dt
import json
from collections.abc import Iterator

from tracker.clocks import instant_iso
from tracker.files.data_package.cells import NULL, codes_of, type_of
from tracker.files.data_package.contents import PackageColumn, PackageTable
from tracker.models.fields import related_model
from tracker.models.vocabularies import TITLES, Vocabulary

NAME = "datapackage.json"
FORMAT = 1
"""The version of the package format; a higher number was written by a later release."""
CODEBOOK = "codebook.csv"
CODEBOOK_HEADER = ("vocabulary", "code", "label", "sentence")
ABOUT = (
    "The record of a negotiation tracker: every development with all its versions, what each set of which item, on "
    "which source, who changed what else, and every version of all other records, in the tables whose names end with "
    "-versions. Files are UTF-8 CSV with the texts as they are; an empty field is \\N, "
    "an empty text nothing; a text that is itself backslashes and an N has one more backslash. Instants are in UTC. "
    "Columns named current_* and *_key are worked out of the rest."
)


def codebook() -> Iterator[tuple[str, str, str, str]]:
    """Every code of every vocabulary: vocabulary, code, label and sentence."""
    for vocabulary, title in TITLES.items():
        member: Vocabulary
        for member in vocabulary:
            yield title, member.value, str(member.label), str(member.sentence)


def resource(table: PackageTable, columns: list[PackageColumn], state: dict) -> dict:
    """The resource descriptor of one table with `columns`; `state` has its size, hash and number of rows."""
    schema = {
        "fields": [_field(column) for column in columns],
        "primaryKey": table.key,
        "missingValues": [NULL],
    }
    if relations := list(_relations(table, columns)):
        schema["foreignKeys"] = relations
    about = {"title": str(table.model._meta.verbose_name_plural).capitalize()}
    if not table.is_relation and table.model.__doc__:
        about["description"] = table.model.__doc__.splitlines()[0]
    return _file(table.name, table.path, about, schema, state)


def codebook_resource(state: dict) -> dict:
    """The resource descriptor of the codebook."""
    schema = {
        "fields": [
            {"name": name, "type": "string", "constraints": {"required": True}} for name in CODEBOOK_HEADER
        ],
        "primaryKey": ["vocabulary", "code"],
        "missingValues": [NULL],
    }
    return _file("codebook", CODEBOOK, {"title": "Codebook"}, schema, state)


def package(resources: list[dict], known: dt.datetime | None, reader: str | None) -> bytes:
    """The bytes of the file; `known` is the instant of the last recording, `reader` the user, None for the whole."""
    descriptor = {
        "profile": "data-package",
        "name": "negotiation-record",
        "title": "Negotiation record",
        "description": ABOUT,
        "tracker": {
            "format": FORMAT,
            "clocks": {"on": None, "known": instant_iso(known) if known else None},
            "reader": reader,
            "source_texts": reader is None,
        },
        "resources": resources,
    }
    return (json.dumps(descriptor, ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _file(name: str, path: str, about: dict, schema: dict, state: dict) -> dict:
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        **about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n"},
        **state,
        "schema": schema,
    }


def _field(column: PackageColumn) -> dict:
    field, leaf = column.field, column.leaf
    if field is None or leaf is None:
        return {"name": column.name, "type": "integer", "constraints": {"required": True}}
    description: dict[str, object] = {
        "name": column.name,
        "type": type_of(leaf),
        "title": str(field.verbose_name),
    }
    if field.help_text:
        description["description"] = str(field.help_text)
    constraints: dict[str, object] = {"required": True} if column.is_required else {}
    if codes := codes_of(leaf):
        constraints["enum"] = codes
    if constraints:
        description["constraints"] = constraints
    return description


def _relations(table: PackageTable, columns: list[PackageColumn]) -> Iterator[dict]:
    for field in table.relations(columns):
        target = PackageTable(related_model(field))
        names = [column.name for column in columns if column.field is field]
        reference = {"resource": "" if target.model is table.model else target.name, "fields": target.key}
        yield {"fields": names, "reference": reference}
