"""The description of all that can be taken out, by OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Iterable

from tracker.api.endpoints import KNOWN, PROFILE, Endpoint, Parameter
from tracker.pages.downloads import CONTENT_TYPES

VERSION = "1.0"
"""Of the description: another first number where a program that reads by it could fail."""


def described(found: Iterable[Endpoint], server: str) -> dict:
    """The description of the endpoints `found` at the absolute address `server`."""
    found = list(found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Negotiation Tracker",
            "version": VERSION,
            "description": "Every list and report as a file, read by the two clocks; nothing is written here.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {
            f"{one.path}.{ending}": {"get": _operation(one, ending)} for one in found for ending in one.formats
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of the reader's own."}
            },
            "parameters": {
                "ref": {"name": "ref", "in": "path", "required": True, "schema": {"type": "string"},
                        "description": "The id of the record."},
                **{one.name: _parameter(one) for one in (*KNOWN, PROFILE)},
            },
            "responses": {
                "wrong": {"description": "What cannot be read, by parameter, with the nearest that can.",
                          "content": {"text/plain": {"schema": {"type": "string"}}}},
                "nothing": {"description": "No such record, or none that the reader may see."},
            },
            "schemas": {
                one.name: {"type": "object", "properties": one.columns, "additionalProperties": False}
                for one in found
            },
        },
    }  # fmt: skip


def _operation(one: Endpoint, ending: str) -> dict:
    shared = [
        *(["ref"] if "{ref}" in one.path else []),
        "on",
        "known",
        *(["profile"] if ending == "csv" else []),
    ]
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{one.name}"}}
    schema = {
        "json": rows,
        "csv": {"type": "string"},
        "xlsx": {"type": "string", "contentEncoding": "binary"},
    }
    answers = {
        "200": {
            "description": f"{one.label}, every row of it.",
            "content": {CONTENT_TYPES[ending].partition(";")[0]: {"schema": schema[ending]}},
        },
        "400": {"$ref": "#/components/responses/wrong"},
    }
    if "{ref}" in one.path:
        answers["404"] = {"$ref": "#/components/responses/nothing"}
    return {
        "operationId": f"{one.name}.{ending}",
        "summary": f"{one.label}, as {ending.upper()}",
        "parameters": [
            *({"$ref": f"#/components/parameters/{name}"} for name in shared),
            *map(_parameter, one.parameters),
        ],
        "responses": answers,
    }


def _parameter(one: Parameter) -> dict:
    found = {"name": one.name, "in": "query", "description": one.about, "schema": one.schema}
    if one.schema.get("type") == "array":
        found |= {"style": "form", "explode": one.name != "columns"}
    return found
