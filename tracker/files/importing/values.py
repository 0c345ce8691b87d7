"""From the text of a cell to the value of a field: codes, dates as precise as they are known, lists, numbers."""

import re
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

from tracker.models.dates import PartialDate
from tracker.models.effects import Effect
from tracker.models.vocabularies import LADDERS, DatePrecision
from tracker.text.dates import HINT
from tracker.text.folding import nearest_code

CLEARED = r"\N"
"""What a cell says that is to be emptied; an empty one leaves things as they are."""
YES_SPELLINGS, NO_SPELLINGS = ("true", "yes", "y", "t", "x", "on", "1"), ("false", "no", "n", "f", "off", "0")
"""In English, in any case."""
TAKEN = f"Write {', '.join(YES_SPELLINGS)} for yes; {', '.join(NO_SPELLINGS)} for no."
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""What a text begins with that is guarded by an apostrophe on its way out."""
_SEPARATOR = re.compile(r"((?:[^\\;]|\\.|\\\Z)*)(?:; ?|\Z)", re.DOTALL)


def unguarded(text: str) -> str:
    """`text` without the apostrophe that a guard put ahead of it, and only then."""
    return text[1:] if text[:1] == "'" and text[1:2] in GUARDED and len(text) > 1 else text


def guarded(text: str) -> str:
    """`text` with an apostrophe ahead of what a spreadsheet would run, as an export has it."""
    return f"'{text}" if text[:1] in GUARDED and text else text


def several(text: str) -> list[str]:
    """The texts of a cell that holds several, each as it was before they were joined."""
    parts, place = [], 0
    while place < len(text):
        found = _SEPARATOR.match(text, place)
        parts.append(re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL))
        place = found.end()
    return [part for part in parts if part]


def nearest(text: str, codes: list[str]) -> str:
    """A sentence that helps on: the nearest of `codes`, or all of them."""
    near = nearest_code(text, codes)
    return f"Nearest: {near}." if near else f"Choose from {', '.join(codes)}."


@cache
def labels_of(field: models.Field, kind: str | None = None) -> list[tuple[str, str]]:
    """The codes that `field` takes, each with its label; empty where it takes any text.

    `kind`: of the item whose status it is, where that is known.
    """
    if field.name == "status" and field.model is Effect:
        ladders = [LADDERS[kind]] if kind else LADDERS.values()
        return list(dict.fromkeys((str(code), label) for ladder in ladders for code, label in ladder.choices))
    return [(str(code), label) for code, label in field.flatchoices if code]


def codes_of(field: models.Field, kind: str | None = None) -> list[str]:
    """The codes that `field` takes, as `labels_of` has them."""
    return [code for code, _ in labels_of(field, kind)]


def plain(field: models.Field, text: str, kind: str | None = None):
    """The value that `text` has in a field that is neither date nor relation; raises ValidationError.

    `kind`: of the item whose status it is, where that is known.
    """
    codes = codes_of(field, kind)
    if codes:
        if text not in codes:
            raise ValidationError(f"“{text[:100]}” is not a code of this column. {nearest(text, codes)}")
        return text
    if isinstance(field, models.BooleanField):
        if text not in ("true", "false"):
            raise ValidationError(f"“{text[:100]}” is neither yes nor no. {TAKEN}")
        return text == "true"
    if isinstance(field, models.IntegerField):
        if not (text.isascii() and text.isdecimal() and len(text) <= 9):
            raise ValidationError(f"“{text[:100]}” is not a whole number.")
        text = int(text)
    elif isinstance(field, models.DateField):
        return day(text)
    elif isinstance(field, models.CharField):
        text = text.strip()
    if isinstance(text, str) and not text.strip() and not field.blank:
        raise ValidationError("It must not be empty.")
    return field.clean(text, None)


def day(text: str):
    """The whole day that `text` says; raises ValidationError."""
    try:
        return PartialDate.parse_day(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def partial_day(text: str, precision: str) -> PartialDate:
    """The date that a cell and that of its precision, which may be empty, say together; raises ValidationError."""
    try:
        date = PartialDate.parse(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    if not precision or precision == date.precision:
        return date
    if precision not in DatePrecision.values:
        raise ValidationError(
            f"“{precision[:100]}” is no precision. {nearest(precision, DatePrecision.values)}"
        )
    if precision == DatePrecision.BEFORE and date.precision == DatePrecision.DAY:
        return PartialDate(date.first, DatePrecision.BEFORE)
    raise ValidationError(f"“{text[:100]}” is known to the {date.precision}, not to the {precision}. {HINT}")


def empty(field: models.Field):
    """The value of `field` once it is cleared; raises ValidationError where it must not be."""
    if field.many_to_many or isinstance(field, models.JSONField):
        if not field.blank:
            raise ValidationError("It must not be empty.")
        return []
    if not (field.blank or field.null) or isinstance(field, models.BooleanField):
        raise ValidationError("It must not be empty.")
    return None if field.null else ""
