"""Comparing two readings of a process, held against the oracle: what moved is what it reads differently, no more."""

import datetime as dt
import itertools
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import (
    DemandFactory,
    EffectFactory,
    PartyFactory,
    PrincipleFactory,
    ProcessFactory,
    UserFactory,
)
from tests.models.histories import STEPS, play
from tests.models.oracle import ONCE, in_place, read, value_in
from tests.models.test_histories import days_of, instants_of
from tests.trusting import trusting
from tracker.clocks import Clocks
from tracker.domain.movement import Deadline
from tracker.models.vocabularies import CLOSED, Movement
from tracker.models.wordings import Wording
from tracker.reports.changes.queries import Comparison

pytestmark = pytest.mark.both

HISTORIES = settings.default.max_examples * 2 // 5
SAID_AGAIN = {Movement.REAFFIRMED, Movement.NOT_MENTIONED}


@pytest.mark.django_db
def test_comparisons_say_what_the_oracle_reads_differently():
    world = UserFactory(editor=True), ProcessFactory(), [PartyFactory(name=f"Party {n}") for n in "ABC"]

    @settings(max_examples=HISTORIES)
    @given(STEPS, st.randoms(use_true_random=False))
    def hold(steps, random):
        with transaction.atomic():
            history, items = play(steps, *world)
            numbers = {row.pk: number for number, row in items.items()}
            moments = list(itertools.product(days_of([(history, items)]), instants_of([(history, items)])))
            chosen = sorted(
                (Clocks(on, known) for on, known in random.choices(moments, k=3)),
                key=lambda clocks: (clocks.on is None, clocks.on or 0),
            )
            readings = [values_of(read(history, c.on, c.known)) for c in chosen]
            found = [
                [Comparison(world[1], start, end) for end in chosen[place:]]
                for place, start in enumerate(chosen)
            ]
            for place, start in enumerate(readings):
                assert not found[place][0].moves, "comparing anything with itself is empty"
                for comparison, end in zip(found[place][1:], readings[place + 1 :], strict=True):
                    check(comparison, start, end, numbers, world[2])
            first, second, whole = (
                moved_in(one, numbers, world[2]) for one in (found[0][1], found[1][1], found[0][2])
            )
            assert composed(first, second) == whole
            transaction.set_rollback(True)

    with trusting():
        hold()


@pytest.mark.django_db
def test_only_between_two_days_can_an_item_go_unmentioned(clock):
    clock("2025-03-01T12:00Z")
    demand = DemandFactory()
    clock("2025-03-02T12:00Z")
    later = DemandFactory(process=demand.process)
    day, known = dt.date(2025, 2, 19), (demand.recorded_at, later.recorded_at)

    def movements(*clocks):
        return {(move.item, move.movement) for move in Comparison(demand.process, *clocks).moves}

    # A day on, and better known: what stood untouched all the while was not mentioned.
    assert movements(*map(Clocks, (day, day + dt.timedelta(days=9)), known)) == {
        (demand.pk, Movement.NOT_MENTIONED), (later.pk, Movement.NEW),
    }  # fmt: skip
    assert movements(*(Clocks(day, instant) for instant in known)) == {(later.pk, Movement.NEW)}
    assert movements(Clocks(day), Clocks(day)) == set()
    unmentioned = {(item.pk, Movement.NOT_MENTIONED) for item in (demand, later)}
    assert movements(Clocks(day), Clocks(day + dt.timedelta(days=1))) == unmentioned


@pytest.mark.django_db
def test_moves_come_by_movement_then_kind_then_title(clock):
    clock("2025-03-01T12:00Z")
    process = ProcessFactory()
    items = {title: DemandFactory(process=process, title=title) for title in ("Borders", "Arms", "Crimea")}
    items["Zone"] = PrincipleFactory(process=process, title="Zone")
    items["Grain"] = DemandFactory(process=process, title="Grain")
    for title, status in (("Crimea", "met"), ("Borders", "under_discussion"), ("Arms", "under_discussion")):
        EffectFactory(item=items[title], status=status, development__occurred_on=dt.date(2025, 2, 20))
    names = {item.pk: title for title, item in items.items()}
    with CaptureQueriesContext(connection) as queries:
        moves = Comparison(process, Clocks(dt.date(2025, 2, 18)), Clocks(dt.date(2025, 2, 20))).moves
    # They are sorted once, when all of them are known.
    assert not [query["sql"] for query in queries if re.search(r"ORDER BY[^()]+$", query["sql"])]
    assert not any(move.is_held for move in moves)
    assert [(names[move.item], move.movement) for move in moves] == [
        ("Arms", "advanced"), ("Borders", "advanced"), ("Crimea", "closed"), ("Zone", "not_mentioned"),
        ("Grain", "not_mentioned"),
    ]  # fmt: skip
    first = Comparison(process, Clocks(dt.date(2025, 2, 17)), Clocks(dt.date(2025, 2, 18))).moves
    assert list(dict.fromkeys(names[move.item] for move in first)) == [
        "Zone", "Arms", "Borders", "Crimea", "Grain",
    ]  # fmt: skip


