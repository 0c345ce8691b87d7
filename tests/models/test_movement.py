"""How a part of an item moved, from the old value and the new, without a database."""

import datetime as dt
import itertools

import pytest

from tracker.domain import movement
from tracker.domain.movement import ASPECTS, Deadline, sets, slipped_days, value_of
from tracker.models import Effect
from tracker.models.dates import Span
from tracker.models.vocabularies import Movement

LADDERS = {
    ("status", "advanced", "set_back"): (
        ("postponed", "proposed", "scheduled", "under_way"),
        ("stalled", "claimed", "agreed", "signed", "implementing_minimal", "implementing_intermediate"),
        ("open", "under_discussion", "partly_met"),
        ("stalled", "expected", "promised", "in_progress"),
    ),
    ("outcome", "advanced", "set_back"): (
        (
            "walk_out", "no_agreement", "to_continue", "understanding", "joint_statement", "partial_agreement",
            "ceasefire", "full_agreement",
        ),
    ),
    ("firmness", "hardened", "softened"): (("signalled", "stated", "insisted", "red_line"),),
    ("stance", "hardened", "softened"): (
        ("affirms", "affirms_with_reserve", "conditional", "silent", "disputes", "rejects"),
    ),
}  # fmt: skip
"""The part, what it is to go up a ladder and to go down it, and its ladders from the lowest."""

ENDS = {
    "held", "broken_off", "cancelled", "implemented", "abandoned", "met", "rejected", "withdrawn", "lapsed",
    "done", "dropped", "overtaken",
}  # fmt: skip
"""The statuses that end an item."""


def effect(aspect, value):
    """An effect that sets `aspect` to `value`; None without a value."""
    if value is None:
        return None
    if aspect == "due":
        on = value.on
        return Effect(due_on=on and on.day, due_precision=on.precision if on else "", due_phrase=value.phrase)
    return Effect(**{aspect: value})


def moved(aspect, old, new):
    """The movement from an effect that sets the value `old` to one that sets `new`."""
    return movement.moved(aspect, effect(aspect, old), effect(aspect, new))


@pytest.mark.parametrize(("aspect", "up", "down"), LADDERS)
def test_each_step_up_or_down_a_ladder(aspect, up, down):
    for ladder in LADDERS[aspect, up, down]:
        for lower, higher in itertools.combinations(ladder, 2):
            assert (moved(aspect, lower, higher), moved(aspect, higher, lower)) == (up, down)
            assert moved(aspect, lower, lower) is None


@pytest.mark.parametrize("aspect", ["status", "outcome", "firmness", "stance", "due", "wording"])
def test_what_stood_nowhere_is_new_and_what_no_longer_stands_is_gone(aspect):
    value = Deadline(None, "soon") if aspect == "due" else "stated"
    assert moved(aspect, None, value) == Movement.NEW
    assert moved(aspect, value, None) == Movement.GONE
    assert moved(aspect, None, None) is moved(aspect, value, value) is None


@pytest.mark.parametrize("end", sorted(ENDS))
def test_a_status_that_ends_an_item_closes_it_and_leaving_it_reopens_it(end):
    assert moved("status", "open", end) == moved("status", None, end) == Movement.CLOSED
    assert moved("status", end, "open") == Movement.REOPENED
    other = next(iter(ENDS - {end}))
    assert moved("status", end, other) == Movement.CLOSED
    # Only a status can end an item, whatever the words of another part.
    assert moved("wording", None, end) == Movement.NEW


def test_an_outcome_that_was_not_reported_is_less_than_any():
    assert moved("outcome", "not_reported", "walk_out") == Movement.NEW
    assert moved("outcome", "walk_out", "not_reported") == Movement.SET_BACK
    assert moved("outcome", None, "not_reported") == Movement.NEW


def test_what_is_taken_back_is_gone_and_what_comes_after_it_is_new():
    for stance in LADDERS["stance", "hardened", "softened"][0]:
        assert moved("stance", stance, "retracted") == Movement.GONE
        assert moved("stance", "retracted", stance) == Movement.NEW
    assert moved("stance", None, "retracted") is moved("stance", "retracted", "retracted") is None
    given_up = Deadline(None, "none")
    assert moved("due", deadline("2025-03-01"), given_up) == Movement.GONE
    assert moved("due", given_up, deadline("soon")) == Movement.NEW
    assert moved("due", None, given_up) is None


