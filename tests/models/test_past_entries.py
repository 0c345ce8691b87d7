"""The entries of the search index through time: each ends when the words of its record change, and is proven."""

import pytest
from django.db import connection, transaction

from tests import factories as make
from tracker import recording
from tracker.models import VERSIONS, Party, RecordName, SearchEntry, derived, names_rebuilt, search_entries
from tracker.models.past import reading
from tracker.recording.timestamps import last_instant, one_instant
from tracker.search.lookup import matching

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(autouse=True)
def begun(clock):
    clock("2025-02-20T10:00Z")


def save(by, record, **values):
    for name, value in values.items():
        setattr(record, name, value)
    recording.save(by, record)


def mismatches():
    return [*search_entries.mismatches(), *names_rebuilt.mismatches()]


def entries_of(party):
    return SearchEntry.objects.filter(record_type="party", record_id=party.pk)


def test_a_wrong_entry_of_the_past_is_told(bob, clock):
    party = make.PartyFactory(name="Walrusland")
    clock("2025-02-21T10:00Z")
    save(bob, party, name="Narwhalia")
    ended = entries_of(party).earliest("known_from")
    ended_name = VERSIONS[RecordName].objects.filter(key="walrusland")
    change = {
        "sqlite": "UPDATE tracker_searchindex SET title = 'atlantis' WHERE rowid = %s",
        "postgresql": "UPDATE tracker_searchentry SET words = 'atlantis' WHERE id = %s",
    }
    with connection.cursor() as cursor:
        cursor.execute(change[connection.vendor], [ended.pk])
    ended_name.update(key="atlantis")
    (words,), (name,) = search_entries.mismatches(), names_rebuilt.mismatches()
    assert words.startswith(f"The search entry of party {party.pk} until 2025-02-21 10:00:00")
    assert name == f"The earlier names of party {party.pk} are not those of its versions."
    derived.rebuild()
    assert mismatches() == []
    entries_of(party).filter(pk=entries_of(party).latest("known_until").pk).update(
        known_from="2025-01-01T00:00Z"
    )
    assert len(list(search_entries.mismatches())) == 1


def test_an_edit_that_leaves_the_words_writes_no_entry(bob, clock):
    party = make.PartyFactory(name="Walrusland", description="Ice, and snow")
    entries = entries_of(party)
    before = list(entries.values())
    clock("2025-02-21T10:00Z")
    save(bob, party, description="ice and snow!", kind="alliance")
    assert list(entries.values()) == before


def test_what_is_saved_twice_in_one_recording_has_one_entry_more(bob, clock):
    party = make.PartyFactory(name="Walrusland")
    clock("2025-02-21T10:00Z")
    with one_instant():
        save(bob, party, name="Manatia")
        save(bob, party, name="Narwhalia")
        with pytest.raises(ZeroDivisionError), one_instant():
            make.PartyFactory(name="Dugongia")
            save(bob, party, name="Dugongland")
            raise ZeroDivisionError
    assert entries_of(party).count() == 2
    assert mismatches() == []
    with transaction.atomic():
        with one_instant():
            save(bob, party, name="Dugongia")
        transaction.set_rollback(True)
    party.refresh_from_db()
    assert party.name == "Narwhalia"
    assert mismatches() == []


def test_a_filter_by_words_reads_those_of_its_instant(bob, clock):
    party = make.PartyFactory(name="Walrusland", description="Of ice")
    then = last_instant()
    clock("2025-02-21T10:00Z")
    save(bob, party, description="Of snow")

    def found(text):
        return list(Party.objects.filter(matching(Party, ("name",), text)))

    assert found("ice") == [] and found("snow") == [party]
    with reading(then):
        assert found("ice") == [party] and found("snow") == []
