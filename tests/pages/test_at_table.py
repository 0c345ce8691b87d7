"""At the table: the talks of a process by its parties, who was in the room and who was not, and the same as a file."""

import datetime as dt

import pytest
from django.test import TestCase

from tests import factories as make
from tests.corrections import copied, correct
from tests.example import load_example
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant
from tracker.reports.attendance import page

pytestmark = pytest.mark.django_db
RIYADH = "/processes/prc-us-russia-ukraine/table/"


def grid(page):
    """{talk: {party: words}} of a page, blanks folded; the row of the summary under its own head."""
    found = {}
    for row in page.soup.select(".seating tbody tr"):
        head = row.select_one("th a") or row.th
        found[" ".join(head.get_text(" ").split())] = {
            cell["data-label"]: " ".join(cell.get_text(" ").split()) for cell in row.select("td")
        }
    return found


class TestRiyadh(TestCase):
    """What the page says of the talks of Riyadh."""

    @classmethod
    def setUpTestData(cls):
        cls.reader = make.UserFactory(username="head", administrator=True)
        load_example()

    def setUp(self):
        self.client.force_login(self.reader)
        self.page = Page(self.client, RIYADH)
        self.grid = grid(self.page)
        self.riyadh = self.grid["Riyadh meeting of US and Russian delegations"]

    def test_who_was_in_the_room_and_who_headed_it(self):
        assert self.riyadh["Russia"].startswith(
            "Principal in the room Sergei Lavrov , Foreign Minister and 1 more"
        )
        assert self.riyadh["United States"].startswith(
            "Principal in the room Marco Rubio , Secretary of State"
        )

    def test_ukraine_is_absent_but_affected_with_its_criticism(self):
        for words in (
            "Absent but affected not in the room", "their lack of a Ukrainian representative",
            "view of this talk: Disputes Volodymyr Zelenskyy, paraphrase 18 Feb 2025",
            "called for \"fair\" peace talks",
        ):  # fmt: skip
            assert words in self.riyadh["Ukraine"], words

    def test_the_eu_is_offered_a_seat_later_and_asked_for(self):
        assert self.riyadh["European Union"].startswith("Offered a seat later not in the room")
        later = self.grid["Peace talks with Ukraine, the EU, Turkey and the UK"]["European Union"]
        assert later.startswith(
            "Asked to join no seat so far previously Offered a seat later Asked for by Ukraine."
        )

    def test_turkey_and_the_united_kingdom_are_asked_for(self):
        for party in ("Turkey", "United Kingdom"):
            assert self.riyadh[party].startswith("Asked to join not in the room Asked for by Ukraine")

    def test_how_often_each_sat_counts_only_what_took_place(self):
        (summary,) = (
            row
            for head, row in self.grid.items()
            if head == "Times in the room, out of 3 talks that took place"
        )
        assert summary["Russia"] == "2 since before 18 Feb 2025 last 18 Feb 2025"
        assert summary["European allies"] == "1 17 Feb 2025 not in the room at 1"
        assert summary["Ukraine"] == "never not in the room at 1"
        assert self.grid["Trump-Putin summit"]["Russia"].startswith(
            "Principal would be in the room Vladimir Putin"
        )

    def test_talks_stand_in_order_of_time_with_their_levels(self):
        assert list(self.grid)[1:4] == [
            "European leaders' emergency talks in Paris", "Trump-Putin call before Riyadh",
            "Riyadh meeting of US and Russian delegations",
        ]  # fmt: skip
        levels = self.page.texts(".seating .level")
        assert levels[:3] == ["Leader", "Leader", "Minister down from leader"]

    def test_the_file_has_a_line_a_talk_and_party(self):
        rows = {(row["talk_id"], row["party_id"]): row for row in read_csv(self.client, f"{RIYADH[:-1]}.csv")}
        assert len(rows) == 20 and all(row["role"] for row in rows.values())
        ukraine = rows["tlk-riyadh-2025-02-18", "pty-ukraine"]
        assert (ukraine["role"], ukraine["in_room"], ukraine["stance"]) == (
            "absent_affected",
            "false",
            "disputes",
        )
        assert ukraine["stance_quote"].startswith('called for "fair" peace talks; ')
        russia = rows["tlk-riyadh-2025-02-18", "pty-russia"]
        assert (russia["in_room"], russia["head"], russia["people_number"]) == ("true", "Sergei Lavrov", "2")
        assert (russia["talk_status"], russia["talk_on"], russia["talk_level"]) == (
            "held",
            "2025-02-18",
            "minister",
        )
        call = rows["tlk-trump-putin-call", "pty-russia"]
        assert (call["talk_on"], call["talk_on_precision"]) == ("[..2025-02-17]", "before")
        summit = rows["tlk-trump-putin-summit", "pty-russia"]
        assert (summit["role"], summit["in_room"]) == ("principal", "")

    def test_the_past_has_what_had_been_raised(self):
        past = grid(Page(self.client, f"{RIYADH}?on=2025-02-17"))
        assert list(past) == [
            "Times in the room, out of 2 talks that took place",
            "European leaders' emergency talks in Paris",
            "Trump-Putin call before Riyadh",
            "Putin-Zelenskyy talks",
        ]
        assert not past["European leaders' emergency talks in Paris"]["Ukraine"]


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks")


