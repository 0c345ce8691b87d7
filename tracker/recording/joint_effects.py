"""Effects of one development on two items that become one."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tracker.models import Effect
from tracker.recording.prepare import SET_ONCE
from tracker.recording.references import take, united, unlike


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
            if _sets(row, names):
                take(row, kept)


STANCE = ("stance",)


def _pairs(
    own: Sequence[Effect], others: Sequence[Effect]
) -> Iterator[tuple[tuple[str, ...], Effect, Effect]]:
    """What can be set of an item but once: its fields, and on either side the first effect that sets them."""
    for names in SET_ONCE.values():
        mine, theirs = (next((row for row in rows if _sets(row, names)), None) for rows in (own, others))
        if mine and theirs:
            yield names, mine, theirs
    for theirs in others:
        for mine in own:
            if mine.party_id == theirs.party_id and mine.stance and theirs.stance:
                yield STANCE, mine, theirs


def _sets(effect: Effect, names: Sequence[str]) -> bool:
    return any(getattr(effect, name) for name in names)
