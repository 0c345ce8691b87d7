"""The calendar: dues and planned talks as programs read them, for whom and as of when."""

import datetime as dt

import pytest
from django.utils.http import http_date
from icalendar import Calendar

from tests import factories as make
from tests.corrections import copied, correct
from tests.pages.ledger.owing import due, owe, slip
from tests.pages.reading import Page
from tracker import recording
from tracker.api import calendar
from tracker.models import Citation
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


def events(client, query=""):
    """The events of the calendar, by the ref of their item."""
    response = client.get(f"/calendar.ics{query}")
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return {
        str(event["uid"]).partition("@")[0]: event for event in Calendar.from_ical(response.content).events
    }


def days(event):
    """The first day of an event, and the first after it."""
    assert event["dtstart"].params["VALUE"] == "DATE"
    return str(event["dtstart"].dt), str(event["dtend"].dt)


@pytest.mark.parametrize(
    ("text", "first", "after", "summary"),
    [
        ("2025-04-30", "2025-04-30", "2025-05-01", "Due: Open the gate"),
        ("2025-04", "2025-04-01", "2025-05-01", "Due Apr 2025: Open the gate"),
        ("2024-12", "2024-12-01", "2025-01-01", "Due Dec 2024: Open the gate"),
        ("2025", "2025-01-01", "2026-01-01", "Due 2025: Open the gate"),
        ("before 2025-05-01", "2025-04-30", "2025-05-01", "Due before 1 May 2025: Open the gate"),
        ("after 2025-05-01", "2025-05-02", "2025-05-03", "Due after 1 May 2025: Open the gate"),
        ("about 2025-04", "2025-04-01", "2025-05-01", "Due about Apr 2025: Open the gate"),
        ("soon", "2025-04-01", "2025-04-02", "Review: Open the gate"),
    ],
)
def test_an_event_lasts_as_long_as_its_date_is_precise(client, text, first, after, summary):
    item = owe(text, title="Open the gate")
    (event,) = events(client).values()
    assert (days(event), str(event["summary"])) == ((first, after), summary)
    assert str(event["status"]) == ("TENTATIVE" if text == "soon" else "CONFIRMED")
    assert str(event["url"]) == f"http://testserver{item.get_absolute_url()}"
    assert str(event["transp"]) == "TRANSPARENT"


def test_the_last_day_of_the_calendar_has_no_day_after(client):
    owe("9999")
    (event,) = events(client).values()
    assert "dtend" not in event


def test_an_event_tells_whose_promise_it_is_in_which_words_and_on_what_source(client):
    speaker = make.PersonFactory(name="The Minister")
    owner = make.PartyFactory(name="Ruritania")
    source = make.SourceFactory(publisher="Gazette", title="They met, again; “really”")
    item = make.FollowUpFactory(
        process=make.ProcessFactory(title="Border talks"), appointment=True, owner=owner,
        promised_to=[make.PartyFactory(name="Graustark"), make.PartyFactory(name="Aland")],
        effect={"status": "promised", "due_phrase": "as soon as possible", **due("2025-05-01")},
        development={"party": owner, "speaker": speaker, "headline": "He says so",
                     "citations": [Citation(source=source, place="p. 3")]},
    )  # fmt: skip
    event = events(client)[item.ref]
    assert str(event["description"]).split("\n") == [
        "Border talks", "Status: Promised", "Promised by: Ruritania", "Promised to: Aland, Graustark",
        "In words: as soon as possible", "Date: 1 May 2025", "Said: 18 Feb 2025, The Minister, Ruritania: He says so",
        "Source: Gazette: They met, again; “really”, p. 3",
    ]  # fmt: skip
    assert [str(word) for word in event["categories"].cats] == ["Follow-up", "Appointment"]
    assert event["dtstamp"].dt == dt.datetime(2025, 3, 10, 12, tzinfo=dt.UTC)


