"""What a transaction of several recordings does when it is taken back, and what a correction inherits."""

import datetime as dt

import pytest

from tests.corrections import copied
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    PartyFactory,
    ProcessFactory,
    SourceFactory,
    UserFactory,
)
from tests.models.writing import new
from tracker import recording
from tracker.models import VERSIONS, Development, Effect, Item, LastRecording, Party, Process, search_entries
from tracker.recording.bulk import NewDevelopment, record_all
from tracker.recording.denormalized import development_mismatches
from tracker.recording.future import instant_columns
from tracker.recording.merging import merge
from tracker.recording.timestamps import PENDING, last_instant, one_instant
from tracker.recording.versions import mismatches

pytestmark = pytest.mark.both


@pytest.fixture
def editor(db):
    return UserFactory(username="editor", administrator=True)


@pytest.mark.django_db
def test_what_is_taken_back_leaves_no_trace_and_moves_no_clock(editor):
    process, other = ProcessFactory(), ProcessFactory()
    before = last_instant()
    with pytest.raises(RuntimeError), one_instant():
        recording.record(editor, new(process))
        raise RuntimeError
    party = PartyFactory()
    again = last_instant()
    assert again > before
    assert recording.save(editor, Party.objects.get(pk=party.pk)) is False
    assert last_instant() == again
    with one_instant():
        with pytest.raises(RuntimeError), one_instant():
            recording.record(editor, new(process))
            raise RuntimeError
        recording.record(editor, new(other))
    process.refresh_from_db()
    other.refresh_from_db()
    assert (process.last_recorded_at, other.last_recorded_at) == (None, last_instant())


@pytest.mark.django_db
def test_what_is_done_in_savepoints_is_of_the_instant_and_the_user_of_the_whole(editor):
    demand, source = DemandFactory(), SourceFactory()
    development, citation = DevelopmentFactory(), CitationFactory(source=source, quote="met")
    parties = PartyFactory(), PartyFactory()
    source.text = "They met."
    deeds = [
        lambda: recording.record(editor, new(demand.process), [Effect(item=demand, status="met")]),
        lambda: recording.withdraw(editor, development, "Not so"),
        lambda: recording.save(editor, source),
        lambda: merge(editor, *parties, "The same"),
        lambda: None,
    ]
    with one_instant():
        for deed in deeds:
            with one_instant():
                deed()
    at = last_instant()
    left = [
        (model, name)
        for model, name in instant_columns()
        if name != "known_until" and model._base_manager.filter(**{name: PENDING})
    ]
    assert left == []
    (kept,) = VERSIONS[Item].objects.filter(row_id=demand.pk, known_from=at)
    assert (kept.current_status, kept.changed_by) == ("met", editor)
    assert (
        VERSIONS[Party].objects.filter(known_from=at, row_id__in=[party.pk for party in parties]).count() == 2
    )
    citation.refresh_from_db()
    assert (citation.looked_up_at, citation.found_at) == (at, at)
    assert LastRecording.objects.get().merged_at == at
    assert {*Process.objects.exclude(last_recorded_at=at)} == {citation.development.process}
    assert {model for model in VERSIONS if mismatches(model)} == {*search_entries.mismatches()} == set()


@pytest.mark.django_db
def test_a_correction_keeps_its_place_among_those_of_its_instant(editor):
    demand = DemandFactory()
    statuses = ("under_discussion", "partly_met", "rejected")
    news = [
        NewDevelopment(new(demand.process, headline=code), [Effect(item=demand, status=code)])
        for code in statuses
    ]
    record_all(editor, news)
    for headline, place in (("partly_met", 1), ("under_discussion", 0)):
        old = Development.objects.get(headline=headline)
        new_words = copied(old, headline=f"{headline}, corrected")
        corrected = recording.correct(
            editor, old, new_words, [Effect(item=demand, status="met")], (), "recoded"
        )
        assert (corrected.sequence, corrected.first_recorded_at) == (place, old.first_recorded_at)
    demand.refresh_from_db()
    assert demand.current_status == "rejected"
    rows = Development.objects.filter(ended_at=None, occurred_on=old.occurred_on).latest_first()
    assert [row.headline for row in rows][:3] == [
        "rejected",
        "partly_met, corrected",
        "under_discussion, corrected",
    ]


@pytest.mark.django_db
def test_what_is_begun_before_midnight_is_recorded_on_the_day_on_which_it_ends(editor, clock):
    demand = DemandFactory()
    clock("2035-03-01T12:00Z")
    with one_instant():
        # What is known to lie after a day can have happened until it is recorded.
        when = {"occurred_on": dt.date(2025, 2, 19), "occurred_precision": "after"}
        development = recording.record(
            editor, new(demand.process, **when), [Effect(item=demand, status="met")]
        )
        clock("2035-03-02T12:00Z")
    stored = Development.objects.get(pk=development.pk)
    ended = dt.date(2035, 3, 2)
    assert development.recorded_on == stored.recorded_on == stored.effects.get().latest_on == ended
    assert not [*development_mismatches([development.pk])]
