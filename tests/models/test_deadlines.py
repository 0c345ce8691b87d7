"""Overdue, due for review and blocked: each case on either side of its boundary, asked in Python and in SQL alike."""

import datetime as dt
import itertools

import pytest
from django.db.models import BooleanField, Case, CharField, DateField, Value, When

from tests import factories as make
from tests.pages.ledger.owing import due, owe, slip
from tracker import recording
from tracker.clocks import PRESENT, Clocks, parse_known, parse_on
from tracker.domain.deadlines import (
    BLOCKED,
    ENDED,
    FULFILLED,
    Due,
    awaited_status,
    due_in,
    due_of,
    for_review,
    is_satisfied,
    overdue,
    place_of_due,
)
from tracker.domain.standing import stand, standings
from tracker.models import FollowUp, Issue, Item
from tracker.models.dates import Span
from tracker.models.past import reading
from tracker.queries.dues import dues
from tracker.queries.ledger import by_urgency, owed
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _recorded_in_march(clock):
    clock("2025-03-01T12:00Z")


def at(on="", known=""):
    """The clocks of a query string: at(on="before 2025-03-10", known="2025-03-10")."""
    return Clocks(**(parse_on(on) if on else {}), **(parse_known(known) if known else {}))


def listed(clocks=PRESENT):
    """What the home page lists: what is late, what is to come, each with its `when`."""
    return dues(make.UserFactory(username="reader"), clocks, 10)


def flags(item, clocks=PRESENT):
    """Which of overdue, for_review and blocked hold for a follow-up at `clocks`, by every way to ask for them."""
    return flags_of([item], clocks)[0]


def flags_of(items, clocks=PRESENT):
    """`flags` of each of `items`, which are asked for together."""
    with reading(clocks.known):
        return flags_read(items, clocks)


def flags_read(items, clocks):
    """`flags_of` `items`, as the record is read at `clocks`."""
    keys = [item.pk for item in items]
    rows = FollowUp.objects.filter(pk__in=keys)
    items = [rows.in_bulk()[key] for key in keys]
    owing = stand(Item.objects.filter(pk__in=keys), clocks).annotate(awaited_status=awaited_status(clocks))
    standing = standings(rows.annotate(awaited_status=awaited_status(clocks, "waits_for")), clocks)
    answers = [
        {one.pk: one for one in owing},
        standing,
        {one.pk: one for one in by_urgency(rows, clocks)},
    ]
    late, coming = listed(clocks)
    assert all(answer.keys() == {*keys} for answer in answers)
    return [held_by(item, clocks, *(answer[item.pk] for answer in answers), late, coming) for item in items]


def held_by(item, clocks, row, standing, in_sql, late, coming):
    """Which hold for one of them: `row`, `standing`, `in_sql`, and the lists of the home page must agree."""
    waits_for = item.waits_for
    ways = [
        due_of(row, clocks, waits_for is not None, row.awaited_status),
        due_in(standing, waits_for, clocks),
        *(other.when for other in (*late, *coming) if other.pk == item.pk),
    ]
    assert len({(way.day, way.on, way.phrase, way.review_on, way.open) for way in ways}) == 1
    found = {(way.is_overdue, way.is_for_review, way.is_blocked) for way in ways}
    assert found == {(in_sql.overdue, in_sql.for_review, in_sql.blocked)}
    held = [name for name in ("overdue", "for_review", "blocked") if getattr(in_sql, name)]
    assert (item.pk in [other.pk for other in late]) == bool({"overdue", "for_review"} & {*held})
    assert (in_sql.overdue_days is not None) == in_sql.overdue
    assert (
        in_sql.urgency == held[0] if held else in_sql.urgency in ("to_come", "by_phrase", "undated", "closed")
    )
    return held


DAYS = {
    ("2025-03", "about 2025-03"): ("2025-03-31", "2025-04-01"),
    ("before 2025-03-15", "between 2025-03-12 and 2025-03-14"): ("2025-03-14", "2025-03-15"),
}
"""The latest day that due dates can mean, and the day after it."""


