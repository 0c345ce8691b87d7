"""Every field that takes a date takes it as people write it, and keeps what was typed where it cannot be read."""

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.admin.pages import typed, url
from tests.files.test_importing import brought_in, said
from tests.over_the_register.reading import read_csv
from tests.pages.filling import errors, submit
from tracker.models import Development, Source
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

FORMS = [
    ("18 Feb 2025", "2025-02-18"),
    ("February 18, 2025", "2025-02-18"),
    ("18.02.2025", "2025-02-18"),
    ("feb 2025", "2025-02"),
    ("before Feb 2025", "2025-02-01"),
]
AMBIGUOUS = "03/04/2025"
ASKED = "“03/04/2025”: 3 Apr 2025 or 4 Mar 2025? Write it as 2025-04-03 or 2025-03-04."


@pytest.fixture(autouse=True)
def _signed_in(client, bob):
    client.force_login(bob)


@pytest.mark.parametrize(("text", "iso"), FORMS)
def test_on_a_form(client, text, iso):
    response = submit(
        client, "/sources/new/", publisher="Post", title="Briefing", kind="news_report", published_on=text,
        retrieved_on=" 20 feb 2025 ",
    )  # fmt: skip
    assert response.status_code == 302, errors(response)
    source = Source.objects.get()
    assert (source.published.iso, str(source.retrieved_on)) == (iso, "2025-02-20")


@pytest.mark.parametrize("field", ["published_on", "retrieved_on"])
def test_what_cannot_be_read_is_asked_about_and_stays_as_it_was_typed(client, field):
    dates = {"published_on": "2025", field: AMBIGUOUS}
    response = submit(
        client, "/sources/new/", publisher="Post", title="Briefing", kind="news_report", **dates
    )
    assert ASKED in errors(response)[0]
    [box] = BeautifulSoup(response.content, "lxml").select(f"[name={field}]")
    assert box["value"] == AMBIGUOUS and box["type"] == "text"
    assert not Source.objects.exists()


def test_a_month_is_no_day(client):
    response = submit(
        client,
        "/sources/new/",
        publisher="Post",
        title="Briefing",
        kind="news_report",
        retrieved_on="Feb 2025",
    )
    assert "“Feb 2025” is not one day" in errors(response)[0]


@pytest.mark.parametrize(("text", "iso"), FORMS)
def test_in_the_admin(client, text, iso):
    values = {"publisher": "Post", "title": "Briefing", "kind": "news_report", "published_on": text}
    sent = typed(client.get(url(Source, "add")), **values, retrieved_on="20 Feb 2025")
    assert client.post(url(Source, "add"), sent).status_code == 302
    source = Source.objects.get()
    assert (source.published.iso, str(source.retrieved_on)) == (iso, "2025-02-20")
    sent = typed(client.get(url(Source, "add")), **values, retrieved_on=AMBIGUOUS)
    page = client.post(url(Source, "add"), sent).content.decode()
    assert ASKED in page and AMBIGUOUS in page


@pytest.mark.parametrize(("text", "iso"), FORMS[:4])
def test_in_a_filter(client, text, iso):
    early, late = make.SourceFactory(published_on="2025-01-31"), make.SourceFactory(published_on="2025-02-19")
    assert [row["id"] for row in read_csv(client, f"/sources.csv?since={text}")] == [late.ref]
    until = [row["id"] for row in read_csv(client, f"/sources.csv?until={text}")]
    assert until == ([early.ref] if len(iso) == 10 else [early.ref, late.ref])
    page = client.get(f"/sources/?since={AMBIGUOUS}")
    assert page.status_code == 400
    assert ASKED in page.content.decode() and f'value="{AMBIGUOUS}"' in page.content.decode()


def test_on_the_clocks_whose_links_stay_iso(client):
    make.DemandFactory(title="Free passage")
    for text, day in (("18 Feb 2025", "2025-02-18"), ("before 18 feb 2025", "2025-02-17")):
        page = client.get("/demands/", {"on": text, "known": "today"}, follow=True)
        assert page.status_code == 200
        context = page.context["clocks"].query
        assert context["on"] == day
        [box] = BeautifulSoup(page.content, "lxml").select("#clock-on")
        assert box["type"] == "text"
    assert ASKED in client.get("/demands/", {"on": AMBIGUOUS}).content.decode()
    assert ASKED in client.get("/demands.csv", {"known": AMBIGUOUS}).content.decode()


def test_in_a_file(bob):
    process, _ = make.ProcessFactory(title="Danube"), make.PartyFactory(name="Ruritania")
    header = "process,occurred_on,kind,headline,basis,party,speech_act\n"
    rows = "".join(
        f'Danube,"{text}",statement,Said {number},own_words,Ruritania,states\n'
        for number, (text, _) in enumerate(FORMS)
    )
    kind = BY_URL_NAME["development"]
    run = brought_in(bob, kind, header + rows, then="writing")
    assert run.counts == {"created": len(FORMS)}, said(run)
    recorded = Development.objects.filter(process=process).order_by("headline")
    assert [one.occurred.iso for one in recorded] == [iso for _, iso in FORMS]
    assert recorded.last().occurred.precision == "before"
    again = brought_in(bob, kind, header + rows)
    assert again.counts == {"unchanged": len(FORMS)}
    wrong = brought_in(
        bob, kind, header + f"Danube,{AMBIGUOUS},statement,Said it,own_words,Ruritania,states\n"
    )
    [[message]] = [row.messages for row in wrong.rows.all()]
    assert message["rule"] == ASKED and message["column"] == "occurred_on"
