"""A reading of an earlier day tells nothing of later ones, or says plainly that it may."""

import csv
import datetime as dt
import io

import pytest

from tests import factories as make
from tests.pages.reading import Page
from tracker import recording

pytestmark = pytest.mark.django_db

LATER = "may mention later events"


@pytest.fixture
def written(client, carol, clock):
    """Records with a text each, all written on 3 March 2025, of talks of 18 February; read by a viewer in April."""
    client.force_login(carol)
    clock("2025-03-03T10:00Z")
    process = make.ProcessFactory(title="River talks", summary="They signed in May.")
    day = {"development": {"occurred_on": dt.date(2025, 2, 18)}}
    talk = make.TalkFactory(process=process, note="It ended well.", effect={"status": "held"}, **day)
    party = make.PartyFactory(description="Left the alliance in May.")
    records = {
        "process": process,
        "talk": talk,
        "demand": make.DemandFactory(process=process, note="Met in May.", **day),
        "principle": make.PrincipleFactory(process=process, note="Signed in May.", **day),
        "follow-up": make.FollowUpFactory(process=process, note="Done in May.", **day),
        "party": party,
        "person": make.PersonFactory(description="Resigned in May."),
        "issue": make.IssueFactory(description="Settled in May."),
        "delegation": make.DelegationFactory(talk=talk, party=party, note="Came again in May."),
        "watch-phrase": make.WatchPhraseFactory(process=process, why="It came back in May."),
    }
    make.ProcessLinkFactory(from_process=process, note="That one failed in May.")
    clock("2025-04-01T10:00Z")
    return records


TEXTS = {
    "process": "They signed in May.",
    "talk": "It ended well.",
    "demand": "Met in May.",
    "principle": "Signed in May.",
    "follow-up": "Done in May.",
    "party": "Left the alliance in May.",
    "person": "Resigned in May.",
    "issue": "Settled in May.",
    "delegation": "Came again in May.",
    "watch-phrase": "It came back in May.",
}


def folded(page, words):
    """What stands above the folded text with `words`; empty where the text lies open."""
    for details in page.soup.select("details.undated"):
        if words in details.get_text():
            return details.summary.get_text()
    return ""


def test_a_text_written_later_is_folded_and_says_when_it_was_written(client, written):
    for name, words in TEXTS.items():
        url = written[name].get_absolute_url()
        assert folded(Page(client, f"{url}?on=2025-02-18"), words).endswith(
            f"Written on 3 Mar 2025; {LATER}"
        ), name
        assert folded(Page(client, f"{url}?on=before+2025-03-03"), words), name


def test_a_text_written_by_the_day_lies_open(client, written):
    for name, words in TEXTS.items():
        for query in ("", "?on=2025-03-03", "?known=2025-03-20"):
            page = Page(client, written[name].get_absolute_url() + query)
            assert words in page.text() and not page.soup.select("details.undated"), (name, query)


def test_a_text_changed_since_is_never_taken_for_one_of_the_day(client, bob, written):
    process = written["process"]
    process.summary = "They signed in May, and it broke down in June."
    recording.save(bob, process)
    page = Page(client, f"{process.get_absolute_url()}?on=2025-03-20")
    assert folded(page, "broke down") == f"Summary. First written on 3 Mar 2025 and changed since; {LATER}"


def test_what_hangs_on_a_page_is_folded_too(client, written):
    process, talk = (written[name].get_absolute_url() for name in ("process", "talk"))
    page = Page(client, f"{process}?on=2025-02-18")
    assert folded(page, "failed in May") and folded(page, "came back in May")
    assert folded(Page(client, f"{talk}?on=2025-02-18"), "Came again in May")
    seats = Page(client, f"{process}table/?on=2025-02-18")
    assert "Came again" not in seats.text() or folded(seats, "Came again")


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        ("/issues/", "Description"),
        ("/delegations/", "Note"),
        ("/watch-phrases/", "Why"),
        ("/process-links/", "Note"),
        ("/demands/?columns=title,note", "Note"),
        ("/processes/?columns=title,summary", "Summary"),
        ("/talks/?columns=title,minutes,note", "Duration (min), Note"),
    ],
)
def test_a_list_names_the_columns_that_may_tell_of_later_days(client, written, address, labels):
    on = f"{address}{'&' if '?' in address else '?'}on=2025-03-20"
    assert f"{labels}: as written; these texts have no date and {LATER}." in Page(client, on).text("#results")
    assert LATER not in Page(client, address).text("#results")


