"""Prepares a development for writing: fills in defaults and the recorder, and checks that its effects agree."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from tracker.models import Citation, Development, Effect, Item, User
from tracker.models.base import new_ref
from tracker.models.effects import GIVEN_UP
from tracker.models.vocabularies import DatePrecision, TalkStatus
from tracker.recording import audit, source_texts
from tracker.recording.timestamps import PENDING, Pending
from tracker.recording.wordings import require_nothing_more, unite_texts
from tracker.text.languages import language_suffix

REVIEW_AFTER = dt.timedelta(days=30)
"""The default review date of a due phrase without a date, such as "as soon as possible"."""

SET_ONCE = {name: (name,) for name in ("status", "firmness", "outcome")} | {
    "due": ("due_on", "due_precision", "due_last", "due_phrase", "review_on"),
    "wording": ("wording", "wording_language"),
}
"""{aspect: its fields}, for aspects on which the effects of one development on an item must agree.

Those that set its wording must agree in each language.
"""

Content = TypeVar("Content", Development, Effect, Citation)

COPIED = (
    "occurred_on", "occurred_precision", "occurred_last", "happened_key", "placed_at", "place", "recorded_at",
)  # fmt: skip
"""The columns that an effect copies from its development."""


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
    """An unsaved copy of `row`: a development, an effect or a citation."""
    return type(row)(**{name: getattr(row, name) for name in row.CONTENT})


def content_of(
    development: Development,
    effects: Iterable[Effect] | None = None,
    citations: Iterable[Citation] | None = None,
) -> tuple:
    """What a version says, with `effects` and `citations` if it is not saved, to be compared with another.

    The order of effects does not matter.
    """

    def read(row: Development | Effect | Citation) -> tuple:
        fields = (field for field in row._meta.concrete_fields if field.name in row.CONTENT)
        return tuple(field.to_python(getattr(row, field.attname)) for field in fields)

    effects = development.effects.all() if effects is None else effects
    citations = development.citations.all() if citations is None else citations
    return read(development), Counter(map(read, effects)), [read(citation) for citation in citations]


def begin(development: Development, pending: Pending) -> None:
    """Make an unsaved `development` a first version; raises ValidationError if it has no process."""
    if development.process_id is None:
        raise ValidationError({"process": "Name the process that it belongs to."})
    development.ref = development.ref or new_ref(Development.prefix)
    development.version = 1
    development.first_recorded_at = PENDING
    development.sequence = pending.next_place()
    fill_zone(development)
    development.place_by_first_recording()


def fill_zone(development: Development) -> None:
    """Write down the installation's time zone for a time without one, which keeps its meaning wherever it is read."""
    if development.occurred_time is not None and not development.occurred_zone:
        development.occurred_zone = timezone.get_default_timezone_name()


def stamp(by: User, development: Development, citations: Sequence[Citation]) -> None:
    """Fill in the recorder and the derived columns of an unsaved version."""
    development.talk = development.talk  # copies the primary key of a talk just saved
    development.recorded_at = PENDING
    development.recorded_on = timezone.localdate()
    development.recorded_by = by
    development.happened_key = development.key if development.occurred else 0
    development.sourced = bool(citations)


def complete(effect: Effect, development: Development) -> None:
    """Fill in the defaults of an effect; raises ValidationError for a missing item or one of another process."""
    if getattr(effect, "item", None) is None:
        raise ValidationError("An effect needs the item that it is on.")
    for name in ("status", "stance", "firmness", "outcome", "wording"):
        setattr(effect, name, getattr(effect, name) or None)
    if effect.item.process_id != development.process_id:
        raise ValidationError(f"“{effect.item}” belongs to another process.")
    effect.item = effect.item  # copies the primary key of an item just saved
    effect.item_kind = effect.item.item_kind
    if effect.stance and effect.party is None:
        effect.party = development.party
    if effect.due_phrase.strip().casefold() == GIVEN_UP or _loses_its_day(effect):
        effect.due_phrase = GIVEN_UP
    elif effect.due_phrase and not effect.due_on and not effect.review_on:
        effect.review_on = min(development.occurred_on, timezone.localdate()) + REVIEW_AFTER


def _loses_its_day(effect: Effect) -> bool:
    """Whether it postpones a talk without a new day, so that the old one no longer holds."""
    return effect.status == TalkStatus.POSTPONED and not (effect.due_on or effect.due_phrase)


def require_agreement(effects: Sequence[Effect]) -> None:
    """Raise ValidationError for effects that set different values of the same aspect of an item."""
    given: dict[tuple[int, str, str], list] = {}
    for effect in effects:
        for what, names in SET_ONCE.items():
            language = effect.wording_language if what == "wording" else ""
            value = [getattr(effect, name) for name in names]
            if any(value) and given.setdefault((effect.item_id, what, language.casefold()), value) != value:
                raise ValidationError(
                    f"This development gives “{effect.item}” two different values of {what}{language_suffix(language)}."
                )


def copy_times(effect: Effect, development: Development) -> None:
    """Copy COPIED to an unsaved effect."""
    for name in COPIED:
        setattr(effect, name, getattr(development, name))


def attach(effect: Effect, development: Development) -> None:
    """Make an unsaved `effect` one of the saved `development`, with its times."""
    effect.development = development
    copy_times(effect, development)
    effect.earliest_on, effect.latest_on = development.possible_days
    effect.leaves_open = development.occurred_precision != DatePrecision.DAY


def parts(
    development: Development, effects: Sequence[Effect], citations: Sequence[Citation]
) -> list[tuple[Effect | Citation, str]]:
    """The effects and citations, attached to the saved `development`, each with its name in error messages."""
    named: list[tuple[Effect | Citation, str]] = []
    if any(effect.wording_language for effect in effects):
        require_nothing_more(effects)
        unite_texts(effects)
    for number, effect in enumerate(effects, start=1):
        attach(effect, development)
        named.append((effect, f"Effect {number}, on “{effect.item}”"))
    for number, citation in enumerate(citations, start=1):
        citation.development = development
        citation.recorded_at = development.recorded_at
        source_texts.look_up(citation, development.recorded_by)
        named.append((citation, f"Citation {number}"))
    for part, _ in named:
        part.ref = part.ref or new_ref(part.prefix)
    return named


def named(name: str, error: ValidationError) -> ValidationError:
    """`error` with `name` before each message."""
    return ValidationError([f"{name}: {message}" for message in error.messages])