def test_a_code_is_not_taken_for_an_effect():
    with pytest.raises(AttributeError):
        movement.moved("stance", "affirms", "retracted")


def test_other_words_are_reworded():
    assert moved("wording", "No troops.", "No foreign troops.") == Movement.REWORDED


def deadline(text):
    """A Deadline of a partial date, or else of a phrase."""
    try:
        return Deadline(Span.parse(text))
    except ValueError:
        return Deadline(None, text)


@pytest.mark.parametrize(
    ("old", "new", "movement", "days"),
    [
        ("2025-03-01", "2025-03-02", "slipped", 1),
        ("2025-03-02", "2025-03-01", "advanced", -1),
        ("2025-03-01", "2025-03", "slipped", 30),
        ("2025-03-31", "2025-03", "reworded", 0),
        ("2025-03-01", "before 2025-03-02", "reworded", 0),
        ("2025-03-01", "soon", "slipped", None),
        ("soon", "2025-03-01", "advanced", None),
        ("soon", "very soon", "reworded", None),
        ("soon", "soon", None, None),
        ("2025-03-01", "2025-03-01", None, 0),
    ],
)
def test_a_deadline_moves_by_the_latest_day_that_it_can_mean(old, new, movement, days):
    assert moved("due", deadline(old), deadline(new)) == movement
    assert slipped_days(deadline(old), deadline(new)) == days


def test_where_a_deadline_is_missing_no_days_are_counted():
    assert slipped_days(None, deadline("2025-03-01")) is slipped_days(deadline("2025-03-01"), None) is None


def test_deadlines_are_one_where_they_say_the_same():
    assert len({deadline("2025-03"), deadline("2025-03"), deadline("2025-03-01"), deadline("soon")}) == 3


def test_the_value_that_an_effect_set():
    both = Effect(stance="affirms", due_on=dt.date(2025, 3, 1), due_precision="month", due_phrase="in spring")
    assert value_of(both, "stance") == "affirms"
    assert value_of(both, "due") == Deadline(Span(dt.date(2025, 3, 1), "month"), "in spring")
    assert str(value_of(both, "due")) == "in spring · Mar 2025"
    assert value_of(Effect(due_phrase="soon"), "due").last is None
    assert value_of(None, "due") is value_of(None, "stance") is None


def test_what_is_taken_back_leaves_no_value_and_is_set_all_the_same():
    for aspect, effect in (("due", Effect(due_phrase="none")), ("stance", Effect(stance="retracted"))):
        assert value_of(effect, aspect) is None and sets(effect, aspect)
    effect = Effect(status="met", due_phrase="")
    assert [aspect for aspect in ASPECTS if sets(effect, aspect)] == ["status"]


SETTING = {
    "status": ({"status": "open"},),
    "outcome": ({"outcome": "no_agreement"},),
    "firmness": ({"firmness": "stated"},),
    "stance": ({"stance": "affirms"}, {"stance": "retracted"}),
    "due": (
        {"due_on": dt.date(2025, 3, 1)},
        {"due_phrase": "soon", "review_on": dt.date(2025, 3, 1)},
        {"due_phrase": "none"},
    ),
    "wording": ({"wording": "No troops.", "other_texts": []},),
}
"""Each aspect in the order in which it is shown, and the fields of an effect that set it."""


def test_an_effect_sets_what_it_names_and_nothing_else():
    for aspect, ways in SETTING.items():
        for fields in ways:
            assert [each for each in ASPECTS if sets(Effect(**fields), each)] == [aspect]
    together = {name: value for ways in SETTING.values() for name, value in ways[0].items()}
    assert [each for each in ASPECTS if sets(Effect(**together), each)] == [*SETTING]
    # A text that stands beside another one is part of the wording that the other one sets.
    assert not sets(Effect(wording="Pas de troupes.", other_texts=None), "wording")
    assert not any(sets(Effect(due_phrase="", wording="", other_texts=[]), each) for each in ASPECTS)
