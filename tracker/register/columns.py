"""Shortcuts for columns that many record types have."""

from typing import Any

from tracker.models.vocabularies import DatePrecision, Vocabulary
from tracker.register.types import Column, Kind

RECORDED = Column("recorded_at", "Recorded", kind=Kind.INSTANT, order=("recorded_at",))


def text(name: str, label: str, path: str = "", **options: Any) -> Column:
    """Words."""
    return Column(name, label, path, **options)


def number(name: str, label: str, **options: Any) -> Column:
    """A whole number."""
    return Column(name, label, kind=Kind.NUMBER, **options)


def flag(name: str, label: str, path: str = "", **options: Any) -> Column:
    """Yes or no, or not known."""
    return Column(name, label, path, kind=Kind.FLAG, **options)


def code(name: str, label: str, vocabulary: type[Vocabulary], path: str = "", **options: Any) -> Column:
    """A code of a vocabulary."""
    return Column(name, label, path, kind=Kind.CODE, vocabulary=vocabulary, **options)


def date(name: str, label: str, path: str = "", precision: str = "", **options: Any) -> tuple[Column, ...]:
    """A date, and, where it can be partial, its precision in a column of its own."""
    own = Column(name, label, path, kind=Kind.DATE, precision=precision, **options)
    if not precision:
        return (own,)
    known = code(name.removesuffix("_on") + "_precision", f"{label}: precision", DatePrecision, precision)
    return (own, known)


def own(name: str, label: str, path: str = "", **options: Any) -> tuple[Column, ...]:
    """The record's id, and its name, which leads to its page."""
    options = {"order": (path or name,)} | options
    return (
        Column("id", "Id", "ref"),
        Column(name, label, path, Kind.LINK, listed=True, ref="ref", **options),
    )


def relation(
    name: str, label: str, path: str = "", shown: str = "name", **options: Any
) -> tuple[Column, ...]:
    """Another record: its id in one column, its name, which leads to its page, in another."""
    path = path or name
    return (
        Column(f"{name}_id", f"{label}: id", f"{path}__ref"),
        Column(name, label, f"{path}__{shown}", Kind.LINK, ref=f"{path}__ref", **options),
    )


def many(name: str, label: str, shown: str = "name", **options: Any) -> tuple[Column, ...]:
    """Any number of other records: their ids in one column, their names in another."""
    return (
        Column(f"{name}_ids", f"{label}: ids", f"{name}__ref", Kind.MANY),
        Column(name, label, f"{name}__{shown}", Kind.MANY, **options),
    )


WRITTEN = (number("version", "Version", of_now=True), RECORDED)
"""How many times a record has been written, and when it first was."""


LATEST = ("happened_key", "first_recorded_at", "sequence")
"""The order of time, by which developments and effects are sorted."""


def process(path: str = "process", **options: Any) -> tuple[Column, ...]:
    """The process that a record belongs to."""
    return relation("process", "Process", path=path, shown="title", **options)
