r"""The cells of a data package: lossless conversion of every value from SQL to text and back.

NULL is written `\N`, an empty text as an empty cell. A text that consists of backslashes and an N gets another
backslash, so that it differs from NULL.
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
from django.db.models.expressions import Combinable

from tracker.files.export.expressions import CellExpression

NULL = r"\N"
_NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_ESCAPED = re.compile(r"\\{2,}N")


class TextCodec(CellExpression):
    """An unchanged text, including line breaks."""

    sqlite = postgresql = (
        r"CASE WHEN {0} IS NULL THEN '\N' "
        r"WHEN substr({0}, 1, 1) = '\' AND ltrim({0}, '\') = 'N' THEN '\' || {0} ELSE nullif({0}, '') END"
    )


class CodeCodec(CellExpression):
    """A code or reference, which needs no quotes."""

    sqlite = postgresql = r"CASE WHEN {0} IS NULL THEN '\N' ELSE nullif({0}, '') END"
    quotable = False


class NumberCodec(CellExpression):
    """A number."""

    sqlite = r"coalesce({0}, '\N')"
    postgresql = r"coalesce({0}::text, '\N')"
    quotable = False


class DayCodec(NumberCodec):
    """A date by ISO 8601."""


class TimeCodec(NumberCodec):
    """A time of day by ISO 8601, with seconds."""


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
    """JSON in PostgreSQL's normal form; on SQLite by a function that `prepare` registers."""

    sqlite = r"coalesce(json_as_kept({0}), '\N')"
    postgresql = r"coalesce({0}::text, '\N')"


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Register the function that these cells need on an SQLite `connection`."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function("json_as_kept", 1, _as_kept, deterministic=True)


def _as_kept(text: str | None) -> str | None:
    return None if text is None else as_kept(json.loads(text))


def as_kept(value: object) -> str:
    """`value` as JSON with object keys sorted by length and then bytes, as in PostgreSQL."""
    return json.dumps(_sorted(value), ensure_ascii=False)


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: _sorted(value[key]) for key in keys}
    return [_sorted(member) for member in value] if isinstance(value, list) else value


def _instant(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text, re.ASCII):
        raise ValueError
    # SQLite compares instants as texts, so they must have Django's format.
    return str(dt.datetime.fromisoformat(text).replace(tzinfo=None))


def _day(text: str) -> str:
    if len(text) != len("2025-02-18"):
        raise ValueError
    return dt.date.fromisoformat(text).isoformat()


def _time(text: str) -> str:
    if len(text) != len("14:30:00"):
        raise ValueError
    return dt.time.fromisoformat(text).isoformat()


def _json(text: str) -> object:
    value = json.loads(text, parse_constant=_no_number)
    kept = as_kept(value)
    kept.encode()  # fails for an unpaired surrogate
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
    """How the values of one type of field are written and read."""

    codec: type[CellExpression]
    read: Callable[[str], object]
    """Parses a text; raises ValueError, KeyError, OverflowError or RecursionError if it is invalid."""
    schema: str
    """The type in Table Schema."""
    label: str
    """The label of the type, for error messages."""


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
    (models.TimeField, CellType(TimeCodec, _time, "time", "a time of day such as 14:30:00")),
    (models.IntegerField, CellType(NumberCodec, _number, "integer", "a whole number")),
    (models.JSONField, _ARRAY),
    (models.CharField, _TEXT),
    (models.TextField, _TEXT),
]
"""The first entry that matches a field's class applies."""


def _cell_type(leaf: Field) -> CellType:
    if isinstance(leaf, models.JSONField) and leaf.default is dict:
        return _OBJECT
    for field_type, cell_type in _CELL_TYPES:
        if isinstance(leaf, field_type):
            return cell_type
    raise TypeError(f"A data package has no cells for {leaf!r}.")


def cell_of(leaf: Field, lookup: str | Combinable) -> CellExpression:
    """The expression for the text of the field `leaf` at `lookup`, or of an expression with values of it."""
    is_code = leaf.choices or leaf.name == "ref"
    return (CodeCodec if is_code else _cell_type(leaf).codec)(lookup)


def type_of(leaf: Field) -> str:
    """The type of the field `leaf` in Table Schema."""
    return _cell_type(leaf).schema


def codes_of(leaf: Field) -> list[str]:
    """The possible codes of the field `leaf`, including the empty one if allowed; empty for free text."""
    codes = [str(code) for code, _ in leaf.flatchoices]
    # Computed columns may be empty in the package.
    may_be_empty = codes and "" not in codes and (leaf.blank or not leaf.editable)
    return [*codes, ""] if may_be_empty else codes


def reader_of(leaf: Field) -> Callable[[str], object]:
    """A function from the text of a cell to the database value; it raises ValueError with the rule."""
    cell_type = _cell_type(leaf)
    read = _text_reader(leaf) if cell_type is _TEXT else _value_reader(cell_type)
    # Run the validators of forms, since references and URLs end up in links.
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
    """A function that parses values other than texts."""

    def read(text: str) -> object:
        try:
            return cell_type.read(text)
        except (ValueError, KeyError, OverflowError, RecursionError):
            raise ValueError(f"it must be {cell_type.label}") from None

    return read


def _text_reader(leaf: Field) -> Callable[[str], str]:
    """A function that parses texts and codes."""
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
