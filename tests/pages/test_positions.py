"""The position matrix of a process: who stands where on what, how that moved, and in which words."""

import csv
import datetime as dt
import io

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Citation, Effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(client, alice):
    client.force_login(alice)
    return make.ProcessFactory(title="Border talks")


@pytest.fixture
def parties():
    return [make.PartyFactory(name=name) for name in ("Aland", "Borduria", "Cordonia")]


def say(item, party, stance=None, day=18, words="", **values):
    """`party` takes a stance on `item` in February 2025; `effect` says what else it sets."""
    effect = Effect(item=item, party=party if stance else None, stance=stance, **values.pop("effect", {}))
    citations = [Citation(source=make.SourceFactory(publisher="The Gazette"), quote=words)] if words else []
    return make.DevelopmentFactory(
        process=item.process, party=party, occurred_on=dt.date(2025, 2, day), effects=[effect],
        citations=citations, **values,
    )  # fmt: skip


def demand(process, party, title="Access", day=1, **values):
    """A stated demand of `party`, raised on a day of February 2025."""
    raised = {"party": party, "occurred_on": dt.date(2025, 2, day)}
    return make.DemandFactory(process=process, party=party, title=title, development=raised, **values)


def matrix(client, process, query=""):
    """{item: {party: words of the cell}}, of the cells that have any; the page itself under None."""
    page = Page(client, f"{process.get_absolute_url()}positions/{query}")
    rows = {}
    for row in page.soup.select(".matrix tbody tr:has(td)"):
        cells = {cell["data-label"]: " ".join(cell.get_text(" ").split()) for cell in row("td")}
        rows[row.th.a.get_text()] = {party: words for party, words in cells.items() if words}
    return {None: page} | rows


def lines(client, process, query=""):
    response = client.get(f"{process.get_absolute_url().rstrip('/')}/positions.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_an_empty_process_says_so(client, process):
    assert "No position is on record" in matrix(client, process)[None].text()
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
    assert found["Draft"]["Cordonia"].startswith("Owes it Promised Affirms with reserve 18 Feb 2025")
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
        "Borduria": ("softened", "stance", "rejects", "2025-02-04", "before"),
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
    assert "Movements are told from 4 Feb 2025 ." in found[None].text(".lead")
    found = matrix(client, process, "?since=before+2025-02-05&on=2025-02-06")
    assert "Softened from Rejects, 3 Feb 2025 5 Feb 2025" in found["Access"]["Borduria"]


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
    response = client.get(f"{process.get_absolute_url()}positions/?known=2025-02-21&since_known=2025-02-22")
    assert response.status_code == 400 and "lies after the instant that is read" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?since=2025-02-20&on=2025-02-18", "lies after the day that is read"),
        ("?since=soon", "not a day"),
        ("?party=Alnd", "Nearest: Aland"),
        ("?both=Aland&both=nobody", "There is no party called"),
        ("?kind=wish", "not one of"),
        ("?page=last", "not the number of a page"),
        ("?moved=maybe", "maybe"),
        ("?partie=Aland", "Nearest: party"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(client, process, parties, query, words):
    for address in (f"{process.get_absolute_url()}positions/", f"/processes/{process.ref}/positions.csv"):
        response = client.get(address + query)
        if not ("page=" in query and address.endswith("csv")):
            assert response.status_code == 400 and words in response.content.decode()


def titles(found):
    return [title for title in found if title is not None]


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
    assert "Nothing fits these filters" in matrix(client, process, "?moved=true&party=Aland")[None].text()


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
    assert names == ["Land", "Both", "Water", "2. Point", "Both", "On no issue", "Neither"]
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
        "Away from the latest talk, Talk of the 9th : Aland Absent but affected "
        "Dacia Offered a seat later no position on record"
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


def test_long_words_are_cut_and_whole_at_hand_and_nothing_written_is_taken_for_html(client, process, parties):
    words = "<b>never</b> & nowhere, " + "on no account whatever, " * 8
    access = demand(process, parties[0], "<i>Access</i>")
    say(access, parties[1], "rejects", words=words.strip())
    found = matrix(client, process)
    said = found[None].soup.select_one(".said .wording")
    assert said.get_text().startswith("<b>never</b> & nowhere") and len(said.get_text()) < 90
    assert said["title"] == words.strip() and titles(found) == ["<i>Access</i>"]


def test_turning_pages_and_the_file_of_all(client, process, parties, monkeypatch):
    monkeypatch.setattr("tracker.views.positions.ROWS", 2)
    for number in range(5):
        demand(process, parties[0], f"No. {number}")
    found = [titles(matrix(client, process, f"?kind=demand&page={page}")) for page in (1, 2, 3, 9)]
    assert found == [["No. 0", "No. 1"], ["No. 2", "No. 3"], ["No. 4"], ["No. 4"]]
    page = matrix(client, process, "?kind=demand&page=2")[None]
    assert f"{process.get_absolute_url()}positions/?kind=demand&page=3" in page.links(".pager a")
    assert [line["item"] for line in lines(client, process, "?page=2")] == [
        f"No. {number}" for number in range(5)
    ]


def test_at_an_earlier_instant_it_reads_as_it_did_before_a_correction(client, alice, parties, clock):
    client.force_login(alice)
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory()
    access = demand(process, parties[0], issues=[make.IssueFactory(name="Land")])
    say(access, parties[1], "rejects", 3, "never")
    said = say(access, parties[1], "conditional", 5, "if need be")
    talk = make.TalkFactory(process=process)
    clock("2025-02-20T12:00Z")

    def read(query):
        file = client.get(f"/processes/{process.ref}/positions.csv{query}")
        return str(matrix(client, process, query)[None].soup.main), b"".join(file.streaming_content)

    queries = [f"?known=2025-02-20T11:00Z{more}" for more in ("", "&since=2025-02-04", "&moved=true")]
    before = [read(query) for query in queries]
    clock("2025-02-21T10:00Z")
    correct(said, effects=[Effect(item=access, party=parties[1], stance="affirms")])
    say(access, parties[2], "rejects", 4)
    access.issues.model.objects.get()
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


@pytest.mark.parametrize("query", ["", "?on=2025-02-20", "?since=2025-02-04&moved=true"])
def test_it_costs_the_same_however_many_rows(client, process, query):
    def fill(rows):
        for number in range(rows):
            party = make.PartyFactory()
            item = demand(process, party, f"No. {number}", issues=[make.IssueFactory()])
            say(item, party, "affirms", 3, "so")
            say(item, party, "rejects", 5, "not so")
            talk = make.TalkFactory(process=process)
            make.DelegationFactory(talk=talk, party=party)

    fill(2)
    few = matrix(client, process, query)[None].queries
    fill(20)
    many = matrix(client, process, query)
    assert len(many) > 20 and many[None].queries == few <= 12
