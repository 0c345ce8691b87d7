"""Correcting and withdrawing: the earlier version is kept, with who, when and why, and nobody overwrites another."""

import datetime as dt

import pytest

from tests.corrections import copied, correct
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    PartyFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
    UserFactory,
)
from tests.models.writing import refused
from tracker import recording
from tracker.models import Citation, Demand, Development, Effect
from tracker.models.vocabularies import Basis, DatePrecision, DevelopmentKind, Firmness, Stance, TalkStatus
from tracker.recording import prepare

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(editor=True)


def test_a_correction_keeps_what_it_corrects(user, clock):
    clock("2025-03-01T10:00+00:00")
    development = EffectFactory(status="met").development
    clock("2025-03-02T10:00+00:00")
    second = correct(development, by=user, reason="source_changed", headline="Otherwise")
    first = Development.objects.get(pk=development.pk)
    assert (first.ended_at, first.ended_by, first.ended_as) == (second.recorded_at, user, "corrected")
    assert (first.ended_reason, first.headline) == ("source_changed", development.headline)
    assert (second.ref, second.version) == (first.ref, 2)
    assert second.first_recorded_at == first.first_recorded_at == first.recorded_at
    assert first.effects.get().ended_at == first.ended_at
    assert second.effects.get().ended_at is None


def test_a_copy_is_an_unsaved_row_that_says_the_same():
    effects = [Effect(item=DemandFactory(), stance="affirms", wording="As agreed.")]
    development = CitationFactory(quote="Words", development__effects=effects).development
    for row in (development, development.effects.get(), development.citations.get()):
        copy = prepare.copied(row)
        assert copy.pk is None and not copy.ref
        assert [getattr(copy, name) for name in row.CONTENT] == [getattr(row, name) for name in row.CONTENT]


def test_a_correction_may_change_everything_and_the_process_for_its_own_reason(user):
    development = CitationFactory(quote="Words").development
    process, source = development.process, SourceFactory()
    demand = DemandFactory(process=process)
    second = correct(
        development, occurred_on=dt.date(2025, 1, 1), occurred_precision="year", kind="document", party=PartyFactory(),
        effects=[Effect(item=demand, status="met")], citations=[Citation(source=source, quote="Other words")],
    )  # fmt: skip
    assert str(second.occurred) == "2025"
    assert second.citations.get().source == source
    demand.refresh_from_db()
    assert demand.current_status == "open"
    refused("To move it to another process", correct, second, process=ProcessFactory())


def test_a_correction_that_says_the_same_in_other_types_changes_nothing(user):
    party, process = PartyFactory(), ProcessFactory()
    talk, demand = TalkFactory(process=process), DemandFactory(process=process, party=party)
    effects = [
        Effect(item=talk, status="scheduled", due_on=dt.date(2025, 3, 1), due_precision="day"),
        Effect(item=demand, party=party, stance="rejects", firmness="insisted"),
    ]
    source = SourceFactory()
    cited = [Citation(source=source, quote="Words", credibility="2")]
    old = DevelopmentFactory(process=process, party=party, effects=effects, citations=cited)
    same = {
        "kind": DevelopmentKind(old.kind), "basis": Basis(old.basis), "occurred_on": old.occurred_on.isoformat(),
        "occurred_precision": DatePrecision(old.occurred_precision),
    }  # fmt: skip

    def again(stance=Stance.REJECTS):
        return [
            Effect(
                item=demand, party=party, stance=stance, firmness=Firmness.INSISTED, status="", outcome=""
            ),
            Effect(
                item=talk, status=TalkStatus.SCHEDULED, due_on="2025-03-01", due_precision=DatePrecision.DAY
            ),
        ]

    says_the_same = correct(
        old, again(), [Citation(source=source, quote="Words", credibility=2)], user, **same
    )
    assert says_the_same == old and Development.objects.filter(ref=old.ref).count() == 1
    # What differs in one value of one effect is a change.
    assert correct(old, again(Stance.DISPUTES), by=user, **same).version == 2


def test_a_correction_may_raise_an_item(user):
    development = DevelopmentFactory()
    demand = Demand(title="Overlooked", kind="demand", party=development.party)
    changed = copied(development, headline="With a demand")
    effects = [Effect(item=demand, status="open")]
    recording.correct(user, development, changed, effects, (), "new_information", items=[(demand, {})])
    assert Demand.objects.get().current_status == "open"
    refused(
        "needs an effect",
        recording.correct,
        user,
        changed,
        copied(changed),
        (),
        (),
        "recoded",
        items=[(Demand(), {})],
    )


def test_nothing_changed_makes_no_version(user):
    development = EffectFactory(stance="affirms", item=DemandFactory()).development
    CitationFactory(quote="Words", development__process=development.process)
    for unchanged in (development, Development.objects.get(citations__isnull=False)):
        assert correct(unchanged, by=user) == unchanged
    reordered = DevelopmentFactory(
        effects=[
            Effect(item=DemandFactory(process=development.process), status=status)
            for status in ("met", "open")
        ]
    )
    effects = [copied(effect) for effect in reordered.effects.order_by("-pk")]
    assert correct(reordered, effects=effects) == reordered
    assert not Development.objects.filter(version=2).exists()


def test_a_correction_is_held_against_the_record_not_against_the_callers_copy(user):
    development = EffectFactory().development
    development.headline = "Otherwise"
    recording.correct(
        user, development, copied(development), [copied(development.effects.get())], (), "recoded"
    )
    assert Development.objects.get(ref=development.ref, ended_at=None).headline == "Otherwise"


def test_a_correction_needs_a_reason_of_the_list(user):
    development = DevelopmentFactory()
    for reason in ("", "because"):
        refused(
            "is not a reason; choose from world_misread",
            correct,
            development,
            reason=reason,
            headline="Other",
        )


@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_withdrawal_needs_a_reason(user, note):
    refused("Say why it is withdrawn.", recording.withdraw, user, DevelopmentFactory(), note)


def test_a_withdrawn_development_is_kept_with_who_and_why(user):
    demand = DemandFactory()
    development = EffectFactory(item=demand, status="met").development
    recording.withdraw(user, development, "It was said of another.")
    development.refresh_from_db()
    assert (development.ended_as, development.ended_by) == ("withdrawn", user)
    assert development.ended_note == "It was said of another."
    demand.refresh_from_db()
    assert demand.current_status == "open"


def test_what_is_no_longer_current_can_be_neither_corrected_nor_withdrawn(user):
    first = EffectFactory().development
    second = correct(first, headline="Second")
    for action in (
        lambda: correct(first, headline="Third"),
        lambda: recording.withdraw(user, first, "Why not."),
    ):
        with pytest.raises(recording.Outdated) as refusal:
            action()
        assert refusal.value.current == second
    recording.withdraw(user, second, "Never happened.")
    with pytest.raises(recording.Outdated) as refusal:
        correct(second, headline="Third")
    assert refusal.value.current is None
    assert Development.objects.filter(ref=first.ref).count() == 2
