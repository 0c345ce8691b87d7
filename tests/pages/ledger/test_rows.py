"""What a row of the ledger tells: who promised what to whom, how late it is, what blocks it."""

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tests.pages.ledger.owing import due, line, lines, owe, row, rows, slip
from tests.pages.reading import Page
from tracker import recording
from tracker.models import FollowUp
from tracker.recording.timestamps import one_instant
from tracker.reports.follow_ups.queries import LONGEST_CHAIN

pytestmark = pytest.mark.django_db


def test_a_row_tells_who_promised_what_to_whom_in_which_words(client):
    owner, other = make.PartyFactory(name="Ruritania"), make.PartyFactory(name="Graustark")
    speaker = make.PersonFactory(name="The Minister")
    said = {"party": owner, "speaker": speaker, "kind": "statement", "speech_act": "states"}
    item = make.FollowUpFactory(
        title="Open the gate", owner=owner, promised_to=[other, make.PartyFactory(name="Aland")], development=said,
        effect={"status": "promised", "wording": "The gate is opened.", **due("as soon as possible")},
    )  # fmt: skip
    found = row(client, item)
    assert found["Follow-up"] == f"Open the gate The gate is opened. {item.process}"
    assert found["Owner"] == "Ruritania said by The Minister"
    assert found["Promised to"] == "Aland ; Graustark"
    assert found["Due"] == "as soon as possible review on 1 Apr 2025"
    assert found["Status"] == "Promised"


def test_a_promise_that_another_tells_of_names_who_tells(client):
    teller = make.PartyFactory(name="Graustark")
    item = make.FollowUpFactory(owner=make.PartyFactory(name="Ruritania"), development={"party": teller})
    assert row(client, item)["Owner"] == "Ruritania said by Graustark"
    talk = make.TalkFactory()
    both = make.FollowUpFactory(owner=teller, process=talk.process, development={"party": None, "talk": talk})
    assert row(client, both)["Owner"] == "Graustark attributed to both sides"


def test_an_appointment_shows_its_office_and_once_named_the_person(client, alice):
    item = make.FollowUpFactory(appointment=True)
    assert row(client, item)["Type"] == "Appointment Special envoy: nobody yet"
    item.person = make.PersonFactory(name="Jane Roe")
    recording.save(alice, item)
    assert row(client, item)["Type"] == "Appointment Special envoy: Jane Roe"


OVERDUE = {
    "2025-03-09": "1",
    "2025-03-10": "",
    "2025-02": "10",
    "2025-03": "",
    "2024": "69",
    "2025": "",
    "before 2025-03-10": "1",
    "before 2025-03-11": "",
    "2024-02": "375",
    "2024-12": "69",
    "9999": "",
    "soon": "",
}
"""For how many days that is due by a text is overdue on 10 March 2025."""


@pytest.mark.parametrize("query", ["", "?on=2025-03-10", "?known=2025-03-10"])
def test_how_long_it_is_overdue_counts_from_the_latest_day_that_its_date_can_mean(client, query):
    with one_instant():
        items = {text: owe(text) for text in OVERDUE}
    in_file, on_page = lines(client, query), rows(client, query)
    found = {text: (in_file[item.ref], on_page[item.ref]["Days overdue"]) for text, item in items.items()}
    told = {text: (line["overdue"], line["overdue_days"], said) for text, (line, said) in found.items()}
    assert told == {
        text: ("true", days, "1 day" if days == "1" else f"{days} days") if days else ("false", "", "–")
        for text, days in OVERDUE.items()
    }
    overdue = {line["id"] for line in read_csv(client, f"/follow-ups.csv{query or '?'}&overdue=true")}
    assert overdue == {item.ref for text, item in items.items() if OVERDUE[text]}


def test_what_is_closed_is_neither_overdue_nor_blocked_nor_looked_at_again(client):
    first = owe("2025-02-01")
    closed = [
        owe("2025-02-01", process=first.process, waits_for=first, status=code) for code in ("done", "dropped")
    ]
    closed.append(owe("soon", status="overtaken"))
    for item in closed:
        found = line(client, item)
        assert [found[name] for name in ("overdue", "overdue_days", "for_review", "blocked")] == [
            "false", "", "false", "false",
        ]  # fmt: skip
        assert row(client, item)["Waits for"] == "–"


def test_a_phrase_is_to_be_looked_at_again_after_its_day(client, turn):
    item = owe("soon")
    turn("2025-04-01T12:00Z")
    assert line(client, item)["for_review"] == "false"
    turn("2025-04-02T12:00Z")
    assert line(client, item)["for_review"] == "true"
    assert row(client, item)["Due"] == "soon Review due since 1 Apr 2025"
    assert line(client, item)["overdue"] == "false"
    # Read as it was known then, it stays as it was then.
    assert line(client, item, "?known=2025-03-20")["for_review"] == "false"


def test_what_blocks_it_is_told_up_to_the_end_of_the_chain(client):
    last = owe(title="Sign the order", waits_for_phrase="the vote")
    middle = owe(title="Name a team", process=last.process, waits_for=last, status="expected")
    item = owe(title="Meet", process=last.process, waits_for=middle)
    assert row(client, item)["Waits for"] == (
        "Blocked Name a team Expected which waits for Sign the order Promised"
        " which waits for the vote not recorded as an item"
    )
    assert [line(client, one)["blocked"] for one in (item, middle, last)] == ["true", "true", "false"]
    make.EffectFactory(item=last, status="done")
    assert (
        row(client, item)["Waits for"] == "Blocked Name a team Expected which waits for Sign the order Done"
    )
    make.EffectFactory(item=middle, status="done")
    assert row(client, item)["Waits for"] == "Name a team Done"
    assert line(client, item)["blocked"] == "false"


def test_a_very_long_chain_is_told_as_far_as_is_of_use(client):
    step = owe(title="Step 0")
    with one_instant():
        for number in range(1, LONGEST_CHAIN + 5):
            step = owe(title=f"Step {number}", process=step.process, waits_for=step)
    said = row(client, step)["Waits for"]
    assert said.count("Step") == LONGEST_CHAIN


def test_filters_keep_what_is_overdue_blocked_to_be_looked_at_again_or_slipped(client, turn):
    made = {"overdue": owe("2025-02-01", title="Late"), "for_review": owe("soon", title="Vague")}
    made["blocked"] = owe(
        "2025-06-01", title="Waiting", process=made["overdue"].process, waits_for=made["overdue"]
    )
    made["slipped"] = owe("2025-05-01", title="Moved")
    slip(made["slipped"], "2025-06-01")
    turn("2025-04-05T12:00Z")
    for name, item in made.items():
        for query in ("", "&on=2025-04-05"):
            kept = read_csv(client, f"/follow-ups.csv?{name}=true{query}")
            assert [found["id"] for found in kept] == [item.ref]
            assert len(read_csv(client, f"/follow-ups.csv?{name}=false{query}")) == 3
            assert Page(client, f"/follow-ups/?{name}=true{query}").texts(".table tbody th > a") == [
                item.title
            ]


def test_the_longest_overdue_and_the_most_slipped_can_come_first(client):
    for text in ("2025-03-01", "soon", "2025-02-01", "2025-06-01"):
        owe(text, title=text)
    slip(FollowUp.objects.get(title="2025-06-01"), "2025-07-01")
    titles = [found["title"] for found in read_csv(client, "/follow-ups.csv?sort=-overdue_days")]
    assert titles[:2] == ["2025-02-01", "2025-03-01"]
    assert read_csv(client, "/follow-ups.csv?sort=-slips")[0]["title"] == "2025-06-01"
