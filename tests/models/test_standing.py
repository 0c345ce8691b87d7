"""The rule by example: what the latest of each thing is, on either clock."""

import datetime as dt

import pytest

from tests.corrections import copied, correct
from tests.factories import (
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    FollowUpFactory,
    PartyFactory,
    TalkFactory,
    UserFactory,
)
from tracker import recording
from tracker.clocks import PRESENT, Clocks, parse_on
from tracker.domain.standing import stand, standings
from tracker.models import Effect, Item

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def demand(clock):
    """Raised on 18 February 2025 as open and stated, and recorded the day after."""
    clock("2025-02-19T09:00+00:00")
    demand = DemandFactory(title="Neutrality")
    clock("2025-03-10T09:00+00:00")
    return demand


def stood(item, clocks=PRESENT):
    return standings(Item.objects.filter(pk=item.pk), clocks).get(item.pk)


def at(on=None, known=None):
    return Clocks(**parse_on(on) if on else {}, known=known and dt.datetime.fromisoformat(known))


def happen(item, on="2025-03-01", precision="day", **sets):
    """Record what happened to `item`; return the development."""
    return EffectFactory(
        item=item,
        development__occurred_on=dt.date.fromisoformat(on),
        development__occurred_precision=precision,
        development__party=item.party,
        **sets,
    ).development


def test_each_thing_stands_as_its_own_latest_effect_left_it(demand):
    happen(demand, "2025-03-01", firmness="red_line")
    happen(demand, "2025-03-02", status="under_discussion")
    standing = stood(demand)
    assert (standing.status.status, standing.firmness.firmness) == ("under_discussion", "red_line")
    assert standing.raised.occurred_on == dt.date(2025, 2, 18)
    assert standing.changed.occurred_on == dt.date(2025, 3, 2)
    assert standing.text == "Neutrality"
    assert not standing.is_closed


def test_what_happened_later_counts_even_when_it_was_recorded_earlier(demand):
    happen(demand, "2025-03-05", status="rejected")
    happen(demand, "2025-03-01", status="under_discussion")
    assert stood(demand).status.status == "rejected"
    assert stood(demand, at(on="2025-03-04")).status.status == "under_discussion"


def test_of_one_day_what_was_recorded_later_counts(demand):
    happen(demand, status="under_discussion")
    happen(demand, status="rejected")
    assert stood(demand).status.status == "rejected"


def test_a_correction_keeps_the_place_of_what_it_corrects(demand):
    first = happen(demand, status="under_discussion")
    happen(demand, status="rejected")
    correct(first, headline="Better words")
    correct(first_version(first), effects=[Effect(item=demand, status="partly_met")])
    assert stood(demand).status.status == "rejected"


def first_version(development):
    return type(development).objects.get(ref=development.ref, ended_at=None)


@pytest.mark.parametrize("precision", ["day", "month", "after", "about_day", "about_month"])
@pytest.mark.parametrize(("on", "counts"), [("2025-02-28", False), ("2025-03-01", True)])
def test_an_imprecise_date_counts_from_its_first_day(demand, precision, on, counts):
    happen(demand, "2025-03-01", precision, status="rejected")
    assert (stood(demand, at(on=on)).status.status == "rejected") is counts


@pytest.mark.parametrize("before", ["2025-03-01", "2025-03-08"])
def test_an_older_word_of_unknown_day_never_overrules_a_dated_one(demand, before):
    happen(demand, "2025-02-28", status="under_discussion")
    happen(demand, before, "before", status="rejected")
    assert stood(demand).status.status == "under_discussion"


def test_words_of_unknown_day_are_in_the_order_of_their_last_days(demand):
    happen(demand, "2025-01-08", "before", wording="As it was")
    happen(demand, "2025-01-01", "before", wording="As it had been")
    assert stood(demand).wording.wording == "As it was"


def test_what_was_known_then_is_what_had_been_recorded_and_not_yet_corrected(demand, clock):
    first = happen(demand, status="rejected")
    clock("2025-03-12T09:00+00:00")
    second = correct(first, effects=[Effect(item=demand, status="under_discussion")])
    clock("2025-03-14T09:00+00:00")
    recording.withdraw(UserFactory(editor=True), second, "It was another demand.")
    read = {
        "2025-03-10T08:59+00:00": "open",
        "2025-03-10T09:00:01+00:00": "rejected",
        "2025-03-12T08:59:59+00:00": "rejected",
        "2025-03-12T09:00:01+00:00": "under_discussion",
        "2025-03-14T09:00:01+00:00": "open",
    }
    assert {known: stood(demand, at(known=known)).status.status for known in read} == read
    assert stood(demand).status.status == "open"