def test_who_promised_and_to_whom_is_told_from_the_instant_at_which_they_were_recorded(client, alice, turn):
    first = make.PartyFactory(name="Graustark")
    item = owe("2025-05-01", promised_to=[first])
    owner = item.owner.name
    turn("2025-03-10T12:05Z")
    later = make.PartyFactory(name="Aland")
    item.owner = later
    recording.save(alice, item, {"promised_to": [first, later]})
    turn("2025-03-10T12:10Z")
    make.PartyFactory()  # later than the instants that are read

    def told(query=""):
        lines = str(events(client, query)[item.ref]["description"]).split("\n")
        return [line for line in lines if line.startswith("Promised")]

    assert told() == ["Promised by: Aland", "Promised to: Aland, Graustark"]
    assert told("?known=2025-03-10T12:06Z") == told()
    assert told("?known=2025-03-10T12:04Z") == [f"Promised by: {owner}", "Promised to: Graustark"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("proposed", "TENTATIVE"),
        ("scheduled", "CONFIRMED"),
        ("under_way", "CONFIRMED"),
        ("postponed", "TENTATIVE"),
        ("cancelled", None),
        ("held", None),
    ],
)
def test_talks_stand_in_it_until_they_are_held_or_called_off(client, status, told):
    talk = make.TalkFactory(title="Summit", effect={"status": status, **due("2025-05")})
    found = events(client)
    assert set(found) == ({talk.ref} if told else set())
    if told:
        event = found[talk.ref]
        assert (str(event["status"]), str(event["summary"])) == (told, "Talk May 2025: Summit")
        assert [str(word) for word in event["categories"].cats] == ["Talk", "In person, two parties"]


def test_what_is_done_or_has_no_date_at_all_is_not_in_it(client):
    owe("2025-05-01", status="done")
    make.FollowUpFactory(effect={"status": "promised", "due_phrase": ""})
    sure, unsure = ("promised", "in_progress"), ("expected", "stalled")
    certain = dict.fromkeys(sure, "CONFIRMED") | dict.fromkeys(unsure, "TENTATIVE")
    kept = {owe("2025-05-01", status=status).ref: told for status, told in certain.items()}
    found = {ref: str(event["status"]) for ref, event in events(client).items()}
    assert found == kept and [*found] == sorted(kept)


def test_words_that_would_break_the_file_do_not(client):
    title = "A, b; c\\n \x0b\x1b d\rEND:VEVENT"
    item = owe("2025-05-01", title=title[:-1])
    assert str(events(client)[item.ref]["summary"]) == "Due: A, b; c\\n  d\nEND:VEVEN"


