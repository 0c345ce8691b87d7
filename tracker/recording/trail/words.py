"""The value that the words of a field in the audit trail stand for."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.db import models

from tracker.models.fields import CodeListField


class _Lost:
    """The value of words that cannot be told from others."""


LOST: Final = _Lost()

FLAGS = {"yes": True, "no": False}
BETWEEN = "; "
"""What stands between the names of a list."""


def value_of(field: models.Field, text: str, later: object = None) -> object:
    """The value of `field` with the words `text`, which had the value `later` afterwards; LOST if it is not sure."""
    if not text:
        return empty(field)
    if isinstance(field, CodeListField):
        codes = [_code_of(field.vocabulary.choices, label) for label in text.split(BETWEEN)]
        return LOST if LOST in codes else field.joined(map(str, codes))
    if field.choices:
        return _code_of(field.flatchoices, text)
    if isinstance(field, models.JSONField):
        # A name may have the mark in it that stands between names.
        doubtful = isinstance(later, list) and any(BETWEEN in name for name in later)
        return LOST if doubtful else text.split(BETWEEN)
    try:
        return _read(field, text)
    except ValueError:
        return LOST


def _code_of(choices: Iterable, text: str) -> object:
    codes = [code for code, label in choices if str(label) == text]
    return codes[0] if len(codes) == 1 else LOST


def _read(field: models.Field, text: str) -> object:
    if isinstance(field, models.BooleanField):
        return FLAGS.get(text, LOST)
    if isinstance(field, models.DateField):
        return dt.date.fromisoformat(text)
    if isinstance(field, models.IntegerField):
        return int(text)
    return text if isinstance(field, models.CharField | models.TextField) else LOST


def empty(field: models.Field) -> object:
    """The value of `field` where nothing is said of it."""
    if field.null:
        return None
    if isinstance(field, models.JSONField):
        return []
    if isinstance(field, models.BooleanField):
        return field.get_default()
    return "" if isinstance(field, models.CharField | models.TextField) else LOST
