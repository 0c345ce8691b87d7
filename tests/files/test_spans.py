"""Every form of a date comes in by file, comes out in one canonical form, and is refused only where it cannot be."""

import pytest

from tests import factories as make
from tests.files.test_importing import brought_in, exported, said
from tests.over_the_register.reading import read_csv
from tracker.models import Development, Office, Talk
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db
WRITTEN = {
    "2025-02": "2025-02",
    "before 18 Feb 2025": "[..2025-02-17]",
    "[..2025-02-17]": "[..2025-02-17]",
    "after 2025-02-18": "[2025-02-19..]",
    "between 12 and 14 Feb 2025": "[2025-02-12..2025-02-14]",
    "[2025-02-12..2025-02-14]": "[2025-02-12..2025-02-14]",
    "about Feb 2025": "2025-02~",
    "2025~": "2025~",
    "late Feb 2025": "[2025-02-21..2025-02-28]",
}


@pytest.fixture
def editor():
    return make.UserFactory(administrator=True)


@pytest.fixture
def reader(client, editor):
    client.force_login(editor)
    return client


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_comes_out_in_its_canonical_form_and_changes_nothing_the_second_time(editor, reader, text):
    process, party = make.ProcessFactory(title="River talks"), make.PartyFactory(name="Graustark")
    kind = BY_URL_NAME["development"]
    file = (
        "process,occurred_on,kind,headline,party,basis\n"
        f"{process.title},{text},report,Graustark builds a dam,{party.name},paraphrase\n"
    )
    run = brought_in(editor, kind, file, then="writing")
    assert run.counts == {"created": 1}, said(run)
    (row,) = read_csv(reader, "/developments.csv")
    assert row["occurred_on"] == WRITTEN[text]
    for again in (file, exported(editor, kind)):
        run = brought_in(editor, kind, again)
        assert run.counts == {"unchanged": 1}, said(run)
    assert Development.objects.get().occurred.edtf == WRITTEN[text]


@pytest.mark.parametrize(
    ("begins", "ends", "refused"),
    [
        ("2025-02-16", "2025-02", False),
        ("2025-02-03", "2025", False),
        ("2025-02-03", "before 2025-03-01", False),
        ("about Mar 2025", "2025-02-28", False),
        ("before 2025-02-18", "2024-01-01", False),
        ("after 2025-02-18", "2025-02-19", False),
        ("2025-02-18", "before 2025-02-18", True),
        ("2025-02-18", "2025-02-17", True),
        ("2025-02", "2025-01", True),
        ("after 2025-02-18", "2025-02-18", True),
    ],
)
def test_an_office_is_refused_only_if_its_end_must_lie_before_its_beginning(editor, begins, ends, refused):
    person = make.PersonFactory(name="Rufus Firefly")
    file = f"person,title,held_from,held_to\n{person.name},Minister,{begins},{ends}\n"
    run = brought_in(editor, BY_URL_NAME["office"], file, then="writing")
    assert Office.objects.filter(title="Minister").exists() is not refused, said(run)
    if refused:
        (message,) = run.rows.get().messages
        assert message["column"] == "held_to" and "cannot end" in message["rule"]


def test_a_talk_lasts_several_days_and_nothing_else_does(editor, reader):
    make.ProcessFactory(title="River talks")
    make.PartyFactory(name="Graustark")
    header = (
        "process,title,status,due_on,form,development_kind,development_occurred_on,development_basis,"
        "development_party,development_headline\n"
    )
    for days in ("2026-12-15/2026-12-17", "15 to 17 December 2026"):
        line = f"River talks,Second round,scheduled,{days},call,report,2025-02-18,paraphrase,Graustark,A round is set\n"
        run = brought_in(editor, BY_URL_NAME["talk"], header + line, then="writing")
        assert run.counts in ({"created": 1}, {"unchanged": 1}), said(run)
    talk = Talk.objects.get()
    assert (str(talk.due), talk.due.edtf) == ("15–17 Dec 2026", "2026-12-15/2026-12-17")
    assert read_csv(reader, "/talks.csv")[0]["due_on"] == "2026-12-15/2026-12-17"
    calendar = reader.get("/calendar.ics").content.decode()
    assert "DTSTART;VALUE=DATE:20261215" in calendar and "DTEND;VALUE=DATE:20261218" in calendar
    assert "SUMMARY:Talk: Second round" in calendar
    file = "title,publisher,kind,published_on\nA report,Gazette,news_report,15 to 17 Dec 2024\n"
    (row,) = brought_in(editor, BY_URL_NAME["source"], file).rows.all()
    assert "Only a talk lasts several days" in row.messages[0]["rule"]
    assert "between 15 and 17 Dec 2024" in row.messages[0]["rule"]
