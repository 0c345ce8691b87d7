"""How each version of a development changed items: before, set, and now."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from tracker.clocks import Clocks
from tracker.domain.movement import ASPECTS, sets, value_of
from tracker.domain.standing import ASPECTS as SETTING
from tracker.models import Effect, Item, Party
from tracker.models.base import first_of
from tracker.models.date_columns import happened_by
from tracker.models.dates import Span
from tracker.models.effects import due_words
from tracker.models.wordings import Wording
from tracker.queries.evidence import preceding
from tracker.queries.versions import Version, VersionEvent

SETS = {**SETTING, "stance": Q(stance__isnull=False)}
"""Which effects set each aspect."""

# When the effect of the outer query was recorded and ended, so that every row has clocks of its own.
CAME, WENT = OuterRef("recorded_at"), OuterRef("ended_at")

READINGS = ("before", "then", "now")
INSTANT = dt.timedelta(microseconds=1)
"""By how much two recordings of one process differ at least."""


@dataclass(frozen=True)
class DiffValue:
    """The value that an effect set for one aspect of its item."""

    effect: Effect
    aspect: str

    @property
    def code(self) -> str:
        """The code; for a due date or wording, the text."""
        value = value_of(self.effect, self.aspect)
        taken_back = due_words(None, self.effect.due_phrase) if self.aspect == "due" else self.effect.stance
        text = str(value or taken_back)
        if self.aspect == "due" and (review_on := self.effect.review_on):
            text += f", to be looked at again on {Span(review_on)}"
        return text

    @property
    def wording(self) -> Wording:
        """The value of a wording, with all its texts."""
        return Wording.of(self.effect.wording, self.effect.wording_language, self.effect.other_texts)

    @property
    def label(self) -> str:
        """The label of the code; for a due date or wording, the text."""
        if self.aspect == "status":
            return self.effect.status_label
        return getattr(self.effect, f"get_{self.aspect}_display", lambda: self.code)()


@dataclass(frozen=True)
class EffectDiff:
    """One aspect of an item, or one party's stance on it, before and after an event."""

    aspect: str
    party: Party | None
    before: DiffValue | None
    """What stood before the development, by the order of standing, as known when the version was recorded."""
    recorded: DiffValue | None
    """What the version sets; None where it sets no more what the one before had set."""
    replaced: DiffValue | None
    """What the version before had set."""
    then: DiffValue | None
    """What stood from then on, where nothing is set any more."""
    now: DiffValue | None
    """What stands at the clocks."""

    @property
    def is_shape(self) -> bool:
        """Whether its values are codes, which are drawn with marks."""
        return self.aspect not in ("due", "wording")

    @property
    def still_stands(self) -> bool:
        """Whether the item still has this value at the clocks, even if another development set it again."""
        return bool(self.recorded and self.now) and self.recorded.code == self.now.code


@dataclass(frozen=True)
class ItemDiff:
    """One item that an event touched, with views before and after."""

    item: Item
    touches: list[EffectDiff]
    is_on_record: bool
    """Whether it stands at the clocks: an item of which nothing tells any more has no page."""
    before: Clocks | None
    """The reading of the instant before the event; None where the item did not stand then."""
    after: Clocks | None
    """The reading of the event's own instant; None where the item stood no more."""


def item_diffs(events: list[VersionEvent], clocks: Clocks) -> list[tuple[VersionEvent, list[ItemDiff]]]:
    """Each of `events` (of `tracker.queries.versions`) with the items that it touched, at `clocks`.

    Two queries.
    """
    own = [effect for event in events for effect in _effects(event.version)]
    aspects = [aspect for aspect in ASPECTS if any(sets(effect, aspect) for effect in own)]
    keys = [f"{reading}_{aspect}" for reading in READINGS for aspect in aspects]
    among = Effect.objects.filter(pk__in=[effect.pk for effect in own])
    readings = {row["pk"]: row for row in _readings(among, clocks, aspects)}
    deciding = Effect.objects.select_related("development").in_bulk(
        {row[key] for row in readings.values() for key in keys} - {None}
    )
    return [(event, _items(event, clocks, readings, deciding)) for event in events]


