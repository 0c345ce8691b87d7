"""Dates that are seldom true are asked about before they are recorded, and never refused."""

import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command

from tests import factories as make
from tests.admin.pages import errors as admin_errors
from tests.admin.pages import typed, url
from tests.pages.filling import errors, sent, submit
from tracker.models import Demand, Development, ImportRun, Source

pytestmark = pytest.mark.django_db

SOURCE = {"title": "A paper", "publisher": "The Herald", "kind": "news_report"}
ISLAMIC = "Is 1446 a year of the Islamic calendar (2024)?"


@pytest.fixture
def editor(client, clock):
    clock("2025-03-01T12:00Z")
    user = make.UserFactory(administrator=True)
    client.force_login(user)
    return user


def asked(response):
    """What the page asks, without the hint of what to do."""
    return [
        line.partition(": ")[2].removesuffix(" If it is right, tick “These dates are right”.")
        for line in errors(response)
    ]


def ticked(response):
    """What the page's form sends once the box is ticked."""
    box = BeautifulSoup(response.content, "lxml").select_one("[name=dates_are_right]")
    return sent(response) | {"dates_are_right": box["value"]}


@pytest.mark.parametrize(
    ("dates", "question"),
    [
        ({"published_on": "1446-08-19"}, ISLAMIC),
        (
            {"published_on": "1403"},
            "Is 1403 a year of the Islamic calendar (1982) or of the Solar Hijri calendar (2024)?",
        ),
        ({"published_on": "2568-02"}, "Is 2568 a year of the Buddhist calendar (2025)?"),
        ({"published_on": "after 1446"}, ISLAMIC),
        ({"published_on": "after 2030"}, "after 31 Dec 2030 is in the future."),
        ({"published_on": "5785"}, "Is 5785 a year of the Hebrew calendar (2024)?"),
        ({"published_on": "2081-11-06"}, "Is 2081 a year of the Nepali calendar (2024)?"),
        ({"published_on": "0114-02"}, "Is 114 a year of the Minguo calendar (2025)?"),
        ({"published_on": "0225-02-18"}, "18 Feb 0225 is more than a thousand years ago."),
        ({"published_on": "2025-03-02"}, "2 Mar 2025 is in the future."),
        ({"retrieved_on": "2031-01-01"}, "1 Jan 2031 is in the future."),
        (
            {"published_on": "2025-02-18", "retrieved_on": "2025-02-17"},
            "It was retrieved on 17 Feb 2025, but published on 18 Feb 2025, which is later.",
        ),
    ],
)
def test_a_form_asks_keeps_what_was_typed_and_takes_yes_for_an_answer(client, editor, dates, question):
    response = submit(client, "/sources/new/", **SOURCE, **dates)
    assert response.status_code == 422 and not Source.objects.exists()
    assert question in asked(response)
    assert sent(response)["title"] == ["A paper"]
    response = client.post("/sources/new/", ticked(response))
    assert response.status_code == 302, errors(response)
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    "dates",
    [
        {"published_on": "2025-02-18", "retrieved_on": "2025-02-18"},
        {"published_on": "2025-02", "retrieved_on": "2025-02-18"},
        {"published_on": "2025-03-01", "retrieved_on": "2025-03-01"},
        {"published_on": "before 2030-01-01"},
        {"published_on": "about 2025-03-02"},
        {"published_on": "1299"},
        {"published_on": "1648-10-24"},
        {},
    ],
)
def test_what_is_likely_is_not_asked(client, editor, dates):
    assert submit(client, "/sources/new/", **SOURCE, **dates).status_code == 302
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("published", "question"),
    [
        ("before 2025-02-18", None),
        ("about 2025-02-11", None),
        ("about 2025-02-12", "published about 12 Feb 2025"),
        ("2025-02", None),
        ("2025-03", "published in Mar 2025"),
        ("about 2025-03", None),
        ("after 2025-02-09", None),
        ("after 2025-02-10", "published after 10 Feb 2025"),
        ("between 2025-02-11 and 2025-02-14", "published between 11 and 14 Feb 2025"),
    ],
)
def test_what_can_have_been_published_before_it_was_retrieved_is_not_asked(
    client, editor, published, question
):
    response = submit(client, "/sources/new/", **SOURCE, published_on=published, retrieved_on="2025-02-10")
    if question is None:
        assert response.status_code == 302 and Source.objects.count() == 1
    else:
        assert set(asked(response)) == {f"It was retrieved on 10 Feb 2025, but {question}, which is later."}


@pytest.mark.parametrize(
    ("day", "question"),
    [
        ("after 1990-01-01", None),
        ("about 2002", None),
        ("about 2000", "about 2000 is 12 years before the first development of its process, 4 Mar 2012."),
        ("about 2025-01", None),
        (
            "about 2025-02",
            "about Feb 2025 is 10 years after the latest development of its process, 31 Dec 2014.",
        ),
    ],
)
def test_what_can_lie_near_the_others_is_not_asked(client, editor, day, question):
    process = make.ProcessFactory()
    make.DevelopmentFactory(process=process, occurred_on=dt.date(2012, 3, 4))
    if "2025" in day:
        make.DevelopmentFactory(process=process, occurred_on=dt.date(2014, 12, 31))
    address = f"/developments/new/?process={process.ref}"
    assert asked(submit(client, address, **development(occurred_on=day))) == ([question] if question else [])


