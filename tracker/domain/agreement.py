"""The agreement on one principle, from the most direct statements of each party."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When

from tracker.clocks import Clocks
from tracker.domain.alternatives import NOTHING_TOLD, Alternative, alternatives
from tracker.domain.movement import STANCE_RANKS
from tracker.domain.told import ToldOrder
from tracker.models import Effect
from tracker.models.base import first_of
from tracker.models.order import LATEST_FIRST, by_time, in_order
from tracker.models.vocabularies import Agreement, Basis, Stance

WEIGHT: dict[str, int] = {
    Basis.OWN_WORDS: 3,
    Basis.OFFICIAL_TEXT: 3,
    Basis.PARAPHRASE: 2,
    Basis.REPORTERS_SUMMARY: 1,
}
"""How directly each basis quotes a party; written words weigh as much as spoken ones."""

_SPEAKS: dict[str | None, int] = {Stance.RETRACTED: 0, Stance.SILENT: 1}
"""What counts only where a party said nothing else, from the least on; all else has 2."""

YES = frozenset({Stance.AFFIRMS, Stance.AFFIRMS_WITH_RESERVE, Stance.CONDITIONAL})
NO = frozenset({Stance.DISPUTES, Stance.REJECTS})


@dataclass(frozen=True)
class Word:
    """One party's stance on one item, according to its most direct statements."""

    counting: Effect
    """The stance that counts: the latest on the weightiest basis."""
    others: list[Effect]
    """All other statements of the party's stance, the latest first; none is hidden."""
    doubt: list[Alternative]
    """The other stances, on the same basis, that may be the latest."""

    @property
    def later(self) -> list[Effect]:
        """Later effects on a weaker basis whose stance differs from the one that counts."""
        return [
            effect
            for effect in self.others
            if effect.stance != self.counting.stance and by_time(effect) > by_time(self.counting)
        ]


def beside(stance: str, counting: str) -> str:
    """How `stance` compares with the one that counts, in a word; empty if it is the same."""
    if stance == counting:
        return ""
    if counting == Stance.RETRACTED:
        return "earlier"
    if {stance, counting} <= YES:
        return "firmer" if STANCE_RANKS[stance] < STANCE_RANKS[counting] else "more guarded"
    return (
        "other"
        if {Stance.SILENT, Stance.RETRACTED} & {stance, counting} or {stance, counting} <= NO
        else "contrary"
    )


def word_of(
    stances: Iterable[Effect], on: dt.date | None = None, told: ToldOrder = NOTHING_TOLD
) -> Word | None:
    """The word of one party out of `stances`, its effects with a stance on one item that are in force, in any order.

    Each has its development at hand. A party's own words and texts outrank a paraphrase, a paraphrase a reporter's
    summary, and of equals the latest counts. Silence counts only where there is nothing else, since to have
    said nothing in one account takes nothing back. What a party retracts no longer counts, as far as it was said no
    more directly; the retraction itself is the word only where nothing was said since. None where there are no stances.
    They are read as of the day `on`. `told` is what is told of the order within a day.
    """
    latest_first = sorted(stances, key=by_time, reverse=True)
    if not latest_first:
        return None
    standing = [
        effect for place, effect in enumerate(latest_first) if not _retracted(effect, latest_first[:place])
    ]
    # The first of equals is the latest.
    counting = max(standing, key=_directness)
    equals = [effect for effect in latest_first if _weight(effect) == _weight(counting)]
    if counting.stance != Stance.SILENT:
        equals = [effect for effect in equals if effect.stance != Stance.SILENT]
    others = [effect for effect in latest_first if effect is not counting]
    return Word(counting, others, alternatives(equals, "stance", on, told))


def _weight(effect: Effect) -> int:
    return WEIGHT[effect.development.basis]


def _directness(effect: Effect) -> tuple[int, int]:
    return _SPEAKS.get(effect.stance, 2), _weight(effect)


def _retracted(effect: Effect, later: Iterable[Effect]) -> bool:
    """Whether one of the `later` stances takes back what `effect` says."""
    return any(other.stance == Stance.RETRACTED and _weight(other) >= _weight(effect) for other in later)


def latest_word(clocks: Clocks, column: str = "pk") -> Subquery:
    """A column of the stance that counts, as `word_of` has it, for the ItemStance of the outer query."""
    weight = Case(*(When(development__basis=basis, then=Value(weight)) for basis, weight in WEIGHT.items()))
    effects = Effect.objects.at(clocks).annotate(weight=weight)
    retractions = effects.filter(
        in_order("gt"),
        item=OuterRef("item"),
        party=OuterRef("party"),
        stance=Stance.RETRACTED,
        weight__gte=OuterRef("weight"),
    )
    said = effects.filter(
        ~Exists(retractions), item=OuterRef("item_id"), party=OuterRef("party_id"), stance__isnull=False
    )
    speaks = Case(
        *(When(stance=stance, then=Value(rank)) for stance, rank in _SPEAKS.items()), default=Value(2)
    )
    weighed = said.annotate(speaks=speaks).order_by("-speaks", "-weight", *LATEST_FIRST)
    return first_of(weighed, column)


def agreement(bound: Collection[int], stances: dict[int, str]) -> Agreement:
    """What `stances` (codes of Stance by the primary key of a party) of those `bound` add up to.

    Where nobody is said to be bound, all who took a stance count.
    """
    return overall_agreement([(stance, party in bound) for party, stance in stances.items()], len(bound))


def overall_agreement(words: Collection[tuple[str, bool]], bound: int) -> Agreement:
    """What the `words` of all parties add up to: the stance of each, and whether it is one of the `bound`.

    `bound` is the number of those whom it would bind; where it is 0, all words count, and one alone is a claim.
    One refusal disputes it; one missing word leaves it a claim; then a condition weighs more than a reserve.
    """
    stances = [stance for stance, binds in words if (binds or not bound) and stance != Stance.RETRACTED]
    if any(stance in NO for stance in stances):
        return Agreement.DISPUTED
    if not any(stance in YES for stance in stances):
        return Agreement.UNCLAIMED
    if len(stances) < (bound or 2) or not all(stance in YES for stance in stances):
        return Agreement.CLAIMED_BY_ONE_SIDE
    if Stance.CONDITIONAL in stances:
        return Agreement.CONDITIONAL
    if Stance.AFFIRMS_WITH_RESERVE in stances:
        return Agreement.CONFIRMED_WITH_RESERVE
    return Agreement.CONFIRMED_BY_ALL


def others_refuse(words: Collection[tuple[str, bool]], bound: int) -> bool:
    """Whether a party that is not `bound`, such as a member of a body that is, refuses what those do not dispute."""
    if not bound or overall_agreement(words, bound) == Agreement.DISPUTED:
        return False
    return any(stance in NO and not binds for stance, binds in words)
