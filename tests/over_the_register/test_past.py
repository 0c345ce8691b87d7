"""A list read as it was known says no more and no less than it did then, whatever was recorded since."""

import pytest

from tests import factories as make
from tests.over_the_register.makers import MAKERS
from tests.over_the_register.reading import path, read_csv
from tracker import recording
from tracker.models import Development, Effect
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture
def briefed(clock):
    """A record of every sort, made on 20 February, and the clock set to the month after."""
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory(title="Talks")
    made = {url_name: maker(process) for url_name, maker in MAKERS.items()}
    clock("2025-03-20T10:00Z")
    make.PartyFactory()  # later than the instant that is read
    return made


def files(client):
    """Every file as it was known on the evening of 20 February."""
    addresses = [path(url_name, ".csv?known=2025-02-20") for url_name in BY_URL_NAME]
    return {address: client.get(address).getvalue() for address in addresses}


def test_a_file_as_known_then_stays_the_same_to_the_byte(reader, briefed, clock, bob):
    before = files(reader)
    process = briefed["process"]
    for maker in MAKERS.values():
        maker(process)
        maker(make.ProcessFactory())
    demand = briefed["demand"]
    raised = Development.objects.filter(effects__item=demand).earliest("pk")
    new = Development(
        **{name: getattr(raised, name) for name in Development.CONTENT} | {"headline": "Corrected"}
    )
    recording.correct(bob, raised, new, [Effect(item=demand, status="met")], [], "recoded")
    recording.withdraw(
        bob, Development.objects.filter(effects__item=briefed["follow-up"]).latest("pk"), "Wrong"
    )
    # What was there already is led on to what came later.
    recording.save(bob, demand, {"issues": [make.IssueFactory()], "addressed_to": [make.PartyFactory()]})
    make.DelegateFactory(delegation=briefed["delegation"])
    follow_up = briefed["follow-up"]
    follow_up.waits_for, follow_up.talk = (
        make.DemandFactory(process=process),
        make.TalkFactory(process=process),
    )
    recording.save(bob, follow_up)
    clock("2025-03-21T10:00Z")
    assert files(reader) == before


def test_a_process_is_shown_as_last_written_to_by_then(reader, briefed, bob, clock):
    make.DevelopmentFactory(process=briefed["process"])
    last = {row["title"]: row["last_recorded_at"][:10] for row in read_csv(reader, "/processes.csv")}
    assert last["Talks"] == "2025-03-20"
    rows = read_csv(reader, "/processes.csv?known=2025-02-21")
    assert {row["title"]: row["last_recorded_at"][:10] for row in rows}["Talks"] == "2025-02-20"
    assert "20 Mar 2025" not in reader.get("/processes/?known=2025-02-21").text
    clock("2025-03-25T10:00Z")
    recording.withdraw(bob, briefed["process"].developments.first(), "Wrong")
    rows = read_csv(reader, "/processes.csv?known=2025-03-25")
    assert {row["title"]: row["last_recorded_at"][:10] for row in rows}["Talks"] == "2025-03-25"


def test_what_came_later_is_not_named_beside_what_was_there(reader, briefed, bob):
    later = make.DemandFactory(process=briefed["process"], title="Later demand")
    follow_up = briefed["follow-up"]
    follow_up.waits_for = later
    recording.save(bob, follow_up)
    make.DelegateFactory(delegation=briefed["delegation"], person=make.PersonFactory(name="Late Comer"))
    assert "Later demand" in reader.get("/follow-ups/").text
    for address in ("/follow-ups/", "/delegations/", briefed["delegation"].get_absolute_url()):
        text = reader.get(f"{address}?known=2025-02-21").text
        assert "Later demand" not in text and "Late Comer" not in text


def test_neither_filter_nor_history_knows_what_came_later(reader, briefed):
    party = make.PartyFactory(name="Freedonia")
    assert reader.get(f"/demands/?party={party.ref}").status_code == 200
    for asked in (party.ref, "Fredonia"):
        response = reader.get(f"/demands/?party={asked}&known=2025-02-21")
        assert response.status_code == 400 and "Freedonia" not in response.text
    assert "Freedonia" in reader.get("/options/party/?q=free").text
    assert "Freedonia" not in reader.get("/options/party/?q=free&known=2025-02-21").text
    history = f"/parties/{party.ref}/history/"
    assert reader.get(history).status_code == 200
    assert reader.get(f"{history}?known=2025-02-21").status_code == 404


def test_a_development_that_was_corrected_is_one_to_a_filter(reader, bob, clock):
    effect = make.EffectFactory(development__headline="The minister insists")
    old = effect.development
    new = Development(**{name: getattr(old, name) for name in Development.CONTENT} | {"detail": "At length."})
    recording.correct(bob, old, new, [Effect(item=effect.item, status="met")], [], "recoded")
    assert len(read_csv(reader, "/effects.csv?development=The minister insists")) == 1
