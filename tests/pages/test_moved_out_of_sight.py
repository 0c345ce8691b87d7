"""Who may not see the process that an item was moved to, or came from, learns only that it was moved."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests import factories as make
from tests.corrections import correct
from tests.files.packages import members, packed, rows
from tests.over_the_register.past import addresses, plain
from tests.over_the_register.ways_out import told
from tests.pages.reading import Words
from tests.pages.test_merging import words
from tests.pages.test_moving_items import NOTE, filed, moved
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Development, Effect
from tracker.recording.merging import merge
from tracker.recording.timestamps import last_instant
from tracker.recording.unmerging import unmerge

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client, alice, clock, restricted_process):
    """What was filed in the wrong process, as `filed` has it."""
    return filed(client, alice, clock, restricted_process)


@pytest.mark.parametrize("to_secret", [pytest.param(True, marks=pytest.mark.prove), False])
def test_a_stranger_reads_only_that_it_was_moved(client, scene, alice, bob, clock, to_secret):
    item, said, secret, known = scene
    there = moved(client, item, secret)
    there.title = "Ransom"
    recording.save(alice, there)
    paid = [Effect(item=there, status="met", wording="Paid in full.")]
    make.DevelopmentFactory(process=secret, headline="They paid", effects=paid)
    later = instant_iso(last_instant())
    clock("2025-03-03T12:00Z")
    if not to_secret:
        there.refresh_from_db()
        there.title = "Withdrawal"
        recording.save(alice, there)
        for row in Development.objects.filter(headline="They paid"):
            recording.withdraw(alice, row, "Not so.")
        there.refresh_from_db()
        there = moved(client, there, item.process, "Here after all.")
    client.force_login(bob)
    withheld = ("Ransom", "They paid", "Paid in full", NOTE, *([there.ref] if to_secret else []))
    if to_secret:
        for clocks in ("", f"?known={later}"):
            response = client.get(f"{item.get_absolute_url()}{clocks}", follow=True)
            assert response.status_code == 410 and "moved to another process" in words(response)
            assert "Withdrawal" in words(response)
        assert "They insist" in words(client.get(f"{item.get_absolute_url()}?known={known}"))
        file = client.get(f"/demands/{item.ref}/path.csv")
        assert file.status_code == 410 and "moved to another process" in file.text
    for response in (client.get, client.post):
        found = response(f"{item.get_absolute_url()}unmerge/")
        assert found.status_code == 404 and "Ransom" not in found.text
    history = words(client.get(f"{item.get_absolute_url()}history/"))
    assert "moved" in history and "Open talks" in history
    read = [*plain(addresses([item.process, item, said])), "/search/?q=ransom", "/package.zip?"]
    read.append(f"/processes/{item.process.ref}/compare/?from_known={known}")

    for place in read:
        for clocks in ("", f"&known={later}"):
            body = told(client.get(f"{place}{clocks}".replace("?&", "?"))).replace("q=ransom", "")
            assert not [word for word in withheld if word in body], (place, clocks)


def test_a_delegation_of_a_talk_that_was_moved_out_of_sight_is_said_to_be_moved(client, alice, bob, clock):
    clock("2025-03-01T12:00Z")
    secret = make.ProcessFactory(restricted=True, members=[alice])
    seat = make.DelegationFactory(party__name="Graustark", talk__title="First round")
    unknown = instant_iso(last_instant() - dt.timedelta(days=1))
    known, talk = instant_iso(last_instant()), seat.talk
    address = seat.get_absolute_url()
    clock("2025-03-02T12:00Z")
    client.force_login(alice)
    moved(client, talk, secret)
    later = instant_iso(last_instant())
    clock("2025-03-03T12:00Z")
    assert client.get(address).status_code == 200
    client.force_login(bob)

    def told_that_it_moved(clocks=""):
        response = client.get(f"{address}{clocks}")
        return response.status_code == 410 and words(response)

    text = told_that_it_moved()
    assert "Graustark at First round" in text and "another process on 2 Mar 2025" in text
    assert client.get(f"{address}history/").status_code == 200
    assert told_that_it_moved(f"?known={later}") == text
    assert client.get(f"{address}?known={known}").status_code == 200
    assert client.get(f"{address}?known={unknown}").status_code == 404
    # It is called as it was until then.
    seat.party.name = "Ruritania"
    recording.save(alice, seat.party)
    seat.refresh_from_db()
    recording.delete(alice, seat)
    assert told_that_it_moved() == text


def test_of_what_was_merged_before_it_is_said_when_the_survivor_was_moved(client, scene, bob, clock):
    item, _, secret, _ = scene
    clock("2025-03-02T12:00Z")
    twin = make.DemandFactory(process=item.process, title="Twin")
    merge(bob, twin, item, "The same")
    clock("2025-03-04T12:00Z")
    item.refresh_from_db()
    moved(client, item, secret)
    client.force_login(bob)
    gone = Words(client.get(twin.get_absolute_url()))
    assert "another process on 4 Mar 2025" in gone.text()
    # Right before the move its address leads to the survivor, as it did since the merge.
    last = client.get(gone.links()[0], follow=True)
    assert last.status_code == 200 and last.request["PATH_INFO"] == item.get_absolute_url()
    assert "4 Mar 2025" in client.get(f"/demands/{twin.ref}/path.csv").text


@pytest.mark.parametrize(
    ("change", "day"),
    [({"headline": "They hint"}, "2025-03-01"), ({"occurred_on": "2025-01-07"}, "2025-03-09")],
)
def test_what_comes_back_does_not_tell_on_which_day_it_was_corrected_out_of_sight(
    client, scene, alice, bob, clock, change, day
):
    item, said, secret, _ = scene
    there = moved(client, item, secret)
    clock("2025-03-05T12:00Z")
    correct(Development.objects.get(ref=said.ref, ended_at=None), by=alice, **change)
    clock("2025-03-09T12:00Z")
    moved(client, there, item.process, "Here after all.")
    versions = [row for row in rows(packed(bob), "developments.csv") if row["id"] == said.ref]
    assert [row["recorded_on"] for row in versions] == ["2025-03-01", day]


def test_what_is_done_to_it_out_of_sight_changes_nothing_that_a_stranger_reads(
    client, scene, alice, bob, dave, clock
):
    item, _, secret, _ = scene
    other = make.ProcessFactory(secret=True, title="Other channel", members=[alice])
    clock("2025-03-02T12:00Z")
    there, twin = moved(client, item, secret), make.DemandFactory(process=secret, title="Twin")
    stranger = Client()
    stranger.force_login(bob)

    def seen():
        pages = (stranger.get(f"{item.get_absolute_url()}{page}") for page in ("", "history/"))
        package = members(stranger.get("/package.zip").getvalue())
        # Where it says when it was taken.
        del package["datapackage.json"]
        return [str(BeautifulSoup(page.content, "lxml").main) for page in pages], package

    before = seen()
    assert "2 Mar 2025" in before[0][0] and item.ref.encode() in before[1]["items-versions.csv"]
    clock("2025-03-09T12:00Z")
    merge(dave, there, twin, "Whispered")
    assert seen() == before
    client.force_login(alice)
    assert client.get(item.get_absolute_url()).url == twin.get_absolute_url()
    there.refresh_from_db()
    unmerge(dave, there, "Whispered again")
    assert seen() == before
    there.refresh_from_db()
    again = moved(client, there, other)
    assert seen() == before
    assert client.get(item.get_absolute_url()).url == again.get_absolute_url()


def test_what_came_from_out_of_sight_begins_for_a_stranger_when_it_came(client, alice, bob, clock, scene):
    secret, process = scene[2], scene[0].process
    item = make.DemandFactory(process=secret, title="Kept in the dark")
    said = Development.objects.get(effects__item=item.pk)
    within = instant_iso(last_instant())
    clock("2025-03-09T12:00Z")
    moved(client, item, process)
    client.force_login(bob)
    address = said.get_absolute_url()
    assert client.get(address).status_code == 200
    for moment in (f"known={within}&on=2025-02-18", f"known={within}", "known=2025-02-20&on=2025-02-18"):
        response = client.get(f"{address}?{moment}")
        assert response.status_code == 404 and "Kept in the dark" not in words(response), moment
        assert "1 Mar 2025" not in words(response)
    assert "9 Mar 2025" in words(client.get(f"{address}?known={within}"))


def test_a_form_sent_to_its_id_out_of_sight_does_not_tell_what_it_was_called_there(
    client, alice, bob, clock, scene
):
    secret, process = scene[2], scene[0].process
    item = make.DemandFactory(process=secret, title="Ransom")
    other = make.ProcessFactory(secret=True, title="Other channel", members=[alice])
    there = moved(client, item, other)
    there.title = "Withdrawal of troops"
    recording.save(alice, there)
    there.refresh_from_db()
    here = moved(client, there, process)
    client.force_login(bob)
    for page in ("merge/", "move/"):
        data = {"into": here.ref, "to": process.ref, "note": "The same"}
        answer = client.post(f"{item.get_absolute_url()}{page}", data, follow=True)
        assert "Withdrawal of troops" in answer.text and "Ransom" not in answer.text, page


def test_who_sees_the_new_process_alone_reads_only_that_it_came_from_another(client, alice, bob, scene):
    item, said, secret, known = scene
    open_to_bob = make.ProcessFactory(title="Other talks")
    hidden = item.process
    hidden.restricted = True
    recording.save(make.UserFactory(administrator=True), hidden, {"members": [alice]})
    there = moved(client, item, open_to_bob)
    client.force_login(bob)

    assert client.get(there.get_absolute_url()).status_code == 200
    assert NOTE in words(client.get(f"{there.get_absolute_url()}history/"))
    read = [*plain(addresses([there, Development.objects.get(ref=said.ref, ended_at=None)])), "/package.zip?"]
    for place in read:
        body = told(client.get(place.rstrip("?")))
        assert not [word for word in ("Open talks", item.ref, hidden.ref) if word in body], place
    assert client.get(f"{there.get_absolute_url()}?known={known}").status_code == 404
    assert client.get(item.get_absolute_url()).url == there.get_absolute_url()
