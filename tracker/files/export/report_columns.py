"""The columns of reports computed in Python, with their types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.models.fields import BETWEEN_CODES
from tracker.models.vocabularies import (
    Basis,
    DatePrecision,
    Firmness,
    ItemStatus,
    Stance,
    TableRole,
    TalkOutcome,
    Vocabulary,
)
from tracker.register.types import Kind

TEXT_ASPECTS = frozenset({"wording", "due"})
"""The aspects of an item whose value is a text rather than a code."""


@dataclass(frozen=True)
class ReportColumn:
    """One column of a report's files."""

    name: str
    kind: Kind = Kind.TEXT
    vocabularies: tuple[type[Vocabulary], ...] = ()
    """For a CODE: its possible vocabularies."""
    is_mixed: bool = False
    """For a CODE: whether some of its values are not codes."""
    aspect: str = ""
    """For a mixed one: the column with the aspect of its value."""

    @property
    def labels(self) -> dict[str, str]:
        """{code: label}"""
        return {code: label for vocabulary in self.vocabularies for code, label in vocabulary.choices}

    def label_of(self, row: Mapping[str, Any]) -> str:
        """The label of the code in `row` (values by column name), or of each of several; empty if it is not a code."""
        if self.aspect and row[self.aspect] in TEXT_ASPECTS:
            return ""
        texts = (row[self.name] or "").split(BETWEEN_CODES)
        return BETWEEN_CODES.join(filter(None, (self.labels.get(text) for text in texts)))


def text(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of text."""
    return tuple(ReportColumn(name) for name in names)


def texts(*names: str) -> tuple[ReportColumn, ...]:
    """Columns whose cells have several texts."""
    return tuple(ReportColumn(name, Kind.MANY) for name in names)


def number(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of whole numbers."""
    return tuple(ReportColumn(name, Kind.NUMBER) for name in names)


def flag(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of booleans or None."""
    return tuple(ReportColumn(name, Kind.FLAG) for name in names)


def code(vocabulary: type[Vocabulary], *names: str) -> tuple[ReportColumn, ...]:
    """Columns of codes of `vocabulary`."""
    return tuple(ReportColumn(name, Kind.CODE, (vocabulary,)) for name in names)


def codes(vocabulary: type[Vocabulary], *names: str) -> tuple[ReportColumn, ...]:
    """Columns of lists of codes of `vocabulary`."""
    return tuple(ReportColumn(name, Kind.CODES, (vocabulary,)) for name in names)


def basis(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of codes of Basis."""
    return code(Basis, *names)


def date(name: str) -> tuple[ReportColumn, ...]:
    """A date column, and a column of its precision."""
    return (ReportColumn(name, Kind.DATE), *code(DatePrecision, f"{name}_precision"))


def aspect_value(*names: str, aspect: str) -> tuple[ReportColumn, ...]:
    """Columns of the value of one aspect of an item; the column `aspect` says which."""
    held = (ItemStatus, Stance, Firmness, TalkOutcome, TableRole)
    return tuple(ReportColumn(name, Kind.CODE, held, is_mixed=True, aspect=aspect) for name in names)
