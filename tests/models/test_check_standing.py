"""`manage.py check_standing`: every sort of planted error is named, and put right when asked."""

import datetime as dt
import io
import re

import pytest
from django.core.management import CommandError, call_command

from tests.corrections import correct
from tests.factories import (
    AssessmentFactory,
    CitationFactory,
    DemandFactory,
    EffectFactory,
    FollowUpFactory,
    PartyFactory,
    TalkFactory,
)
from tracker.models import Assessment, Development, Effect, Item, ItemStance
from tracker.models.base import writes_allowed
from tracker.models.order import NOT_PLACED
from tracker.recording.denormalized import BATCH, batches

pytestmark = pytest.mark.django_db


def check(**options):
    """(Whether the command succeeds, the lines that it prints)."""
    out = io.StringIO()
    try:
        call_command("check_standing", stdout=out, **options)
    except CommandError:
        return False, out.getvalue().splitlines()
    return True, out.getvalue().splitlines()


@pytest.fixture(scope="module")
def record(module_record):
    """A small record with a correction in it: {"demand": ..., "talk": ..., "follow_up": ...}."""
    demand = DemandFactory(effect__stance="affirms")
    development = EffectFactory(item=demand, stance="rejects", party=PartyFactory(name="Other")).development
    correct(development, headline="Otherwise")
    CitationFactory()
    return {
        "demand": demand,
        "talk": TalkFactory(effect__outcome="to_continue"),
        "follow_up": FollowUpFactory(),
    }


def test_a_sound_record_passes(record):
    assert check() == (True, ["9 developments, items and assessments checked, 0 differences, 0 repaired."])


LATER = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)
ITEM_ERRORS = {
    "status": "met",
    "status_on": dt.date(2020, 1, 1),
    "status_precision": "year",
    "status_last": dt.date(2020, 1, 1),
    "firmness": "red_line",
    "outcome": "walk_out",
    "due_on": dt.date(2020, 1, 1),
    "due_precision": "day",
    "due_last": dt.date(2020, 1, 1),
    "due_phrase": "never",
    "review_on": dt.date(2020, 1, 1),
    "wording": "Otherwise",
    "raised_on": dt.date(2020, 1, 1),
    "raised_precision": "before",
    "raised_last": dt.date(2020, 1, 1),
    "changed_on": None,
    "changed_precision": "month",
    "changed_last": dt.date(2020, 1, 1),
    "changed_key": None,
}
EFFECT_ERRORS = {
    "occurred_on": dt.date(2020, 1, 1),
    "occurred_precision": "before",
    "occurred_last": dt.date(2020, 1, 1),
    "happened_key": 1,
    "placed_at": LATER,
    "place": "a7V",
    "recorded_at": LATER,
    "ended_at": LATER,
    "item_kind": "principle",
}


@pytest.mark.parametrize("name", ITEM_ERRORS)
def test_a_wrong_stored_standing_is_named_and_repaired(record, name):
    planted(Item, record["demand"].pk, f"current_{name}", ITEM_ERRORS[name])
    assert_named_and_repaired(rf"{record['demand'].ref}: {name} is stored as .*, the rule gives")


@pytest.mark.parametrize("name", EFFECT_ERRORS)
def test_a_wrong_copy_on_an_effect_is_named_and_repaired(record, name):
    effect = Effect.objects.get(stance="rejects", ended_at=None)
    planted(Effect, effect.pk, name, EFFECT_ERRORS[name])
    assert_named_and_repaired(rf"{effect.ref}: {name} is .*, that of its (development|item) is")


def test_an_effect_that_still_counts_though_its_development_has_ended_is_repaired(record):
    effect = Effect.objects.get(ended_at__isnull=False)
    planted(Effect, effect.pk, "ended_at", None)
    assert_named_and_repaired(rf"{effect.ref}: ended_at is None")


def test_a_wrong_place_in_the_order_is_repaired_in_the_standing_too(record):
    demand = record["demand"]
    later = EffectFactory(item=demand, status="met", development__occurred_on=dt.date(2025, 3, 1)).development
    planted(Development, later.pk, "happened_key", 1)
    planted(Effect, later.effects.get().pk, "happened_key", 1)
    planted(Item, demand.pk, "current_status", "open")
    assert_named_and_repaired(rf"{later.ref}, version 1: happened_key is 1, its date gives")
    demand.refresh_from_db()
    assert demand.current_status == "met"


@pytest.mark.parametrize("sourced", [True, False])
def test_a_wrong_mark_of_having_a_source_is_repaired(record, sourced):
    development = Development.objects.filter(sourced=sourced).first()
    planted(Development, development.pk, "sourced", not sourced)
    assert_named_and_repaired(rf"{development.ref}, version 1: sourced is {not sourced}")


def test_a_wrong_stance_is_repaired(record):
    planted(ItemStance, ItemStance.objects.get(party__name="Other").pk, "current_stance", "silent")
    assert_named_and_repaired(
        rf"{record['demand'].ref}: the stance of Other is stored as 'silent', .* 'rejects'"
    )


