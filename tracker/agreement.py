"""What the words of several parties on one principle add up to, the most direct words of each counting."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tracker.models import Effect
from tracker.models.vocabularies import Agreement, Basis, Stance

WEIGHT = {
    Basis.OWN_WORDS: 3,
    Basis.OFFICIAL_TEXT: 3,
    Basis.PARAPHRASE: 2,
    Basis.REPORTERS_SUMMARY: 1,
}
"""How directly an account lets a party speak; what it wrote weighs as much as what it said."""

YES = frozenset({Stance.AFFIRMS, Stance.AFFIRMS_WITH_RESERVE, Stance.CONDITIONAL})
NO = frozenset({Stance.DISPUTES, Stance.REJECTS})


@dataclass(frozen=True)
class Word:
    """Where one party stands on one item, as its most direct words have it."""

    counting: Effect
    """The stance that counts: of those on the weightiest basis the latest."""
    others: list[Effect] = field(default_factory=list)
    """All else that was said of the party's stance, the latest first: none of it is hidden."""

    @property
    def is_outpaced(self) -> bool:
        """Whether something later, on a weaker basis, has the party stand elsewhere."""
        return any(
            effect.stance != self.counting.stance and _when(effect) > _when(self.counting)
            for effect in self.others
        )


def word_of(stances: Iterable[Effect]) -> Word | None:
    """The word of one party out of `stances`, its effects with a stance on one item that are in force, in any order.

    Each has its development at hand. A party's own words and texts outrank a paraphrase, a paraphrase a reporter's
    summary, and of equals the latest counts. Silence counts only where there is nothing else, since to have
    said nothing in one account takes nothing back. None where there are no stances.
    """
    latest_first = sorted(stances, key=_when, reverse=True)
    if not latest_first:
        return None
    # The first of equals is the latest.
    counting = max(
        latest_first,
        key=lambda effect: (effect.stance != Stance.SILENT, WEIGHT[effect.development.basis]),
    )
    return Word(counting, [effect for effect in latest_first if effect is not counting])


def agreement(bound: Collection[int], stances: dict[int, str]) -> Agreement:
    """What `stances` (codes of Stance by the primary key of a party) of those `bound` add up to.

    Where nobody is said to be bound, all who took a stance count. One refusal disputes it; one missing word leaves it a
    claim; then a condition weighs more than a reserve.
    """
    said = [stances.get(party) for party in bound] if bound else list(stances.values())
    if any(stance in NO for stance in said):
        return Agreement.DISPUTED
    if not any(stance in YES for stance in said):
        return Agreement.UNCLAIMED
    if not all(stance in YES for stance in said):
        return Agreement.CLAIMED_BY_ONE_SIDE
    if Stance.CONDITIONAL in said:
        return Agreement.CONDITIONAL
    if Stance.AFFIRMS_WITH_RESERVE in said:
        return Agreement.CONFIRMED_WITH_RESERVE
    return Agreement.CONFIRMED_BY_ALL


def _when(effect: Effect) -> tuple:
    return effect.happened_key, effect.first_recorded_at, effect.pk