def test_it_is_narrowed_to_a_process_or_to_what_concerns_a_party(client):
    party = make.PartyFactory(name="Ruritania")
    owed, promised = owe("2025-05-01", owner=party), owe("2025-05-02", promised_to=[party])
    talk = make.TalkFactory(process=owed.process, effect={"status": "scheduled", **due("2025-05-03")})
    make.DelegationFactory(talk=talk, party=party)
    hosted = make.TalkFactory(host=party, effect={"status": "scheduled", **due("2025-05-04")})
    other = owe("2025-05-05", process=owed.process)
    assert set(events(client)) == {item.ref for item in (owed, promised, talk, hosted, other)}
    assert set(events(client, "?party=Ruritania")) == {item.ref for item in (owed, promised, talk, hosted)}
    assert set(events(client, f"?process={owed.process.ref}")) == {item.ref for item in (owed, talk, other)}
    assert set(events(client, f"?process={owed.process.ref}&party={party.ref}")) == {owed.ref, talk.ref}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?party=Ruritanja", "party: There is no party called “Ruritanja”. Nearest: Ruritania."),
        ("?proces=x", "Nearest: process"),
        ("?on=Monday", "is not a date"),
        ("?known=Monday", "a day and time with zone"),
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(client, query, said):
    make.PartyFactory(name="Ruritania")
    response = client.get(f"/calendar.ics{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert said in response.content.decode()


def test_it_is_for_those_who_have_signed_in_and_holds_what_they_may_see(
    client, alice, bob, restricted_process
):
    secret, known = owe("2025-05-01", process=restricted_process), owe("2025-05-02")
    assert set(events(client)) == {secret.ref, known.ref}
    client.force_login(bob)
    before = client.get("/calendar.ics")
    assert set(events(client)) == {known.ref}
    assert client.get(f"/calendar.ics?process={restricted_process.ref}").status_code == 400
    slip(secret, "2025-06-01", 20, party=secret.owner)
    after = client.get("/calendar.ics")
    assert (after.content, after["ETag"], after["Last-Modified"]) == (
        before.content, before["ETag"], before["Last-Modified"],
    )  # fmt: skip
    client.logout()
    assert client.get("/calendar.ics").status_code == 401


def test_as_it_was_known_it_stays_the_same_to_the_byte(client, alice, turn):
    item = owe("2025-05-01")
    address = "/calendar.ics?known=2025-03-10T18:00Z"
    turn("2025-03-11T12:00Z")
    make.PartyFactory()  # later than the instant that is read
    before = client.get(address).content
    development = item.effects.get().development
    correct(development, effects=[copied(item.effects.get(), due_on=dt.date(2025, 6, 1))], by=alice)
    slip(item, "2025-07", 20)
    turn("2025-03-12T12:00Z")
    assert client.get(address).content == before
    assert days(events(client)[item.ref]) == ("2025-07-01", "2025-08-01")
    assert days(events(client, "?on=2025-02-18")[item.ref]) == ("2025-06-01", "2025-06-02")
    assert str(events(client, "?on=2025-02-18")[item.ref]["url"]).endswith(
        f"{item.get_absolute_url()}?on=2025-02-18"
    )
    assert b"known=2025-03-10T18%3A00%3A00Z" in before.replace(b"\r\n ", b"")


class TestPolling:
    """A program that asks again is told cheaply that nothing has changed."""

    def test_nothing_is_sent_where_nothing_was_written(self, client, turn):
        item = owe("2025-05-01")
        first = client.get("/calendar.ics")
        assert first["Last-Modified"] == http_date(dt.datetime(2025, 3, 10, 12, tzinfo=dt.UTC).timestamp())
        assert first["Cache-Control"] == "private, no-cache"
        for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            again = client.get("/calendar.ics", headers=asked)
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        other = client.get(
            f"/calendar.ics?process={item.process.ref}", headers={"If-None-Match": first["ETag"]}
        )
        assert other.status_code == 200

    @pytest.mark.parametrize("write", ["slip", "correct", "withdraw", "edit", "rename"])
    def test_whatever_was_written_is_sent(self, client, alice, bob, turn, write):
        item = owe("2025-05-01")
        development = item.effects.get().development
        first = client.get("/calendar.ics")
        turn("2025-03-10T12:05Z")
        if write == "slip":
            slip(item, "2025-06-01", party=item.owner)
        elif write == "correct":
            correct(development, by=alice, headline="Otherwise")
        elif write == "withdraw":
            recording.withdraw(bob, development, "Never said.")
        elif write == "edit":
            item.title = "Another"
            recording.save(bob, item)
        else:
            item.owner.name = "Renamed"
            recording.save(bob, item.owner)
        for asked in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            again = client.get("/calendar.ics", headers=asked)
            assert again.status_code == 200 and again.content != first.content

    def test_nobody_is_told_that_another_reads_the_same(self, client, bob):
        owe("2025-05-01")
        first = client.get("/calendar.ics")
        client.force_login(bob)
        assert client.get("/calendar.ics", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_of_very_many_those_nearest_to_the_day_are_told_and_it_says_so(client, monkeypatch):
    monkeypatch.setattr(calendar, "MOST", 3)
    party, process = make.PartyFactory(), make.ProcessFactory()
    shared = {"owner": party, "process": process, "development": {"party": party}}
    texts = ["2024-01-01", "2025-03-01", "2025-03-12", "2025-03-20"]
    items = [owe(text, **shared) for text in texts]
    assert set(events(client)) == {item.ref for item in items[1:]}
    whole = Calendar.from_ical(client.get("/calendar.ics").content)
    assert "Only the 3 nearest to 10 Mar 2025 are here" in str(whole["description"])
    monkeypatch.setattr(calendar, "MOST", 4)
    whole = Calendar.from_ical(client.get(f"/calendar.ics?process={process.ref}").content)
    assert "Only" not in str(whole["description"]) and len(whole.events) == 4


def test_the_ledgers_and_the_start_page_lead_to_it(client):
    item = owe("2025-05-01")
    process = item.process
    assert (
        f"/calendar.ics?process={process.ref}"
        in Page(client, f"/processes/{process.ref}/follow-ups/").links()
    )
    assert "/calendar.ics?on=2025-03-09" in Page(client, "/follow-ups/?on=2025-03-09").links()
    assert (
        f"/calendar.ics?process={process.ref}" in Page(client, f"/follow-ups/?process={process.ref}").links()
    )
    links = Page(client, "/?on=2025-03-09").links("section:has(#due) a")
    for address in (
        "/calendar.ics?on=2025-03-09", "/follow-ups/?overdue=true&on=2025-03-09",
        "/follow-ups/?for_review=true&on=2025-03-09", "/follow-ups/?blocked=true&on=2025-03-09",
    ):  # fmt: skip
        assert address in links and client.get(address).status_code == 200


def test_it_costs_the_same_however_much_it_tells(client):
    @one_instant()
    def fill(rows):
        for number in range(rows):
            party, source = make.PartyFactory(), make.SourceFactory()
            said = {"party": party, "citations": [Citation(source=source)]}
            item = owe(f"2025-05-{number + 1:02}", owner=party, promised_to=[party], development=said)
            make.TalkFactory(process=item.process, effect={"status": "scheduled", **due("2025-06")})

    fill(2)
    before = Page(client, "/calendar.ics").queries
    fill(20)
    assert Page(client, "/calendar.ics").queries == before <= 12
