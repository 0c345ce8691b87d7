"""The place of a development within its day: after what it is said to follow, else by its time, else as recorded."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.corrections import correct
from tests.factories import DemandFactory, DevelopmentFactory, PartyFactory, ProcessFactory, UserFactory
from tests.models.writing import new, refused
from tracker import recording
from tracker.clocks import PRESENT, Clocks
from tracker.domain.doubt import doubts
from tracker.models import Development, Effect
from tracker.recording.bulk import NewDevelopment, RowRefused, record_all
from tracker.recording.timestamps import one_instant

DAY = dt.date(2025, 2, 18)


@pytest.fixture
def process(db):
    return ProcessFactory()


@pytest.fixture
def clerk(db):
    return UserFactory(editor=True)


def at(text):
    return dt.time.fromisoformat(text)


def said(process, headline, time=None, zone="", follows=None, day=DAY, **values):
    """Record a development of the day."""
    return DevelopmentFactory(
        process=process, headline=headline, occurred_on=day, occurred_time=time and at(time), occurred_zone=zone,
        follows=follows.ref if follows else "", **values,
    )  # fmt: skip


def order(process, known=None, day=DAY):
    """The headlines of the day, in order."""
    rows = Development.objects.at(Clocks(known=known)).filter(process=process, occurred_on=day)
    return " ".join(row.headline for row in rows.latest_first().reverse())


def test_times_come_in_their_order_and_what_has_none_keeps_its_place(process):
    said(process, "first")
    said(process, "noon", "12:00")
    said(process, "then")
    said(process, "nine", "09:00")
    said(process, "last")
    said(process, "ten", "10:00")
    assert order(process) == "first nine ten noon then last"


def test_the_first_and_the_last_minute_are_of_the_same_day(process):
    said(process, "end", "23:59")
    said(process, "start", "00:00")
    said(process, "next", "00:00", day=DAY + dt.timedelta(days=1))
    assert order(process) == "start end"
    assert order(process, day=DAY + dt.timedelta(days=1)) == "next"


def test_a_zone_puts_times_in_order_and_does_not_change_the_day(process):
    said(process, "Riyadh", "14:00", "Asia/Riyadh")
    said(process, "Washington", "07:00", "America/New_York")
    said(process, "Tokyo", "08:00", "Asia/Tokyo")
    assert order(process) == "Tokyo Riyadh Washington"
    assert {row.occurred_on for row in process.developments.all()} == {DAY}


def test_what_has_the_same_time_comes_as_it_was_recorded(process):
    said(process, "late", "18:00")
    said(process, "one", "10:00")
    said(process, "two", "13:00", "Asia/Riyadh")
    assert order(process) == "one two late"


def test_a_time_without_a_zone_is_recorded_with_that_of_the_installation(process, settings):
    settings.TIME_ZONE = "Europe/Vienna"
    development = said(process, "one", "10:00")
    assert Development.objects.get(pk=development.pk).occurred_zone == "Europe/Vienna"
    assert correct(development, occurred_zone="") == development, "nothing differs"


def test_what_follows_another_comes_right_after_it_and_after_what_was_said_to_before(process):
    first = said(process, "first")
    said(process, "other")
    one = said(process, "one", follows=first)
    said(process, "below", follows=one)
    said(process, "two", follows=first)
    assert order(process) == "first one below two other"


def test_what_is_named_weighs_more_than_the_order_of_recording_but_not_more_than_a_time(process, clerk):
    noon = said(process, "noon", "12:00")
    said(process, "two", "14:00")
    said(process, "after", follows=noon)
    assert order(process) == "noon after two"
    two = Development.objects.get(headline="two")
    contrary = new(process, follows=two.ref, occurred_time=at("13:00"))
    refused("is recorded as coming after this one", recording.record, clerk, contrary)


def test_a_time_given_later_moves_it_from_then_on_and_not_before(process):
    said(process, "noon", "12:00")
    other = said(process, "other")
    before = other.recorded_at
    corrected = correct(other, occurred_time=at("09:00"))
    assert order(process) == "other noon"
    assert order(process, before) == "noon other"
    again = correct(corrected, headline="reworded")
    assert (again.placed_at, again.place) == (corrected.placed_at, corrected.place)
    correct(again, occurred_time=None, occurred_zone="")
    assert order(process) == "noon reworded"


def test_a_predecessor_that_moves_away_or_is_withdrawn_leaves_what_follows_in_place(process, clerk):
    one, two = said(process, "one"), said(process, "two")
    after = said(process, "after", follows=one)
    away = correct(one, occurred_on=DAY - dt.timedelta(days=1))
    assert order(process) == "after two"
    renamed = correct(after, headline="renamed")
    assert renamed.follows == one.ref
    back = correct(away, occurred_on=DAY)
    assert order(process) == "one renamed two"
    recording.withdraw(clerk, back, "Not so.")
    correct(renamed, headline="renamed again")
    assert order(process) == "renamed again two"
    refused("“one” was withdrawn", recording.record, clerk, new(process, follows=one.ref))
    assert two


def test_a_cycle_is_refused_with_what_it_contradicts(process, clerk):
    one = said(process, "one")
    two = said(process, "two", follows=one)
    three = said(process, "three", follows=two)
    for last in (two, three):
        with pytest.raises(ValidationError) as refusal:
            correct(one, follows=last.ref)
        assert list(refusal.value.message_dict) == ["follows"]
        assert "“two”" in str(refusal.value)
    refused("It cannot come after itself.", correct, one, follows=one.ref)
    assert order(process) == "one two three"


def test_a_place_that_later_ones_have_taken_for_granted_is_refused(process):
    one = said(process, "one")
    said(process, "after", follows=one)
    said(process, "noon", "12:00")
    refused("This would come after “noon”, 12:00", correct, one, occurred_time=at("15:00"))
    correct(one, occurred_time=at("11:00"))
    assert order(process) == "one after noon"


def test_times_against_what_is_named_are_refused(process):
    noon = said(process, "noon", "12:00")
    early = said(process, "early", follows=noon)
    refused("is recorded as coming after this one", correct, early, occurred_time=at("09:00"))
    refused(
        "is recorded as coming after this one", correct, noon, occurred_time=at("13:00"), follows=early.ref
    )
    correct(early, occurred_time=at("12:00"))
    assert order(process) == "noon early", "the same time agrees with either order"


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"day": DAY - dt.timedelta(days=1)}, "is of 17 Feb 2025; only what is of 18 Feb 2025"),
        ({"day": DAY.replace(day=1), "occurred_precision": "month"}, "is of Feb 2025"),
        ({"process": None}, "This process has no development"),
    ],
)
def test_only_what_is_of_the_same_process_and_day_can_be_named(process, clerk, named, message):
    other = said(named.pop("process", process) or ProcessFactory(), "elsewhere", **named)
    refused(message, recording.record, clerk, new(process, follows=other.ref))
    near = said(process, "here")
    mistyped = near.ref[:-1] + ("1" if near.ref.endswith("0") else "0")
    refused(f"Nearest: {near.ref}.", recording.record, clerk, new(process, follows=mistyped))


def test_no_more_than_six_of_the_day_are_named(process, clerk):
    for number in range(7):
        said(process, f"word {number}")
    with pytest.raises(ValidationError, match="Of that day there are: “word 0”") as refusal:
        recording.record(clerk, new(process, follows="dev-none"))
    assert refusal.value.messages[0].count("[dev-") == 6


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"occurred_precision": "about_day", "occurred_time": at("10:00")},
            "A time of day needs a whole day",
        ),
        ({"occurred_precision": "before", "follows": "dev-1"}, "needs a whole day as the date"),
        ({"occurred_zone": "Asia/Riyadh"}, "A time zone needs a time of day."),
        ({"occurred_time": at("10:00"), "occurred_zone": "Asia/Riad"}, "Nearest: Asia/Riyadh."),
    ],
)
def test_what_makes_no_sense_is_refused(process, clerk, values, message):
    refused(message, recording.record, clerk, new(process, **values))


def test_many_at_once_may_name_each_other(process, clerk):
    party, known = PartyFactory(), said(process, "known", "12:00")
    rows = [
        new(process, party=party, headline="end", follows="dev-middle", ref="dev-end"),
        new(process, party=party, headline="early", occurred_time=at("08:00")),
        new(process, party=party, headline="middle", follows=known.ref, ref="dev-middle"),
        new(process, party=party, headline="plain"),
    ]
    demand = DemandFactory(process=process)
    record_all(clerk, [NewDevelopment(row, [Effect(item=demand, wording=row.headline)]) for row in rows])
    found = [word for word in order(process).split() if word in ("early", "known", "middle", "end", "plain")]
    assert found == ["early", "known", "middle", "end", "plain"]
    effects = Effect.objects.filter(item=demand, wording__isnull=False)
    assert [row.wording for row in effects.latest_first().reverse()] == ["early", "middle", "end", "plain"]


def test_a_cycle_among_many_is_named_by_its_row_and_nothing_is_written(process, clerk):
    party, before = PartyFactory(), Development.objects.count()
    rows = [
        new(process, party=party, headline="one", follows="dev-b", ref="dev-a"),
        new(process, party=party, headline="two", follows="dev-a", ref="dev-b"),
    ]
    with pytest.raises(RowRefused) as refusal:
        record_all(clerk, map(NewDevelopment, rows))
    assert list(refusal.value.errors) == [0, 1] and "follows" in refusal.value.errors[1].message_dict
    assert Development.objects.count() == before


def test_one_transaction_orders_what_it_records_itself(process):
    with one_instant():
        noon = said(process, "noon", "12:00")
        said(process, "plain")
        said(process, "nine", "09:00")
        said(process, "after", follows=noon)
    assert order(process) == "nine noon after plain"
    assert {row.placed_at for row in process.developments.all()} == {noon.recorded_at}


def test_what_is_told_by_nothing_costs_no_query_more(process, clerk):
    party = PartyFactory()

    def queries(**values):
        with one_instant(), CaptureQueriesContext(connection) as found:
            recording.record(clerk, new(process, party=party, **values))
        return len(found)

    plain = queries()
    assert [queries(occurred_time=at("10:00")) for _ in range(3)] == [plain + 2] * 3


ORDERS = {
    "nothing told": ({}, {}, True),
    "two times": ({"time": "09:00"}, {"time": "10:00"}, False),
    "one time alone": ({}, {"time": "10:00"}, True),
    "the same time": ({"time": "10:00"}, {"time": "10:00"}, True),
    "the same time elsewhere": ({"time": "10:00"}, {"time": "13:00", "zone": "Asia/Riyadh"}, True),
    "by name": ({}, {"follows": "one"}, False),
    "by way of another": ({}, {"follows": "between"}, False),
}


@pytest.mark.parametrize("case", ORDERS)
def test_what_is_told_leaves_no_doubt(process, case):
    first, second, is_doubtful = ORDERS[case]
    demand = DemandFactory(process=process, development={"occurred_on": DAY - dt.timedelta(days=9)})
    named = {None: None}
    named["one"] = said(process, "one", **first, effects=[Effect(item=demand, status="rejected")])
    named["between"] = said(process, "between", follows=named["one"])
    said(
        process,
        "two",
        **second | {"follows": named[second.get("follows")]},
        effects=[Effect(item=demand, status="met")],
    )
    demand.refresh_from_db()
    assert (demand.current_status, demand.current_doubt) == ("met", "status: rejected" if is_doubtful else "")
    found = doubts([demand.pk], PRESENT).get(demand.pk, {})
    assert [other.value for other in found.get(("status", None), [])] == ["rejected"] * is_doubtful


def test_a_link_that_is_withdrawn_tells_nothing_any_more(process, clerk):
    demand = DemandFactory(process=process, development={"occurred_on": DAY - dt.timedelta(days=9)})
    one = said(process, "one", effects=[Effect(item=demand, status="rejected")])
    between = said(process, "between", follows=one)
    two = said(process, "two", follows=between, effects=[Effect(item=demand, status="met")])
    assert not doubts([demand.pk], PRESENT)
    recording.withdraw(clerk, between, "Not so.")
    assert doubts([demand.pk], PRESENT)
    assert not doubts([demand.pk], Clocks(known=two.recorded_at))
