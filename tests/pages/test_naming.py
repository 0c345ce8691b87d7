"""Records are understood and offered by any of their names, wherever one is named."""

import datetime as dt
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.admin.test_finding import found, offered
from tests.files.test_importing import brought_in
from tests.over_the_register.reading import read_csv
from tests.pages.filling import errors, submit
from tests.pages.reading import Words
from tracker.files.importing.resolve import Names
from tracker.models import Development, Party, Person, Source
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

SPELLINGS = [
    "the Czech Republic",
    "CZECH\u00a0REPUBLIC",
    "Cze\u00adch  Republic",
    "Ｃｚｅｃｈ Republic",
    "Ceska republika",
    "C.R",
]


@pytest.fixture
def czechia(alice, client):
    client.force_login(alice)
    return make.PartyFactory(name="Czech Republic", short_name="C.R.", aliases=["Česká republika"])


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_party_however_it_is_written(client, alice, czechia, text):
    process = make.ProcessFactory(title="Danube")
    demand = make.DemandFactory(party=czechia)
    response = submit(
        client,
        "/developments/new/",
        process="danube",
        occurred_on="2025-02-18",
        headline="Said so",
        kind="statement",
        party=text,
        speech_act="states",
        basis="own_words",
    )
    assert response.status_code == 302, errors(response)
    assert Development.objects.get(headline="Said so").party == czechia
    assert {row["id"] for row in read_csv(client, f"/demands.csv?party={quote(text)}")} == {demand.ref}
    assert Names(alice).meant(Party, text) == czechia
    assert (
        found(client, Party, text) == {"Czech Republic"} == set(offered(client, Development, "party", text))
    )
    assert options(client, "party", text) == ["Czech Republic"]
    assert process.developments.count() == 1


def options(client, model, text):
    """What is offered for `text`, all of which a browser then shows: it contains the letters typed."""
    page = client.get(f"/options/{model}/", {"q": text})
    found = BeautifulSoup(page.content, "lxml").select("option")
    for option in found:
        assert text.casefold() in f"{option['value']} {option.get('label', '')}".casefold()
    return [option["value"] for option in found]


def test_people_and_sources_are_offered_as_they_are_called(client, czechia):
    rosa = make.PersonFactory(name="Rosa Duarte", aliases=["Роза Дуарте"])
    source = make.SourceFactory(publisher="Morning Post", title="Envoy’s briefing")
    for text in ("duarte", "дуарте", "Duarte Rosa", "Rosa"):
        assert options(client, "person", text) == [f"Rosa Duarte [{rosa.ref}]"]
    for text in ("Morning Post: Env", "envoy's", "Morning briefing"):
        assert options(client, "source", text) == [f"Morning Post: Envoy’s briefing [{source.ref}]"]
        assert found(client, Source, text) == {str(source)}
    assert options(client, "person", "Czech") == []
    page = client.get("/options/person/", {"q": "дуар"})
    assert BeautifulSoup(page.content, "lxml").option["label"] == "Роза Дуарте"


def test_who_is_called_exactly_so_is_offered_first(client, czechia):
    for number in range(25):
        make.PersonFactory(name=f"A. Limov {number:02}")
    make.PersonFactory(name="Zhang Li")
    assert options(client, "person", "li")[0].startswith("Zhang Li")


def test_aliases_are_offered_within_the_page(client, czechia):
    page = BeautifulSoup(client.get("/developments/new/").content, "lxml")
    [option] = page.select("#options-party option[value='Czech Republic']")
    assert "Česká republika" in option["label"]


def test_what_is_restricted_is_not_offered(client, bob, restricted_process):
    make.TalkFactory(title="Back room", process=restricted_process)
    client.force_login(bob)
    assert options(client, "talk", "back") == options(client, "item", "Back room") == []


def test_a_delegation_by_its_heading(client, czechia):
    talk = make.TalkFactory(title="Lunch at Brno")
    delegation = make.DelegationFactory(party=czechia, talk=talk)
    delegate = make.DelegateFactory(delegation=delegation)
    make.DelegateFactory()
    assert str(delegation) == "Czech Republic at Lunch at Brno"
    for text in (str(delegation), "ceska republika at lunch at brno", f"{delegation} [{delegation.ref}]"):
        assert [row["id"] for row in read_csv(client, f"/delegates.csv?delegation={quote(text)}")] == [
            delegate.ref
        ]


