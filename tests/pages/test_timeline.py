"""The timelines: by what happened, as precisely as is known, filtered, marked where late, and the same as files."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import copied, correct
from tests.over_the_register.reading import read_csv
from tests.pages.happening import both, happened, headlines
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks")


def test_newest_first_or_oldest_and_never_more_precise_than_known(client, process):
    happened(process, "On the day")
    happened(process, "Earlier, some time", precision="before")
    happened(process, "In the month", dt.date(2025, 2, 1), "month")
    happened(process, "In the year", dt.date(2025, 1, 1), "year")
    newest = ["On the day", "In the month", "In the year", "Earlier, some time"]
    for address in both(process):
        page = Page(client, address)
        assert page.texts(".timeline .headline") == newest
        assert page.texts(".timeline .date") == ["18 Feb 2025", "Feb 2025", "2025", "before 18 Feb 2025"]
        assert headlines(client, f"{address}?order=oldest") == newest[::-1]


def test_an_entry_says_who_spoke_in_which_words_and_what_it_changed_from_what_to_what(client, process):
    party = make.PartyFactory(name="Graustark")
    speaker = make.PersonFactory(name="The Minister", party=party)
    make.OfficeFactory(person=speaker, party=party, title="Foreign Minister")
    demand = make.DemandFactory(process=process, title="Leave the valley", party=party)
    talk = make.TalkFactory(process=process, title="Meeting at the inn")
    make.DevelopmentFactory(
        statement=True, process=process, party=party, speaker=speaker, talk=talk, strength="firm",
        headline="The Minister insists", occurred_on=dt.date(2025, 2, 19),
        effects=[Effect(item=demand, firmness="red_line", stance="affirms")],
        citations=[Citation(source=make.SourceFactory(publisher="Gazette"), quote="never again")],
    )  # fmt: skip
    for address in both(process):
        entry = Page(client, address).text(".timeline .entry")
        for words in (
            "Statement", "Graustark", "Firm", "The Minister , Foreign Minister", "Own words", "never again", "Gazette",
            "Meeting at the inn", "Leave the valley", "Stated → Red line", "Graustark Affirms",
        ):  # fmt: skip
            assert words in entry, words
    assert "in Border talks" in Page(client, "/timeline/").text(".timeline .entry")


def test_every_filter_narrows_it(client, process):
    party, person, issue = make.PartyFactory(), make.PersonFactory(), make.IssueFactory()
    talk, demand = make.TalkFactory(process=process), make.DemandFactory(process=process, issues=[issue])
    wanted = make.DevelopmentFactory(
        process=process, headline="Wanted", kind="reaction", party=party, speaker=person, talk=talk,
        occurred_on=dt.date(2024, 3, 5), effects=[Effect(item=demand, stance="rejects")],
    )  # fmt: skip
    happened(make.ProcessFactory(), "Elsewhere", dt.date(2024, 3, 5))
    narrow = {
        "kind": "reaction", "party": party.ref, "speaker": person.ref, "talk": talk.ref, "until": "2024-03",
    }  # fmt: skip
    address = f"/processes/{process.ref}/timeline/"
    for name, value in narrow.items():
        assert headlines(client, f"{address}?{name}={value}") == [wanted.headline], name
    for name, value in {"issue": issue.ref, "item": demand.ref}.items():
        assert headlines(client, f"{address}?{name}={value}")[-1] == wanted.headline
        assert len(headlines(client, f"{address}?{name}={value}")) == 2
    assert wanted.headline not in headlines(client, f"{address}?since=2024-04")
    assert headlines(client, f"/timeline/?process={process.ref}&kind=reaction") == [wanted.headline]


def test_what_was_recorded_late_is_marked_with_its_lag_and_found(client, alice, clock):
    clock("2025-03-02T10:00Z")
    process = make.ProcessFactory()
    client.force_login(alice)
    late = happened(process, "Late news")
    happened(process, "Seven days are soon enough", dt.date(2025, 2, 23))
    happened(process, "A month lasts to its end", dt.date(2025, 2, 1), "month")
    clock("2025-03-20T10:00Z")
    client.force_login(alice)
    correct(late, headline="Late news, put right")
    for address in both(process):
        page = Page(client, address)
        assert page.texts(".late") == ["recorded 12 days later"]
        assert headlines(client, f"{address}?late=true") == ["Late news, put right"]
        assert len(headlines(client, f"{address}?late=false")) == 2
    lags = {row["headline"]: row["lag_days"] for row in read_csv(client, "/timeline.csv")}
    assert lags == {
        "Late news, put right": "12", "Seven days are soon enough": "7", "A month lasts to its end": "2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "precision", "recorded", "lag"),
    [
        ((2025, 2, 18), "day", "2025-02-18", 0),
        ((2025, 2, 18), "before", "2025-02-18", 1),
        ((2024, 2, 1), "month", "2024-03-01", 1),
        ((2024, 12, 1), "month", "2025-01-02", 2),
        ((2024, 1, 1), "year", "2025-01-01", 1),
        ((2025, 1, 1), "year", "2025-02-18", 0),
    ],
)
def test_the_lag_is_counted_from_the_last_day_that_is_meant(
    client, alice, clock, day, precision, recorded, lag
):
    clock(f"{recorded}T10:00Z")
    process = make.ProcessFactory()
    client.force_login(alice)
    development = happened(process, "So", dt.date(*day), precision)
    assert development.lag_days == lag
    assert [row["lag_days"] for row in read_csv(client, "/timeline.csv")] == [str(lag)]


def test_what_was_corrected_or_withdrawn_is_not_shown(client, process, bob):
    correct(happened(process, "Misread"), headline="Read aright")
    recording.withdraw(bob, happened(process, "Never happened"), "Not so.")
    for address in both(process):
        assert headlines(client, address) == ["Read aright"]


def test_both_clocks_are_obeyed_and_the_past_stays_the_same_to_the_byte(client, alice, clock):
    clock("2025-02-20T10:00Z")
    client.force_login(alice)
    process = make.ProcessFactory()
    demand = make.DemandFactory(process=process, development={"headline": "First raised"})
    first = happened(process, "What was known", effects=[Effect(item=demand, status="under_discussion")])
    clock("2025-02-25T10:00Z")
    happened(process, "The next day", dt.date(2025, 2, 19))
    for address in both(process):
        assert "The next day" not in headlines(client, f"{address}?on=2025-02-18")
        assert headlines(client, f"{address}?known=2025-02-21") == ["What was known", "First raised"]
    addresses = [f"{address}?known=2025-02-21" for address in both(process)]
    files = [address.replace("/?", ".csv?") for address in addresses]

    def read():
        return [str(Page(client, address).soup.main) for address in addresses], [
            client.get(address).getvalue() for address in files
        ]

    before = read()
    correct(first, effects=[copied(first.effects.get(), status="rejected")], headline="Otherwise")
    happened(process, "Learned later", dt.date(2025, 2, 17))
    assert read() == before
    links = Page(client, addresses[1]).links(".timeline .headline a")
    assert all("known=2025-02-21" in link for link in links)


def test_a_restricted_process_leaves_no_trace_on_the_timeline_of_others(
    client, restricted_process, alice, bob
):
    make.DemandFactory(process=restricted_process, development={"headline": "Secret word"})
    happened(make.ProcessFactory(), "An open word")
    address = f"/processes/{restricted_process.ref}/timeline"
    client.force_login(bob)
    assert headlines(client, "/timeline/") == ["An open word"]
    assert [row["headline"] for row in read_csv(client, "/timeline.csv")] == ["An open word"]
    assert client.get(f"{address}/").status_code == client.get(f"{address}.csv").status_code == 404
    client.force_login(alice)
    assert headlines(client, f"{address}/") == ["Secret word"]


def test_the_file_has_the_rows_of_the_page_in_its_order_with_every_column(client, process):
    for number in range(3):
        happened(process, f"=word {number}", dt.date(2025, 2, number + 1), kind="reaction")
    happened(process, "Of another kind")
    columns = list(read_csv(client, "/developments.csv")[0])
    for address in both(process):
        query = "?kind=reaction&order=oldest"
        rows = read_csv(client, f"{address[:-1]}.csv{query}")
        # What came with a later release stands at the end.
        assert list(rows[0]) == [*columns[:-3], "lag_days", *columns[-3:]]
        assert [row["headline"].removeprefix("'") for row in rows] == headlines(client, f"{address}{query}")
        assert f"{address[:-1]}.csv{query}" in Page(client, f"{address}{query}").links()


def test_what_cannot_be_read_is_refused(client, process):
    for address in both(process):
        for query in (
            "colour=red",
            "order=random",
            "party=nobody",
            "sort=headline",
            "since=Monday",
            "late=maybe",
        ):
            for ending in ("/", ".csv"):
                assert client.get(f"{address[:-1]}{ending}?{query}").status_code == 400, query
    assert client.get(f"{both(process)[1]}?process={process.ref}").status_code == 400
    assert "Nearest: newest" not in client.get("/timeline/?order=newest").text


def test_a_timeline_costs_the_same_however_much_it_shows(client, process):
    @one_instant()
    def fill(number):
        for _ in range(number):
            party = make.PartyFactory()
            demand = make.DemandFactory(process=process, party=party)
            speaker = make.PersonFactory(party=party)
            make.OfficeFactory(person=speaker, party=party)
            make.DevelopmentFactory(
                process=process, party=party, speaker=speaker, talk=make.TalkFactory(process=process),
                effects=[Effect(item=demand, firmness="insisted")],
                citations=[Citation(source=make.SourceFactory(), quote="so")],
            )  # fmt: skip

    addresses = [
        address + query for address in both(process) for query in ("", "?on=2025-02-20", "?order=oldest")
    ]
    fill(2)
    before = [Page(client, address).queries for address in addresses]
    fill(20)
    assert [Page(client, address).queries for address in addresses] == before
    assert max(before) <= 12


def test_the_menu_and_the_process_lead_to_it(client, process):
    happened(process, "So")
    page = Page(client, process.get_absolute_url() + "?on=2025-02-20")
    assert "/timeline/" in page.links(".menu a")
    assert f"/processes/{process.ref}/timeline/?on=2025-02-20" in page.links("main a")


def test_htmx_gets_the_results_alone(client, process):
    happened(process, "So")
    for address in both(process):
        text = client.get(address, headers={"HX-Request": "true"}).text
        assert "So" in text and "<main" not in text and 'id="clock"' in text
