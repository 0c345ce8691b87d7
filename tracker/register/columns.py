"""Shortcuts for columns that many record types have."""

from functools import partial
from typing import Any

from tracker.models.dates import precision_beside
from tracker.models.effects import due_words
from tracker.models.vocabularies import DatePrecision, ItemKind, Vocabulary
from tracker.register.types import Column, Kind

ALIASES = Column("aliases", "Aliases", kind=Kind.NAMES)

RECORDED = Column("recorded_at", "Recorded", kind=Kind.INSTANT, order=("recorded_at",))


def text(name: str, label: str, path: str = "", **options: Any) -> Column:
    """A column of text."""
    return Column(name, label, path, **options)


def due_phrase(label: str, **options: Any) -> Column:
    """The column of a due phrase; pages say in words that the date was given up."""
    return text("due_phrase", label, words=partial(due_words, None), **options)


def number(name: str, label: str, **options: Any) -> Column:
    """A column of whole numbers."""
    return Column(name, label, kind=Kind.NUMBER, **options)


def flag(name: str, label: str, path: str = "", **options: Any) -> Column:
    """A column of booleans, which may be NULL."""
    return Column(name, label, path, kind=Kind.FLAG, **options)


def code(name: str, label: str, vocabulary: type[Vocabulary], path: str = "", **options: Any) -> Column:
    """A column of codes of a vocabulary."""
    return Column(name, label, path, kind=Kind.CODE, vocabulary=vocabulary, **options)


def codes(name: str, label: str, vocabulary: type[Vocabulary], badge: str, **options: Any) -> Column:
    """A column of one or more codes of a vocabulary, shown as badges."""
    return Column(name, label, kind=Kind.CODES, vocabulary=vocabulary, badge=badge, **options)


def date(name: str, label: str, path: str = "", precision: str = "", **options: Any) -> tuple[Column, ...]:
    """A date column, and a column of its precision if it can be partial."""
    own = Column(name, label, path, kind=Kind.DATE, precision=precision, **options)
    if not precision:
        return (own,)
    known = code(precision_beside(name), f"{label}: precision", DatePrecision, precision)
    return (own, known)


def own(name: str, label: str, path: str = "", **options: Any) -> tuple[Column, ...]:
    """The record's id, and its name as a link to its page."""
    options = {"order": (path or name,)} | options
    return (
        Column("id", "Id", "ref"),
        Column(name, label, path, Kind.LINK, listed=True, ref="ref", **options),
    )


def relation(
    name: str, label: str, path: str = "", shown: str = "name", **options: Any
) -> tuple[Column, ...]:
    """A related record: a column of its id, and one of its name as a link to its page."""
    path = path or name
    return (
        Column(f"{name}_id", f"{label}: id", f"{path}__ref"),
        Column(name, label, f"{path}__{shown}", Kind.LINK, ref=f"{path}__ref", **options),
    )


def many(name: str, label: str, shown: str = "name", **options: Any) -> tuple[Column, ...]:
    """Any number of related records: a column of their ids, and one of their names."""
    return (
        Column(f"{name}_ids", f"{label}: ids", f"{name}__ref", Kind.MANY),
        Column(name, label, f"{name}__{shown}", Kind.MANY, **options),
    )


WRITTEN = (number("version", "Version"), RECORDED)
"""How many times a record has been saved, and when it was first recorded."""


def by_title(kind: ItemKind, path: str = "") -> tuple[tuple[str, Any], ...]:
    """For `indexed`: what holds of all items of a kind, those that `path` leads to.

    Without bounds on both sides SQLite takes the index by change, whatever the order, for that has two in the past.
    """
    # A key begins with the weight of a letter, which is less.
    bounds = ("item_kind", kind), ("sort_key__gte", b""), ("sort_key__lt", b"\xff")
    return tuple((f"{path}{lookup}", value) for lookup, value in bounds)


LATEST = ("happened_key", "placed_at", "place")
"""Developments and effects in order of time."""


def process(path: str = "process", **options: Any) -> tuple[Column, ...]:
    """The process that a record belongs to."""
    return relation("process", "Process", path=path, shown="title", **options)
