"""A page of the past has the words of its instant, or says that it lacks them, where no versions were kept then."""

import pytest

from tests import factories as make
from tests.rebuilding import rebuild_versions
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import VERSIONS, Change, Demand, Party, Person, Talk
from tracker.models.base import writes_allowed
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dave_in")]
LOST = "Earlier words of this record were not kept."


def edit(by, record, related=None, **values):
    """Save `record` with other `values`; the instant right before, as an address has it."""
    before = instant_iso(last_instant())
    record = type(record).objects.get(pk=record.pk)
    for name, value in values.items():
        setattr(record, name, value)
    recording.save(by, record, related)
    return before


def page(client, record, known, ending=""):
    response = client.get(f"{record.get_absolute_url()}{ending}?known={known}")
    assert response.status_code == 200
    return response.content.decode()


def versions(record):
    """The number of versions of `record`."""
    return VERSIONS[type(record)].objects.filter(ref=record.ref).count()


def test_words_from_before_an_edit_are_read_back(client, dave):
    party = make.PartyFactory(name="Northland", description="A river state")
    before = edit(dave, party, name="The North", description="A state on the river")
    rebuild_versions()
    text = page(client, party, before)
    assert "Northland" in text and "A river state" in text and LOST not in text
    assert LOST not in page(client, party, before, "history/")
    assert "The North" in page(client, party, instant_iso(last_instant()))


def test_who_was_named_is_found_by_the_name_of_that_time(client, dave):
    north, south = make.PartyFactory(name="North"), make.PartyFactory(name="South")
    demand = make.DemandFactory(party=north, addressed_to=[south])
    other = make.PartyFactory(name="East")
    before = edit(dave, demand, {"addressed_to": [other]}, party=other)
    # Another has the name by now.
    edit(dave, north, name="Northland")
    edit(dave, south, name="North")
    rebuild_versions()
    text = page(client, demand, before)
    assert f"/parties/{north.ref}/" in text and f"/parties/{south.ref}/" in text and LOST not in text


def test_what_was_deleted_is_there_at_an_earlier_instant(client, dave):
    person = make.PersonFactory(name="Ana", aliases=["Anita"])
    before = edit(dave, person, name="Anna")
    later = instant_iso(last_instant())
    recording.delete(dave, Person.objects.get())
    rebuild_versions()
    assert "Anita" in page(client, person, before) and "Anna" in page(client, person, later)
    assert client.get(f"{person.get_absolute_url()}?known={instant_iso(last_instant())}").status_code == 410


def test_a_text_that_was_replaced_stands_at_an_earlier_instant(client, dave):
    source = make.SourceFactory(text="as it was printed")
    before = edit(dave, source, text="as it was corrected")
    rebuild_versions()
    then, now = page(client, source, before), page(client, source, instant_iso(last_instant()))
    assert "as it was printed" in then and "as it was corrected" not in then and "as it was corrected" in now


def test_a_page_says_that_a_name_was_of_two(client, dave):
    process = make.ProcessFactory()
    first, _ = (make.TalkFactory(process=process, title="Round one") for _ in range(2))
    demand = make.DemandFactory(process=process, talk=first)
    before = edit(dave, demand, talk=None)
    rebuild_versions()
    assert LOST in page(client, demand, before) and LOST in page(client, demand, before, "history/")
    assert LOST not in page(client, demand, instant_iso(last_instant()))
    assert LOST not in client.get(demand.get_absolute_url()).content.decode()
    assert Talk.objects.count() == VERSIONS[Talk].objects.filter(is_complete=True).count() == 2


def test_a_page_says_that_a_value_was_changed_past_the_trail(client, dave):
    party = make.PartyFactory(name="Northland")
    edit(dave, party, description="A river state")
    with writes_allowed():
        Party.objects.update(description="A state on the river")
    rebuild_versions()
    assert (versions(party), VERSIONS[Party].objects.get().is_complete) == (1, False)
    for ending in ("", "history/"):
        assert LOST in page(client, party, instant_iso(last_instant()), ending)


def test_a_page_says_that_the_words_of_the_trail_were_cut(client, dave):
    person = make.PersonFactory(name="Ana")
    before = edit(dave, person, affiliation="An institute with a long name")
    with writes_allowed():
        (entry,) = Change.objects.filter(action="changed")
        entry.changes[0]["new"] = "An institute with"
        Change.objects.filter(pk=entry.pk).update(changes=entry.changes)
    rebuild_versions()
    assert versions(person) == 1
    assert LOST in page(client, person, before)


def test_an_edit_of_an_item_is_read_back_beside_its_standing(client, dave):
    demand = make.DemandFactory(title="Neutrality")
    raised = instant_iso(last_instant())
    make.DevelopmentFactory(
        process=demand.process,
        party=demand.party,
        effects=[make.EffectFactory.build(item=demand, status="met", firmness=None)],
    )
    met = edit(dave, demand, title="Neutral status")
    rebuild_versions()
    address = f"/demands/?known={raised}&status=open", f"/demands/?known={met}&status=met"
    for one in address:
        assert "Neutrality" in client.get(one).content.decode()
    now = client.get(f"/demands/?known={instant_iso(last_instant())}&status=met").content.decode()
    assert "Neutral status" in now and Demand.objects.count() == 1
