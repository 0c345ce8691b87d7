"""A stance that is retracted, and a due date that is given up: nothing stands in their place, and the page says so."""

import datetime as dt
import re

import pytest

from tests import factories as make
from tests.files.test_importing import brought_in, said
from tests.over_the_register.reading import read_csv
from tests.pages.filling import sent, submit
from tests.pages.ledger.owing import line, owe, row, slip
from tests.pages.ledger.test_calendar import events
from tests.pages.reading import Page, Words
from tracker import recording
from tracker.models import Development, Effect
from tracker.models.effects import GIVEN_UP
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, alice):
    client.force_login(alice)
    return client


def hear(principle, party, stance, day):
    """Record what `party` says of `principle` on `day` February 2025, in its own words."""
    make.DevelopmentFactory(
        process=principle.process, party=party, basis="own_words", occurred_on=dt.date(2025, 2, day),
        effects=[Effect(item=principle, party=party, stance=stance)],
    )  # fmt: skip


@pytest.fixture
def freeze():
    """A principle that binds two parties, both of which have affirmed it."""
    parties = [make.PartyFactory(name=name) for name in ("Graustark", "Ruritania")]
    principle = make.PrincipleFactory(
        title="A freeze",
        parties=parties,
        effect={"status": "claimed"},
        development={"occurred_on": dt.date(2025, 2, 1)},
    )
    for party in parties:
        hear(principle, party, "affirms", 10)
    return principle


def agreement(reader, principle, query=""):
    """The agreement on `principle`, as its process's file has it."""
    rows = read_csv(reader, f"/processes/{principle.process.ref}/agreement.csv{query}")
    return next(line["agreement"] for line in rows if line["principle_id"] == principle.ref)


def test_a_stance_that_was_retracted_counts_as_no_statement_and_says_since_when(reader, freeze):
    process = freeze.process
    assert agreement(reader, freeze) == "confirmed_by_all"
    hear(freeze, freeze.parties.get(name="Graustark"), "retracted", 22)
    assert agreement(reader, freeze) == "claimed_by_one_side"
    assert agreement(reader, freeze, "?on=2025-02-21") == "confirmed_by_all"
    latest = Development.objects.order_by("pk").last()
    assert "Graustark Affirms Retracted" in Page(reader, latest.get_absolute_url()).text()
    for address in (freeze.get_absolute_url(), f"/processes/{process.ref}/agreement/"):
        text = Page(reader, address).text()
        assert "Retracted" in text and "22 Feb 2025" in text
    moved = read_csv(reader, f"/processes/{process.ref}/compare.csv?from=2025-02-21")
    (change,) = [line for line in moved if line["aspect"] == "stance"]
    assert (change["change"], change["old"], change["new"]) == ("gone", "affirms", "")


def test_an_earlier_stance_does_not_come_back_and_a_later_one_counts(reader, freeze):
    party = freeze.parties.get(name="Graustark")
    hear(freeze, party, "rejects", 20)
    hear(freeze, party, "retracted", 22)
    assert agreement(reader, freeze) == "claimed_by_one_side"
    hear(freeze, party, "disputes", 24)
    assert agreement(reader, freeze) == "disputed"


def test_a_due_date_that_was_given_up_is_neither_overdue_nor_slipped_nor_in_the_calendar(reader):
    item = owe("2025-03-01", development={"occurred_on": dt.date(2025, 2, 1)})
    slip(item, "2025-03-05", 10)
    assert line(reader, item)["overdue"] == "true" and item.ref in events(reader)
    slip(item, "none", 20)
    found = line(reader, item)
    assert (found["due_on"], found["due_phrase"], found["review_on"]) == ("", GIVEN_UP, "")
    assert (found["overdue"], found["for_review"], found["slips"]) == ("false", "false", "1")
    assert row(reader, item)["Slips"].startswith("1 time, 4 days 1 Mar 2025 → moved to 5 Mar 2025")
    assert item.ref not in events(reader)
    slip(item, "2025-06-01", 25)
    assert line(reader, item)["slips"] == "1"
    assert row(reader, item)["Slips"].startswith("1 time, 4 days")