def address(process, ending="/"):
    return f"/processes/{process.ref}/table{ending}"


def talk(process, title, day, status="held", **values):
    return make.TalkFactory(
        process=process, title=title, effect={"status": status}, development__occurred_on=day, **values
    )


def test_a_stance_without_a_seat_is_shown_too(client, process):
    talk = make.TalkFactory(process=process, title="The round")
    outsider = make.PartyFactory(name="Outsider")
    make.DelegationFactory(talk=talk, party=make.PartyFactory(name="Graustark"))
    make.DevelopmentFactory(
        statement=True, process=process, party=outsider, effects=[Effect(item=talk, stance="rejects")],
        citations=[Citation(source=make.SourceFactory(), quote="a farce")],
    )  # fmt: skip
    cell = grid(Page(client, address(process)))["The round"]["Outsider"]
    assert "Rejects" in cell and "a farce" in cell and "room" not in cell
    rows = {row["party"]: row for row in read_csv(client, address(process, ".csv"))}
    assert (rows["Outsider"]["role"], rows["Outsider"]["stance"]) == ("", "rejects")


def test_a_change_of_role_from_one_talk_to_the_next_is_marked(client, process):
    party = make.PartyFactory(name="Graustark")
    for day, role in ((1, "observer"), (2, "observer"), (4, "principal")):
        seen = talk(process, f"Talk {day}", dt.date(2025, 2, day))
        make.DelegationFactory(talk=seen, party=party, role=role)
    make.DelegationFactory(talk=talk(process, "Talk 3", dt.date(2025, 2, 3)))
    found = grid(Page(client, address(process)))
    assert list(found)[1:] == ["Talk 1", "Talk 2", "Talk 3", "Talk 4"]
    assert found["Talk 2"]["Graustark"] == "Observer in the room"
    assert found["Talk 4"]["Graustark"] == "Principal in the room previously Observer"
    earlier = {row["talk"]: row["earlier_role"] for row in read_csv(client, address(process, ".csv"))}
    assert earlier["Talk 4"] == "observer" and earlier["Talk 2"] == ""


def test_a_delegation_with_two_heads_shows_both_and_the_others_as_a_number(client, process):
    led = make.DelegationFactory(
        talk=talk(process, "The round", dt.date(2025, 2, 1)), party__name="Graustark"
    )
    people = [make.PersonFactory(name=name) for name in ("Zora", "Rudolf", "Aaron")]
    chancellor = make.OfficeFactory(person=people[1], title="Chancellor")
    make.DelegateFactory(delegation=led, person=people[0], head=True)
    make.DelegateFactory(delegation=led, person=people[1], office=chancellor, head=True)
    cell = grid(Page(client, address(process)))["The round"]["Graustark"]
    assert cell == "Principal in the room Rudolf , Chancellor; Zora"
    make.DelegateFactory(delegation=led, person=people[2])
    cell = grid(Page(client, address(process)))["The round"]["Graustark"]
    assert cell.endswith("Zora and 1 more")
    (row,) = read_csv(client, address(process, ".csv"))
    assert row["head_id"] == f"{people[1].ref}; {people[0].ref}"
    assert (row["head"], row["head_office"], row["people"]) == (
        "Rudolf; Zora",
        "Chancellor",
        "Rudolf; Zora; Aaron",
    )


