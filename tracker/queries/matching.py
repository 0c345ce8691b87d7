"""Finding records by the beginning of their id and by words, in any script and whatever the case."""

import json

from django.db import connection
from django.db.models import JSONField, Q

LONGEST = 300
"""What is searched for is cut there: more words would be more conditions than a database takes at once."""

ICONTAINS_KNOWS_ASCII_ONLY = "sqlite"
"""The database whose case-insensitive comparison stops at ASCII, so that «лавров» would not find «Лавров»."""


def matching(model, fields, text: str) -> Q:
    """The condition that every word of `text` stands in one of `fields` of `model`, or begins the row's id."""
    condition = Q()
    for word in text[:LONGEST].split():
        either = Q(ref__startswith=word.lower())
        for field in fields:
            for spelling in _spellings(word):
                either |= Q(**{f"{field}__icontains": _stored(model, field, spelling)})
        condition &= either
    return condition


def _spellings(word: str) -> set[str]:
    if connection.vendor != ICONTAINS_KNOWS_ASCII_ONLY or word.isascii():
        return {word}
    return {word, word.lower(), word.upper(), word.capitalize()}


def _stored(model, path: str, word: str) -> str:
    """`word` as a list of names holds it, which on SQLite is JSON with escapes for all but ASCII."""
    if "__" in path or not isinstance(model._meta.get_field(path), JSONField):
        return word
    return json.dumps(word)[1:-1] if connection.vendor == ICONTAINS_KNOWS_ASCII_ONLY else word
