"""The agreement of the parties on each principle of a process or a talk."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce

from tracker.clocks import Clocks
from tracker.domain.agreement import Word, latest_word, others_refuse, overall_agreement, word_of
from tracker.domain.doubt import told_of
from tracker.domain.standing import latest
from tracker.domain.told import ToldOrder
from tracker.models import Effect, ItemStance, Party, Principle, Process, Talk
from tracker.models.base import first_of
from tracker.models.batches import in_batches
from tracker.models.vocabularies import Agreement
from tracker.models.wordings import Text, texts_of
from tracker.queries.evidence import with_evidence


@dataclass(frozen=True)
class PartyWord:
    """One party's stance on a principle, and whether the principle would bind it."""

    party: Party
    bound: bool
    """Whether the principle would bind the party."""
    word: Word | None
    """Its stance; None where it has stated none."""


@dataclass(frozen=True)
class PrincipleAgreement:
    """One principle with its claim, each party's stance, and the agreement overall."""

    principle: Principle
    """Annotated with `text`, its current wording, or title."""
    claim: Effect
    """The effect that first raised it, with its development."""
    words: dict[int, PartyWord]
    """{party pk: PartyWord} for the parties it would bind and all that took a stance."""

    @property
    def texts(self) -> list[Text]:
        """All texts of its current wording; its title if there is none."""
        return texts_of(self.principle.text, self.principle.language, self.principle.other_texts)

    @property
    def talk(self) -> Talk | None:
        """The talk it came out of; None if there is none, or if that had not been raised at the clocks."""
        return self.principle.talk if self.principle.talk_raised else None

    @property
    def agreement(self) -> Agreement:
        """The agreement overall."""
        return overall_agreement(*self._counted)

    @property
    def others_refuse(self) -> bool:
        """Whether a party that it would not bind refuses what those do not dispute."""
        return others_refuse(*self._counted)

    @property
    def _counted(self) -> tuple[list[tuple[str, bool]], int]:
        says = self.words.values()
        words = [(say.word.counting.stance, say.bound) for say in says if say.word]
        return words, sum(say.bound for say in says)


@dataclass(frozen=True)
class TalkPrinciples:
    """The principles that came out of one talk, by number; `talk` is None for those without a talk."""

    talk: Talk | None
    parties: list[Party]
    """The parties in any of the principles; those that one of them would bind come first."""
    points: list[PrincipleAgreement] = field(default_factory=list)


def keys_of(process: Process, clocks: Clocks, talk: Talk | None = None) -> list[int]:
    """The primary keys of the principles raised in `process` (or at `talk`), in grid order. One query.

    Latest talk first, principles without a talk last; within a talk by number.
    """
    effects = Effect.objects.at(clocks)
    of_talk = effects.filter(item=OuterRef("talk"))
    rows = Principle.objects.filter(Exists(effects.filter(item=OuterRef("pk"))), process=process)
    if talk is not None:
        rows = rows.filter(talk=talk)
    its_status, its_first = of_talk.filter(status__isnull=False), of_talk.reverse()
    rows = rows.annotate(
        at=Coalesce(first_of(its_status, "happened_key"), first_of(its_first, "happened_key"))
    )
    principles = rows.order_by().values_list("pk", "talk", "at", "number", "title")
    return [row[0] for row in sorted(principles, key=_place)]


def _place(row: tuple) -> tuple:
    key, talk, at, number, title = row
    # A talk of which nothing is on record yet is none.
    return at is None, at and -at, at and talk, number is None, number, title, key


def principle_agreements(keys: Collection[int], clocks: Clocks) -> list[PrincipleAgreement]:
    """The principles with the primary keys `keys`, in that order, with all stances. At most seven queries."""
    principles = (
        Principle.objects.annotate(
            text=Coalesce(latest(clocks, "wording", "wording"), "title", output_field=TextField()),
            language=latest(clocks, "wording", "wording_language"),
            other_texts=latest(clocks, "wording", "other_texts"),
            claimed=Coalesce(_first_status(clocks), latest(clocks, "raised")),
            talk_raised=Exists(Effect.objects.at(clocks).filter(item=OuterRef("talk"))),
        )
        .select_related("talk")
        .prefetch_related(Prefetch("parties", to_attr="bound"))
        .in_bulk(keys)
    )
    claimed = {principle.claimed for principle in principles.values()}
    effects = with_evidence(
        Effect.objects.at(clocks).filter(Q(pk__in=claimed) | Q(item__in=principles, stance__isnull=False))
    ).order_by()
    claims: dict[int, Effect] = {}
    stances: dict[int, dict[Party, list[Effect]]] = {key: {} for key in principles}
    for effect in effects:
        if effect.pk in claimed:
            claims[effect.item_id] = effect
        if effect.stance:
            stances[effect.item_id].setdefault(effect.party, []).append(effect)
    told = told_of((("stance", said) for each in stances.values() for said in each.values()), clocks)
    return [
        PrincipleAgreement(
            principles[key], claims[key], _says(principles[key].bound, stances[key], clocks, told)
        )
        for key in keys
    ]


