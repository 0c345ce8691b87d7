"""What counts as a party's word, and what the words of several add up to: a table of cases, and the same in SQL."""

import datetime as dt
import itertools
import random
from collections import defaultdict
from types import SimpleNamespace

import pytest

from tests import factories as make
from tests.corrections import correct
from tracker import recording
from tracker.clocks import Clocks
from tracker.domain.agreement import agreement, beside, latest_word, others_refuse, word_of
from tracker.models import Effect, ItemStance
from tracker.models.vocabularies import Agreement, Basis, Stance

pytestmark = pytest.mark.both

YES, RESERVE, IF, SILENT, DISPUTES, NO, TAKEN_BACK = Stance.values
OWN, TEXT, PARAPHRASE, SUMMARY = Basis.values


def said(number, stance, basis):
    """A stance that came as the `number`th."""
    day = dt.date(2025, 2, 1 + number)
    return SimpleNamespace(
        pk=number, happened_key=number, placed_at=number, place="", stance=stance, development_id=number,
        earliest_on=day, latest_on=day,
        development=SimpleNamespace(basis=basis),
    )  # fmt: skip


# What was said, in order of time; which of it counts; what of the rest is newer and has the party stand elsewhere.
WORDS = {
    "nothing": ([], None, []),
    "one word": ([(YES, SUMMARY)], 0, []),
    "the later of equals": ([(YES, PARAPHRASE), (NO, PARAPHRASE)], 1, []),
    "own words before a later paraphrase": ([(RESERVE, OWN), (YES, PARAPHRASE)], 0, [1]),
    "own words after a firmer paraphrase": ([(YES, PARAPHRASE), (RESERVE, OWN)], 1, []),
    "a paraphrase before a later summary": ([(NO, PARAPHRASE), (YES, SUMMARY)], 0, [1]),
    "a text weighs as own words do": ([(YES, OWN), (NO, TEXT)], 1, []),
    "own words weigh as a text does": ([(YES, TEXT), (NO, OWN)], 1, []),
    "own words take back what a text says": ([(YES, TEXT), (TAKEN_BACK, OWN)], 1, []),
    "a text takes back what own words say": ([(YES, OWN), (TAKEN_BACK, TEXT)], 1, []),
    "the same on a weaker basis is no news": ([(YES, OWN), (YES, SUMMARY)], 0, []),
    "all that is newer": ([(YES, SUMMARY), (YES, OWN), (NO, SUMMARY), (IF, PARAPHRASE)], 1, [3, 2]),
    "silence takes nothing back": ([(YES, SUMMARY), (SILENT, OWN)], 0, [1]),
    "silence where there is nothing else": ([(SILENT, SUMMARY), (SILENT, OWN)], 1, []),
    "what is taken back does not come back": ([(YES, OWN), (NO, OWN), (TAKEN_BACK, OWN)], 2, []),
    "what came after it was taken back": ([(YES, OWN), (TAKEN_BACK, OWN), (NO, SUMMARY)], 2, []),
    "more direct words than those that take back": ([(YES, OWN), (TAKEN_BACK, SUMMARY)], 0, [1]),
    "less direct words than those that take back": ([(NO, SUMMARY), (TAKEN_BACK, OWN)], 1, []),
    "silence after it was taken back": ([(YES, OWN), (TAKEN_BACK, OWN), (SILENT, SUMMARY)], 2, []),
    "silence before it was taken back": ([(SILENT, SUMMARY), (TAKEN_BACK, SUMMARY)], 1, []),
}


@pytest.mark.parametrize("case", WORDS)
def test_the_most_direct_words_count_and_all_else_is_kept(case):
    things, counting, later = WORDS[case]
    stances = [said(number, *thing) for number, thing in enumerate(things)]
    for order in itertools.permutations(stances):
        word = word_of(order)
        if counting is None:
            assert word is None
            continue
        assert word.counting is stances[counting]
        assert word.others == [stance for stance in reversed(stances) if stance is not stances[counting]]
        assert word.later == [stances[number] for number in later]


def test_a_silence_of_unknown_day_is_nothing_else_that_may_be_the_word():
    affirmed, silence, refused = said(1, YES, OWN), said(2, SILENT, OWN), said(3, NO, OWN)
    silence.earliest_on = refused.earliest_on = affirmed.earliest_on
    assert not word_of([affirmed, silence]).doubt
    assert word_of([affirmed, refused]).doubt