def _effects(version: Version | None) -> list[Effect]:
    return list(version.development.effects.all()) if version else []


def _readings(effects: QuerySet, clocks: Clocks, aspects: list[str]) -> QuerySet:
    """For each of `effects`, the keys of the effects that decide its `aspects` at each of READINGS.

    "before": the previous value, as known when it was recorded; "then": when it ended; "now": at `clocks`.
    """
    of_item = Effect.objects.filter(item=OuterRef("item"))
    in_its_place = of_item.at(replace(clocks, known=WENT))
    among = dict(
        zip(READINGS, (preceding(Clocks(known=CAME)), in_its_place, of_item.at(clocks)), strict=True)
    )
    keys = {
        f"{reading}_{aspect}": Case(When(SETS[aspect], then=_latest(among[reading], aspect)))
        for reading in READINGS
        for aspect in aspects
    }
    just_before = of_item.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=CAME), recorded_at__lt=CAME)
    if clocks.on is not None:
        just_before = just_before.filter(happened_by(clocks.on, "happened_key"))
    stood = {
        "stood_before": Exists(just_before),
        "stands_after": Exists(in_its_place),
        "stands_now": Exists(among["now"]),
    }
    return effects.annotate(**keys, **stood).values("pk", *keys, *stood)


def _latest(effects: QuerySet, aspect: str) -> Subquery:
    """The key of the one of `effects` that decides `aspect`; a stance is that of the outer query's party."""
    setting = effects.filter(SETS[aspect])
    if aspect == "stance":
        setting = setting.filter(party=OuterRef("party"))
    return first_of(setting.latest_first(), "pk")


def _items(
    event: VersionEvent, clocks: Clocks, readings: dict, deciding: dict[int, Effect]
) -> list[ItemDiff]:
    """The items that `event` touched, in the order in which they were entered."""
    sets, gone = _by_aspect(event.version), _by_aspect(event.replaced)
    rows: dict[Item, list[EffectDiff]] = {}
    for key in dict.fromkeys([*sets, *gone]):
        setting, replaced = sets.get(key), gone.get(key)
        effect, aspect = setting or replaced, key[1]
        before, then, now = (
            _value(deciding.get(readings[effect.pk][f"{reading}_{aspect}"]), aspect) for reading in READINGS
        )
        rows.setdefault(effect.item, []).append(
            EffectDiff(
                aspect,
                effect.party if aspect == "stance" else None,
                before if setting else None,
                _value(setting, aspect),
                _value(replaced, aspect),
                None if setting else then,
                now,
            )
        )
    return [_item(event, item, touches, clocks, readings) for item, touches in rows.items()]


def _by_aspect(version: Version | None) -> dict[tuple, Effect]:
    """{(item pk, aspect, party pk for a stance or None): effect} of `version`."""
    return {
        (effect.item_id, aspect, effect.party_id if aspect == "stance" else None): effect
        for effect in _effects(version)
        for aspect in ASPECTS
        if sets(effect, aspect)
    }


def _value(effect: Effect | None, aspect: str) -> DiffValue | None:
    return DiffValue(effect, aspect) if effect else None


def _item(
    event: VersionEvent, item: Item, touches: list[EffectDiff], clocks: Clocks, readings: dict
) -> ItemDiff:
    """`item` with its `touches` and clocks just before and at the event, each None if it was not raised then."""
    setting = next((touch.recorded.effect for touch in touches if touch.recorded), None)
    effect = setting or touches[0].replaced.effect
    happened = clocks.on is None or effect.counts_from <= clocks.on
    stood = readings[effect.pk]["stood_before"] if setting else happened
    stands = happened if setting else readings[effect.pk]["stands_after"]
    return ItemDiff(
        item,
        touches,
        readings[effect.pk]["stands_now"],
        replace(clocks, known=event.at - INSTANT) if stood else None,
        replace(clocks, known=event.at) if stands else None,
    )
