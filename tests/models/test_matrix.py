"""The matrix held against standings read one by one: whatever was recorded and corrected, both say the same."""

import itertools

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import PartyFactory, ProcessFactory, UserFactory
from tests.models.histories import STEPS, play
from tests.models.test_histories import days_of, instants_of
from tests.trusting import trusting
from tracker import recording
from tracker.clocks import Clocks
from tracker.domain.movement import moved
from tracker.domain.standing import ASPECTS, standings
from tracker.models import Demand, Effect, FollowUp, Item
from tracker.models.vocabularies import Movement
from tracker.reports.positions.previous_values import moved_items
from tracker.reports.positions.queries import STEPS as MOVEMENTS
from tracker.reports.positions.queries import matrix

pytestmark = pytest.mark.both

BATCH, BATCHES, READINGS = 10, settings.default.max_examples // 5, 4
OWN = {Demand: "firmness", FollowUp: "status"}


@pytest.mark.django_db
def test_the_matrix_is_what_the_standings_are_one_by_one():
    world = UserFactory(editor=True), ProcessFactory(), [PartyFactory(name=f"Party {n}") for n in "ABC"]
    played = []

    @settings(max_examples=BATCHES)
    @given(st.lists(STEPS, min_size=BATCH, max_size=BATCH), st.randoms(use_true_random=False))
    def hold(batch, random):
        with transaction.atomic():
            plays = [play(steps, *world) for steps in batch]
            for row in (row for _, items in plays for row in items.values() if isinstance(row, FollowUp)):
                row.owner = world[2][1]
                recording.save(world[0], row)
            moments = [Clocks(*moment) for moment in itertools.product(days_of(plays), instants_of(plays))]
            for clocks in random.sample(moments, min(READINGS, len(moments))):
                for since in (None, random.choice(moments)):
                    check(plays, world[2], clocks, since, random.choice([None, *world[2]]))
            transaction.set_rollback(True)
        played.extend(batch)

    with trusting():
        hold()
    assert len(played) >= BATCH * BATCHES


def check(plays, parties, clocks, since, only):
    """The matrix at `clocks`, its movements from `since`, and what of `only` moved, are what single standings say."""
    kinds = {row.pk: type(row) for _, items in plays for row in items.values()}
    rows = Item.objects.filter(pk__in=kinds)
    now = standings(rows, clocks)
    then = standings(rows, since) if since else {}
    found = matrix(now.keys(), parties, clocks, since)
    expected = {}
    for key, standing in now.items():
        behind = {Demand: parties[0], FollowUp: parties[1]}.get(kinds[key])
        for party in parties:
            parts = []
            if party == behind:
                effect = getattr(standing, OWN[kinds[key]])
                before = then.get(key) if since else preceding(key, OWN[kinds[key]], clocks)
                old = getattr(before, OWN[kinds[key]]) if since and before else before
                parts.append(told(OWN[kinds[key]], effect, old, since, since and key not in then))
            effect = standing.stances.get(party)
            old = then[key].stances.get(party) if key in then else None
            old = old if since else preceding(key, "stance", clocks, party)
            if effect or (since and old):
                parts.append(told("stance", effect, old, since, bool(since) and old is None))
            if parts:
                expected[key, party.pk] = parts
    assert {
        (key, party): [
            (step.aspect, step.code, step.old_code, step.movement) for step in cell if step is not None
        ]
        for key, row in found.rows.items()
        for party, cell in row.cells.items()
    } == expected
    shown = {
        key
        for (key, party), parts in expected.items()
        if only is None or only.pk == party
        if any(movement in MOVEMENTS for *_, movement in parts)
    }
    assert (
        set(moved_items(rows.filter(pk__in=now), clocks, since, only).values_list("pk", flat=True)) == shown
    )


def told(aspect, new, old, since, is_new):
    """What a cell tells of `aspect`, between two effects."""
    values = [getattr(effect, aspect, None) for effect in (new, old)]
    movement = moved(aspect, old, new)
    if is_new and aspect != "stance":
        movement = Movement.NEW
    elif since is None and old is None:
        movement = None
    elif new and old and values[0] == values[1] != "retracted" and _order(new) > _order(old):
        same = new.development.ref == old.development.ref
        movement = None if same else Movement.REAFFIRMED
    return aspect, *values, movement


def preceding(item, aspect, clocks, party=None):
    """The effect ahead of the one that decides `aspect`, of another development; None where there is none."""
    effects = Effect.objects.at(clocks).filter(item=item).latest_first().select_related("development")
    effects = effects.filter(party=party, stance__isnull=False) if party else effects.filter(ASPECTS[aspect])
    first, *others = [*effects, None]
    return next(
        (effect for effect in others if effect and effect.development_id != first.development_id), None
    )


def _order(effect):
    return effect.happened_key, effect.placed_at, effect.place, effect.pk
