"""Finds records by the beginning of their id and by words, in any script."""

import json

from django.db import connection
from django.db.models import JSONField, Q

from tracker.models.names import NAMING, names_of
from tracker.text.names import key, visible

LONGEST = 300
"""What is searched for is cut there: more words would be more conditions than a database takes at once."""

ICONTAINS_KNOWS_ASCII_ONLY = "sqlite"
"""The database whose case-insensitive comparison stops at ASCII, so that «лавров» would not find «Лавров»."""


def matching(model, fields, text: str) -> Q:
    """The condition that every word of `text` stands in a name or in one of `fields` of `model`, or begins the id."""
    condition = Q()
    named = bool(getattr(model, "name_fields", ()))
    for word in visible(text[:LONGEST]).split():
        if (folded := key(word)) == "the" and named:
            continue
        either = Q(ref__startswith=word.lower())
        if named:
            either |= Q(pk__in=names_of(model).filter(key__contains=folded).values("record_id"))
        for field in fields:
            if named and field in {*model.name_fields, *NAMING}:
                continue
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