def test_an_item_is_not_there_before_it_was_raised_or_recorded(demand):
    assert stood(demand, at(on="2025-02-17")) is None
    assert stood(demand, at(known="2025-02-18T23:00+00:00")) is None
    assert not stand(Item.objects.all(), at(on="2025-02-17")).exists()
    assert stand(Item.objects.all(), at(on="2025-02-18")).exists()


def test_an_item_of_which_all_is_withdrawn_stands_nowhere_but_in_the_past(demand):
    recording.withdraw(UserFactory(editor=True), demand.effects.get().development, "Never said.")
    assert stood(demand) is None
    assert not stand(Item.objects.all(), PRESENT).exists()
    assert stood(demand, at(known="2025-03-01T00:00+00:00")).status.status == "open"


def test_each_party_has_its_own_stance_and_silence_is_one(demand):
    russia, ukraine, poland = (PartyFactory(name=name) for name in ("Russia", "Ukraine", "Poland"))
    DevelopmentFactory(
        occurred_on=dt.date(2025, 3, 1),
        party=russia,
        effects=[Effect(item=demand, stance="affirms"), Effect(item=demand, party=ukraine, stance="rejects")],
    )
    happen(demand, "2025-03-02", party=ukraine, stance="silent")
    stances = {party.name: effect.stance for party, effect in stood(demand).stances.items()}
    assert stances == {"Russia": "affirms", "Ukraine": "silent"}
    assert poland not in stood(demand).stances


def test_a_withdrawn_stance_gives_way_to_the_one_before_it(demand):
    happen(demand, "2025-03-01", stance="affirms")
    later = happen(demand, "2025-03-02", stance="rejects")
    recording.withdraw(UserFactory(editor=True), later, "Misheard.")
    assert stood(demand).stances[demand.party].stance == "affirms"
    assert demand.stances.get().current_stance == "affirms"


def test_a_later_effect_that_names_a_party_without_a_stance_leaves_its_stance(demand):
    other = PartyFactory(name="Other")
    for party in (demand.party, other):
        happen(demand, "2025-03-01", party=party, stance="rejects")
        happen(demand, "2025-03-02", party=party, status="under_discussion")
    for clocks in (PRESENT, at(on="2025-03-02"), at(known="2025-03-11T00:00+00:00")):
        stances = {party: effect.stance for party, effect in stood(demand, clocks).stances.items()}
        assert stances == {demand.party: "rejects", other: "rejects"}
    assert {stance.current_stance for stance in demand.stances.all()} == {"rejects"}


def test_a_party_that_is_named_without_a_stance_has_none(demand):
    happen(demand, party=PartyFactory(), status="under_discussion")
    assert stood(demand).stances == {}
    assert not demand.stances.exists()


def test_stances_come_in_the_order_of_names(demand):
    for name in ("Mauritania", "Zembla", "Aland"):
        happen(demand, party=PartyFactory(name=name), stance="affirms")
    assert [party.name for party in stood(demand).stances] == ["Aland", "Mauritania", "Zembla"]


def test_each_kind_of_item_has_what_it_alone_can_have(demand):
    dated = {"due_on": dt.date(2025, 4, 1), "due_precision": "month"}
    talk = TalkFactory(effect={"status": "scheduled", "outcome": "not_reported", **dated})
    follow_up = FollowUpFactory(effect={"status": "promised", "due_phrase": "", **dated})
    for clocks in (PRESENT, at(on="2025-03-01"), at(known="2025-03-11T00:00+00:00")):
        assert stood(talk, clocks).due.due_on == stood(follow_up, clocks).due.due_on == dt.date(2025, 4, 1)
        assert stood(talk, clocks).outcome.outcome == "not_reported"
        rows = {row.pk: row for row in stand(Item.objects.all(), clocks)}
        assert [rows[item.pk].due_on for item in (talk, follow_up, demand)] == [
            *2 * [dt.date(2025, 4, 1)],
            None,
        ]
        assert [rows[item.pk].due_precision for item in (talk, follow_up)] == ["month", "month"]
        assert [rows[item.pk].outcome for item in (talk, follow_up, demand)] == ["not_reported", None, None]
        assert [rows[item.pk].firmness for item in (talk, follow_up, demand)] == [None, None, "stated"]