@pytest.mark.parametrize("texts", DAYS)
def test_it_is_overdue_from_the_day_after_the_last_that_its_date_can_mean(clock, texts):
    items, (last, after) = [owe(text) for text in texts], DAYS[texts]
    not_yet, since = [[] for _ in texts], [["overdue"] for _ in texts]
    clock(f"{last}T12:00Z")
    assert flags_of(items) == flags_of(items, at(on=last)) == flags_of(items, at(known=last)) == not_yet
    clock(f"{after}T12:00Z")
    assert flags_of(items) == flags_of(items, at(on=after)) == flags_of(items, at(known=after)) == since
    assert {item.overdue_days for item in owed(FollowUp.objects.all(), PRESENT)} == {1}
    # Once the day is over, each way to ask for the state before it still gives the same.
    assert flags_of(items, at(on=last)) == flags_of(items, at(known=last)) == not_yet
    before = f"before {after}"
    assert flags_of(items, at(on=before)) == flags_of(items, at(on=before, known=after)) == not_yet


def test_what_is_due_after_a_day_is_never_overdue(clock):
    item = owe("after 2025-03-10")
    clock("2026-03-10T12:00Z")
    assert flags(item) == flags(item, at(on="2025-12-31")) == []


def test_a_phrase_is_for_review_from_the_day_after_its_review_date_and_never_overdue(clock):
    item, last, after = owe("soon"), "2025-04-01", "2025-04-02"
    clock(f"{last}T12:00Z")
    assert flags(item) == flags(item, at(on=last)) == flags(item, at(known=last)) == []
    clock(f"{after}T12:00Z")
    assert flags(item) == flags(item, at(on=after)) == flags(item, at(known=after)) == ["for_review"]
    assert flags(item, at(on=last)) == flags(item, at(known=last)) == []
    assert flags(item, at(on=f"before {after}")) == flags(item, at(on=f"before {after}", known=after)) == []


def test_a_date_that_comes_with_a_phrase_is_due_and_not_for_review(clock):
    review_on = due("soon")["review_on"]
    effect = {"status": "promised", "due_phrase": "by Easter", "review_on": review_on} | due("2025-04-20")
    item = make.FollowUpFactory(effect=effect)
    clock("2025-04-20T12:00Z")
    assert flags(item) == flags(item, at(on="2025-04-20")) == []
    clock("2025-04-21T12:00Z")
    assert flags(item) == flags(item, at(on="2025-04-21")) == ["overdue"]


def test_the_date_that_stood_on_the_day_decides(clock):
    item = owe("2025-02-20")
    clock("2025-03-10T12:00Z")
    slip(item, "2025-03-20", day=28)
    clock("2025-03-11T12:00Z")
    assert flags(item) == flags(item, at(on="2025-03-10")) == []
    assert flags(item, at(known="2025-03-09")) == ["overdue"]
    assert flags(item, at(on="2025-02-27")) == ["overdue"]
    assert flags(item, at(on="2025-02-20")) == flags(item, at(on="2025-02-28")) == []


def test_what_counts_as_come_about_and_as_ended():
    assert set(FULFILLED) == {
        "held", "agreed", "signed", "implementing_minimal", "implementing_intermediate", "implemented", "met", "done",
    }  # fmt: skip
    assert set(ENDED) == {"held", "broken_off", "cancelled", "done", "dropped", "overtaken"}


@pytest.mark.parametrize(
    ("maker", "undone", "done"),
    [
        (make.TalkFactory, "cancelled", "held"),
        (make.PrincipleFactory, "claimed", "agreed"),
        (make.DemandFactory, "partly_met", "met"),
        (make.FollowUpFactory, "dropped", "done"),
    ],
)
def test_it_is_blocked_by_what_has_not_come_about_and_not_by_what_has(maker, undone, done):
    first = [maker(effect={"status": status}) for status in (undone, done)]
    items = [owe("2025-12-01", process=one.process, waits_for=one.item) for one in first]
    assert flags_of(items) == flags_of(items, at(on="2025-03-01")) == [["blocked"], []]


def test_what_waits_for_nothing_or_only_for_words_is_not_blocked():
    items = [owe("2025-12-01"), owe("soon"), owe("soon", waits_for_phrase="the vote")]
    assert flags_of(items) == flags_of(items, at(on="2025-03-01")) == [[], [], []]


def test_what_waits_for_an_item_without_a_status_is_blocked():
    first = make.PrincipleFactory(effect={"status": None, "wording": "No troops."})
    item = owe("2025-12-01", process=first.process, waits_for=first.item)
    assert flags(item) == flags(item, at(on="2025-03-01")) == ["blocked"]


