"""The movement of one part of an item, from its old and new values."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracker.models.dates import Span, held
from tracker.models.effects import GIVEN_UP, due_words
from tracker.models.vocabularies import (
    CLOSED,
    DemandStatus,
    Firmness,
    FollowUpStatus,
    Movement,
    PrincipleStatus,
    Stance,
    TalkOutcome,
    TalkStatus,
)
from tracker.models.wordings import Wording

ASPECTS = ("status", "outcome", "firmness", "stance", "due", "wording")
"""The aspects that can move, in display order."""


def _ranks(*codes: str) -> dict[str, int]:
    return {code: rank for rank, code in enumerate(codes)}


# Stalled and put off are behind all that was reached: what moves on from there advances, what gets there is set back.
STATUS_RANKS = (
    _ranks(TalkStatus.POSTPONED, TalkStatus.PROPOSED, TalkStatus.SCHEDULED, TalkStatus.UNDER_WAY)
    | _ranks(
        PrincipleStatus.STALLED,
        PrincipleStatus.CLAIMED,
        PrincipleStatus.AGREED,
        PrincipleStatus.SIGNED,
        PrincipleStatus.IMPLEMENTING_MINIMAL,
        PrincipleStatus.IMPLEMENTING_INTERMEDIATE,
    )
    | _ranks(DemandStatus.OPEN, DemandStatus.UNDER_DISCUSSION, DemandStatus.PARTLY_MET)
    | _ranks(
        FollowUpStatus.STALLED, FollowUpStatus.EXPECTED, FollowUpStatus.PROMISED, FollowUpStatus.IN_PROGRESS
    )
)
"""The rank of each open status; codes of different ladders are never compared."""

OUTCOME_RANKS = _ranks(
    TalkOutcome.NOT_REPORTED,
    TalkOutcome.WALK_OUT,
    TalkOutcome.NO_AGREEMENT,
    TalkOutcome.TO_CONTINUE,
    TalkOutcome.UNDERSTANDING,
    TalkOutcome.JOINT_STATEMENT,
    TalkOutcome.PARTIAL_AGREEMENT,
    TalkOutcome.CEASEFIRE,
    TalkOutcome.FULL_AGREEMENT,
)
"""The rank of each outcome of a talk; one that is no longer reported is less than any."""

STANCE_RANKS = _ranks(*Stance.values)
"""The rank of each stance, from yes to no; a retraction is compared with none."""
FIRMNESS_RANKS = _ranks(*Firmness.values)
ENDS = frozenset().union(*CLOSED.values())


@dataclass(frozen=True)
class Deadline:
    """When something is due, as an effect set it: a date as precisely as is known, a phrase, or both."""

    on: Span | None
    phrase: str = ""

    def __str__(self) -> str:
        return due_words(self.on, self.phrase)

    @property
    def last(self) -> dt.date | None:
        """The latest possible day; None for a phrase without a date, and for a date that is open to the end."""
        return self.on.last if self.on else None


def value_of(effect: Any, aspect: str) -> str | Deadline | Wording | None:
    """The value of `aspect` that `effect`, or a row with these columns of it, set: a code, a Deadline, or a Wording.

    None without an effect, of a stance that was retracted, and of a due date that was given up.
    """
    if effect is None:
        return None
    if aspect == "due":
        given_up = effect.due_phrase == GIVEN_UP
        return None if given_up else Deadline(held(effect, "due"), effect.due_phrase)
    if aspect == "wording":
        return Wording.of(effect.wording, effect.wording_language, effect.other_texts)
    value = getattr(effect, aspect)
    return None if value == Stance.RETRACTED else value


def sets(effect: Any, aspect: str) -> bool:
    """Whether `effect`, or a row with these columns of it, sets `aspect`, also if it takes back what stood."""
    if aspect == "due":
        return bool(effect.due_on or effect.review_on or effect.due_phrase == GIVEN_UP)
    if aspect == "wording":
        return bool(effect.wording) and effect.other_texts is not None
    return bool(getattr(effect, aspect))


def moved(aspect: str, before: Any, after: Any) -> Movement | None:
    """How `aspect` (one of ASPECTS) of one item moved from the effect `before` to the effect `after`.

    Both are effects, or rows with these columns of them, or None; what is compared is their `value_of`, since a code
    alone does not say that it takes back what stood. None where the values are equal.
    """
    old, new = value_of(before, aspect), value_of(after, aspect)
    if old == new:
        return None
    if new is None:
        return Movement.GONE
    if old is None or old == TalkOutcome.NOT_REPORTED:
        return Movement.CLOSED if aspect == "status" and new in ENDS else Movement.NEW
    return _MOVED[aspect](old, new)


def slipped_days(old: Deadline | None, new: Deadline | None) -> int | None:
    """By how many days the latest day that a deadline can mean moved, negative when nearer; None without two days."""
    if old is None or new is None or old.last is None or new.last is None:
        return None
    return (new.last - old.last).days


def _status(old: str, new: str) -> Movement:
    if new in ENDS:
        return Movement.CLOSED
    if old in ENDS:
        return Movement.REOPENED
    return _up_or_down(STATUS_RANKS, Movement.ADVANCED, Movement.SET_BACK)(old, new)


def _due(old: Deadline, new: Deadline) -> Movement:
    # A deadline without a day is later than any that has one.
    before, after = (deadline.last or dt.date.max for deadline in (old, new))
    moves = {-1: Movement.ADVANCED, 0: Movement.REWORDED, 1: Movement.SLIPPED}
    return moves[(after > before) - (after < before)]


def _up_or_down(ranks: dict[str, int], up: Movement, down: Movement) -> Callable[[str, str], Movement]:
    def compared(old: str, new: str) -> Movement:
        return up if new == max(old, new, key=ranks.__getitem__) else down

    return compared


_MOVED: dict[str, Callable[[Any, Any], Movement]] = {
    "status": _status,
    "outcome": _up_or_down(OUTCOME_RANKS, Movement.ADVANCED, Movement.SET_BACK),
    "firmness": _up_or_down(FIRMNESS_RANKS, Movement.HARDENED, Movement.SOFTENED),
    "stance": _up_or_down(STANCE_RANKS, Movement.HARDENED, Movement.SOFTENED),
    "due": _due,
    "wording": lambda old, new: Movement.REWORDED,
}