def _first_status(clocks: Clocks) -> Subquery:
    """The first effect that gives the item of the outer query a status: a party may have rejected it before."""
    effects = Effect.objects.at(clocks).filter(item=OuterRef("pk"), status__isnull=False)
    return first_of(effects.reverse(), "pk")


def _says(
    bound: Iterable[Party], effects: dict[Party, list[Effect]], clocks: Clocks, told: ToldOrder
) -> dict[int, PartyWord]:
    parties = sorted({*bound, *effects}, key=lambda party: party.sort_key)
    return {
        party.pk: PartyWord(party, party in bound, word_of(effects.get(party, ()), clocks.on, told))
        for party in parties
    }


def group_by_talk(rows: Iterable[PrincipleAgreement]) -> list[TalkPrinciples]:
    """`rows`, which are in grid order, grouped by talk."""
    groups: list[TalkPrinciples] = []
    for point in rows:
        talk = point.talk
        if not groups or groups[-1].talk != talk:
            groups.append(TalkPrinciples(talk, []))
        groups[-1].points.append(point)
    for group in groups:
        says = [say for point in group.points for say in point.words.values()]
        bound = {say.party for say in says if say.bound}
        group.parties.extend(
            sorted({say.party for say in says}, key=lambda party: (party not in bound, party.sort_key))
        )
    return groups


def iter_principles(keys: list[int], clocks: Clocks) -> Iterator[PrincipleAgreement]:
    """Yield `principle_agreements(keys)`, loaded a batch at a time."""
    for some in in_batches(keys):
        yield from principle_agreements(some, clocks)


@dataclass(frozen=True)
class AgreementCount:
    """The stances that count on one principle, and the agreement overall."""

    words: dict[int, Effect]
    """{party pk: the effect that sets its stance}, each with its development and `binds`."""
    bound: int
    """How many parties the principle would bind."""

    @property
    def agreement(self) -> Agreement:
        """The agreement overall."""
        return overall_agreement(self._counted, self.bound)

    @property
    def others_refuse(self) -> bool:
        """Whether a party that it would not bind refuses what those do not dispute."""
        return others_refuse(self._counted, self.bound)

    @property
    def _counted(self) -> list[tuple[str, bool]]:
        return [(effect.stance, effect.binds) for effect in self.words.values()]

    def outranking(self, latest: Effect | None) -> Effect | None:
        """The effect that counts instead of a party's `latest`, if its stance differs; else None."""
        counting = self.words.get(latest.party_id) if latest else None
        return counting if counting and counting.stance != latest.stance else None


def counting_stances(principles: Iterable[int], clocks: Clocks) -> QuerySet:
    """The keys of the effects that set each party's counting stance on `principles` (primary keys), as one column."""
    stances = ItemStance.objects.filter(item__in=principles)
    return stances.annotate(word=latest_word(clocks)).values("word")


def with_binds(effects: QuerySet, clocks: Clocks) -> QuerySet:
    """`effects` annotated with `binds`: whether the item is a principle that would bind the party."""
    named = _bound(clocks).filter(principle=OuterRef("item"), party=OuterRef("party"))
    return effects.annotate(binds=Exists(named))


def number_bound(clocks: Clocks, principle: str = "pk"):
    """An expression: how many parties a principle would bind; `principle` is its key in the outer query."""
    named = _bound(clocks).filter(principle=OuterRef(principle)).values("principle")
    return Coalesce(Subquery(named.annotate(number=Count("pk")).values("number")), 0)


def _bound(clocks: Clocks) -> QuerySet:
    named = Principle.parties.through.objects.all()
    return named.filter(party__recorded_at__lte=clocks.known) if clocks.known else named


def count_agreement(principle: Principle, clocks: Clocks) -> AgreementCount:
    """The agreement on `principle`, whose `parties` are prefetched. One query."""
    effects = with_binds(Effect.objects.filter(pk__in=counting_stances([principle.pk], clocks)), clocks)
    words = {effect.party_id: effect for effect in effects.select_related("development").order_by()}
    return AgreementCount(words, len(principle.parties.all()))