# The stance of each of two parties whom it would bind, and of one whom it would not; what they add up to.
SUMS = {
    (YES, YES, None): Agreement.CONFIRMED_BY_ALL,
    (YES, RESERVE, None): Agreement.CONFIRMED_WITH_RESERVE,
    (YES, IF, None): Agreement.CONDITIONAL,
    (RESERVE, IF, None): Agreement.CONDITIONAL,
    (YES, None, None): Agreement.CLAIMED_BY_ONE_SIDE,
    (YES, SILENT, None): Agreement.CLAIMED_BY_ONE_SIDE,
    (IF, None, None): Agreement.CLAIMED_BY_ONE_SIDE,
    (YES, DISPUTES, None): Agreement.DISPUTED,
    (YES, NO, None): Agreement.DISPUTED,
    (None, NO, None): Agreement.DISPUTED,
    (None, None, None): Agreement.UNCLAIMED,
    (SILENT, None, None): Agreement.UNCLAIMED,
    # Whoever would not be bound neither makes it agreed nor undoes it.
    (YES, YES, NO): Agreement.CONFIRMED_BY_ALL,
    (YES, None, YES): Agreement.CLAIMED_BY_ONE_SIDE,
    (None, None, YES): Agreement.UNCLAIMED,
}


@pytest.mark.parametrize(("first", "second", "outsider"), SUMS)
def test_what_the_words_add_up_to(first, second, outsider):
    expected = SUMS[first, second, outsider]
    for order in ((first, second), (second, first)):
        stances = {key: stance for key, stance in enumerate([*order, outsider]) if stance}
        assert agreement({0, 1}, stances) == expected


@pytest.mark.parametrize(
    ("bound", "outsider", "expected"),
    [
        ((YES, YES), NO, True),
        ((YES, None), DISPUTES, True),
        ((YES, YES), SILENT, False),
        ((YES, YES), TAKEN_BACK, False),
        ((YES, NO), NO, False),
        ((), NO, False),
    ],
)
def test_a_refusal_by_others_is_told_where_those_bound_do_not_refuse(bound, outsider, expected):
    words = [(stance, True) for stance in bound if stance]
    assert others_refuse([*words, (outsider, False)], len(bound)) is expected


def test_where_nobody_is_said_to_be_bound_all_who_spoke_count():
    assert agreement((), {1: YES, 2: RESERVE}) == Agreement.CONFIRMED_WITH_RESERVE
    assert agreement((), {1: YES, 2: NO}) == Agreement.DISPUTED
    assert agreement((), {1: YES, 2: RESERVE, 3: TAKEN_BACK}) == Agreement.CONFIRMED_WITH_RESERVE
    assert agreement((), {}) == Agreement.UNCLAIMED


@pytest.mark.parametrize(
    ("stance", "counting", "word"),
    [
        (YES, YES, ""),
        (YES, RESERVE, "firmer"),
        (RESERVE, IF, "firmer"),
        (IF, YES, "more guarded"),
        (NO, YES, "contrary"),
        (YES, DISPUTES, "contrary"),
        (YES, TAKEN_BACK, "earlier"),
        (TAKEN_BACK, YES, "other"),
        (NO, DISPUTES, "other"),
        (SILENT, YES, "other"),
        (NO, SILENT, "other"),
    ],
)
def test_how_an_outranked_statement_compares_with_the_one_that_counts(stance, counting, word):
    assert beside(stance, counting) == word


@pytest.mark.django_db
def test_the_database_finds_the_same_word_at_any_clocks():
    chance = random.Random(3)
    first = make.PrincipleFactory()
    # So many that something of each length is said of one or other of them.
    principles = [first, *(make.PrincipleFactory(process=first.process) for _ in range(7))]
    days = [dt.date(2025, 2, day) for day in (1, 1, 3, 5)]
    parties, recorded = first.parties.all(), []
    for _ in range(30):
        party, *items = chance.choice(parties), *chance.sample(principles, 4)
        # What is said of a party besides is none of its words.
        effects = [Effect(item=items.pop(), party=party, status="claimed")]
        row = make.DevelopmentFactory(
            process=first.process, occurred_on=chance.choice(days), basis=chance.choice(Basis.values), party=party,
            effects=effects + [Effect(item=item, stance=chance.choice(Stance.values)) for item in items],
        )  # fmt: skip
        recorded.append(row)
    for row in chance.sample(recorded, 9):
        if chance.random() < 0.5:
            recording.withdraw(make.UserFactory(editor=True), row, "Not so.")
        else:
            correct(row, basis=chance.choice(Basis.values))
    instants = [None, recorded[5].recorded_at, recorded[20].recorded_at, recorded[-1].recorded_at]
    for clocks in (Clocks(on, known) for on in (None, *days) for known in instants):
        stances = defaultdict(list)
        for effect in Effect.objects.at(clocks).filter(stance__isnull=False).select_related("development"):
            stances[effect.item_id, effect.party_id].append(effect)
        rows = ItemStance.objects.annotate(word=latest_word(clocks)).exclude(word=None)
        found = {(item, party): word for item, party, word in rows.values_list("item", "party", "word")}
        assert found == {key: word_of(given).counting.pk for key, given in stances.items()}
