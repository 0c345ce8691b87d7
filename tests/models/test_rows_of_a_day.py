"""New developments of one day, recorded together: the order of the rows does not decide whether they are taken."""

import datetime as dt
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.corrections import correct
from tests.models.writing import new
from tracker import recording
from tracker.models import Development
from tracker.models.base import writes_allowed
from tracker.models.order import place_of
from tracker.recording.bulk import NewDevelopment, RowRefused, record_all

pytestmark = pytest.mark.django_db
HOURS = (9, 10, 11, 12)


@pytest.fixture
def clerk():
    return make.UserFactory(editor=True)


def unsaved(process, party, name, hour=None, follows=None):
    """A development called `name` that may follow the one of that name."""
    time = None if hour is None else dt.time(hour)
    follows = "" if follows is None else f"dev-{process.pk}-{follows}"
    ref = f"dev-{process.pk}-{name}"
    return new(process, party=party, headline=str(name), ref=ref, occurred_time=time, follows=follows)


def order(process):
    """The headlines of the day, in order."""
    return [row.headline for row in process.developments.filter(ended_at=None).latest_first().reverse()]


def together(clerk, *rows):
    """Record `rows` as those of one file."""
    return record_all(clerk, map(NewDevelopment, rows))


@pytest.mark.parametrize("hours", list(permutations((10, 11, 12))))
def test_times_are_taken_in_any_order_of_the_rows(clerk, hours):
    process, party = make.ProcessFactory(), make.PartyFactory()
    together(clerk, *(unsaved(process, party, hour, hour) for hour in hours))
    assert order(process) == ["10", "11", "12"]