def test_an_answer_is_about_one_date_alone(client, editor):
    form = ticked(submit(client, "/sources/new/", **SOURCE, published_on="1446"))
    response = client.post("/sources/new/", form | {"published_on": "1447"})
    assert response.status_code == 422 and not Source.objects.exists()
    assert "Is 1447 a year of the Islamic calendar (2025)?" in asked(response)


def test_what_was_answered_once_is_not_asked_again(client, editor):
    client.post("/sources/new/", ticked(submit(client, "/sources/new/", **SOURCE, published_on="1446")))
    source = Source.objects.get()
    assert submit(client, f"{source.get_absolute_url()}edit/", publisher="The Old Herald").status_code == 302
    source.refresh_from_db()
    assert source.publisher == "The Old Herald" and str(source.published) == "1446"


def development(**changes):
    return {
        "headline": "It insists", "party": make.PartyFactory().name, "kind": "report", "basis": "own_words",
    } | changes  # fmt: skip


def test_a_day_far_from_all_others_of_its_process_is_asked(client, editor):
    process = make.ProcessFactory()
    for day in (dt.date(2012, 3, 4), dt.date(2015, 1, 1)):
        make.DevelopmentFactory(process=process, occurred_on=day)
    address = f"/developments/new/?process={process.ref}"
    for day, question in (
        ("2002-03-04", "4 Mar 2002 is 10 years before the first development of its process, 4 Mar 2012."),
        ("2025-01-01", "1 Jan 2025 is 10 years after the latest development of its process, 1 Jan 2015."),
        ("before 1990-01-01", None),
        ("2002-03-05", None),
    ):
        response = submit(client, address, **development(occurred_on=day))
        assert asked(response) == ([question] if question else []), day
    other = submit(
        client, f"/developments/new/?process={make.ProcessFactory().ref}", **development(occurred_on="1901")
    )
    assert other.status_code == 302


def test_the_admin_asks_as_well(client, editor):
    address = url(Source, "add")
    form = typed(client.get(address)) | SOURCE | {"published_on": "1446"}
    response = client.post(address, form)
    assert admin_errors(response)["published_on"] == [
        f"{ISLAMIC} If it is right, tick “These dates are right”."
    ]
    assert not Source.objects.exists()
    answer = response.context["questions"][0].value
    assert client.post(address, typed(response) | {"dates_are_right": answer}).status_code == 302
    assert Source.objects.count() == 1


@pytest.mark.parametrize("answered", [False, True])
def test_the_admin_asks_about_the_development_of_a_new_item(client, editor, answered):
    process, party = make.ProcessFactory(), make.PartyFactory()
    make.DevelopmentFactory(process=process, occurred_on=dt.date(2025, 2, 18))
    address = url(Demand, "add")
    form = typed(client.get(address)) | {
        "process": process.pk, "title": "Neutrality", "kind": "demand", "party": party.pk,
        "raised-occurred_on": "1990", "raised-kind": "report", "raised-basis": "paraphrase", "effect-status": "open",
    }  # fmt: skip
    response = client.post(address, form)
    assert "1990 is 35 years before the first development" in str(admin_errors(response))
    assert not Demand.objects.exists() and Development.objects.count() == 1
    if answered:
        answer = response.context["questions"][0].value
        response = client.post(address, typed(response) | {"dates_are_right": answer})
        assert response.status_code == 302 and Demand.objects.count() == 1


ROWS = """title,publisher,kind,published_on,retrieved_on
A,The Herald,news_report,1446,
B,The Herald,news_report,2025,2025-02-18
"""


def test_an_import_asks_in_its_preview(client, editor):
    response = client.post("/imports/", {"type": "source", "text": ROWS}, follow=True)
    run = ImportRun.objects.get()
    assert run.count("created") == 2
    assert [(cause["column"], cause["rule"], cause["rows"]) for cause in run.questions] == [
        ("published_on", ISLAMIC, [2])
    ]
    assert ISLAMIC in response.content.decode() and "Are these dates right?" in response.content.decode()
    client.post(run.get_absolute_url(), {"do": "all"})
    assert not Source.objects.exists()
    client.post(run.get_absolute_url(), {"do": "all", "dates_are_right": "on"})
    assert Source.objects.count() == 2


def test_an_import_asks_about_the_parts_of_a_row(client, editor):
    process = make.ProcessFactory()
    rows = (
        "process,title,kind,owner,development_kind,development_occurred_on,development_basis,development_party,"
        "due_on,status\n"
        f"{process.ref},Name a team,other,{make.PartyFactory(name='Ruritania').ref},report,2025-02-18,paraphrase,"
        "Ruritania,2025-02-01,promised\n"
    )
    client.post("/imports/", {"type": "follow-up", "text": rows})
    run = ImportRun.objects.get()
    (question,) = run.questions
    (notice,) = run.rows.get().messages
    assert (notice["column"], notice["value"]) == ("due_on", "2025-02-01")
    assert question["rule"] == "It is due on 1 Feb 2025, but this was said on 18 Feb 2025, which is later."


def test_the_command_asks_unless_told_that_the_dates_are_right(editor, tmp_path):
    path = tmp_path / "sources.csv"
    path.write_text(ROWS)
    out = io.StringIO()
    with pytest.raises(
        CommandError, match="Nothing was written. Check the dates; if they are right, add --dates"
    ):
        call_command("import_csv", "source", str(path), stdout=out, stderr=out)
    assert f"row 2, published_on: {ISLAMIC}" in out.getvalue() and not Source.objects.exists()
    call_command("import_csv", "source", str(path), dates_are_right=True, stdout=out, stderr=out)
    assert Source.objects.count() == 2
