"""Standing held against a slow oracle: whatever was recorded, corrected and withdrawn, both read the same."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import PartyFactory, ProcessFactory, UserFactory
from tests.models.histories import STEPS, STEPS_OF_A_DAY, play
from tests.models.oracle import doubts as doubts_read
from tests.models.oracle import read
from tests.trusting import trusting
from tracker.clocks import PRESENT, Clocks
from tracker.domain.alternatives import codes_of
from tracker.domain.doubt import codes, doubt_codes, doubts
from tracker.domain.movement import Deadline
from tracker.domain.standing import VALUES, derive, stand, standings
from tracker.models import VERSIONS, Development, Item, ItemStance
from tracker.models.past import reading
from tracker.models.wordings import Wording
from tracker.recording.denormalized import development_mismatches, item_mismatches
from tracker.recording.earlier_versions import begin_all

pytestmark = pytest.mark.both

BATCH = 20
BATCHES = settings.default.max_examples // 4
READINGS = 6


@pytest.mark.django_db
def test_standing_is_what_the_oracle_reads():
    editor, parties = UserFactory(editor=True), [PartyFactory(name=f"Party {n}") for n in "ABC"]
    played = []

    # Several histories at a time, since a reading costs the same for one and for ten.
    @settings(max_examples=BATCHES)
    @given(
        st.lists(st.one_of(STEPS, STEPS_OF_A_DAY), min_size=BATCH, max_size=BATCH),
        st.randoms(use_true_random=False),
    )
    def hold(batch, random):
        with transaction.atomic():
            plays = [play(steps, editor, ProcessFactory(), parties) for steps in batch]
            moments = list(itertools.product(days_of(plays), instants_of(plays)))
            for on, known in random.sample(moments, min(READINGS, len(moments))):
                check(plays, parties, Clocks(on, known))
            check(plays, parties, PRESENT)
            check_stored(plays, parties)
            # Those of a record that came without versions are worked out.
            for model in (Item, ItemStance):
                VERSIONS[model].objects.all().delete()
            begin_all()
            for known in instants_of(plays)[1::4]:
                check(plays, parties, Clocks(None, known))
            transaction.set_rollback(True)
        played.extend(batch)

    with trusting():
        hold()
    assert len(played) >= BATCH * BATCHES


def days_of(plays):
    """Today, each day that something happened on, and the day ahead of each."""
    days = {version["day"] for history, _ in plays for version in history}
    return [None, *sorted(days | {day - timedelta(days=1) for day in days})]


def instants_of(plays):
    """Now, each instant at which something was recorded or ended, and the last instant ahead of it."""
    versions = [version for history, _ in plays for version in history]
    instants = {version[name] for version in versions for name in ("recorded", "ended")} - {None}
    return [None, *sorted(instants | {instant - timedelta(microseconds=1) for instant in instants})]


def numbers_of(plays):
    """The number that each item has in the oracle's readings, by primary key: its history's, and its own."""
    return {
        row.pk: (place, number) for place, (_, items) in enumerate(plays) for number, row in items.items()
    }


def expected_of(plays, *clocks):
    """What the oracle reads of all items."""
    return {
        (place, number): reading
        for place, (history, _) in enumerate(plays)
        for number, reading in read(history, *clocks).items()
    }


def check(plays, parties, clocks):
    """The rule at `clocks`, by each of the ways to ask for it, is what the oracle reads."""
    numbers = numbers_of(plays)
    rows = Item.objects.filter(pk__in=numbers)
    expected = expected_of(plays, clocks.on, clocks.known)
    found = {numbers[pk]: told(standing, parties) for pk, standing in standings(rows, clocks).items()}
    assert found == expected
    found = doubts(list(numbers), clocks)
    in_codes = {item: text for item, places in found.items() if (text := codes(places))}
    assert doubt_codes(list(numbers), clocks) == in_codes
    assert doubted(found, numbers, parties) == {
        (place, number): others
        for place, (history, _) in enumerate(plays)
        for number, others in doubts_read(history, clocks.on, clocks.known).items()
    }
    values = {number: values_of(reading) for number, reading in expected.items()}
    for ask in (stand, derive):
        raised = ask(rows, clocks).filter(changed_key__isnull=False)
        assert {numbers[row.pop("pk")]: row for row in raised.values("pk", *VALUES)} == values
    if clocks.on is None and clocks.known:
        check_versions(rows, clocks, {key: values.get(number) for key, number in numbers.items()})


def check_versions(rows, clocks, values):
    """The versions of the items hold at the instant of `clocks` what the oracle reads then, and what is in doubt."""
    everything = doubts(list(values), clocks)
    in_doubt = {key: codes(found) for key, found in everything.items()}
    with reading(clocks.known):
        found = {row.pop("pk"): row for row in stand(rows, clocks).values("pk", "doubt", *VALUES)}
        stances = ItemStance.objects.filter(item__in=values).exclude(current_doubt="")
        of_stances = {(row.item_id, row.party_id): row.current_doubt for row in stances}
    assert of_stances == {
        (key, party): codes_of(others)
        for key, found_there in everything.items()
        for (aspect, party), others in found_there.items()
        if aspect == "stance"
    }
    assert found == {
        key: reading | {"doubt": in_doubt.get(key, "")} for key, reading in values.items() if reading
    }


def check_stored(plays, parties):
    """What is stored on the items and their stances is what the oracle reads at (today, now)."""
    numbers, expected = numbers_of(plays), expected_of(plays)
    for item in Item.objects.filter(pk__in=numbers):
        stored = {name: getattr(item, f"current_{name}") for name in VALUES}
        reading = expected.get(numbers[item.pk])
        assert stored == (values_of(reading) if reading else dict.fromkeys(VALUES))
    stances = ItemStance.objects.filter(item__in=numbers).exclude(current_stance=None)
    found = {
        (numbers[row.item_id], parties.index(row.party)): row.current_stance
        for row in stances.select_related("party")
    }
    assert found == {
        (number, party): stance
        for number, reading in expected.items()
        for party, stance in reading["stances"].items()
    }
    assert not [
        *item_mismatches(numbers),
        *development_mismatches(Development.objects.values_list("pk", flat=True)),
    ]


def doubted(found, numbers, parties):
    """What is in doubt, in the oracle's words."""
    by_key = {party.pk: place for place, party in enumerate(parties)}
    return {
        numbers[item]: {
            by_key[party] if aspect == "stance" else aspect: {worded(other) for other in others}
            for (aspect, party), others in places.items()
        }
        for item, places in found.items()
    }


