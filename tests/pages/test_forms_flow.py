"""Working through one report: what forms carry on, fill in, and keep, so that nothing is typed twice."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import (
    DelegationFactory,
    DemandFactory,
    PartyFactory,
    PersonFactory,
    ProcessFactory,
    SourceFactory,
    TalkFactory,
)
from tests.pages.filling import errors, sent, submit
from tests.pages.reading import Page
from tracker.models import Demand, Development, Party, Person, Principle, Source

pytestmark = pytest.mark.django_db

SAID = {
    "process": "Peace talks",
    "occurred_on": "2025-02",
    "occurred_inferred": "on",
    "kind": "statement",
    "headline": "Freedonia insists",
    "speech_act": "demands",
    "basis": "own_words",
    "talk": "Round one",
    "citations-0-source": "A report",
}
ANOTHER = ("another", "on")


@pytest.fixture
def scene(alice, client):
    """A process with a talk and a demand, a source, a party with a speaker; alice is signed in."""
    client.force_login(alice)
    process = ProcessFactory(title="Peace talks")
    SourceFactory(title="A report")
    PersonFactory(name="Rudolf", party=PartyFactory(name="Freedonia"))
    TalkFactory(process=process, title="Round one")
    DemandFactory(process=process, title="Withdrawal")
    return process


def test_one_goes_on_with_the_next_development_of_the_same_report(client, scene):
    response = submit(client, "/developments/new/?next=/demands/", ANOTHER, **SAID, speaker="Rudolf")
    assert Development.objects.get(headline="Freedonia insists").occurred_inferred
    kept = sent(client.get(response.url))
    assert kept["process"] == [f"Peace talks [{scene.ref}]"]
    assert kept["talk"][0].startswith("Round one [")
    assert "A report [" in kept["citations-0-source"][0]
    assert kept["occurred_on"] == ["2025-02"] and "occurred_inferred" in kept
    assert kept["next"] == ["/demands/"]
    assert (kept["headline"], kept["speaker"], kept["party"]) == ([""], [""], [""])


def test_a_developments_page_offers_another_of_the_same_report(client, scene):
    submit(client, "/developments/new/", **SAID | {"occurred_on": "before 2025-02-18"})
    development = Development.objects.get(headline="Freedonia insists")
    link = Page(client, development.get_absolute_url()).soup.find(
        "a", string="Record another from this source"
    )
    assert "first" not in link.get("class", [])
    page = Page(client, link["href"])
    assert "The process, talk, date and source are filled in already." in page.text(".page-head")
    kept = sent(page.response)
    assert kept["occurred_on"] == ["before 2025-02-18"]
    for name, title in (
        ("process", "Peace talks"),
        ("talk", "Round one"),
        ("citations-0-source", "A report"),
    ):
        assert title in kept[name][0]


@pytest.mark.parametrize(
    ("model", "named", "field"),
    [
        (Party, {"name": "Freedonia"}, "party"),
        (Person, {"name": "Rudolf"}, "speaker"),
        (Source, {"title": "A report"}, "citations-0-source"),
    ],
)
def test_who_speaks_and_what_reports_offers_a_development_of_it(client, scene, model, named, field):
    record = model.objects.get(**named)
    links = Page(client, record.get_absolute_url()).links(".page-head .actions a")
    assert str(record) in sent(client.get(links[0]))[field][0]
    past = f"{record.get_absolute_url()}?" + urlencode({"known": timezone.now().isoformat()})
    assert not [link for link in Page(client, past).links(".page-head .actions a") if "/new/" in link]


def test_one_goes_on_with_the_next_item_of_the_same_report(client, scene):
    raised = {name: SAID[name] for name in ("occurred_on", "basis", "kind", "speech_act")}
    typed = {f"development-{name}": value for name, value in raised.items()} | {
        "process": "Peace talks", "title": "Open the pass", "kind": "demand", "party": "Freedonia",
        "talk": "Round one", "citations-0-source": "A report",
    }  # fmt: skip
    response = submit(client, "/demands/new/", ANOTHER, **typed)
    assert response.status_code == 302, errors(response)
    assert Demand.objects.filter(title="Open the pass").exists()
    kept = sent(client.get(response.url))
    assert kept["talk"][0].startswith("Round one [")
    assert kept["development-occurred_on"] == ["2025-02"]
    assert "A report [" in kept["citations-0-source"][0]
    assert kept["title"] == [""]


def test_the_next_is_not_asked_for_before_this_one_is_right(client, scene):
    response = submit(client, "/developments/new/", ANOTHER, **SAID | {"headline": ""})
    assert response.status_code == 422
    assert errors(response) == ["Headline: This field is required."]


def test_a_speaker_speaks_for_the_own_party_unless_another_is_named(client, scene):
    PartyFactory(name="Sylvania")
    submit(client, "/developments/new/", **SAID, speaker="Rudolf")
    assert Development.objects.get(headline="Freedonia insists").party.name == "Freedonia"
    submit(
        client, "/developments/new/", **SAID | {"headline": "For them"}, speaker="Rudolf", party="Sylvania"
    )
    assert Development.objects.get(headline="For them").party.name == "Sylvania"


def test_asking_for_more_fields_on_an_items_page_keeps_what_was_typed(client, scene):
    demand = Demand.objects.get()
    typed = sent(client.get(f"{demand.get_absolute_url()}update/")) | {
        "headline": "Half typed", "effects-0-firmness": "red_line", "citations-0-quote": "never",
    }  # fmt: skip
    response = client.post("/developments/new/", typed | {"add": "effects"})
    assert response.status_code == 200 and not errors(response)
    kept = sent(response)
    assert (kept["headline"], kept["effects-0-firmness"]) == (["Half typed"], ["red_line"])
    assert (kept["citations-0-quote"], kept["next"]) == (["never"], [demand.get_absolute_url()])
    assert kept["effects-0-item"] == [f"Withdrawal [{demand.ref}]"]
    assert "effects-1-item" in kept


def test_the_short_form_comes_back_with_its_errors(client, scene):
    item = Demand.objects.get()
    address = f"{item.get_absolute_url()}update/"
    empty = client.get(address)
    typed = {"headline": "Half typed", "occurred_on": "2025-02-31", "effects-0-firmness": "insisted"}
    response = client.post(address, sent(empty) | typed)
    assert response.status_code == 422
    again = sent(response)
    assert again.keys() == sent(empty).keys()
    assert [again[name] for name in typed] == [[value] for value in typed.values()]
    assert any("Nearest: 28 Feb 2025" in line for line in errors(response))
    form = BeautifulSoup(response.content, "lxml").select_one("#main form[method=post]")
    assert form["action"] == address
    assert form.select_one("button[name=add]")["formaction"] == "/developments/new/"
    nothing_set = client.post(address, again | {"occurred_on": "2025-02-18", "effects-0-firmness": ""})
    assert any("Set at least one of" in line for line in errors(nothing_set))


def test_who_records_a_delegation_from_the_talk_comes_back_to_the_talk(client, scene):
    talk = scene.items.get(title="Round one").as_talk
    for _ in range(2):
        link = Page(client, talk.get_absolute_url()).soup.select_one("a[href^='/delegations/new/']")["href"]
        response = submit(client, link, party=PartyFactory().name, role="principal")
        assert response.url == talk.get_absolute_url()


def test_a_talk_takes_a_further_principle(client, scene):
    talk = scene.items.get(title="Round one").as_talk
    DelegationFactory(talk=talk)
    link = "a[href^='/principles/new/']"
    for title in ("First", "Second"):
        url = Page(client, talk.get_absolute_url()).soup.select_one(link)["href"]
        submit(
            client, url, title=title, parties=["Freedonia"],
            **{"development-occurred_on": "2025-02", "development-kind": "readout", "development-basis": "paraphrase"},
        )  # fmt: skip
    assert Principle.objects.filter(talk=talk).count() == 2


@pytest.mark.parametrize(
    "query", ["process=foo", "process=pty-a", "issues=pty-a", "addressed_to=pty-a", "party=foo"]
)
def test_a_link_that_fills_in_what_does_not_fit_is_answered_with_the_form(client, scene, query):
    PartyFactory(ref="pty-a")
    assert client.get(f"/demands/new/?{query}").status_code == 200


def test_the_errors_of_an_update_come_in_the_order_of_its_fields(client, alice):
    client.force_login(alice)
    address = f"{DemandFactory().get_absolute_url()}update/"
    page = client.get(address)
    wrong = {
        "occurred_on": "never",
        "kind": "",
        "headline": "",
        "party": "Nobody",
        "basis": "",
        "effects-0-party": "No",
    }
    response = client.post(address, sent(page) | wrong)
    page = BeautifulSoup(response.content, "lxml")
    named = [link["href"].removeprefix("#") for link in page.select(".error-summary a")]
    assert len(named) >= 5
    assert named == [field["id"] for field in page.select("form [id]") if field["id"] in named]


def test_a_form_without_a_process_does_not_say_that_it_is_filled_in(client, scene):
    talk = TalkFactory(process__title="Sea talks")
    page = Page(client, f"/delegations/new/?process={talk.process.ref}&talk={talk.ref}")
    assert "The talk is filled in already." in page.text(".page-head")