def test_it_is_not_blocked_before_the_very_instant_at_which_that_was_recorded(clock, alice):
    item = owe("2025-12-01")
    clock("2025-03-02T12:00Z")
    first = make.DemandFactory(process=item.process)
    item.waits_for = first.item
    recording.save(alice, item)
    at_that_instant = Clocks(known=last_instant())
    just_before = Clocks(known=last_instant() - dt.timedelta(microseconds=1))
    assert flags(item) == flags(item, at_that_instant) == ["blocked"]
    assert flags(item, just_before) == []


def test_it_is_blocked_until_the_day_on_which_that_came_about(clock):
    first = owe("2025-12-01")
    item = owe("2025-12-01", process=first.process, waits_for=first.item)
    clock("2025-03-05T12:00Z")
    make.EffectFactory(item=first, status="done", development__occurred_on=at(on="2025-03-04").on)
    assert flags(item) == flags(item, at(on="2025-03-04")) == []
    assert flags(item, at(on="before 2025-03-04")) == flags(item, at(on="2025-03-03")) == ["blocked"]


@pytest.mark.parametrize("status", ["stalled", "done", "dropped", "overtaken"])
def test_only_what_is_open_is_overdue_for_review_or_blocked(clock, status):
    first = owe("2025-12-01")
    late = owe("2025-03-05", status=status, process=first.process, waits_for=first.item)
    vague = owe("soon", status=status, process=first.process)
    clock("2025-04-02T12:00Z")
    expected = [["overdue", "blocked"], ["for_review"]] if status == "stalled" else [[], []]
    assert flags_of([late, vague]) == flags_of([late, vague], at(on="2025-04-02")) == expected


def test_there_are_flags_where_one_holds_or_a_review_is_ahead():
    day, before, after = (at(on=f"2025-02-{number}").on for number in (18, 17, 19))

    def has_flags(**values):
        shared = {"day": day, "on": None, "phrase": "", "review_on": None}
        return [Due(**shared | {"open": is_open} | values).has_flags for is_open in (True, False)]

    assert has_flags(on=Span(before)) == has_flags(waits=True) == [True, False]
    assert has_flags(review_on=before) == has_flags(review_on=after) == [True, False]
    assert has_flags() == has_flags(on=Span(day)) == has_flags(on=Span(after)) == [False, False]
    assert has_flags(on=Span(after), review_on=before) == [False, False]
    assert has_flags(waits=True, waits_for_status="done") == [False, False]


def test_what_has_neither_date_nor_phrase_has_no_deadline():
    row = {"due_on": None, "due_precision": None, "due_phrase": None, "review_on": None, "status": "promised"}
    due_date = due_of(row, PRESENT, False, None)
    assert (due_date.on, due_date.phrase, str(due_date), due_date.is_stated) == (None, "", "", False)


def test_dues_are_listed_by_the_latest_day_that_they_can_mean_then_after_a_day_then_those_without_date():
    texts = ["2025-03-04", "before 2025-03-06", "2025-03-06", "2025-03", "after 2025-03-05"]
    dates = [Span.parse(text) for text in texts]
    assert sorted([None, *reversed(dates)], key=place_of_due) == [*dates, None]
    assert place_of_due(Span.parse("2025-03")) == place_of_due(Span.parse("2025-03-31"))


def test_a_condition_holds_for_values_where_it_holds_for_a_row():
    """Every combination of values on either side of each boundary, in Python and in SQL."""
    day, days = dt.date(2025, 2, 18), [None, dt.date(2025, 2, 17), dt.date(2025, 2, 18)]
    fields = {
        "is_open": (BooleanField(), [True, False]),
        "due_by": (DateField(null=True), days),
        "due_on": (DateField(null=True), days[:2]),
        "review_on": (DateField(null=True), days),
        "waits": (BooleanField(), [True, False]),
        "awaited_status": (CharField(null=True), [None, "done", "promised"]),
    }
    make.IssueFactory()
    conditions = {"overdue": overdue(day), "for_review": for_review(day), "blocked": BLOCKED}
    for values in itertools.product(*(possible for _, possible in fields.values())):
        row = dict(zip(fields, values, strict=True))
        held = {name for name, condition in conditions.items() if is_satisfied(condition, row)}
        annotated = Issue.objects.annotate(
            **{name: Value(value, output_field=fields[name][0]) for name, value in row.items()}
        )
        flags = {f"is_{name}": Case(When(q, then=True), default=False) for name, q in conditions.items()}
        (in_sql,) = annotated.annotate(**flags).values(*flags)
        assert held == {name for name in conditions if in_sql[f"is_{name}"]}, row