def worded(other):
    """The value of an Alternative as the oracle has it."""
    if isinstance(other.value, Wording):
        return other.value.words
    if not isinstance(other.value, Deadline):
        return other.value
    due = other.effect
    return due.due_on, due.due_precision, due.due_last, due.due_phrase


def told(standing, parties):
    """A Standing in the oracle's words."""
    said = {name: getattr(getattr(standing, name), name, None) for name in ("status", "firmness", "outcome")}
    said["wording"] = tuple((text.language, text.words) for text in standing.texts) or None
    if standing.status:
        said["status_since"] = _when(standing.status)
    due = standing.due
    return said | {
        "due": due and (due.due_on, due.due_precision, due.due_last, due.due_phrase, due.review_on),
        "raised": _when(standing.raised),
        "changed": _when(standing.changed),
        "stances": {parties.index(party): effect.stance for party, effect in standing.stances.items()},
    }


def _when(effect):
    return effect.occurred_on, effect.occurred_precision, effect.occurred_last


def values_of(reading):
    """What the oracle reads of one item, by the names of VALUES."""
    due = reading["due"] or (None,) * 5
    day, precision, _ = reading["changed"]
    (language, words), *others = reading["wording"] or [(None, None)]
    dates = {
        "status": reading.get("status_since", (None,) * 3),
        "due": due[:3],
        "raised": reading["raised"],
        "changed": reading["changed"],
    }
    return {
        **{name: reading[name] for name in ("status", "firmness", "outcome")},
        "wording": words,
        "wording_language": language,
        "other_texts": [list(text) for text in others] if words else None,
        **{
            f"{name}_{part}": value
            for name, date in dates.items()
            for part, value in zip(("on", "precision", "last"), date, strict=True)
        },
        "due_phrase": due[3],
        "review_on": due[4],
        "changed_key": day.toordinal() - (4_000_001 if precision == "before" else 0),
    }
