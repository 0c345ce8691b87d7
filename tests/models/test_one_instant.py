"""What a transaction of several recordings does when it is taken back, and what a correction inherits."""

import pytest

from tests.corrections import copied
from tests.factories import DemandFactory, PartyFactory, ProcessFactory, UserFactory
from tests.models.writing import new
from tracker import recording
from tracker.models import Development, Effect, Party
from tracker.recording.bulk import NewDevelopment, record_all
from tracker.recording.timestamps import last_instant, one_instant

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
