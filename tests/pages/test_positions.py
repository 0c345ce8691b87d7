"""The position matrix of a process: who stands where on what, how that moved, and in which words."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.pages.positions import demand, lines, matrix, say, titles
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Effect
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks")


@pytest.fixture
def parties():
    return [make.PartyFactory(name=name) for name in ("Aland", "Borduria", "Cordonia")]


@pytest.fixture
def _in_february(clock):
    """The clock before the first recording: recordings follow one another even where it is turned back later."""
    clock("2025-02-19T10:00Z")


def test_an_empty_process_says_so(client, process):
    assert "No positions recorded" in matrix(client, process)[None].text()
    assert lines(client, process) == []


def test_who_demands_who_owes_and_who_stands_where(client, process, parties):
    access = demand(process, parties[0], effect={"status": "open", "firmness": "insisted"})
    say(access, parties[1], "rejects", 3, "never of our own will", basis="own_words")
    owed = make.FollowUpFactory(
        process=process, title="Draft", owner=parties[2], development={"party": parties[2]}
    )
    say(owed, parties[2], "affirms_with_reserve")
    found = matrix(client, process)
    assert found["Access"]["Aland"].startswith("Demand Insisted 1 Feb 2025 paraphrase no source yet")
    assert found["Access"]["Borduria"] == "Rejects 3 Feb 2025 own words never of our own will"
    assert found["Draft"]["Cordonia"].startswith("Committed Promised Affirms with reserve 18 Feb 2025")
    assert "Cordonia" not in found["Access"] and set(found["Draft"]) == {"Cordonia"}
    assert f"{access.get_absolute_url()}#moved" in found[None].links(".matrix td a")
    by_cell = {(line["item"], line["party"]): line for line in lines(client, process)}
    assert len(by_cell) == 3
    line = by_cell["Access", "Aland"]
    assert (line["demand_kind"], line["firmness"], line["owes"], line["stance"]) == (
        "demand",
        "insisted",
        "false",
        "",
    )
    line = by_cell["Access", "Borduria"]
    assert (line["stance"], line["quote"], line["basis"]) == ("rejects", "never of our own will", "own_words")
    assert (line["occurred_on"], line["source"].split(",")[0]) == ("2025-02-03", "The Gazette")
    line = by_cell["Draft", "Cordonia"]
    assert (line["owes"], line["stance"], line["item_status"]) == ("true", "affirms_with_reserve", "promised")


def test_a_movement_is_the_last_step_of_each_cell(client, process, parties):
    access = demand(process, parties[0])
    say(access, parties[0], day=5, effect={"firmness": "red_line"})
    say(access, parties[1], "rejects", 4, occurred_precision="before")
    say(access, parties[1], "conditional", 6)
    say(access, parties[2], "affirms", 4)
    say(access, parties[2], "affirms", 7)
    found = matrix(client, process)["Access"]
    assert found["Aland"].startswith("Demand Red line Hardened from Stated, 1 Feb 2025 5 Feb 2025")
    assert found["Borduria"].startswith("Conditional Softened from Rejects, before 4 Feb 2025 6 Feb 2025")
    assert found["Cordonia"].startswith("Affirms Reaffirmed as Affirms, 4 Feb 2025 7 Feb 2025")
    told = {
        line["party"]: (
            line["movement"],
            line["movement_of"],
            line["old"],
            line["old_on"],
            line["old_on_precision"],
        )
        for line in lines(client, process)
    }
    assert told == {
        "Aland": ("hardened", "firmness", "stated", "2025-02-01", "day"),
        "Borduria": ("softened", "stance", "rejects", "[..2025-02-03]", "before"),
        "Cordonia": ("reaffirmed", "stance", "affirms", "2025-02-04", "day"),
    }


def test_what_one_development_says_twice_is_no_step(client, process, parties):
    access = demand(process, parties[0])
    both = [Effect(item=access, party=party, stance="affirms", firmness="insisted") for party in parties[1:]]
    make.DevelopmentFactory(process=process, party=parties[0], occurred_on=dt.date(2025, 2, 5), effects=both)
    assert "Hardened from Stated, 1 Feb 2025" in matrix(client, process)["Access"]["Aland"]


def test_since_a_moment_movements_are_told_from_it(client, process, parties):
    access = demand(process, parties[0])
    say(access, parties[1], "rejects", 3)
    say(access, parties[1], "disputes", 5)
    say(access, parties[1], "conditional", 7)
    demand(process, parties[0], "Later", 8)
    found = matrix(client, process, "?since=2025-02-04")
    assert "Softened from Rejects, 3 Feb 2025 7 Feb 2025" in found["Access"]["Borduria"]
    assert "New" in found["Later"]["Aland"] and "New" not in found["Access"]["Aland"]
    assert "Changes are shown since 4 Feb 2025 ." in found[None].text(".lead")
    found = matrix(client, process, "?since=before+2025-02-05&on=2025-02-06")
    assert "Softened from Rejects, 3 Feb 2025 5 Feb 2025" in found["Access"]["Borduria"]


@pytest.mark.usefixtures("_in_february")
def test_a_moment_of_knowledge_tells_what_was_learned_and_what_was_taken_back(client, alice, parties, clock):
    client.force_login(alice)
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    access = demand(process, parties[0])
    kept, gone = say(access, parties[1], "rejects", 3), say(access, parties[2], "affirms", 3)
    clock("2025-02-22T10:00Z")
    correct(kept, effects=[Effect(item=access, party=parties[1], stance="conditional")])
    recording.withdraw(make.UserFactory(editor=True), gone, "Not so.")
    found = matrix(client, process, "?since_known=2025-02-21")["Access"]
    assert found["Borduria"].startswith("Conditional Softened from Rejects, 3 Feb 2025 3 Feb 2025")
    assert found["Cordonia"] == "No longer on record was Affirms, 3 Feb 2025"
    (line,) = [row for row in lines(client, process, "?since_known=2025-02-21") if row["party"] == "Cordonia"]
    assert (line["movement"], line["old"], line["stance"], line["development_id"]) == (
        "gone",
        "affirms",
        "",
        "",
    )
    assert "Cordonia" not in matrix(client, process)["Access"]
    response = client.get(
        f"{process.get_absolute_url()}positions/?known=2025-02-21&since_known=2025-02-22T10:00Z"
    )
    assert response.status_code == 400 and "lies after the instant that is read" in response.content.decode()


def test_long_words_are_cut_and_nothing_written_is_taken_for_html(client, process, parties):
    words = "<b>never</b> & nowhere, " + "on no account whatever, " * 8
    access = demand(process, parties[0], "<i>Access</i>")
    say(access, parties[1], "rejects", words=words.strip())
    found = matrix(client, process)
    said = found[None].soup.select_one(".attribution .wording")
    assert said.get_text().startswith("<b>never</b> & nowhere") and len(said.get_text()) < 90
    assert titles(found) == ["<i>Access</i>"]
    assert words.strip() in Page(client, access.get_absolute_url()).section("moved")


@pytest.mark.usefixtures("_in_february")
def test_at_an_earlier_instant_it_reads_as_it_did_before_a_correction(client, alice, parties, clock):
    client.force_login(alice)
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    access = demand(process, parties[0], issues=[make.IssueFactory(name="Land")])
    say(access, parties[1], "rejects", 3, "never")
    said = say(access, parties[1], "conditional", 5, "if need be")
    talk = make.TalkFactory(process=process)
    clock("2025-02-20T12:00Z")
    make.PartyFactory()  # later than the instant that is read

    def read(query):
        file = client.get(f"/processes/{process.ref}/positions.csv{query}")
        return str(matrix(client, process, query)[None].soup.main), b"".join(file.streaming_content)

    queries = [f"?known=2025-02-20T11:00Z{more}" for more in ("", "&since=2025-02-04", "&moved=true")]
    before = [read(query) for query in queries]
    clock("2025-02-21T10:00Z")
    correct(said, effects=[Effect(item=access, party=parties[1], stance="affirms")])
    say(access, parties[2], "rejects", 4)
    recording.save(alice, access, {"issues": [make.IssueFactory(name="Water"), *access.issues.all()]})
    make.DelegationFactory(talk=talk, party=parties[0], role="excluded")
    demand(process, parties[2], "New")
    assert [read(query) for query in queries] == before
    now = matrix(client, process, "?since=2025-02-04")["Access"]["Borduria"]
    assert "Softened from Rejects, 3 Feb 2025 5 Feb 2025" in now and now.startswith("Affirms")


def test_what_experts_expect_is_nobody_s_position(client, process, parties):
    access = demand(process, parties[0])
    expert = make.PersonFactory(name="The Expert", party=parties[1])
    make.AssessmentFactory(
        process=process, item=access, author=expert, statement="Bound to fail", quote="bound to"
    )
    found = matrix(client, process)
    assert set(found["Access"]) == {"Aland"} and "Expert" not in found[None].text()
    assert "bound to" not in found[None].text().lower() and len(lines(client, process)) == 1


def test_it_costs_the_same_however_many_rows(client, process):
    @one_instant()
    def fill(rows):
        for number in range(rows):
            party = make.PartyFactory()
            item = demand(process, party, f"No. {number}", issues=[make.IssueFactory()])
            say(item, party, "affirms", 3, "so")
            say(item, party, "rejects", 5, "not so")
            talk = make.TalkFactory(process=process)
            make.DelegationFactory(talk=talk, party=party)

    def read():
        return {
            query: matrix(client, process, query)
            for query in ("", "?on=2025-02-20", "?since=2025-02-04&moved=true")
        }

    fill(2)
    few = {query: rows[None].queries for query, rows in read().items()}
    fill(20)
    many = read()
    assert min(map(len, many.values())) > 20
    assert {query: rows[None].queries for query, rows in many.items()} == few
    assert max(few.values()) <= 12