def test_a_text_of_invisible_signs_names_nobody(client, czechia):
    make.DemandFactory()
    assert len(read_csv(client, "/demands.csv?party=%E2%80%8B")) == 1


def test_a_file_names_records_as_people_do(alice, czechia):
    rosa = make.PersonFactory(name="Rosa Duarte")
    process = make.ProcessFactory(title="Danube")
    rows = "process,occurred_on,kind,headline,party,speaker,speech_act,basis\n" + "".join(
        f"DANUBE,2025-02-18,statement,Said {number},{text},Duarte,states,own_words\n"
        for number, text in enumerate(SPELLINGS)
    )
    run = brought_in(alice, BY_URL_NAME["development"], rows, then="writing")
    assert run.counts == {"created": len(SPELLINGS)}
    assert {(one.party, one.speaker) for one in process.developments.all()} == {(czechia, rosa)}


def test_many_rows_are_looked_up_in_as_many_queries_as_few(alice):
    for number in range(20):
        make.PersonFactory(name=f"Rosa Gil{number}", aliases=[f"Other{number}"])

    def queries(count):
        texts = [
            text
            for number in range(count)
            for text in (f"GIL{number}", f"other{number}", f"rosa gil{number}")
        ]
        names = Names(alice)
        with CaptureQueriesContext(connection) as captured:
            names.learn(Person, texts)
            for text in texts:
                assert names.meant(Person, text)
        return len(captured)

    assert queries(2) == queries(20)


def test_wrong_names_in_a_file_do_not_read_all_names_again(alice):
    make.PartyFactory(name="Freedonia")

    def queries(count):
        names = Names(alice)
        with CaptureQueriesContext(connection) as captured:
            for number in range(count):
                with pytest.raises(Exception, match="There is no party"):
                    names.meant(Party, f"nowhere{number}")
        return captured

    assert sum("LIMIT 5001" in query["sql"] for query in queries(5)) == 1


def test_a_file_asks_which_of_two_is_meant(alice):
    people = [make.PersonFactory(name=f"{given} Gil", aliases=["The envoy"]) for given in ("Rosa", "Luis")]
    for text in ("Gil", "envoy"):
        names = Names(alice)
        names.learn(Person, [text])
        with pytest.raises(ValidationError) as error:
            names.meant(Person, text)
        assert all(person.ref in error.value.messages[0] for person in people)


SHORT = {
    "Gazette, Feb 2025": {"published_on": dt.date(2025, 2, 1), "published_precision": "month"},
    "Gazette, 18 Feb 2025": {"published_on": dt.date(2025, 2, 18), "published_precision": "day"},
    "Gazette, 2025": {"published_on": dt.date(2025, 1, 1), "published_precision": "year"},
    "Gazette, Paris": {"publisher": "Gazette, Paris", "published_on": None, "published_precision": ""},
}


@pytest.mark.parametrize("text", SHORT)
def test_a_source_is_found_by_the_citation_that_pages_show(alice, text):
    sources = {
        label: make.SourceFactory(**{"publisher": "Gazette"} | fields) for label, fields in SHORT.items()
    }
    assert sources[text].short == text
    assert Names(alice).meant(Source, text.upper()) == sources[text]


def test_a_citation_of_several_sources_names_them(client, alice):
    client.force_login(alice)
    day = {"published_on": dt.date(2025, 2, 18), "published_precision": "day"}
    refs = [make.SourceFactory(publisher="Gazette", **day).ref for _ in range(2)]
    make.SourceFactory(publisher="Other", **day)
    response = client.get("/developments/", {"source": "gazette, 2025-02-18"})
    said = Words(response).text()
    assert response.status_code == 400 and "can mean several" in said
    assert all(ref in said for ref in refs)
    assert (
        "There is no source called"
        in Words(client.get("/developments/", {"source": "Gazette, Feb 2025"})).text()
    )