def test_what_has_no_time_stays_after_the_row_before_it(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    rows = [("first", None), ("noon", 12), ("then", None), ("nine", 9), ("last", None), ("ten", 10)]
    together(clerk, *(unsaved(process, party, name, hour) for name, hour in rows))
    assert order(process) == ["first", "nine", "ten", "noon", "then", "last"]


def test_what_only_another_row_tells_of_a_new_one_finds_its_place_among_the_stored(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    recording.record(clerk, unsaved(process, party, "ten", 10))
    together(clerk, unsaved(process, party, "plain"), unsaved(process, party, "nine", 9, "plain"))
    assert order(process) == ["plain", "nine", "ten"]


ROWS = st.lists(
    st.tuples(st.none() | st.sampled_from(HOURS), st.none() | st.integers(0, 4)), min_size=1, max_size=5
)


def is_after(rows, later, earlier):
    """Whether it is told of two of `rows`, by position, that one comes after the other."""
    (hour, follows), (other, _) = rows[later], rows[earlier]
    return follows == earlier or (hour is not None and other is not None and hour > other)


def has_an_order(rows):
    """Whether any order of `rows` agrees with all that is told."""
    return any(
        not any(is_after(rows, one, other) for place, one in enumerate(some) for other in some[place + 1 :])
        for some in permutations(range(len(rows)))
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, shuffled=st.randoms(use_true_random=False))
def test_rows_are_placed_as_if_recorded_one_by_one_and_only_circles_are_refused(clerk, rows, shuffled):
    rows = [
        (hour, None if follows in (place, len(rows)) else follows)
        for place, (hour, follows) in enumerate(rows)
    ]
    rows = [
        (hour, follows if follows is not None and follows < len(rows) else None) for hour, follows in rows
    ]
    places = list(range(len(rows)))
    shuffled.shuffle(places)
    party = make.PartyFactory()

    def unsaved_rows(process, names):
        return [unsaved(process, party, name, *rows[name]) for name in names]

    process = make.ProcessFactory()
    if not has_an_order(rows):
        with pytest.raises(RowRefused) as refusal:
            together(clerk, *unsaved_rows(process, places))
        assert all("follows" in error.message_dict for error in refusal.value.errors.values())
        return
    together(clerk, *unsaved_rows(process, places))
    found = [int(name) for name in order(process)]
    assert not [
        (one, other)
        for place, one in enumerate(found)
        for other in found[place + 1 :]
        if is_after(rows, one, other)
    ]
    one_by_one = make.ProcessFactory()
    numbered = process.developments.order_by("sequence").values_list("headline", flat=True)
    for row in unsaved_rows(one_by_one, map(int, numbered)):
        recording.record(clerk, row)
    assert [int(name) for name in order(one_by_one)] == found


def test_a_circle_is_named_by_its_rows_and_what_depends_on_it_too(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    rows = [
        unsaved(process, party, "nine", 9, "ten"),
        unsaved(process, party, "ten", 10),
        unsaved(process, party, "below", None, "nine"),
        unsaved(process, party, "apart", 11),
    ]
    with pytest.raises(RowRefused) as refusal:
        together(clerk, *rows)
    errors = {row: error.message_dict["follows"][0] for row, error in refusal.value.errors.items()}
    assert errors == {
        0: "It cannot come after “ten”, 10:00 [row 2], which comes after this one.",
        2: "“nine”, 09:00 [row 1] cannot be recorded, so nothing can come after it.",
    }


def test_a_circle_by_way_of_another_row_names_it(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    rows = [unsaved(process, party, name, None, after) for name, after in ("ab", "bc", "ca")]
    with pytest.raises(RowRefused) as refusal:
        together(clerk, *rows)
    assert refusal.value.errors[0].messages == [
        "It cannot come after “b” [row 2], which comes after this one, by way of “c” [row 3]."
    ]


def corrected(clerk, name, process, **values):
    """Correct the development called `name`."""
    old = Development.objects.get(process=process, headline=name, ended_at=None)
    content = {field: getattr(old, field) for field in Development.CONTENT} | values
    recording.correct(clerk, old, Development(**content), [], [], "new_information")


def test_a_refusal_by_the_order_of_recording_says_which_correction_makes_room(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    recording.record(clerk, unsaved(process, party, "ten", 10))
    recording.record(clerk, unsaved(process, party, "eleven", 11))
    recording.record(clerk, unsaved(process, party, "plain"))
    seen = []
    for _ in range(3):
        try:
            recording.record(clerk, unsaved(process, party, "nine", 9, "plain"))
            break
        except ValidationError as refusal:
            seen.append(refusal.message_dict["follows"][0])
            name = "eleven" if "“eleven”" in seen[-1] else "ten"
            corrected(clerk, name, process, follows=f"dev-{process.pk}-plain")
    assert order(process) == ["plain", "nine", "ten", "eleven"]
    plain, eleven = f"“plain” [dev-{process.pk}-plain]", f"“eleven”, 11:00 [dev-{process.pk}-eleven]"
    assert seen[0] == (
        f"This would come after {plain} and before {eleven}. Only the order of recording has put {plain} after "
        f"{eleven} so far: first correct {eleven} to come after {plain}."
    )
    assert len(seen) == 2


def test_what_already_follows_another_can_do_so_again_afterwards(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    for row in (("one",), ("after", None, "one"), ("noon", 12)):
        recording.record(clerk, unsaved(process, party, *row))
    with pytest.raises(ValidationError, match="Only the order of recording") as refusal:
        corrected(clerk, "one", process, occurred_time=dt.time(15))
    assert "Once this is recorded, it can follow again what it follows now." in refusal.value.messages[0]
    corrected(clerk, "after", process, follows=f"dev-{process.pk}-noon")
    corrected(clerk, "one", process, occurred_time=dt.time(15))
    corrected(clerk, "after", process, follows=f"dev-{process.pk}-one")
    assert order(process) == ["noon", "one", "after"]


def test_what_is_told_to_come_later_is_a_contradiction_that_no_order_solves(clerk):
    process, party = make.ProcessFactory(), make.PartyFactory()
    recording.record(clerk, unsaved(process, party, "ten", 10))
    recording.record(clerk, unsaved(process, party, "below", None, "ten"))
    with pytest.raises(ValidationError, match="but the latter comes first. Correct one of them."):
        recording.record(clerk, unsaved(process, party, "nine", 9, "below"))


@pytest.mark.parametrize(("hour", "expected"), [(9, ["plain", "noon"]), (15, ["noon", "plain"])])
def test_what_an_earlier_release_gave_one_place_is_told_apart_by_its_times(clerk, hour, expected):
    process, party = make.ProcessFactory(), make.PartyFactory()
    together(clerk, *(unsaved(process, party, name, hour) for name, hour in (("noon", 12), ("plain", None))))
    with writes_allowed():
        process.developments.update(sequence=0, place=place_of(0))
    correct(process.developments.get(headline="plain"), occurred_time=dt.time(hour))
    assert order(process) == expected
