"""The agreement grid of a process and of a talk: who claims what, each party's word, and what the words add up to."""

import csv
import datetime as dt
import io

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.pages.reading import Page
from tracker.models import Citation, Effect
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides():
    return [make.PartyFactory(name=name) for name in ("Graustark", "Ruritania")]


@pytest.fixture
def principle(client, alice, sides):
    """A point that Graustark says was agreed at a talk."""
    client.force_login(alice)
    talk = make.TalkFactory(title="Meeting at the inn")
    return make.PrincipleFactory(
        process=talk.process, talk=talk, number=1, parties=sides, title="Open the border",
        effect={"status": "claimed", "stance": "affirms"},
        development={
            "talk": talk, "party": sides[0], "speaker": make.PersonFactory(name="The Count", party=sides[0]),
            "basis": "own_words", "citations": [quote("we agreed on it")], "occurred_on": dt.date(2025, 2, 1),
        },
    )  # fmt: skip


def quote(words, place="page 1"):
    return Citation(source=make.SourceFactory(publisher="The Gazette"), quote=words, place=place)


def say(principle, party, stance, words="", day=18, **values):
    return make.DevelopmentFactory(
        process=principle.process, party=party, occurred_on=dt.date(2025, 2, day),
        effects=[Effect(item=principle, stance=stance)], citations=[quote(words)] if words else [], **values,
    )  # fmt: skip


def grid(client, principle, query="", talk=False):
    """The page, and the words of each cell of the principle's row by the head of its column."""
    of = principle.talk if talk else principle.process
    page = Page(client, f"{of.get_absolute_url()}agreement/{query}")
    row = next(row for row in page.soup.select(".grid tbody tr") if principle.title in row.th.get_text())
    heads = [head.get_text(" ", strip=True) for head in row.find_parent("table").select("thead th")]
    return page, dict(
        zip(heads, (" ".join(cell.get_text(" ").split()) for cell in row(["th", "td"])), strict=True)
    )


