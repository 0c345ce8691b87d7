"""The other values of one aspect that would be the latest by another choice of days.

A date that is known to a month, as before a day, or about a day leaves open what came last; so do two developments of
one day of which nobody tells the order. The standing stays what the rule gives; what else it could be is named beside
it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.domain.movement import Deadline, value_of
from tracker.domain.told import ToldOrder
from tracker.models import Effect
from tracker.models.dates import Span
from tracker.models.order import by_time
from tracker.models.vocabularies import DatePrecision, Firmness, Stance, TalkOutcome
from tracker.models.wordings import Wording

NOT_YET = "none"
"""How a file has it that nothing may have been set yet, or that it may have been taken back."""

_LABELS: dict[str, dict] = {
    "stance": dict(Stance.choices),
    "firmness": dict(Firmness.choices),
    "outcome": dict(TalkOutcome.choices),
}

NOTHING_TOLD = ToldOrder()


@dataclass(frozen=True)
class Alternative:
    """A value that may be the latest, other than the one that stands."""

    aspect: str
    value: str | Deadline | Wording | None
    """None where nothing may have been set yet, or what was set may have been taken back."""
    effect: Effect | None
    """The latest effect that sets it."""
    standing: Effect
    """The effect that decides how it stands."""

    @property
    def code(self) -> str:
        """The value as a file has it."""
        if self.value is None:
            return NOT_YET
        if isinstance(self.value, Deadline):
            return " ".join(filter(None, [self.value.on.edtf if self.value.on else "", self.value.phrase]))
        if isinstance(self.value, Wording):
            return " / ".join(f"“{text.words}”" for text in self.value.texts)
        return self.value

    @property
    def label(self) -> str:
        """The value in words."""
        if self.effect is None:
            return "Not yet"
        if self.value is None:
            return "Given up" if self.aspect == "due" else "Retracted"
        if self.aspect == "status":
            return self.effect.status_label
        if isinstance(self.value, Wording):
            return self.code
        return _LABELS.get(self.aspect, {}).get(self.value, str(self.value))

    @property
    def reason(self) -> str:
        """Why it may be the latest."""
        standing = self.standing.occurred
        other = self.effect.occurred if self.effect else None
        if other is None or not _can_be_later(other, standing):
            if standing.precision == DatePrecision.LASTED:
                return f"it lasts until {Span(standing.end)}, which is later than the day shown"
            what = "what is shown first" if other else "what set it"
            return f"{what} is dated {standing}, and may be later than the day shown"
        if other == standing and other.first == other.last:
            return f"both are of {other}, and which came first is not known"
        is_plain = standing.precision in (DatePrecision.DAY, DatePrecision.MONTH, DatePrecision.YEAR)
        later = f"{'' if is_plain else 'what is dated '}{standing}"
        return f"that is dated {other}, and may be later than {later}"

    def __str__(self) -> str:
        return f"or {self.label}: {self.reason}"


def alternatives(
    effects: Iterable[Effect], aspect: str, on: dt.date | None, told: ToldOrder = NOTHING_TOLD
) -> list[Alternative]:
    """What else than the standing may be the latest of `aspect` as of the day `on` (None: today), the latest first.

    `effects` are those in force that count by the day and set the aspect: of one item, and of one party for a stance.
    `told` is what is told of the order within their days.
    """
    standing, *others = sorted(effects, key=by_time, reverse=True)
    bound = last_begun((standing, *others), on)
    stands = value_of(standing, aspect)
    by_value: dict[str | Deadline | Wording | None, Alternative] = {}
    for effect in others:
        value = value_of(effect, aspect)
        if value == stands or (bound is not None and _latest_on(effect) < bound):
            continue
        if not any(told.is_after(later, effect) for later in (standing, *others)):
            by_value.setdefault(value, Alternative(aspect, value, effect, standing))
    if bound is None and stands is not None:
        by_value[None] = Alternative(aspect, None, None, standing)
    return list(by_value.values())


def _can_be_later(date: Span, other: Span) -> bool:
    """Whether some day of `date` is one of `other` or comes after one."""
    return date.latest is None or other.earliest is None or date.latest >= other.earliest


def last_begun(effects: Iterable, on: dt.date | None) -> dt.date | None:
    """The first day of what began last of those `effects` that happened by `on` for certain; None where none did.

    What ended before it can have begun is not the latest.
    """
    begun = (
        effect.earliest_on or dt.date.min for effect in effects if on is None or _latest_on(effect) <= on
    )
    return max(begun, default=None)


def _latest_on(effect: Any) -> dt.date:
    """The last day on which it can have happened, which only a row restored from an older release lacks for a while."""
    return effect.latest_on or dt.date.max


def codes_of(others: Iterable[Alternative]) -> str:
    """The other values of one aspect, as a file has them."""
    return ", ".join(other.code for other in others)
