"""Recording and saving: what comes from the system, and what is refused without a trace."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from tests.corrections import correct
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    FollowUpFactory,
    PartyFactory,
    PersonFactory,
    PrincipleFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
    UserFactory,
)
from tests.models.writing import new, refused, refused_all
from tracker import recording
from tracker.domain import movement
from tracker.models import Citation, Demand, Development, Effect, Party
from tracker.models.developments import LAG_DAYS
from tracker.models.effects import SETS_DUE

pytestmark = pytest.mark.django_db

MARCH = {"due_on": dt.date(2025, 3, 1), "due_precision": "day"}
"""A day on which something is due."""


@pytest.fixture
def user():
    return UserFactory(editor=True)


def test_who_and_when_come_from_the_system(user, clock):
    clock("2025-03-01T10:00+00:00")
    process = ProcessFactory()
    development = new(process, recorded_at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC), version=7)
    recording.record(user, development)
    development = Development.objects.get()
    assert (development.recorded_by, development.version) == (user, 1)
    assert development.recorded_at == development.first_recorded_at
    assert dt.timedelta(0) <= development.recorded_at - timezone.now() < dt.timedelta(milliseconds=1)
    assert (development.recorded_on, development.lag_days) == (dt.date(2025, 3, 1), 11)
    assert development.is_current


@pytest.mark.parametrize(
    ("day", "precision", "lag"),
    [
        (22, "day", 7),
        (21, "day", 8),
        (1, "month", 1),
        (22, "before", 8),
        (21, "after", 0),
        (22, "about_day", 7),
    ],
)
def test_it_is_late_from_the_eighth_day_after_the_last_on_which_it_can_have_happened(
    user, clock, day, precision, lag
):
    clock("2025-03-01T10:00+00:00")
    process = ProcessFactory()
    when = {"occurred_on": dt.date(2025, 2, day), "occurred_precision": precision}
    development = recording.record(user, new(process, **when))
    clock("2025-03-20T10:00+00:00")
    later = correct(development, by=user, headline="Put otherwise")
    for version in (Development.objects.get(pk=development.pk), Development.objects.get(pk=later.pk)):
        assert (version.lag_days, version.is_late) == (lag, lag > 7)
        assert Development.objects.annotate(lag=LAG_DAYS).get(pk=version.pk).lag == lag


def test_instants_in_a_process_never_repeat_though_the_clock_stands_still_or_goes_back(user, clock):
    process = ProcessFactory()
    instants = []
    for now in ("2025-03-01T10:00+00:00", "2025-03-01T10:00+00:00", "2025-03-01T09:56+00:00"):
        clock(now)
        instants.append(recording.record(user, new(process)).recorded_at)
    assert instants == sorted(set(instants))


def test_an_item_is_recorded_with_what_raised_it(user):
    process = ProcessFactory()
    party, other = PartyFactory(), PartyFactory()
    demand = Demand(title="Neutrality", kind="demand", party=party)
    recording.record(
        user,
        new(process, party=party),
        [Effect(item=demand, status="open")],
        items=[(demand, {"addressed_to": [other]})],
    )
    demand = Demand.objects.get()
    assert (demand.current_status, demand.item_kind, demand.process) == ("open", "demand", process)
    assert list(demand.addressed_to.all()) == [other]
    assert demand.recorded_at == Development.objects.get().recorded_at


def test_an_item_comes_with_an_effect(user):
    process = ProcessFactory()
    demand = Demand(process=process, title="Neutrality", kind="demand", party=PartyFactory())
    refused("needs an effect", recording.record, user, new(process), items=[(demand, {})])
    refused("together with the development", recording.save, user, demand)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"occurred_on": dt.date(2999, 1, 1)}, "It cannot have happened after today"),
        ({"occurred_on": None}, "This field cannot be null"),
        ({"occurred_on": dt.date(2025, 2, 18), "occurred_precision": "month"}, "held by its first day"),
        ({"party": None}, "Name the party that acts or speaks"),
        ({"kind": "statement"}, "A statement needs its speech act"),
        ({"kind": "rumour"}, "is not a valid choice"),
        ({"headline": ""}, "This field cannot be blank"),
        ({"ref": "dem-1"}, "begins with dev-"),
    ],
)
def test_a_development_that_breaks_a_rule_is_refused(user, content, message):
    demand = DemandFactory()
    effects = [Effect(item=demand, status="met")]
    refused(message, recording.record, user, new(demand.process, **content), effects)
    if "ref" not in content:
        old = demand.effects.get().development
        changed = new(demand.process, **content)
        refused(message, recording.correct, user, old, changed, effects, (), "recoded")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"status": "held"}, "“held” is not a status of a demand; choose from open, under_discussion"),
        ({"outcome": "walk_out"}, "Only a talk has an outcome"),
        ({"due_phrase": "soon"}, "Only a follow-up or a talk has a due date"),
        ({"stance": "shrugs"}, "is not a valid choice"),
        ({}, "Set at least one of status, stance"),
    ],
)
def test_an_effect_that_breaks_a_rule_is_refused(user, content, message):
    demand = DemandFactory()
    refused(message, recording.record, user, new(demand.process), [Effect(item=demand, **content)])


def test_parts_that_are_missing_or_of_another_process_are_refused(user):
    demand, other = DemandFactory(), DemandFactory()
    refused(
        "belongs to another process",
        recording.record,
        user,
        new(other.process),
        [Effect(item=demand, status="met")],
    )
    refused(
        "needs the item that it is on", recording.record, user, new(other.process), [Effect(status="met")]
    )
    refused(
        "This field cannot be null",
        recording.record,
        user,
        new(other.process),
        (),
        [Citation(quote="Words.")],
    )
    refused("belongs to another process", recording.record, user, new(other.process, talk=TalkFactory()))
    refused("Name the process", recording.record, user, new(None))
    twice = [Effect(item=demand, status="met"), Effect(item=demand, wording="Twice.")]
    refused("already has an effect on this item", recording.record, user, new(demand.process), twice)


def test_a_stance_is_somebodys(user):
    talk = TalkFactory()
    effect = Effect(item=talk, stance="affirms")
    refused("name the party", recording.record, user, new(talk.process, party=None, talk=talk), [effect])


@pytest.mark.parametrize(
    ("values", "sets"),
    [
        (MARCH, True),
        ({"due_phrase": "soon", "review_on": dt.date(2025, 3, 1)}, True),
        ({"due_phrase": "none"}, True),
        ({"status": "done"}, False),
    ],
)
def test_a_due_date_is_set_by_a_day_a_phrase_or_giving_it_up(values, sets):
    assert movement.sets(Effect(**values), "due") is sets
    item = FollowUpFactory(effect={"status": "promised"})
    EffectFactory(item=item, **values)
    assert item.effects.filter(SETS_DUE).exists() is sets


def test_developments_are_neither_saved_nor_deleted(user):
    effect = EffectFactory()
    for row in (effect, effect.development, CitationFactory()):
        refused("recorded, corrected or withdrawn", recording.save, user, row)
        refused("withdrawn, never deleted", recording.delete, user, row)


@pytest.mark.parametrize("action", [recording.save, recording.delete])
def test_what_others_have_changed_or_deleted_since_is_neither_saved_nor_deleted(user, action):
    party = PartyFactory()
    opened, since = Party.objects.get(), Party.objects.get()
    since.short_name = "R."
    recording.save(user, since)
    refusal = refused_all(recording.Outdated, action, user, opened, version=1)
    assert refusal.current == since and refusal.current.short_name == "R."
    assert Party.objects.get().short_name == "R."
    recording.delete(user, since, version=2)
    for version in (None, 2):
        assert refused_all(recording.Outdated, action, user, party, version=version).current is None


def test_what_others_rest_on_is_not_deleted(user):
    demand = DemandFactory()
    for row in (demand, demand.party):
        with pytest.raises(ProtectedError):
            recording.delete(user, row)
    refused("A process is never deleted", recording.delete, user, demand.process)


def test_an_item_stays_in_its_process_and_refers_to_nothing_outside(user):
    demand, talk = DemandFactory(), TalkFactory()
    principle, follow_up = PrincipleFactory(), FollowUpFactory()
    talk.predecessor = TalkFactory()
    demand.talk = principle.talk = TalkFactory()
    follow_up.waits_for = demand.item
    for item in (demand, talk, principle, follow_up):
        refused("belongs to another process", recording.save, user, item)
    demand = Demand.objects.get(pk=demand.pk)
    demand.process = ProcessFactory()
    refused("stays in the process that it was recorded in", recording.save, user, demand)


def test_what_waits_never_waits_for_itself(user):
    process = ProcessFactory()
    first = FollowUpFactory(process=process)
    second = FollowUpFactory(process=process, waits_for=first.item)
    first.waits_for = second.item
    refused("waits, in the end, for this follow-up", recording.save, user, first)
    first.waits_for = first.item
    refused("waits, in the end, for this follow-up", recording.save, user, first)


def test_no_talk_follows_itself_and_no_source_is_taken_from_itself(user):
    first = TalkFactory(title="First round")
    second = TalkFactory(process=first.process, title="Second round", predecessor=first)
    first.predecessor = TalkFactory(process=first.process, title="Third round", predecessor=second)
    told = {"predecessor": ["“Third round” follows, in the end, this talk."]}
    with pytest.raises(ValidationError) as error:
        recording.save(user, first)
    assert error.value.message_dict == told
    report = SourceFactory(publisher="Gazette", title="Report")
    report.taken_from = SourceFactory(publisher="Herald", title="Reprint", taken_from=report)
    with pytest.raises(ValidationError) as error:
        recording.save(user, report)
    told = {"taken_from": ["“Herald: Reprint” is taken, in the end, from this source."]}
    assert error.value.message_dict == told
    report.taken_from = SourceFactory(taken_from=SourceFactory())
    assert recording.save(user, report)


def test_an_appointment_names_its_office(user):
    follow_up = FollowUpFactory()
    follow_up.kind = "appointment"
    refused("An appointment names the office", recording.save, user, follow_up)
    follow_up.office, follow_up.person = "Envoy", PersonFactory()
    assert recording.save(user, follow_up)


@pytest.mark.parametrize(
    ("make", "what", "first", "second"),
    [
        (DemandFactory, "status", {"status": "met"}, {"status": "rejected"}),
        (DemandFactory, "firmness", {"firmness": "stated"}, {"firmness": "red_line"}),
        (DemandFactory, "wording", {"wording": "No troops."}, {"wording": "No foreign troops."}),
        (TalkFactory, "outcome", {"outcome": "walk_out"}, {"outcome": "to_continue"}),
        (FollowUpFactory, "due", {"due_phrase": "soon"}, {"due_phrase": "very soon"}),
        (FollowUpFactory, "due", MARCH | {"due_precision": "day"}, MARCH | {"due_precision": "month"}),
        (FollowUpFactory, "due", MARCH, MARCH | {"due_on": dt.date(2025, 3, 2)}),
        (FollowUpFactory, "due", MARCH | {"review_on": dt.date(2025, 2, 20)}, MARCH),
    ],
)
def test_one_development_cannot_give_an_item_two_values(make, what, first, second):
    item = make()
    before = Effect.objects.count()
    with pytest.raises(ValidationError, match=f"two different values of {what}"):
        DevelopmentFactory(
            process=item.process,
            effects=[Effect(item=item, party=PartyFactory(), **values) for values in (first, second)],
        )
    assert Effect.objects.count() == before
