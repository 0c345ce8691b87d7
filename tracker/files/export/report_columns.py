"""What the columns of all reports hold: they are called alike everywhere, so that the name tells."""

from collections.abc import Iterable

from tracker.models.vocabularies import (
    Agreement,
    Basis,
    DatePrecision,
    DemandKind,
    EndedAs,
    Firmness,
    ItemKind,
    ItemStatus,
    Movement,
    Stance,
    Strength,
    TableRole,
    TalkFormat,
    TalkLevel,
    TalkOutcome,
    TalkStatus,
)
from tracker.register.types import Kind

FLAGS = {"between", "bound", "correction", "counts", "from_inferred", "in_room", "owes"}
NUMBERS = {"number", "people_number", "slipped_days", "version"}
DATES = {"from", "to"}


def _labels(vocabularies: Iterable) -> dict[str, str]:
    return {code: label for vocabulary in vocabularies for code, label in vocabulary.choices}


STATUSES = _labels([ItemStatus])
_SET = STATUSES | _labels([Stance, Firmness, TalkOutcome, TableRole])

CODES = {
    "agreement": _labels([Agreement]),
    "change": _labels([Movement, EndedAs]),
    "demand_kind": _labels([DemandKind]),
    "earlier_role": _labels([TableRole]),
    "firmness": _labels([Firmness]),
    "item_kind": _labels([ItemKind]),
    "item_status": STATUSES,
    "movement": _labels([Movement]),
    "new": _SET,
    "old": _SET,
    "role": _labels([TableRole]),
    "stance": _labels([Stance]),
    "strength": _labels([Strength]),
    "talk_form": _labels([TalkFormat]),
    "talk_level": _labels([TalkLevel]),
    "talk_status": _labels([TalkStatus]),
    "value": _SET,
}
"""name of a column -> what its codes are called; of a basis or a precision the end of the name tells."""

_ENDS = {"basis": _labels([Basis]), "precision": _labels([DatePrecision])}
_WORDS = {"wording", "due"}
"""Of these aspects the value is a text, and no code, whatever it says."""


def kind_of(name: str) -> Kind:
    """What the column called `name` holds."""
    if name in FLAGS:
        return Kind.FLAG
    if name in NUMBERS:
        return Kind.NUMBER
    if name in DATES or name.endswith("_on"):
        return Kind.DATE
    return Kind.CODE if labels_of(name) else Kind.TEXT


def labels_of(name: str) -> dict[str, str] | None:
    """What the codes of the column called `name` are called; None where it holds none."""
    return CODES.get(name) or _ENDS.get(name.rpartition("_")[2])


def label_of(name: str, value, row: dict) -> str:
    """What people call `value` in the column `name` of `row`; empty for what is no code."""
    if name in ("old", "new", "value") and row.get("aspect", row.get("movement_of")) in _WORDS:
        return ""
    return labels_of(name).get(value, "")
