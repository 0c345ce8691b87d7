"""The columns of tables that are worked out in Python: what each holds, declared by the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
"""Of these aspects of an item the value is a text and no code, whatever it says."""


@dataclass(frozen=True)
class ReportColumn:
    """One column of a report's files."""

    name: str
    kind: Kind = Kind.TEXT
    vocabularies: tuple[type[Vocabulary], ...] = ()
    """Of a CODE: those whose codes it can hold."""
    is_mixed: bool = False
    """Of a CODE: whether some of its values are no codes."""
    aspect: str = ""
    """Of a mixed one: the column that names the aspect of which it holds the value."""

    @property
    def labels(self) -> dict[str, str]:
        """Its codes and what they are called."""
        return {code: label for vocabulary in self.vocabularies for code, label in vocabulary.choices}

    def label_of(self, row: Mapping[str, Any]) -> str:
        """What people call the code that `row` (values by column name) holds here; empty for what is no code."""
        if self.aspect and row[self.aspect] in TEXT_ASPECTS:
            return ""
        return self.labels.get(row[self.name], "")


def text(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of words."""
    return tuple(ReportColumn(name) for name in names)


def texts(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of which a cell holds several texts."""
    return tuple(ReportColumn(name, Kind.MANY) for name in names)


def number(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of whole numbers."""
    return tuple(ReportColumn(name, Kind.NUMBER) for name in names)


def flag(*names: str) -> tuple[ReportColumn, ...]:
    """Columns of yes, no or not known."""
    return tuple(ReportColumn(name, Kind.FLAG) for name in names)


def code(vocabulary: type[Vocabulary], *names: str) -> tuple[ReportColumn, ...]:
    """Columns of codes of `vocabulary`."""
    return tuple(ReportColumn(name, Kind.CODE, (vocabulary,)) for name in names)


def basis(*names: str) -> tuple[ReportColumn, ...]:
    """Columns that say how directly a party speaks."""
    return code(Basis, *names)


def date(name: str) -> tuple[ReportColumn, ...]:
    """A date, and how precisely it is known in a column of its own."""
    return (ReportColumn(name, Kind.DATE), *code(DatePrecision, f"{name}_precision"))


def aspect_value(*names: str, aspect: str) -> tuple[ReportColumn, ...]:
    """Columns of the value of one aspect of an item, which the column `aspect` names."""
    held = (ItemStatus, Stance, Firmness, TalkOutcome, TableRole)
    return tuple(ReportColumn(name, Kind.CODE, held, is_mixed=True, aspect=aspect) for name in names)
