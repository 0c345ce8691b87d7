"""Prepares a development for writing: fills in defaults, stamps who and when, and checks that its parts agree."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from tracker.models import Citation, Development, Effect, Item, User
from tracker.models.base import new_ref
from tracker.models.evidence import stands_in
from tracker.recording import audit
from tracker.recording.timestamps import PENDING, Pending

REVIEW_AFTER = dt.timedelta(days=30)
"""When a due phrase without a date, such as "as soon as possible", is looked at again if nobody says otherwise."""

SET_ONCE = {name: (name,) for name in ("status", "firmness", "outcome", "wording")} | {
    "due": ("due_on", "due_precision", "due_last", "due_phrase", "review_on")
}
"""What an item has one of, so that the effects of one development cannot differ on it, by the fields that hold it."""

Content = TypeVar("Content", Development, Effect, Citation)

COPIED = (
    "occurred_on", "occurred_precision", "occurred_last", "happened_key", "first_recorded_at", "sequence",
    "recorded_at",
)  # fmt: skip
"""What an effect carries a copy of, for the rule's sake."""


def raise_items(
    by: User,
    items: Sequence[tuple[Item, audit.Related]],
    development: Development,
    effects: Sequence[Effect],
    pending: Pending,
) -> None:
    """Save the new `items`; raises ValidationError unless each is touched by one of `effects`."""
    for item, related in items:
        if not any(getattr(effect, "item", None) is item for effect in effects):
            raise ValidationError(f"“{item}” needs an effect: an item is recorded with what raised it.")
        item.process = development.process
        audit.save(by, item, related, pending)


def copied(row: Content) -> Content:
    """An unsaved copy of `row`, a version, an effect or a citation."""
    return type(row)(**{name: getattr(row, name) for name in row.CONTENT})


def begin(development: Development, pending: Pending) -> None:
    """Make an unsaved `development` the first version of its own; raises ValidationError where it names no process."""
    if development.process_id is None:
        raise ValidationError({"process": "Name the process that it belongs to."})
    development.ref = development.ref or new_ref(Development.prefix)
    development.version = 1
    development.first_recorded_at = PENDING
    development.sequence = pending.next_place()


def stamp(by: User, development: Development, citations: Sequence[Citation]) -> None:
    """Fill in the recorder and the derived columns of an unsaved version."""
    development.talk = development.talk  # a new talk has its key only now that it is saved
    development.recorded_at = PENDING
    development.recorded_on = timezone.localdate()
    development.recorded_by = by
    development.happened_key = development.occurred.key if development.occurred else 0
    development.sourced = bool(citations)


def complete(effect: Effect, development: Development) -> None:
    """Fill in the defaults of an effect; raises ValidationError for a missing item or one of another process."""
    if getattr(effect, "item", None) is None:
        raise ValidationError("An effect needs the item that it is on.")
    for name in ("status", "stance", "firmness", "outcome", "wording"):
        setattr(effect, name, getattr(effect, name) or None)
    if effect.item.process_id != development.process_id:
        raise ValidationError(f"“{effect.item}” belongs to another process.")
    effect.item = effect.item  # a new item has its key only now that it is saved
    effect.item_kind = effect.item.item_kind
    if effect.stance and effect.party is None:
        effect.party = development.party
    if effect.due_phrase and not effect.due_on and not effect.review_on:
        effect.review_on = development.occurred_on + REVIEW_AFTER


def require_agreement(effects: Sequence[Effect]) -> None:
    """Raise ValidationError for effects that give one item two different values at once."""
    given: dict[tuple[int, str], list] = {}
    for effect in effects:
        for what, names in SET_ONCE.items():
            value = [getattr(effect, name) for name in names]
            if any(value) and given.setdefault((effect.item_id, what), value) != value:
                raise ValidationError(
                    f"This development gives “{effect.item}” two different values of {what}."
                )


def parts(
    development: Development, effects: Sequence[Effect], citations: Sequence[Citation]
) -> list[tuple[Effect | Citation, str]]:
    """The effects and citations, made parts of the saved `development`, each with the name that messages call it by."""
    named: list[tuple[Effect | Citation, str]] = []
    for number, effect in enumerate(effects, start=1):
        effect.development = development
        for name in COPIED:
            setattr(effect, name, getattr(development, name))
        effect.earliest_on, effect.latest_on = development.possible_days
        named.append((effect, f"Effect {number}, on “{effect.item}”"))
    for number, citation in enumerate(citations, start=1):
        citation.development = development
        citation.recorded_at = development.recorded_at
        citation.found = stands_in(citation.quote, citation.source.text) if citation.source_id else None
        named.append((citation, f"Citation {number}"))
    for part, _ in named:
        part.ref = part.ref or new_ref(part.prefix)
    return named


def named(name: str, error: ValidationError) -> ValidationError:
    """`error` with each message after the `name` of the part that it is about."""
    return ValidationError([f"{name}: {message}" for message in error.messages])