def test_what_took_place_stands_ahead_of_what_is_to_come_and_what_was_called_off(client, process):
    party = make.PartyFactory()
    planned = {"due_on": dt.date(2025, 5, 1), "due_precision": "month", "due_phrase": ""}
    for title, day, status, due in (
        ("Called off", 1, "cancelled", {}), ("Proposed", 2, "proposed", {}), ("Set", 3, "scheduled", planned),
        ("Held", 4, "held", {}), ("Begun", 5, "under_way", {}),
    ):  # fmt: skip
        made = make.TalkFactory(
            process=process, title=title, effect={"status": status, **due},
            development__occurred_on=dt.date(2025, 2, day),
        )  # fmt: skip
        make.DelegationFactory(talk=made, party=party)
    page = Page(client, address(process))
    assert list(grid(page))[1:] == ["Held", "Begun", "Set", "Proposed", "Called off"]
    assert "planned for May 2025" in page.text() and "planned for Feb" not in page.text()
    files = [row["talk"] for row in read_csv(client, address(process, ".csv"))]
    assert files == ["Held", "Begun", "Set", "Proposed", "Called off"]


def test_pages_turn_and_the_file_has_all(client, process, monkeypatch):
    monkeypatch.setattr(page, "PAGE_SIZE", 2)
    for day in range(1, 6):
        make.DelegationFactory(talk=talk(process, f"Talk {day}", dt.date(2025, 2, day)))
    first = Page(client, address(process))
    assert list(grid(first))[1:] == ["Talk 1", "Talk 2"] and "1–2 of 5" in first.text(".pager")
    assert list(grid(Page(client, f"{address(process)}?page=3")))[1:] == ["Talk 5"]
    assert len(read_csv(client, f"{address(process, '.csv')}?page=3")) == 5


def test_both_clocks_are_obeyed_and_the_past_stays_the_same_to_the_byte(client, alice, clock):
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    round_ = talk(process, "The round", dt.date(2025, 2, 18))
    delegation = make.DelegationFactory(talk=round_, party=make.PartyFactory(name="Graustark"))
    stance = make.DevelopmentFactory(
        statement=True, party=delegation.party, effects=[Effect(item=round_, stance="disputes")]
    )
    clock("2025-03-20T10:00Z")
    make.PartyFactory()  # later than the instant that is read
    client.force_login(alice)
    query = "?known=2025-02-21"

    def read():
        page = Page(client, address(process) + query)
        return str(page.soup.main), client.get(address(process, ".csv") + query).getvalue()

    before = read()
    assert "Disputes" in before[0] and "Graustark" in before[0]
    correct(stance, effects=[copied(stance.effects.get(), stance="affirms")])
    make.DelegationFactory(talk=round_, party=make.PartyFactory(name="Latecomer"))
    make.DelegateFactory(delegation=delegation, person=make.PersonFactory(name="Late delegate"))
    make.DelegationFactory(talk=talk(process, "A later round", dt.date(2025, 3, 1)))
    assert read() == before
    now = Page(client, address(process)).text()
    assert "Affirms" in now and "Latecomer" in now and "A later round" in now
    recording.withdraw(alice, stance.process.developments.get(ref=stance.ref, ended_at=None), "Not so.")
    assert "Affirms" not in Page(client, address(process)).text()


def test_what_others_may_not_see_and_what_cannot_be_read(client, process, restricted_process, bob):
    make.DelegationFactory(talk=make.TalkFactory(process=restricted_process))
    for query in ("colour=red", "page=first", "page=0"):
        for ending in ("/", ".csv"):
            expected = 400 if ending == "/" or not query.startswith("page") else 200
            assert client.get(f"{address(process, ending)}?{query}").status_code == expected, query
    client.force_login(bob)
    for ending in ("/", ".csv"):
        assert client.get(address(restricted_process, ending)).status_code == 404


def test_an_empty_table_says_what_to_do_next(client, process):
    assert "No attendance recorded yet" in Page(client, address(process)).text()
    assert read_csv(client, address(process, ".csv")) == []


def test_it_costs_the_same_however_many_sit(client, process):
    @one_instant()
    def fill(number):
        for _ in range(number):
            party = make.PartyFactory()
            person = make.PersonFactory(party=party)
            made = make.TalkFactory(process=process)
            delegation = make.DelegationFactory(talk=made, party=party, source=make.SourceFactory())
            make.DelegateFactory(
                delegation=delegation, person=person, office=make.OfficeFactory(person=person), head=True
            )
            make.DevelopmentFactory(
                statement=True, process=process, party=party, speaker=person,
                effects=[Effect(item=made, stance="affirms")],
                citations=[Citation(source=make.SourceFactory(), quote="so")],
            )  # fmt: skip

    addresses = [address(process), f"{address(process)}?on=2025-02-20"]
    fill(2)
    before = [Page(client, one).queries for one in addresses]
    fill(20)
    assert [Page(client, one).queries for one in addresses] == before
    assert max(before) <= 12
