"""No page or file is read at an instant that could still gain a record: a later one leads to the last committed."""

import pytest
from django.utils import timezone

from tests.factories import DemandFactory, DevelopmentFactory, PartyFactory, ProcessFactory, SourceFactory
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Party
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def editor(dave):
    return dave


@pytest.mark.parametrize("address", ["/developments/", "/developments.csv", "/developments.json", "/"])
def test_a_later_instant_leads_to_the_last_one_and_keeps_the_rest(client, editor, clock, address):
    clock("2025-02-20T10:00Z")
    PartyFactory()
    clock("2025-03-10T10:00Z")
    client.force_login(editor)
    query = "" if address == "/" else "kind=report&"
    last = "2025-02-20T10%3A00%3A00Z"
    for known, day in (
        ("2025-03-01", "&on=2025-03-01"),
        ("2025-02-20", ""),
        ("2025-03-10", "&on=2025-03-10"),
        ("2025-03-10T23:59:59Z", "&on=2025-03-10"),
        ("2030-01-01", "&on=2025-03-10"),
        ("9999-12-30", "&on=2025-03-10"),
    ):
        answer = client.get(f"{address}?{query}known={known}")
        assert (answer.status_code, answer["Location"]) == (302, f"{address}?{query}known={last}{day}")
    answer = client.get(f"{address}?{query}on=2025-02-03&known=2025-03-01")
    assert answer["Location"] == f"{address}?{query}on=2025-02-03&known={last}"
    page = client.get(f"/?known={last}")
    assert page.status_code == 200 and b"when the record last changed" in page.content
    PartyFactory()
    assert client.get("/?known=2025-03-01").status_code == 200
    assert b"when the record last changed" not in client.get(f"/?known={last}").content


def test_a_package_of_a_later_instant_is_that_of_the_last_one(client, editor, clock):
    clock("2025-02-20T10:00Z")
    PartyFactory()
    client.force_login(editor)
    answer = client.get("/package.zip?known=2030-01-01")
    assert (answer.status_code, answer["Location"]) == (302, "/package.zip?known=2025-02-20T10%3A00%3A00Z")


def test_hidden_work_does_not_move_the_instant_that_others_are_led_to(client, carol, editor, clock):
    clock("2025-02-20T10:00Z")
    hidden = ProcessFactory(restricted=True)
    demand = DemandFactory(process=hidden)
    source, development = SourceFactory(process=hidden), DevelopmentFactory(process=hidden)
    clock("2025-02-21T10:00Z")
    ProcessFactory()
    # All that a member can do unseen: record, edit, correct, withdraw, delete.
    clock("2025-02-22T10:00Z")
    demand.title = "Neutrality"
    recording.save(editor, demand)
    source.title = "Of the talks"
    recording.save(editor, source)
    recording.delete(editor, source)
    recording.withdraw(editor, development, "A mistake")
    last_hidden = instant_iso(last_instant())
    clock("2025-03-10T10:00Z")
    client.force_login(carol)
    visible = "2025-02-21T10%3A00%3A00Z"
    for known in ("2025-03-10", "2030-01-01", last_hidden, "2025-02-21T10:00:01Z"):
        assert f"known={visible}" in client.get(f"/parties.csv?known={known}")["Location"]
    assert b"when the record last changed" in client.get(f"/?known={visible}").content
    # What they may see moves it: an edit, a deletion, a development, and hidden work once they are members.
    for write in (
        PartyFactory,
        lambda: recording.delete(editor, Party.objects.latest("pk")),
        DevelopmentFactory,
    ):
        write()
        last = instant_iso(last_instant()).replace(":", "%3A")
        assert f"known={last}" in client.get("/parties.csv?known=2025-03-10")["Location"]
    demand.title = "Disarmament"
    recording.save(editor, demand)
    later = instant_iso(last_instant()).replace(":", "%3A")
    assert f"known={last}" in client.get("/parties.csv?known=2025-03-10")["Location"]
    hidden.members.add(carol)
    assert f"known={later}" in client.get("/parties.csv?known=2025-03-10")["Location"]


def test_both_sides_of_a_comparison_read_no_later_than_the_last_recording(client, editor):
    process = ProcessFactory()
    client.force_login(editor)
    last = last_instant().isoformat().replace("+00:00", "Z").replace(":", "%3A")
    today = timezone.localdate()
    address = f"{process.get_absolute_url()}compare/"
    answer = client.get(f"{address}?from_known={today}&to_known={today}")
    assert answer["Location"] == f"{address}?from_known={last}&to_known={last}"
    address = f"{process.get_absolute_url()}positions/"
    assert client.get(f"{address}?since_known={today}")["Location"] == f"{address}?since_known={last}"


def test_when_the_clock_was_set_back_nothing_recorded_is_out_of_reach(client, editor, clock):
    clock("2035-03-01T11:00+00:00")
    for _ in range(3):
        PartyFactory()
    clock("2035-03-01T08:00+00:00")
    client.force_login(editor)
    for known in ("2035-03-01", "2035-03-01T11:00:00.000002Z"):
        assert len(read_csv(client, f"/parties.csv?known={known}")) == Party.objects.count()
    last = "2035-03-01T11%3A00%3A00.000002Z"
    assert client.get("/parties.csv?known=2035-03-01T11:00:01Z")["Location"] == f"/parties.csv?known={last}"


def test_an_empty_record_is_read_before_all(client, editor):
    client.force_login(editor)
    answer = client.get("/parties.csv?known=2025-03-01")
    assert answer["Location"] == "/parties.csv?known=1970-01-01T00%3A00%3A00Z&on=2025-03-01"
    assert read_csv(client, answer["Location"]) == []


def test_reading_the_past_asks_once_for_the_last_instant(client, editor):
    client.force_login(editor)
    party = PartyFactory()
    address = f"{party.get_absolute_url()}history/"
    past = f"{address}?known={last_instant().isoformat().replace('+00:00', 'Z')}"
    # And once whether its earlier words were kept.
    assert Page(client, past).queries <= Page(client, address).queries + 2