@pytest.mark.django_db
def test_what_moved_of_one_item_comes_together_also_beside_another_of_its_title(clock):
    clock("2025-03-01T12:00Z")
    process = ProcessFactory()
    raised = {"status": "open", "firmness": "stated", "wording": "Arms are to be laid down."}
    items = [DemandFactory(process=process, title="Arms", effect=raised) for _ in range(2)]
    moves = Comparison(process, Clocks(dt.date(2025, 2, 17)), Clocks(dt.date(2025, 2, 18))).moves
    aspects = ("status", "firmness", "wording")
    assert [(move.item, move.aspect) for move in moves] == [
        (item.pk, aspect) for item in items for aspect in aspects
    ]


@pytest.mark.django_db
def test_stances_on_one_item_come_in_the_order_of_their_parties_however_they_are_read(clock, monkeypatch):
    clock("2025-03-01T12:00Z")
    principle = PrincipleFactory()
    parties = PartyFactory.create_batch(3)
    for party in (parties[1], parties[2], parties[0]):
        EffectFactory(
            item=principle, party=party, stance="affirms", development__occurred_on=dt.date(2025, 2, 20)
        )
    clocks = Clocks(dt.date(2025, 2, 19)), Clocks(dt.date(2025, 2, 20))
    read = Comparison._stances
    for order in (1, -1):
        monkeypatch.setattr(
            Comparison, "_stances", lambda comparison, step=order: [*read(comparison)][::step]
        )
        moves = Comparison(principle.process, *clocks).moves
        assert [move.party for move in moves] == [party.pk for party in parties]


def values_of(readings):
    """Each value that the oracle reads, by item, aspect and party; those of a due date without its day of review."""
    values = {}
    for item, reading in readings.items():
        for name in ONCE:
            values[item, name, None] = in_place(value_in(reading, name))
        for party, stance in reading["stances"].items():
            values[item, "stance", party] = in_place(stance)
    return {place: value for place, value in values.items() if value is not None}


def moved_in(comparison, numbers, parties):
    """What a comparison says moved, as (old, new) by item, aspect and party."""
    moved = {}
    for change in comparison.changes(comparison.moves):
        if change.movement in SAID_AGAIN:
            continue
        party = None if change.party is None else parties.index(change.party)
        moved[numbers[change.item.pk], change.aspect, party] = tuple(
            in_words_of_the_oracle(value) for value in (change.old, change.new)
        )
    return moved


def in_words_of_the_oracle(value):
    """A value as the oracle has it."""
    if isinstance(value, Wording):
        return value.words
    if not isinstance(value, Deadline):
        return value
    on = value.on
    return (*((on.day, on.precision, on.end) if on else (None, "", None)), value.phrase)


def check(comparison, start, end, numbers, parties):
    """What moved is what the oracle reads differently; what is said again or not at all stands as it did."""
    expected = {
        key: (start.get(key), end.get(key)) for key in {*start, *end} if start.get(key) != end.get(key)
    }
    assert moved_in(comparison, numbers, parties) == expected
    touched = set()
    for change in comparison.changes(comparison.moves):
        item = numbers[change.item.pk]
        if change.movement == Movement.REAFFIRMED:
            assert change.old == change.new is not None
            assert change.before.development.ref != change.after.development.ref
        if change.movement == Movement.NOT_MENTIONED:
            assert start.get((item, "status", None)) not in CLOSED[change.item.item_kind]
            assert item not in touched
        touched.add(item)


def composed(first, second):
    """The changes of two comparisons one after the other, as one."""
    both = dict(first)
    for key, (old, new) in second.items():
        assert key not in both or both[key][1] == old
        both[key] = (both[key][0] if key in both else old, new)
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}
