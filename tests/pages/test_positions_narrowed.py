"""The rows and columns of a position matrix: in which order, narrowed by what, and what is refused."""

import datetime as dt

import pytest

from tests import factories as make
from tests.pages.positions import demand, lines, matrix, say, titles
from tracker import recording

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks")


@pytest.fixture
def parties():
    return [make.PartyFactory(name=name) for name in ("Aland", "Borduria", "Cordonia")]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?since=2025-02-20&on=2025-02-18", "lies after the day that is read"),
        ("?since=soon", "not a date"),
        ("?party=Alnd", "Nearest: Aland"),
        ("?both=Aland&both=nobody", "There is no party called"),
        ("?kind=wish", "not one of"),
        ("?page=last", "not the number of a page"),
        ("?moved=2", "“2” is not one of true."),
        ("?moved=ture", "Nearest: true."),
        ("?partie=Aland", "Nearest: party"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(client, process, parties, query, words):
    for address in (f"{process.get_absolute_url()}positions/", f"/processes/{process.ref}/positions.csv"):
        response = client.get(address + query)
        if not ("page=" in query and address.endswith("csv")):
            assert response.status_code == 400 and words in response.content.decode()


def test_narrowing(client, process, parties):
    land = make.IssueFactory(name="Land")
    first = demand(process, parties[0], "First", issues=[land])
    second = demand(process, parties[1], "Second")
    talk = make.TalkFactory(process=process, title="Third")
    say(first, parties[1], "rejects", 3)
    say(first, parties[1], "conditional", 5)
    say(second, parties[2], "affirms", 5)
    say(talk, parties[0], "affirms", 5)

    def shown(query):
        found = matrix(client, process, query)
        assert {line["item"] for line in lines(client, process, query)} == set(titles(found))
        return titles(found)

    assert shown("") == ["First", "Second", "Third"]
    assert shown("?moved=true") == ["First"]
    assert shown("?moved=true&party=Aland") == []
    assert shown("?moved=true&since=2025-02-04") == ["First", "Second", "Third"]
    assert shown("?both=Aland&both=Borduria") == ["First"]
    assert shown("?both=Cordonia&both=") == ["Second"]
    assert shown(f"?both={parties[1].ref}&both=cordonia") == ["Second"]
    assert shown("?issue=land") == ["First"]
    assert shown("?kind=demand&kind=principle") == ["First", "Second"]
    found = matrix(client, process, "?party=Borduria")
    assert titles(found) == ["First", "Second"] and set(found["First"]) == {"Borduria"}
    assert found[None].texts(".matrix thead th") == ["Item", "Borduria"]
    # What was typed is there to be changed.
    page = matrix(client, process, "?both=Aland&both=&since=2025-02-04")[None]
    assert [box["value"] for box in page.soup.select(".matrix-filters input[name=both]")] == ["Aland", ""]
    assert page.soup.select_one(".matrix-filters input[name=since]")["value"] == "2025-02-04"
    assert "Changed since: 4 Feb 2025" in " ".join(page.text().split())
    assert "Nothing matches these filters" in matrix(client, process, "?moved=true&party=Aland")[None].text()


def test_rows_stand_under_each_of_their_issues_and_those_on_none_last(client, process, parties):
    land, water = make.IssueFactory(name="Land"), make.IssueFactory(name="Water")
    demand(process, parties[0], "Neither")
    demand(process, parties[0], "Both", issues=[water, land])
    say(
        make.PrincipleFactory(process=process, title="Point", number=2, issues=[water]), parties[0], "affirms"
    )
    page = matrix(client, process)[None]
    groups = [
        " ".join(group.get_text(" ").split()) for group in page.soup.select(".matrix th[scope]:not(thead th)")
    ]
    names = [text.split(" Demand")[0].split(" Principle")[0] for text in groups]
    assert names == ["Land", "Both", "Water", "2. Point", "Both", "No issue assigned", "Neither"]
    assert [(line["issue"], line["item"]) for line in lines(client, process)] == [
        ("Land", "Both"), ("Water", "Point"), ("Water", "Both"), ("", "Neither"),
    ]  # fmt: skip


def test_those_at_the_table_come_first_and_the_absent_are_marked(client, process, parties):
    for day, roles in (
        (2, ("declined", "mediator", "principal")),
        (9, ("absent_affected", "principal", None)),
    ):
        talk = make.TalkFactory(
            process=process, title=f"Talk of the {day}th", development={"occurred_on": dt.date(2025, 2, day)}
        )
        for party, role in zip(parties, roles, strict=True):
            if role:
                make.DelegationFactory(talk=talk, party=party, role=role)
    make.DelegationFactory(talk=talk, party=make.PartyFactory(name="Dacia"), role="offered_later")
    make.TalkFactory(process=process, title="Nobody is on record as there")
    make.DelegationFactory(
        talk=make.TalkFactory(process=process, effect={"status": "proposed"}), party=parties[0]
    )
    for party in parties:
        demand(process, party, f"Of {party}")
    page = matrix(client, process)[None]
    assert page.texts(".matrix thead th") == ["Item", "Borduria", "Aland Absent but affected", "Cordonia"]
    assert page.text(".away") == (
        "Not at the latest talk, Talk of the 9th : Aland Absent but affected "
        "Dacia Offered a seat later no position recorded"
    )
    then = matrix(client, process, "?on=2025-02-05")[None]
    assert then.texts(".matrix thead th") == ["Item", "Cordonia", "Borduria", "Aland Declined"]
    assert {line["party"]: line["role"] for line in lines(client, process)} == {
        "Borduria": "principal", "Aland": "absent_affected", "Cordonia": "",
    }  # fmt: skip


def test_a_party_without_a_position_has_no_column(client, process, parties):
    said = say(demand(process, parties[0]), parties[1], "affirms")
    recording.withdraw(make.UserFactory(editor=True), said, "Not so.")
    demand(make.ProcessFactory(), parties[2])
    assert matrix(client, process)[None].texts(".matrix thead th") == ["Item", "Aland"]


def test_turning_pages_and_the_file_of_all(client, process, parties, monkeypatch):
    monkeypatch.setattr("tracker.reports.positions.page.ROWS", 2)
    for number in range(5):
        demand(process, parties[0], f"No. {number}")
    found = [titles(matrix(client, process, f"?kind=demand&page={page}")) for page in (1, 2, 3, 9)]
    assert found == [["No. 0", "No. 1"], ["No. 2", "No. 3"], ["No. 4"], ["No. 4"]]
    page = matrix(client, process, "?kind=demand&page=2")[None]
    assert f"{process.get_absolute_url()}positions/?kind=demand&page=3" in page.links(".pager a")
    assert [line["item"] for line in lines(client, process, "?page=2")] == [
        f"No. {number}" for number in range(5)
    ]