def test_none_typed_in_any_case_gives_up_the_date(reader):
    item = owe("2025-03-01", development={"occurred_on": dt.date(2025, 2, 1)})
    address = f"{item.get_absolute_url()}update/"
    typed = {
        "kind": "decision", "occurred_on": "2025-02-20", "headline": "No date any more", "party": item.owner.name,
        "basis": "own_words", "effects-0-due_phrase": " None ",
    }  # fmt: skip
    response = reader.post(address, sent(reader.get(address)) | typed)
    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.current_due_on, item.current_due_phrase, item.current_review_on) == (None, GIVEN_UP, None)
    both = typed | {"effects-0-due_on": "2025-04-01"}
    refused = reader.post(address, sent(reader.get(address)) | both)
    assert refused.status_code == 422
    assert "neither a date nor a review date" in refused.content.decode()


@pytest.mark.parametrize(
    ("new_day", "planned"), [("", (None, GIVEN_UP)), ("2025-05-01", (dt.date(2025, 5, 1), ""))]
)
def test_a_talk_postponed_without_a_new_day_loses_the_old_one(reader, new_day, planned):
    talk = make.TalkFactory(
        effect={"status": "scheduled", "due_on": dt.date(2025, 4, 1), "due_precision": "day"},
        development={"occurred_on": dt.date(2025, 2, 1)},
    )
    typed = {
        "process": talk.process.ref, "kind": "talks", "occurred_on": "2025-02-20", "headline": "Not in April",
        "talk": talk.title, "basis": "paraphrase", "effects-0-item": talk.title, "effects-0-status": "postponed",
        "effects-0-due_on": new_day,
    }  # fmt: skip
    assert submit(reader, f"/developments/new/?process={talk.process.ref}", **typed).status_code == 302
    talk.refresh_from_db()
    assert (talk.current_due_on, talk.current_due_phrase) == planned
    assert (talk.ref in events(reader)) == bool(new_day)


def test_an_emptied_cell_of_a_new_effect_takes_back_what_stands(freeze):
    editor = make.UserFactory(administrator=True)
    item = owe("2025-03-01", process=freeze.process, development={"occurred_on": dt.date(2025, 2, 1)})
    file = (
        "process,occurred_on,kind,headline,party,basis,effect_item,effect_stance,effect_due_on\n"
        rf"{freeze.process.title},2025-02-22,report,It takes that back,Graustark,own_words,{freeze.ref},\N,"
        "\n"
        rf"{freeze.process.title},2025-02-23,report,It gives no date,Graustark,own_words,{item.ref},,\N"
        "\n"
    )
    run = brought_in(editor, BY_URL_NAME["development"], file, then="writing")
    assert run.counts == {"created": 2}, said(run)
    taken = Effect.objects.get(development__headline="It takes that back")
    assert (taken.stance, taken.due_phrase) == ("retracted", "")
    given_up = Effect.objects.get(development__headline="It gives no date")
    assert (given_up.stance, given_up.due_on, given_up.due_phrase) == (None, None, GIVEN_UP)


def test_an_emptied_cell_of_a_recorded_effect_leaves_what_stood_before(freeze):
    editor = make.UserFactory(administrator=True)
    party = freeze.parties.get(name="Graustark")
    make.DevelopmentFactory(
        process=freeze.process, party=party, basis="own_words", occurred_on=dt.date(2025, 2, 20),
        effects=[Effect(item=freeze, party=party, stance="rejects", wording="A freeze of all")],
    )  # fmt: skip
    effect = Effect.objects.get(stance="rejects")
    file = f"id,stance,correction_reason\n{effect.ref},\\N,recoded\n"
    run = brought_in(editor, BY_URL_NAME["effect"], file, then="writing")
    assert run.counts == {"changed": 1}, said(run)
    assert freeze.stances.get(party=party).current_stance == "affirms"


def say(principle, party, stance, day, month):
    """Record what `party` says of `principle`."""
    make.DevelopmentFactory(
        process=principle.process, party=party, occurred_on=dt.date(2025, month, day), headline=f"{stance} {day}",
        effects=[Effect(item=principle, party=party, stance=stance)],
    )  # fmt: skip


def cell(reader, principle, query=""):
    """The text of the only cell of the position matrix with a stance, without what follows the movement."""
    page = Page(reader, f"/processes/{principle.process.ref}/positions/{query}")
    (cell,) = [found for found in page.soup.select("td[data-label]") if found.text.strip()]
    return " ".join(text.text for text in cell.select(".stand, .moved")).split()


def compared(reader, principle, query):
    """The sentences of the comparison."""
    return Page(reader, f"/processes/{principle.process.ref}/compare/{query}").text()


