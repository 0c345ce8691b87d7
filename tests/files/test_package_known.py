"""The data package as it was at an earlier instant: the same bytes whenever it is taken, and restored."""

from random import Random
from urllib.parse import quote

import pytest
from django.core.management import call_command

from tests import factories as make
from tests.files.packages import empty, packed, rows
from tests.over_the_register.later import DEEDS, bring_in
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import LastRecording, SourceText
from tracker.recording.moving import move
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


def test_it_is_taken_as_it_was_at_an_instant_and_takes_no_day(record, client, alice, clock):
    client.force_login(alice)
    known, now = instant_iso(last_instant()), packed(alice)
    assert client.get(f"/package.zip?known={known}").getvalue() == now
    clock("2025-03-02T12:00Z")
    make.PartyFactory(name="Ruritania")
    assert client.get(f"/package.zip?known={known}").getvalue() == now
    assert client.get("/package.zip").getvalue() != now
    response = client.get("/package.zip?known=2025-03-02", follow=True)
    assert response.redirect_chain == [(f"/package.zip?known={quote(instant_iso(last_instant()))}", 302)]
    assert response.getvalue() == packed(alice)
    for wrong, reason in (("on=2025-03-01", "on: a package"), ("known=2026", "known: ")):
        response = client.get(f"/package.zip?{wrong}")
        assert response.status_code == 400 and response.content.decode().startswith(reason)


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_package_of_an_earlier_instant_is_the_same_whenever_it_is_taken(
    record, file, clock, dave, is_whole
):
    def taken():
        options = {"known": instant_iso(then), "verbosity": 0} | ({} if is_whole else {"reader": "dave"})
        call_command("export_package", file, **options)
        return file.read_bytes()

    then = last_instant()
    now = packed(None if is_whole else dave)
    assert taken() == now
    clock("2025-03-02T12:00Z")
    random = Random(1)
    for _ in range(12):
        random.choice(DEEDS)(dave, random)
    assert packed(None if is_whole else dave) != now
    assert taken() == now


def test_readers_keep_who_was_in_a_delegation_until_its_talk_was_moved(client, clock, alice, bob):
    clock("2025-03-01T12:00Z")
    delegate, secret = make.DelegateFactory(), make.ProcessFactory(restricted=True, members=[alice])
    then, before = instant_iso(last_instant()), packed(bob)
    clock("2025-03-02T12:00Z")
    move(alice, delegate.delegation.talk, secret, "Filed by mistake")
    delegate.refresh_from_db()
    delegate.capacity = "adviser"
    recording.save(alice, delegate)
    client.force_login(bob)
    assert client.get(f"/package.zip?known={then}").getvalue() == before
    (version,) = rows(packed(bob), "delegates-versions.csv")
    assert version["capacity"] == "member" and version["known_until"]


def test_what_was_then_is_restored_and_goes_out_as_the_same_bytes(record, file, clock, dave):
    then, package = last_instant(), packed()
    clock("2025-03-02T12:00Z")
    for place, deed in enumerate(set(DEEDS) - {bring_in}):
        deed(dave, Random(place))
    call_command("export_package", file, known=instant_iso(then), verbosity=0)
    empty()
    LastRecording.objects.all().delete()
    call_command("import_package", file)
    assert packed() == package
    call_command("check_standing")


def test_of_a_source_opened_since_strangers_have_no_text_of_the_time_before(
    client, clock, alice, bob, restricted_process
):
    clock("2025-03-01T12:00Z")
    cable = make.SourceFactory(by=alice, text="They whispered.", process=restricted_process)
    cable.text = "They whispered of tariffs."
    recording.save(alice, cable)
    then = instant_iso(last_instant())
    clock("2025-03-02T12:00Z")
    make.PartyFactory()
    client.force_login(bob)

    def texts(known):
        package = client.get(f"/package.zip?known={known}").getvalue()
        return [int(row["number"]) for row in rows(package, "source-texts.csv")]

    before = client.get(f"/package.zip?known={then}").getvalue()
    cable.text, cable.process = "They met.", None
    recording.save(alice, cable)
    opened = instant_iso(last_instant())
    assert client.get(f"/package.zip?known={then}").getvalue() == before
    # What strangers have read they go on reading.
    cable.text = "They met for an hour."
    recording.save(alice, cable)
    assert [texts(then), texts(opened), texts(instant_iso(last_instant()))] == [[], [3], [3, 4]]
    kept = make.SourceFactory(by=alice, text="They called.", process=restricted_process)
    kept.process = None
    recording.save(alice, kept)
    kept.text = "They called twice."
    recording.save(alice, kept)
    assert [*SourceText.objects.visible_to(bob).of(kept).values_list("number", flat=True)] == [2, 1]
