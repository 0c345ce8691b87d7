"""Effects of one development on two items that become one."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tracker.models import Effect
from tracker.models.fields import concrete_field
from tracker.recording.prepare import SET_ONCE
from tracker.recording.references import take, united, unlike
from tracker.recording.wordings import MORE, what_more


class Difference(NamedTuple):
    """What an effect on the survivor and one on the merged item set, each otherwise."""

    own: Effect
    other: Effect
    names: list[str]
    """The fields in which they differ."""


def differences(own: Sequence[Effect], others: Sequence[Effect]) -> Iterator[Difference]:
    """What has to be asked about the effects of one development on the survivor and `others`, on the merged item."""
    for names, mine, theirs in _pairs(own, others):
        if differing := [name for name in unlike(mine, theirs) if name in names]:
            yield Difference(mine, theirs, differing)


def settle(own: Sequence[Effect], others: Sequence[Effect], prefers: Callable[[Effect], bool]) -> None:
    """Let what both set be the same: that of the survivor, unless `prefers` is true of the effect of `others`."""
    for names, mine, theirs in _pairs(own, others):
        values = united(mine, theirs, prefers(theirs))
        take(mine, {name: value for name, value in values.items() if name in names})
        kept = {name: getattr(mine, name) for name in names}
        for row in (theirs,) if names == STANCE else (*own, *others):
            if _sets(row, names) and _language(row, names) == _language(theirs, names):
                take(row, kept)


def unite(own: Sequence[Effect], other: Effect, prefers_other: bool) -> bool:
    """Let `own`, the effects on one item for one party, take in `other`, which has become another one of them.

    Returns whether nothing of it is left: a text in a language in which `own` have none is left.
    """
    same = next((row for row in own if row.wording_language == other.wording_language), None)
    main = next((row for row in own if what_more(row)), same or own[0])
    for row, names in ((main, MORE), (same, SET_ONCE["wording"])):
        if row is not None:
            values = united(row, other, prefers_other, "party")
            take(row, {name: value for name, value in values.items() if name in names})
    for name in MORE:
        setattr(other, name, concrete_field(Effect, name).get_default())
    return same is not None or not other.wording


STANCE = ("stance",)


def _pairs(
    own: Sequence[Effect], others: Sequence[Effect]
) -> Iterator[tuple[tuple[str, ...], Effect, Effect]]:
    """What can be set of an item but once: its fields, and on either side the first effect that sets them.

    A wording can be set once in each language.
    """
    for names in SET_ONCE.values():
        first, others_first = (_first_of_each_language(rows, names) for rows in (own, others))
        for language in filter(others_first.get, first):
            yield names, first[language], others_first[language]
    for theirs in others:
        for mine in own:
            if mine.party_id == theirs.party_id and mine.stance and theirs.stance:
                yield STANCE, mine, theirs


def _first_of_each_language(effects: Sequence[Effect], names: Sequence[str]) -> dict[str, Effect]:
    first: dict[str, Effect] = {}
    for effect in effects:
        if _sets(effect, names):
            first.setdefault(_language(effect, names), effect)
    return first


def _language(effect: Effect, names: Sequence[str]) -> str:
    """The language of a wording; empty for anything else that is set."""
    return effect.wording_language if names == SET_ONCE["wording"] else ""


def _sets(effect: Effect, names: Sequence[str]) -> bool:
    return any(getattr(effect, name) for name in names)
