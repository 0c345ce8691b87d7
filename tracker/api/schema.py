"""The OpenAPI 3.1 description of all endpoints (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Iterable

from tracker.api.endpoints import CLOCKS, PROFILE, Endpoint, Parameter
from tracker.clocks import PARSERS
from tracker.pages.downloads import CONTENT_TYPES

VERSION = "1.0"
"""The version of the API; the major number changes if clients may break."""


def openapi_document(endpoints: Iterable[Endpoint], server: str) -> dict:
    """The OpenAPI document of `endpoints`; `server` is the absolute URL of the site."""
    endpoints = list(endpoints)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Negotiation Tracker",
            "version": VERSION,
            "description": "Every list and report as a file, read at any moment; nothing is written here.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": {
            f"{endpoint.path}.{ending}": {"get": _operation(endpoint, ending)}
            for endpoint in endpoints
            for ending in endpoint.formats
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of the reader's own."}
            },
            "parameters": {
                "ref": {"name": "ref", "in": "path", "required": True, "schema": {"type": "string"},
                        "description": "The id of the record."},
                **{parameter.name: _parameter(parameter) for parameter in (*CLOCKS, PROFILE)},
            },
            "responses": {
                "wrong": {"description": "What cannot be read, by parameter, with the nearest that can.",
                          "content": {"text/plain": {"schema": {"type": "string"}}}},
                "nothing": {"description": "No such record, or none that the reader may see."},
            },
            "schemas": {
                endpoint.name: {"type": "object", "properties": endpoint.columns, "additionalProperties": False}
                for endpoint in endpoints
            },
        },
    }  # fmt: skip


def _operation(endpoint: Endpoint, ending: str) -> dict:
    shared = [
        *(["ref"] if "{ref}" in endpoint.path else []),
        *PARSERS,
        *(["profile"] if ending == "csv" else []),
    ]
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{endpoint.name}"}}
    schema = {
        "json": rows,
        "csv": {"type": "string"},
        "xlsx": {"type": "string", "contentEncoding": "binary"},
    }
    answers = {
        "200": {
            "description": f"{endpoint.label}, every row of it.",
            "content": {CONTENT_TYPES[ending].partition(";")[0]: {"schema": schema[ending]}},
        },
        "400": {"$ref": "#/components/responses/wrong"},
    }
    if "{ref}" in endpoint.path:
        answers["404"] = {"$ref": "#/components/responses/nothing"}
    return {
        "operationId": f"{endpoint.name}.{ending}",
        "summary": f"{endpoint.label}, as {ending.upper()}",
        "parameters": [
            *({"$ref": f"#/components/parameters/{name}"} for name in shared),
            *map(_parameter, endpoint.parameters),
        ],
        "responses": answers,
    }


def _parameter(parameter: Parameter) -> dict:
    description = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema,
    }
    if parameter.schema.get("type") == "array":
        description |= {"style": "form", "explode": parameter.name != "columns"}
    return description
