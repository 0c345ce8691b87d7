r"""The cells of a data package: every value as text, out of SQL and back, nothing lost and nothing added.

An empty field of the record is `\N`, an empty text nothing at all. So that a text which is itself `\N` can be told from
an empty field, one more backslash stands ahead of a text that is backslashes and an N.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field

from tracker.files.export.expressions import CellExpression

NULL = r"\N"
_NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_ESCAPED = re.compile(r"\\{2,}N")


class TextCodec(CellExpression):
    """A text as it is, line breaks and all."""

    sqlite = postgresql = (
        r"CASE WHEN {0} IS NULL THEN '\N' "
        r"WHEN substr({0}, 1, 1) = '\' AND ltrim({0}, '\') = 'N' THEN '\' || {0} ELSE nullif({0}, '') END"
    )


class CodeCodec(CellExpression):
    """A code or a reference, which needs no quotes."""

    sqlite = postgresql = r"CASE WHEN {0} IS NULL THEN '\N' ELSE nullif({0}, '') END"
    quotable = False


class NumberCodec(CellExpression):
    """A number."""

    sqlite = r"coalesce({0}, '\N')"
    postgresql = r"coalesce({0}::text, '\N')"
    quotable = False


class DayCodec(NumberCodec):
    """A date by ISO 8601."""


class BooleanCodec(CellExpression):
    """A boolean as `true` or `false`."""

    sqlite = postgresql = r"CASE WHEN {0} THEN 'true' WHEN NOT {0} THEN 'false' ELSE '\N' END"
    quotable = False


class InstantCodec(CellExpression):
    """An instant in UTC with six digits after the second: 2025-02-18T17:30:00.123456Z."""

    # A whole second is stored without its digits.
    sqlite = r"coalesce(substr(replace({0}, ' ', 'T') || '.000000', 1, 26) || 'Z', '\N')"
    postgresql = r"""coalesce(to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '\N')"""
    quotable = False


class JsonCodec(CellExpression):
    """JSON in the form in which PostgreSQL keeps it; on SQLite by a function that `prepare` gives the connection."""

    sqlite = r"coalesce(json_as_kept({0}), '\N')"
    postgresql = r"coalesce({0}::text, '\N')"


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Give an SQLite `connection` the function that these cells ask of it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function("json_as_kept", 1, _as_kept, deterministic=True)


def _as_kept(text: str | None) -> str | None:
    return None if text is None else as_kept(json.loads(text))


def as_kept(value: object) -> str:
    """`value` as JSON with the keys of objects by length and then by their bytes, as PostgreSQL has them."""
    return json.dumps(_sorted(value), ensure_ascii=False)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: _sorted(value[key]) for key in keys}
    return [_sorted(member) for member in value] if isinstance(value, list) else value


def _instant(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text, re.ASCII):
        raise ValueError
    # SQLite compares instants as texts, so they are written as Django writes them.
    return str(dt.datetime.fromisoformat(text).replace(tzinfo=None))


def _day(text: str) -> str:
    if len(text) != len("2025-02-18"):
        raise ValueError
    return dt.date.fromisoformat(text).isoformat()


def _json(text: str) -> object:
    value = json.loads(text, parse_constant=_no_number)
    kept = as_kept(value)
    kept.encode()  # half of a pair of code units is no text
    if _NUL_IN_JSON.search(kept):
        raise ValueError
    return value


def _array(text: str) -> list:
    if not isinstance(value := _json(text), list):
        raise ValueError
    return value


def _object(text: str) -> dict:
    if not isinstance(value := _json(text), dict):
        raise ValueError
    return value


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise ValueError
    return int(text)


@dataclass(frozen=True)
class CellType:
    """How the values of one sort of field are written and read."""

    codec: type[CellExpression]
    read: Callable[[str], object]
    """Gives the value of a text; raises ValueError, KeyError, OverflowError or RecursionError if it has none."""
    schema: str
    """The type in Table Schema."""
    label: str
    """What people call it."""


_ARRAY = CellType(JsonCodec, _array, "array", "a list in JSON")
_OBJECT = CellType(JsonCodec, _object, "object", "an object in JSON")
_TEXT = CellType(TextCodec, str, "string", "a text")
_CELL_TYPES: list[tuple[type[Field], CellType]] = [
    (
        models.BooleanField,
        CellType(BooleanCodec, {"true": True, "false": False}.__getitem__, "boolean", "true or false"),
    ),
    (
        models.DateTimeField,
        CellType(InstantCodec, _instant, "datetime", "an instant such as 2025-02-18T17:30:00.000000Z"),
    ),
    (models.DateField, CellType(DayCodec, _day, "date", "a day such as 2025-02-18")),
    (models.IntegerField, CellType(NumberCodec, _number, "integer", "a whole number")),
    (models.JSONField, _ARRAY),
    (models.CharField, _TEXT),
    (models.TextField, _TEXT),
]
"""The first that fits a field is its own."""


def _cell_type(leaf: Field) -> CellType:
    if isinstance(leaf, models.JSONField) and leaf.default is dict:
        return _OBJECT
    for field_type, cell_type in _CELL_TYPES:
        if isinstance(leaf, field_type):
            return cell_type
    raise TypeError(f"A data package has no cells for {leaf!r}.")


def cell_of(leaf: Field, lookup: str) -> CellExpression:
    """The expression that gives the text of the field `leaf` at `lookup`."""
    is_code = leaf.choices or leaf.name == "ref"
    return (CodeCodec if is_code else _cell_type(leaf).codec)(lookup)


def type_of(leaf: Field) -> str:
    """The type of the field `leaf` in Table Schema."""
    return _cell_type(leaf).schema


def codes_of(leaf: Field) -> list[str]:
    """The codes that the field `leaf` may hold, with the empty one if it may be empty; none for a free text."""
    codes = [str(code) for code, _ in leaf.flatchoices]
    # Columns that the system fills are restored from fields that may be empty.
    may_be_empty = codes and "" not in codes and (leaf.blank or not leaf.editable)
    return [*codes, ""] if may_be_empty else codes


def reader_of(leaf: Field) -> Callable[[str], object]:
    """A function from the text of a cell to the value for the database; it raises ValueError with the rule."""
    cell_type = _cell_type(leaf)
    read = _text_reader(leaf) if cell_type is _TEXT else _value_reader(cell_type)
    # A file must pass the checks of a form: a reference or a web address ends up in links.
    validators = [validator for validator in leaf.validators if not isinstance(validator, MaxLengthValidator)]

    def value(text: str) -> object:
        if text == NULL:
            if leaf.null:
                return None
            raise ValueError("it must not be empty")
        read_value = read(text)
        if read_value not in leaf.empty_values:
            for validator in validators:
                _require_valid(validator, read_value)
        return as_kept(read_value) if cell_type.codec is JsonCodec else read_value

    return value


def _value_reader(cell_type: CellType) -> Callable[[str], object]:
    """A function that reads anything but a text."""

    def read(text: str) -> object:
        try:
            return cell_type.read(text)
        except (ValueError, KeyError, OverflowError, RecursionError):
            raise ValueError(f"it must be {cell_type.label}") from None

    return read


def _text_reader(leaf: Field) -> Callable[[str], str]:
    """A function that reads a text or a code."""
    codes, longest = frozenset(codes_of(leaf)), leaf.max_length

    def read(text: str) -> str:
        if "\x00" in text:
            raise ValueError("it holds a null character, which no text of the record does")
        if codes and text not in codes:
            raise ValueError(f"it must be one of {', '.join(filter(None, codes_of(leaf)))}")
        if text[:2] == "\\\\" and _ESCAPED.fullmatch(text):
            text = text[1:]
        if longest is not None and len(text) > longest:
            raise ValueError(f"it is longer than {longest} characters")
        return text

    return read


def _require_valid(validator: Callable[[Any], object], value: object) -> None:
    try:
        validator(value)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages).removesuffix(".")) from None