def test_it_stands_from_the_very_instant_of_its_recording(demand):
    known = Clocks(known=demand.recorded_at)
    earlier = Clocks(known=demand.recorded_at - dt.datetime.resolution)
    assert stood(demand, known).status.status == "open"
    assert [row.status for row in stand(Item.objects.all(), known)] == ["open"]
    assert stood(demand, earlier) is None
    assert not stand(Item.objects.all(), earlier).exists()


def test_what_ends_at_an_instant_no_longer_counts_at_it(demand, clock):
    first = happen(demand, status="rejected")
    clock("2025-03-12T09:00+00:00")
    second = correct(first, effects=[Effect(item=demand, status="under_discussion")])
    assert stood(demand, Clocks(known=second.recorded_at)).status.status == "under_discussion"
    assert (
        stood(demand, Clocks(known=second.recorded_at - dt.datetime.resolution)).status.status == "rejected"
    )
    versions = type(first).objects.filter(ref=first.ref)
    assert [row.version for row in versions.at(Clocks(known=second.recorded_at))] == [2]
    clock("2025-03-14T09:00+00:00")
    recording.withdraw(UserFactory(editor=True), second, "Misheard.")
    ended_at = versions.get(version=2).ended_at
    assert stood(demand, Clocks(known=ended_at)).status.status == "open"
    assert stood(demand, Clocks(known=ended_at - dt.datetime.resolution)).status.status == "under_discussion"
    assert not versions.at(Clocks(known=ended_at)).exists()


def test_before_a_day_is_the_moment_at_the_end_of_the_day_ahead_of_it(demand):
    happen(demand, "2025-03-01", "before", wording="As had been said")
    happen(demand, "2025-03-01", status="rejected")
    assert at(on="before 2025-03-01") == at(on="2025-02-28")
    for day, words in (("2025-02-27", None), ("2025-02-28", "As had been said")):
        standing = stood(demand, at(on=day))
        assert (standing.wording and standing.wording.wording, standing.status.status) == (words, "open")
        assert [row.wording for row in stand(Item.objects.all(), at(on=day))] == [words]
    assert stood(demand, at(on="before 2025-02-18")) is None


def test_a_due_phrase_is_looked_at_again_after_thirty_days():
    follow_up = FollowUpFactory(effect__due_phrase="as soon as possible")
    due = stood(follow_up).due
    assert (due.due_on, due.due_phrase, due.review_on) == (None, "as soon as possible", dt.date(2025, 3, 20))
    assert follow_up.current_review_on == dt.date(2025, 3, 20)


def test_a_new_due_date_replaces_phrase_and_review():
    follow_up = FollowUpFactory(effect__due_phrase="soon")
    EffectFactory(
        item=follow_up, due_on=dt.date(2025, 4, 1), due_precision="month", wording=None,
        development__occurred_on=dt.date(2025, 3, 1),
    )  # fmt: skip
    follow_up.refresh_from_db()
    assert (follow_up.due.iso, follow_up.current_due_phrase, follow_up.current_review_on) == (
        "2025-04",
        "",
        None,
    )


def test_a_talk_has_an_outcome_and_its_status_closes_it():
    talk = TalkFactory(effect__status="held", effect__outcome="to_continue")
    standing = stood(talk)
    assert standing.outcome.outcome == "to_continue"
    assert standing.is_closed


def test_two_parties_may_bring_about_the_same_status(demand):
    effects = [Effect(item=demand, party=PartyFactory(), status="met") for _ in range(2)]
    DevelopmentFactory(effects=effects)
    demand.refresh_from_db()
    assert demand.current_status == "met"


def test_a_correction_may_move_an_effect_to_another_item(demand):
    other = DemandFactory(process=demand.process)
    wrong = happen(demand, status="rejected")
    effect = copied(wrong.effects.get(), item=other)
    correct(wrong, effects=[effect])
    for item, status in ((demand, "open"), (other, "rejected")):
        item.refresh_from_db()
        assert item.current_status == stood(item).status.status == status
