"""One sentence for each change, with values and dates."""

from tracker.domain.movement import Deadline
from tracker.models.vocabularies import LADDERS, Firmness, Movement, Stance, TalkOutcome
from tracker.models.wordings import Wording
from tracker.reports.changes.queries import ItemMoves

WHAT = {
    "status": "status",
    "outcome": "outcome",
    "firmness": "firmness",
    "due": "due date",
    "wording": "wording",
}
_VERBS = {
    Movement.HARDENED: "hardened",
    Movement.SOFTENED: "softened",
    Movement.ADVANCED: "advanced",
    Movement.SET_BACK: "was set back",
    Movement.SLIPPED: "slipped",
}


def value_text(change: ItemMoves, value: str | Deadline | Wording | None) -> str:
    """An old or new value of `change` in words; empty if None."""
    if value is None:
        return ""
    if change.aspect in ("due", "wording"):
        return str(value)
    return VOCABULARIES.get(change.aspect, LADDERS[change.item.item_kind])(value).label


VOCABULARIES = {"stance": Stance, "firmness": Firmness, "outcome": TalkOutcome}
"""The vocabulary of each aspect with codes; a status has that of its item kind."""


def sentence(change: ItemMoves) -> str:
    """`change` as one sentence, without the name of the item."""
    whose = (
        f"the stance of {change.party}" if change.aspect == "stance" else f"the {WHAT.get(change.aspect, '')}"
    )
    old, new = _dated(change, change.before), _dated(change, change.after)
    movement = change.movement
    if movement == Movement.NOT_MENTIONED:
        return f"Not mentioned again; last spoken of {_on(change.before)}."
    if movement == Movement.NEW:
        return _begun(f"{whose} is new: {new}.")
    if movement == Movement.GONE and change.after is not None:
        if change.aspect == "stance":
            value = value_text(change, change.old)
            return f"{change.party} retracted its stance “{value}” {_of(change.before)} {_on(change.after)}."
        return f"The due date, {value_text(change, change.old)}, was given up {_on(change.after)}."
    if movement == Movement.GONE:
        return _begun(f"{whose} is no longer on record; it was {old}.")
    if movement == Movement.REAFFIRMED:
        return _begun(f"{whose} was reaffirmed: {new}, as {_on(change.before)}.")
    if movement == Movement.REWORDED:
        return _begun(f"{whose} was put in other words {_on(change.after)}, after {_on(change.before)}.")
    if movement == Movement.CLOSED:
        what = f"Held {_on(change.after)}" if change.new == "held" else f"Reached a final status: {new}"
        return f"{what}, after {old}." if change.before else f"{what}."
    if movement == Movement.REOPENED:
        return f"Open again: {new}, after {old}."
    days = change.slipped_days
    by = f" by {abs(days)} {'day' if abs(days) == 1 else 'days'}" if days else ""
    return _begun(f"{whose} {_VERBS[movement]}{by}, from {old} to {new}.")


def _dated(change: ItemMoves, effect) -> str:
    """The value that `effect` set, with its date in brackets."""
    value = change.new if effect is change.after else change.old
    return f"“{value_text(change, value)}” ({_on(effect).removeprefix('on ')})" if effect else ""


def _on(effect) -> str:
    """The date as part of a sentence: on 18 Feb 2025, in Feb 2025, before 18 Feb 2025."""
    if effect is None:
        return ""
    occurred = effect.development.occurred
    word = {"day": "on ", "before": ""}.get(occurred.precision, "in ")
    return f"{word}{occurred}"


def _of(effect) -> str:
    """The date as an attribute: of 18 Feb 2025, from before 18 Feb 2025."""
    occurred = effect.development.occurred
    return f"{'of' if occurred.precision in ('day', 'month', 'year') else 'from'} {occurred}"


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]