def test_the_matrix_and_the_comparison_agree_that_a_retraction_is_no_move_towards_yes(reader):
    principle = make.PrincipleFactory(development={"occurred_on": dt.date(2025, 2, 1)})
    party = make.PartyFactory(name="Ruritania")
    say(principle, party, "affirms", 10, 2)
    say(principle, party, "retracted", 20, 2)
    retracted = "Retracted Gone from Affirms, 10 Feb 2025".split()
    assert cell(reader, principle) == retracted
    assert cell(reader, principle, "?since=2025-02-15") == retracted
    say(principle, party, "conditional", 1, 3)
    for query in ("", "?since=2025-02-25"):
        assert cell(reader, principle, query) == ["Conditional", "New"]
    assert cell(reader, principle, "?on=2025-02-25") == retracted
    assert (
        cell(reader, principle, "?since=2025-02-15")
        == "Conditional Hardened from Affirms, 10 Feb 2025".split()
    )
    gone = compared(reader, principle, "?from=2025-02-15&to=2025-02-25")
    assert "Ruritania retracted its stance “Affirms” of 10 Feb 2025 on 20 Feb 2025." in gone
    assert "no longer on record" not in gone.lower() and "Softened" not in gone
    assert "New" in compared(reader, principle, "?from=2025-02-25")
    for query, shown in (("", 1), ("&since=2025-02-25", 1), ("&on=2025-02-25", 1), ("&since=2025-03-02", 0)):
        page = Page(reader, f"/processes/{principle.process.ref}/positions/?moved=true{query}")
        assert len(page.soup.select(f'a[href^="{principle.get_absolute_url()}"]')) >= shown
        assert bool(page.soup.select("td[data-label] .moved")) == bool(shown)


def test_a_stance_that_was_said_and_retracted_since_has_not_moved(reader):
    principle = make.PrincipleFactory(development={"occurred_on": dt.date(2025, 2, 1)})
    party = make.PartyFactory(name="Ruritania")
    say(principle, party, "affirms", 10, 2)
    say(principle, party, "retracted", 20, 2)
    assert cell(reader, principle, "?since=2025-02-05") == ["Retracted"]
    page = Page(reader, f"/processes/{principle.process.ref}/positions/?moved=true&since=2025-02-05")
    assert not page.soup.select("td[data-label] .stand")


def test_a_correction_that_leaves_nothing_is_still_no_longer_on_record(reader, alice):
    principle = make.PrincipleFactory(development={"occurred_on": dt.date(2025, 2, 1)})
    party = make.PartyFactory(name="Ruritania")
    say(principle, party, "affirms", 10, 2)
    said = Development.objects.get(headline="affirms 10")
    recording.withdraw(make.UserFactory(editor=True), said, "Not so.")
    known = said.recorded_at.isoformat().replace("+00:00", "Z")
    text = compared(reader, principle, f"?from_known={known}")
    assert "The stance of Ruritania is no longer on record; it was “Affirms” (10 Feb 2025)." in text


def test_a_due_date_given_up_is_called_so_wherever_it_is_shown(reader):
    item = owe("2025-05-01", title="A list", development={"occurred_on": dt.date(2025, 2, 1)})
    slip(item, "none", 20)
    process = item.process
    gone = compared(reader, item, "?from=2025-02-15")
    assert "The due date, 1 May 2025, was given up on 20 Feb 2025." in gone
    assert "no longer on record" not in gone.lower()
    latest = Development.objects.order_by("pk").last()
    addresses = (
        item.get_absolute_url(), latest.get_absolute_url(), "/follow-ups/", process.get_absolute_url(),
        item.owner.get_absolute_url(), "/effects/?columns=item,due_phrase", f"{latest.get_absolute_url()}history/",
        f"/processes/{process.ref}/paths/", f"{item.get_absolute_url()}path/",
        f"/processes/{process.ref}/follow-ups/",
    )  # fmt: skip
    for address in addresses:
        text = " ".join(Page(reader, address).text().split())
        assert "given up" in text.lower(), address
        assert not re.search(r"(?i)(due|promised|expected|·):? none", text), address
    page = Words(reader.post("/feeds/", {"feed": "timeline.atom", "query": ""}))
    url = page.soup.select_one("#secret")["value"].removeprefix("http://testserver")
    feed = reader.get(url).content.decode()
    assert "given up" in feed and "none" not in feed
    assert line(reader, item)["due_phrase"] == GIVEN_UP, "a file keeps the code"
