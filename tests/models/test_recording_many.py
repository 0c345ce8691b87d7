"""Many developments at once: what recording them one by one would have given, or nothing at all."""

import datetime as dt

import pytest

from tests.factories import (
    DemandFactory,
    PartyFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
    UserFactory,
)
from tests.models.writing import new, refused_all
from tracker import recording
from tracker.clocks import PRESENT
from tracker.domain.standing import derive
from tracker.models import Citation, Demand, Development, Effect, Item
from tracker.recording.bulk import NewDevelopment, RowRefused, record_all
from tracker.recording.denormalized import development_mismatches, item_mismatches

pytestmark = pytest.mark.django_db
WHEN = "2025-03-01T10:00+00:00"


@pytest.fixture
def user():
    return UserFactory(editor=True)


def told(process, party, source, demand, day):
    """One statement on a demand, as `record_all` takes it."""
    development = new(
        process, party=party, occurred_on=dt.date(2025, 1, day), kind="statement", speech_act="states"
    )
    effects = [
        Effect(item=demand, stance="affirms", firmness="stated"),
        Effect(item=demand.talk, due_phrase="soon"),
    ]
    return development, effects, [Citation(source=source, quote="said it")]


def written():
    """What is recorded, but for the references that are drawn by lot, and when it was."""
    left_out = (
        "id",
        "ref",
        "development_id",
        "recorded_at",
        "first_recorded_at",
        "sequence",
        "placed_at",
        "place",
        "ended_at",
        # Whether another row of the day came earlier.
        "leaves_open",
    )
    return [
        [
            {name: value for name, value in row.items() if name not in left_out}
            for row in model.objects.order_by("pk").values()
        ]
        for model in (Development, Effect, Citation, Item)
    ]


@pytest.fixture
def known(user, clock):
    clock(WHEN)
    process = ProcessFactory()
    talk = TalkFactory(process=process)
    source = SourceFactory(text="The party said  it.")
    return process, PartyFactory(), source, DemandFactory(process=process, talk=talk)


def test_many_at_once_say_what_they_say_one_by_one(user, known, monkeypatch):
    monkeypatch.setattr("tracker.models.batches.BATCH", 3)
    before = Development.objects.count()
    refs = record_all(user, (NewDevelopment(*told(*known, day)) for day in range(1, 9)))
    many = written()
    assert list(Development.objects.filter(ref__in=refs).order_by("pk").values_list("ref", flat=True)) == refs
    assert Development.objects.count() == before + 8
    keys, items = Development.objects.values_list("pk", flat=True), Item.objects.values_list("pk", flat=True)
    assert not list(development_mismatches(keys)) + list(item_mismatches(items))
    for day in range(1, 9):
        recording.record(user, *told(*known, day))
    for rows, again in zip(many, written(), strict=True):
        added = len(again) - len(rows)
        assert again[len(rows) :] == rows[len(rows) - added :]
        assert added or again == rows  # how the items stand is the same, whoever told of it first


def test_all_bear_one_instant_and_keep_their_order(user, known):
    earlier = recording.record(user, new(known[0])).recorded_at
    record_all(user, [NewDevelopment(*told(*known, day)) for day in (3, 2, 1)])
    rows = list(Development.objects.filter(recorded_at__gt=earlier).order_by("pk"))
    (instant,) = {row.recorded_at for row in rows} | {row.first_recorded_at for row in rows}
    assert [(row.occurred_on.day, row.sequence) for row in rows] == [(3, 0), (2, 1), (1, 2)]
    assert recording.record(user, new(known[0])).recorded_at > instant


def test_a_later_one_may_touch_what_an_earlier_one_raised(user, known):
    process, party, *_ = known
    demand = Demand(title="Neutrality", kind="demand", party=party)
    raised = NewDevelopment(
        new(process, party=party), [Effect(item=demand, status="open")], (), [(demand, {})]
    )
    met = NewDevelopment(new(process, occurred_on=dt.date(2025, 2, 19)), [Effect(item=demand, status="met")])
    record_all(user, [raised, met])
    demand = Demand.objects.get(title="Neutrality")
    assert demand.current_status == derive(Item.objects.filter(pk=demand.pk), PRESENT).get().status == "met"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"kind": "gossip"}, "gossip"),
        ({"headline": ""}, "blank"),
        ({"kind": "statement"}, "A statement needs its speech act."),
        ({"occurred_on": dt.date(2031, 1, 1)}, "after today"),
        ({"party": None}, "Name the party that acts or speaks"),
        ({"ref": "per-1"}, "begins with dev-"),
    ],
)
def test_one_that_breaks_a_rule_is_named_by_its_place_and_nothing_is_written(user, known, content, message):
    news = [
        NewDevelopment(*told(*known, 1)),
        NewDevelopment(new(known[0], **content)),
        NewDevelopment(*told(*known, 2)),
    ]
    refused = refused_all(RowRefused, record_all, user, news)
    assert list(refused.errors) == [1]
    assert message in " ".join(refused.errors[1].messages)


def test_all_that_are_wrong_are_named_at_once(user, known):
    process = known[0]
    wrong = Effect(item=known[3], status="no_such")
    news = [
        NewDevelopment(new(process, headline="")),
        NewDevelopment(new(process)),
        NewDevelopment(new(process), [wrong]),
        NewDevelopment(new(process), [Effect(item=known[3], due_phrase="soon")]),
        NewDevelopment(new(process), (), [Citation(quote="of nothing")]),
        NewDevelopment(new(process), [Effect(item=DemandFactory(), status="met")]),
        NewDevelopment(Development(headline="of no process")),
    ]
    errors = refused_all(RowRefused, record_all, user, news).errors
    assert sorted(errors) == [0, 2, 3, 4, 5, 6]
    assert "Effect 1" in errors[2].messages[0] and "not a status" in errors[2].messages[0]
    assert "Only a follow-up or a talk has a due date." in errors[3].messages[0]
    assert "Citation 1" in errors[4].messages[0]
    assert "another process" in errors[5].messages[0]


def test_one_that_is_on_record_already_is_found_among_more_than_one_query_writes(user, known):
    process, party, *_ = known
    old = recording.record(user, new(process, party=party))
    news = [NewDevelopment(new(process, party=party, headline=f"New {number}")) for number in range(80)]
    news[70].development.ref = old.ref
    errors = refused_all(RowRefused, record_all, user, news).errors
    assert list(errors) == [70] and "already exists" in errors[70].messages[0]


def test_the_number_of_queries_does_not_grow_with_what_is_recorded(
    user, known, django_assert_max_num_queries
):
    few = [NewDevelopment(*told(*known, day)) for day in range(1, 3)]
    many = [NewDevelopment(*told(*known, day)) for day in (*range(1, 29), *range(1, 13))]
    with django_assert_max_num_queries(60) as asked:
        record_all(user, few)
    with django_assert_max_num_queries(len(asked) + 8):
        record_all(user, many)