def lines(client, principle, query="", talk=False):
    of = principle.talk if talk else principle.process
    response = client.get(f"{of.get_absolute_url().rstrip('/')}/agreement.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


@pytest.mark.parametrize("talk", [False, True])
def test_a_claim_names_who_makes_it_and_who_has_not_spoken(client, principle, talk):
    _, cells = grid(client, principle, talk=talk)
    assert cells["Principle"] == "1. Open the border"
    assert cells["Agreement overall"] == "Claimed by one side"
    assert cells["Claimed by"] == "Graustark The Count 1 Feb 2025"
    assert cells["Graustark"].startswith("Affirms 1 Feb 2025 we agreed on it The Count Own words The Gazette")
    assert "page 1" in cells["Graustark"]
    assert cells["Ruritania"] == "no statement"


def test_silence_on_record_is_something_else_than_no_statement(client, principle, sides):
    say(principle, sides[1], "silent")
    _, cells = grid(client, principle)
    assert (
        cells["Ruritania"].startswith("Silent 18 Feb 2025")
        and cells["Agreement overall"] == "Claimed by one side"
    )


CASES = {
    "a firmer paraphrase stays below": (
        [("affirms_with_reserve", "own_words", 3), ("affirms", "paraphrase", 2)],
        "Confirmed with reserve", "Affirms with reserve hedged 3 Feb 2025", "Affirms firmer paraphrase",
    ),
    "a newer summary does not undo own words": (
        [("affirms", "own_words", 3), ("rejects", "reporters_summary", 5)],
        "Confirmed by all", "Affirms hedged 3 Feb 2025", "Newer, on a weaker basis: rejects",
    ),
    "a paraphrase outranks a summary": (
        [("affirms", "reporters_summary", 5), ("conditional", "paraphrase", 3)],
        "Conditional", "Conditional hedged 3 Feb 2025", "Affirms firmer reporter’s summary",
    ),
    "later own words take the place of earlier ones": (
        [("rejects", "own_words", 2), ("affirms", "official_text", 4)],
        "Confirmed by all", "Affirms hedged 4 Feb 2025", "Rejects contrary own words",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_more_direct_words_outrank_others_and_all_stay_in_view(client, principle, sides, case):
    statements, adds_up_to, counting, beside = CASES[case]
    for stance, basis, day in statements:
        say(principle, sides[1], stance, f"said on {day}", day, basis=basis, strength="hedged")
    _, cells = grid(client, principle)
    assert cells["Agreement overall"] == adds_up_to
    assert cells["Ruritania"].startswith(counting)
    assert beside in cells["Ruritania"]
    assert all(f"said on {day}" in cells["Ruritania"] for _, _, day in statements)
    found = {
        (line["stance"], line["counts"]) for line in lines(client, principle) if line["party"] == "Ruritania"
    }
    (counts,) = [stance for stance, flag in found if flag == "true"]
    assert counting.lower().startswith(counts.replace("_", " ")) and len(found) == 2
    # The principle's own page, the talk's and the state of play add it up alike.
    for record in (principle, principle.talk, principle.process):
        assert adds_up_to in Page(client, record.get_absolute_url()).texts(".badge[class*=agreement-]")


def test_other_pages_tell_where_the_latest_statement_is_not_what_counts(client, principle, sides):
    say(principle, sides[1], "affirms", day=3, basis="own_words")
    say(principle, sides[1], "rejects", day=5)
    for record in (principle, principle.talk):
        said = Page(client, record.get_absolute_url()).text()
        assert "For the agreement, more direct words count: Affirms own words, 3 Feb 2025" in said
    play = Page(client, principle.process.get_absolute_url()).section("k-principle")
    assert "Ruritania Rejects paraphrase but in more direct words: affirms" in play


def test_very_many_statements_fold(client, principle, sides):
    for day in range(2, 9):
        say(principle, sides[1], "affirms", f"said on {day}", day)
    page, cells = grid(client, principle)
    assert len(page.soup.select("details .outranked li")) == 3 and "said on 2" in cells["Ruritania"]


def test_who_would_not_be_bound_is_heard_and_does_not_count(client, principle):
    say(principle, make.PartyFactory(name="Aland"), "rejects")
    _, cells = grid(client, principle)
    assert cells["Aland"].startswith("Rejects would not be bound")
    assert cells["Agreement overall"] == "Claimed by one side refused by a party that would not be bound"
    assert list(cells)[3:] == ["Graustark", "Ruritania", "Aland"]


def test_principles_stand_with_their_talk_in_order_of_number(client, principle):
    process, talk = principle.process, principle.talk
    later = make.TalkFactory(process=process, title="Meeting at the mill")
    make.DevelopmentFactory(
        process=process, occurred_on=dt.date(2025, 3, 1), effects=[Effect(item=later, status="held")]
    )
    for title, number, of in (
        ("Second", 2, talk),
        ("Zeroth", None, talk),
        ("Later", 1, later),
        ("Stray", None, None),
    ):
        make.PrincipleFactory(process=process, talk=of, number=number, title=title)
    page = Page(client, f"{process.get_absolute_url()}agreement/")
    assert page.texts("main h2") == ["Meeting at the mill", "Meeting at the inn", "Without a talk"]
    titles = ["1. Later", "1. Open the border", "2. Second", "Zeroth", "Stray"]
    assert page.texts(".grid tbody th") == titles
    assert Page(client, f"{talk.get_absolute_url()}agreement/").texts(".grid tbody th") == titles[1:4]
    assert f"{talk.get_absolute_url()}agreement/" in Page(client, talk.get_absolute_url()).links()


def test_the_file_has_a_line_for_each_word_and_each_party_without_one(client, principle, sides):
    said = say(
        principle, sides[0], "conditional", "if; only if", 3, basis="paraphrase", strength="conditional"
    )
    rows = lines(client, principle)
    assert [(row["party"], row["counts"], row["stance"]) for row in rows] == [
        ("Graustark", "true", "affirms"), ("Graustark", "false", "conditional"), ("Ruritania", "", ""),
    ]  # fmt: skip
    assert {(row["principle_id"], row["agreement"], row["claimed_by"]) for row in rows} == {
        (principle.ref, "claimed_by_one_side", "Graustark")
    }
    second = rows[1]
    assert second["quote"] == r"if\; only if" and second["development_id"] == said.ref
    assert (second["occurred_on"], second["occurred_on_precision"]) == ("2025-02-03", "day")
    assert (second["strength"], second["basis"], second["place"]) == ("conditional", "paraphrase", "page 1")
    assert lines(client, principle, talk=True) == rows


def test_at_an_earlier_instant_it_reads_as_it_did_before_a_correction(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T10:00Z")
    sides = [make.PartyFactory(name=name) for name in ("Graustark", "Ruritania")]
    talk = make.TalkFactory()
    principle = make.PrincipleFactory(process=talk.process, talk=talk, parties=sides)
    said = say(principle, sides[1], "affirms", "practically", basis="own_words")
    clock("2025-02-18T12:00Z")
    make.PartyFactory()  # later than the instant that is read
    query, addresses = "?known=2025-02-18T11:00Z", [f"/processes/{talk.process.ref}", f"/talks/{talk.ref}"]

    def read():
        pages = [str(Page(client, f"{address}/agreement/{query}").soup.main) for address in addresses]
        files = [
            b"".join(client.get(f"{address}/agreement.csv{query}").streaming_content) for address in addresses
        ]
        return pages + files

    before = read()
    clock("2025-02-18T14:00Z")
    correct(said, effects=[Effect(item=principle, party=make.PartyFactory(name="Aland"), stance="rejects")])
    say(principle, sides[0], "affirms", basis="own_words")
    make.PrincipleFactory(process=talk.process, talk=talk, parties=[make.PartyFactory(name="Borduria")])
    assert read() == before
    assert "Aland" in str(Page(client, f"{addresses[0]}/agreement/").soup.main)


def test_a_talk_that_had_not_been_raised_has_no_grid(client, principle):
    address = f"{principle.talk.get_absolute_url()}agreement/"
    assert client.get(f"{address}?on=2025-02-17").status_code == 404
    assert client.get(f"{address}?known=2025-02-17").status_code == 404


def test_turning_pages(client, principle, monkeypatch):
    monkeypatch.setattr("tracker.reports.agreement.page.PAGE_SIZE", 2)
    monkeypatch.setattr("tracker.models.batches.BATCH", 2)
    for number in (2, 3, 4, 5):
        make.PrincipleFactory(
            process=principle.process, talk=principle.talk, number=number, title=f"No. {number}"
        )
    address = f"{principle.process.get_absolute_url()}agreement/"
    assert Page(client, f"{address}?page=2").texts(".grid tbody th") == ["3. No. 3", "4. No. 4"]
    assert client.get(f"{address}?page=two").status_code == 400
    assert len({line["principle_id"] for line in lines(client, principle, "?page=2")}) == 5


def test_a_restricted_process_has_no_grid_for_others(client, restricted_process, alice, bob):
    talk = make.TalkFactory(process=restricted_process)
    make.PrincipleFactory(process=restricted_process, talk=talk)
    for user, status in ((bob, 404), (alice, 200)):
        client.force_login(user)
        for record in (restricted_process, talk):
            for end in ("agreement/", "agreement.csv"):
                assert client.get(record.get_absolute_url() + end).status_code == status


def test_it_costs_the_same_however_many_principles(client, principle):
    @one_instant()
    def fill(rows):
        for _ in range(rows):
            party = make.PartyFactory()
            row = make.PrincipleFactory(process=principle.process, talk=principle.talk, parties=[party])
            speaker = make.PersonFactory(party=party)
            make.OfficeFactory(person=speaker, party=party)
            for basis in ("own_words", "paraphrase"):
                say(row, party, "affirms", "so", 3, basis=basis, speaker=speaker)

    def costs():
        return [
            grid(client, principle, query, talk)[0].queries
            for query in ("", "?on=2025-02-20")
            for talk in (False, True)
        ]

    fill(2)
    few = costs()
    fill(20)
    assert costs() == few and max(few) <= 12, few


def test_where_nobody_is_said_to_be_bound_two_parties_that_affirm_agree(client, principle, sides):
    free = make.PrincipleFactory(
        process=principle.process, talk=principle.talk, title="Keep the bridge", parties=[]
    )
    for party in sides:
        say(free, party, "affirms")
    for address in (free.process.get_absolute_url(), free.talk.get_absolute_url(), free.get_absolute_url()):
        assert "Confirmed by all" in Page(client, address).text()


def test_that_a_member_alone_refuses_what_its_body_affirms_stands_beside_the_agreement_everywhere(
    client, principle, sides
):
    item = principle.get_absolute_url()
    addresses = [item, principle.process.get_absolute_url(), principle.talk.get_absolute_url()]
    addresses += [f"{address}agreement/" for address in addresses[1:]]

    def told():
        pages = [" ".join(Page(client, each).soup.get_text(" ").split()) for each in addresses]
        return ["refused by a party that would not be bound" in page for page in pages]

    say(principle, sides[1], "affirms")
    assert told() == [False] * 5
    # Nothing on record says that it is a member of one of the sides.
    say(principle, make.PartyFactory(name="Province of Ruritania"), "disputes")
    assert told() == [True] * 5
    assert {line["others_refuse"] for line in lines(client, principle)} == {"true"}
    say(principle, sides[0], "rejects", day=19, basis="own_words")
    assert told() == [False] * 5
    assert {line["others_refuse"] for line in lines(client, principle)} == {"false"}