def test_an_emptied_stance_is_repaired(record):
    planted(ItemStance, ItemStance.objects.get(party__name="Other").pk, "current_stance", None)
    assert_named_and_repaired(rf"{record['demand'].ref}: the stance of Other is stored as None, .* 'rejects'")


def test_a_missing_stance_is_repaired(record):
    with writes_allowed():
        ItemStance.objects.filter(party__name="Other").delete()
    assert_named_and_repaired(rf"{record['demand'].ref}: the stance of Other is not stored at all")
    assert ItemStance.objects.get(party__name="Other").current_stance == "rejects"


def test_a_superfluous_stance_is_removed(record):
    with writes_allowed():
        ItemStance(item=record["talk"].item, party=PartyFactory(name="Nobody"), current_stance=None).save()
    assert_named_and_repaired(rf"{record['talk'].ref}: a stance of Nobody is stored that it never took")
    assert not ItemStance.objects.filter(party__name="Nobody").exists()


@pytest.mark.parametrize("name", ["earliest_on", "latest_on"])
def test_the_days_on_which_it_can_have_happened_are_repaired(record, name):
    effect = Effect.objects.get(stance="rejects", ended_at=None)
    right = getattr(effect, name)
    planted(Effect, effect.pk, name, dt.date(2020, 1, 1))
    assert_named_and_repaired(
        rf"{effect.development.ref}, version 2: earliest_on or latest_on of an effect is not what its date"
    )
    assert getattr(Effect.objects.get(pk=effect.pk), name) == right is not None


def test_what_has_no_place_within_its_day_is_placed_by_when_it_was_first_recorded(record):
    development = CitationFactory().development
    planted(Development, development.pk, "placed_at", NOT_PLACED)
    assert_named_and_repaired(rf"{development.ref}, version 1: it has no place within its day")
    assert Development.objects.get(pk=development.pk).placed_at == development.first_recorded_at


@pytest.mark.parametrize("stored", ["", "rejected"])
def test_a_wrong_doubt_is_repaired(record, stored):
    demand, party = record["demand"], PartyFactory(name="Third")
    for values in ({"status": "met"}, {"stance": "affirms"}, {"stance": "rejects"}):
        # All of one day, and nobody says in which order.
        EffectFactory(item=demand, party=party, **values)
    stance = ItemStance.objects.get(party=party)
    of_item = Item.objects.get(pk=demand.pk).current_doubt
    assert (of_item, stance.current_doubt) == ("status: open", "affirms")
    planted(Item, demand.pk, "current_doubt", stored)
    assert_named_and_repaired(rf"{demand.ref}: its doubt is stored as '{stored}', the rule gives '{of_item}'")
    planted(ItemStance, stance.pk, "current_doubt", stored)
    assert_named_and_repaired(
        rf"{demand.ref}: the doubt of a stance is stored as '{stored}', the rule gives 'affirms'"
    )


def test_what_leaves_open_what_came_last_is_marked_again(record):
    # Both are of one day, the later row is marked; and so is what is known to a month.
    rows = [EffectFactory(item=record["demand"], status=status) for status in ("met", "rejected")]
    month = {"occurred_on": dt.date(2025, 2, 1), "occurred_precision": "month"}
    dated = {f"development__{name}": value for name, value in month.items()}
    for effect in (rows[-1], EffectFactory(item=record["talk"], status="held", **dated)):
        planted(Effect, effect.pk, "leaves_open", False)
        assert_named_and_repaired(rf"{effect.ref}: it leaves open what came last, and is not marked so")
        assert Effect.objects.get(pk=effect.pk).leaves_open


def test_the_place_of_an_assessment_is_repaired(record):
    assessment = AssessmentFactory()
    planted(Assessment, assessment.pk, "made_key", 1)
    assert_named_and_repaired(rf"{assessment.ref}: made_key is 1, its date gives {assessment.made.key}")


def test_without_repair_nothing_is_written(record):
    planted(Item, record["demand"].pk, "current_status", "met")
    assert check()[0] is check()[0] is False


def test_the_record_is_read_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr("tracker.recording.denormalized.BATCH", 2)
    keys = [DemandFactory().pk for _ in range(5)]
    assert list(batches(Item.objects.filter(pk__in=keys))) == [keys[:2], keys[2:4], keys[4:]]
    assert BATCH >= 100


def planted(model, key, name, value):
    """Set one column behind the back of the rule."""
    with writes_allowed():
        model.objects.filter(pk=key).update(**{name: value})


def assert_named_and_repaired(pattern):
    sound, lines = check()
    assert not sound
    assert any(re.match(pattern, line) for line in lines), lines
    sound, lines = check(repair=True)
    assert sound
    assert any(re.match(pattern, line) for line in lines)
    assert re.search(r"[1-9]\d* differences, [1-9]\d* repaired", lines[-1])
    sound, lines = check()
    assert sound
    assert "0 differences" in lines[-1]