def test_the_length_of_a_talk_is_not_told_before_it_was_held(client, carol, clock):
    client.force_login(carol)
    clock("2025-03-03T10:00Z")
    planned = {"occurred_on": dt.date(2025, 2, 10)}
    talk = make.TalkFactory(minutes=270, effect={"status": "scheduled"}, development=planned)
    make.EffectFactory(item=talk, status="held", development={"occurred_on": dt.date(2025, 2, 18)})
    url = talk.get_absolute_url()
    assert "270 minutes" not in Page(client, f"{url}?on=2025-02-17").text()
    assert "270 minutes" in Page(client, f"{url}?on=2025-02-18").text()


@pytest.fixture
def judged(client, carol, clock):
    """A judgement of 18 February that was judged on 10 March."""
    client.force_login(carol)
    clock("2025-03-20T10:00Z")
    return make.AssessmentFactory(
        statement="It will fail.",
        author=make.PersonFactory(),
        author_name="",
        made_on=dt.date(2025, 2, 18),
        turned_out="wrong",
        judged_on=dt.date(2025, 3, 10),
        judged_note="They signed.",
    )


def rows(client, address):
    """The rows of the file at `address`."""
    return list(csv.DictReader(io.StringIO(client.get(address).getvalue().decode())))


@pytest.mark.parametrize(
    ("query", "is_judged"),
    [("on=2025-03-09", False), ("on=before 2025-03-10", False), ("on=2025-03-10", True), ("", True)],
)
def test_how_a_judgement_turned_out_is_told_from_the_day_on_which_it_was_judged(
    client, judged, query, is_judged
):
    words = "Wrong" if is_judged else "Pending"
    (row,) = rows(client, f"/assessments.csv?{query}")
    told = (row["turned_out"], row["judged_on"], row["judged_note"])
    assert told == (("wrong", "2025-03-10", "They signed.") if is_judged else ("pending", "", ""))
    for code, is_listed in (("pending", not is_judged), ("wrong", is_judged)):
        assert len(rows(client, f"/assessments.csv?turned_out={code}&{query}")) == is_listed
    for url in (judged, judged.process, judged.author):
        text = Page(client, f"{url.get_absolute_url()}?{query}").text()
        assert words.lower() in text.lower(), url
        assert ("They signed." in text) <= is_judged
    assert words in Page(client, f"/assessments/?sort=turned_out&{query}").text("#results")


def test_an_office_is_told_from_its_first_day_and_its_end_from_its_last(client, carol):
    client.force_login(carol)
    person = make.PersonFactory(name="Ada")
    day = dt.date
    make.OfficeFactory(
        person=person, title="Envoy", held_from=day(2025, 1, 1), held_from_precision="month",
        held_to=day(2025, 3, 10), held_to_precision="day",
    )  # fmt: skip
    make.OfficeFactory(person=person, title="Minister", held_from=day(2025, 3, 11), held_from_precision="day")
    make.OfficeFactory(person=person, title="Reserve officer")
    make.OfficeFactory(person=person, title="Deputy", held_from=day(2026, 1, 1), held_from_precision="before")

    def offices(query):
        return Page(client, f"{person.get_absolute_url()}?{query}").section("offices")

    assert "Minister" not in offices("on=2025-03-10") and "10 Mar 2025" in offices("on=2025-03-10")
    assert "10 Mar 2025" not in offices("on=2025-03-09") and "Envoy" in offices("on=2025-03-09")
    assert "Minister" in offices("on=2025-03-11") and "Minister" not in offices("on=before 2025-03-11")
    assert all(title in offices("on=2025-01-15") for title in ("Envoy", "Reserve officer", "Deputy"))
    found = {row["title"]: row["held_to"] for row in rows(client, "/offices.csv?on=2025-03-09")}
    assert found == {"Envoy": "", "Reserve officer": "", "Deputy": ""}
    found = {row["title"]: row["held_to"] for row in rows(client, "/offices.csv")}
    assert found["Envoy"] == "2025-03-10" and "Minister" in found
