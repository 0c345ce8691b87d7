r"""The cells of a data package: every value as text, out of SQL and back, nothing lost and nothing added.

An empty field of the record is `\N`, an empty text nothing at all. So that a text which is itself `\N` can be told from
an empty field, one more backslash stands ahead of a text that is backslashes and an N.
"""

import datetime as dt
import json
import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
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


def prepare(connection) -> None:
    """Give an SQLite `connection` the function that these cells ask of it."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function("json_as_kept", 1, _as_kept, deterministic=True)


def _as_kept(text: str | None) -> str | None:
    return None if text is None else as_kept(json.loads(text))


def as_kept(value) -> str:
    """`value` as JSON with the keys of objects by length and then by their bytes, as PostgreSQL has them."""
    return json.dumps(_sorted(value), ensure_ascii=False)


def _sorted(value):
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


def _json(text: str):
    value = json.loads(text, parse_constant=_no_number)
    kept = as_kept(value)
    kept.encode()  # half of a pair of code units is no text
    if _NUL_IN_JSON.search(kept):
        raise ValueError
    return value


def _no_number(name: str):
    raise ValueError(name)


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise ValueError
    return int(text)


_KINDS: list[tuple[type[Field], type[CellExpression], Callable, str, str]] = [
    (
        models.BooleanField,
        BooleanCodec,
        {"true": True, "false": False}.__getitem__,
        "boolean",
        "true or false",
    ),
    (
        models.DateTimeField,
        InstantCodec,
        _instant,
        "datetime",
        "an instant such as 2025-02-18T17:30:00.000000Z",
    ),
    (models.DateField, DayCodec, _day, "date", "a day such as 2025-02-18"),
    (models.IntegerField, NumberCodec, _number, "integer", "a whole number"),
    (models.JSONField, JsonCodec, _json, "array", "a list in JSON"),
    (models.CharField, TextCodec, str, "string", "a text"),
    (models.TextField, TextCodec, str, "string", "a text"),
]
"""What becomes of each kind of field: its cell, how that is read, its type in Table Schema, and what people call it."""


def _kind(leaf: Field):
    for kind in _KINDS:
        if isinstance(leaf, kind[0]):
            return kind
    raise TypeError(f"A data package has no cells for {leaf!r}.")


def cell_of(leaf: Field, lookup: str) -> CellExpression:
    """The expression that gives the text of the field `leaf` at `lookup`."""
    plain = leaf.choices or leaf.name == "ref"
    return (CodeCodec if plain else _kind(leaf)[1])(lookup)


def type_of(leaf: Field) -> str:
    """The type of the field `leaf` in Table Schema."""
    return "object" if _is_object(leaf) else _kind(leaf)[3]


def _is_object(leaf: Field) -> bool:
    """Whether the field holds JSON with names, and not a list."""
    return isinstance(leaf, models.JSONField) and leaf.default is dict


def codes_of(leaf: Field) -> list[str]:
    """The codes that the field `leaf` may hold, with the empty one where it may be left so; none for a free text."""
    codes = [str(code) for code, _ in leaf.flatchoices]
    # What the system keeps by itself is taken over from fields that may be empty.
    may_be_empty = codes and "" not in codes and (leaf.blank or not leaf.editable)
    return [*codes, ""] if may_be_empty else codes


def reader_of(leaf: Field) -> Callable[[str], object]:
    """A function from the text of a cell to what the database takes for it; it raises ValueError with the rule."""
    _, _, read, _, wanted = _kind(leaf)
    is_text, is_json = read is str, isinstance(leaf, models.JSONField)
    shape = dict if _is_object(leaf) else list
    wanted = "an object in JSON" if _is_object(leaf) else wanted
    codes = frozenset(codes_of(leaf))
    longest = leaf.max_length if is_text else None
    # What is asked of one who types it is asked of a file: a reference or a web address ends up in links.
    validators = [one for one in leaf.validators if not isinstance(one, MaxLengthValidator)]

    def value(text: str):
        if text == NULL:
            if leaf.null:
                return None
            raise ValueError("it must not be empty")
        if not is_text:
            try:
                found = read(text)
                if is_json and not isinstance(found, shape):
                    raise ValueError
            except (ValueError, KeyError, OverflowError, RecursionError):
                raise ValueError(f"it must be {wanted}") from None
            judge(found)
            return as_kept(found) if is_json else found
        if "\x00" in text:
            raise ValueError("it holds a null character, which no text of the record does")
        if codes and text not in codes:
            raise ValueError(f"it must be one of {', '.join(filter(None, codes_of(leaf)))}")
        if text[:2] == "\\\\" and _ESCAPED.fullmatch(text):
            text = text[1:]
        if longest is not None and len(text) > longest:
            raise ValueError(f"it is longer than {longest} characters")
        judge(text)
        return text

    def judge(found) -> None:
        if found not in leaf.empty_values:
            for validator in validators:
                try:
                    validator(found)
                except ValidationError as error:
                    raise ValueError(" ".join(error.messages).removesuffix(".")) from None

    return value
