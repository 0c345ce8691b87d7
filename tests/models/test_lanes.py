"""The lanes of items held against a slow oracle: what a lane says of a day is what the record read at it says."""

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import PartyFactory, ProcessFactory, UserFactory
from tests.models.histories import STEPS, play
from tests.models.oracle import read
from tests.models.test_histories import days_of, expected_of, instants_of, numbers_of
from tests.trusting import trusting
from tracker.charts.item_paths import keys_of
from tracker.charts.lanes import paths_of
from tracker.clocks import Clocks
from tracker.models import Item
from tracker.models.dates import Span

BATCH = 10
BATCHES = settings.default.max_examples // 5


@pytest.mark.once
@pytest.mark.django_db
def test_on_any_day_a_lane_has_what_the_oracle_reads():
    world = UserFactory(editor=True), ProcessFactory(), [PartyFactory(name=f"Party {n}") for n in "ABC"]

    @settings(max_examples=BATCHES)
    @given(st.lists(STEPS, min_size=BATCH, max_size=BATCH), st.randoms(use_true_random=False))
    def hold(batch, random):
        with transaction.atomic():
            plays = [play(steps, *world) for steps in batch]
            for known in random.sample(instants_of(plays), 3):
                check(plays, world[2], known)
            transaction.set_rollback(True)

    with trusting():
        hold()


def check(plays, parties, known):
    """Whatever had happened by each day, as known at `known`, the lanes drawn for all time say so."""
    numbers, clocks = numbers_of(plays), Clocks(known=known)
    paths = paths_of(list(numbers), clocks)
    raised = {key.item for key in keys_of(Item.objects.filter(pk__in=numbers), clocks)}
    assert {numbers[item] for item in raised} == set(expected_of(plays, None, known))
    for on in days_of(plays):
        for pk, path in paths.items():
            place, number = numbers[pk]
            reading = read(plays[place][0], on, known).get(number, {"stances": {}})
            stances = {parties[party].ref: stance for party, stance in reading["stances"].items()}
            own = {name: reading[name] for name in ("status", "firmness", "outcome") if reading.get(name)}
            if due := reading.get("due"):
                date = Span(*due[:3]) if due[0] else None
                own["due"] = " · ".join(filter(None, [due[3], date and date.typed]))
            assert held(path, on) == own | stances


def held(path, on):
    """{aspect or party: value} of the segments that hold by the end of the day `on`, None being today."""
    begun = {}
    for lane in path.lanes:
        for segment in lane.segments:
            if on is None or segment.since.when.counts_from <= on:
                begun[lane.party_ref or lane.aspect] = segment.value.value
    return begun
