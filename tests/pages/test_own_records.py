"""Pages offer analysts to mend and remove their own records, and say why they may not do so to those of others."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests import factories as make
from tests.over_the_register.makers import MAKERS
from tests.pages.filling import submit
from tracker import recording
from tracker.models import Citation, Development, Party, Source
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

WITH_PAGES = [name for name in MAKERS if BY_URL_NAME[name].has_pages]
ITEMS = ("talk", "principle", "demand", "follow-up")


@pytest.fixture
def clerk(db):
    """The analyst in whose name the factories record."""
    return make.UserFactory(username="clerk", analyst=True)


@pytest.fixture
def desk(clerk):
    """The clerk's browser."""
    return _browser(clerk)


@pytest.fixture
def eve(db):
    """Another analyst."""
    return make.UserFactory(username="eve", analyst=True)


def _browser(user):
    client = Client()
    client.force_login(user)
    return client


def ways(client, record):
    """The texts of the links among the actions of the page of `record`."""
    page = BeautifulSoup(client.get(record.get_absolute_url()).content, "lxml")
    return {link.get_text() for link in page.select(".page-head .actions a, main .actions a")}


@pytest.mark.parametrize("url_name", WITH_PAGES)
def test_the_forms_for_one_s_own_open_and_say_why_others_cannot_use_them(desk, eve, bob, url_name):
    record = MAKERS[url_name](make.ProcessFactory())
    address = f"/{BY_URL_NAME[url_name].path}/{record.ref}"
    assert desk.get(f"{address}/edit/").status_code == 200
    assert desk.get(f"{address}/delete/").status_code == 200
    other = _browser(eve)
    for method in (other.get, other.post):
        refused = method(f"{address}/delete/")
        assert refused.status_code == 403
        assert "because clerk recorded it. Ask bob." in refused.text
    assert other.get(f"{address}/edit/").status_code == (
        200 if url_name not in (*_shared(), "process") else 403
    )


def _shared():
    kinds = {name: BY_URL_NAME[name] for name in WITH_PAGES if name != "process"}
    return [name for name, kind in kinds.items() if not kind.analysts_change]


@pytest.mark.parametrize(
    "url_name", ["source", "party", "person", "issue", "assessment", "watch-phrase", "delegation"]
)
def test_the_page_offers_what_is_permitted_and_no_more(desk, eve, bob, carol, url_name):
    record = MAKERS[url_name](make.ProcessFactory())
    assert {"Edit", "Delete"} <= ways(desk, record) and {"Edit", "Delete"} <= ways(_browser(bob), record)
    assert "Delete" not in ways(_browser(eve), record)
    assert ("Edit" in ways(_browser(eve), record)) is (url_name not in _shared())
    assert not {"Edit", "Delete"} & ways(_browser(carol), record)


def test_a_process_and_a_development_offer_it_likewise(desk, eve):
    process = make.ProcessFactory()
    development = make.DevelopmentFactory(process=process)
    assert "Edit" in ways(desk, process) and "Withdraw" in ways(desk, development)
    other = _browser(eve)
    assert "Edit" not in ways(other, process)
    assert "Correct" in ways(other, development) and "Withdraw" not in ways(other, development)


def test_who_stored_a_source_mends_it_until_somebody_cites_it(desk, eve):
    source = make.SourceFactory(text="As it was scand.")
    assert submit(desk, f"/sources/{source.ref}/edit/", text=["As it was scanned."]).status_code == 302
    assert Source.objects.get().text == "As it was scanned."
    make.DevelopmentFactory(by=eve, citations=[Citation(source=source)])
    refused = desk.post(f"/sources/{source.ref}/edit/", {"text": "Otherwise"})
    assert refused.status_code == 403
    assert (
        "Only editors can change this source, because a citation that somebody else recorded refers to it."
        in (refused.text)
    )
    assert Source.objects.get().text == "As it was scanned."


def test_one_s_own_is_withdrawn_and_deleted_and_the_trail_says_by_whom(desk, clerk):
    development, party = make.DevelopmentFactory(party=make.PartyFactory()), make.PartyFactory()
    assert submit(desk, f"/developments/{development.ref}/delete/", note=["Not so."]).status_code == 302
    withdrawn = Development.objects.get()
    assert (withdrawn.ended_as, withdrawn.ended_by) == ("withdrawn", clerk)
    assert submit(desk, f"/parties/{party.ref}/delete/", note=["Entered twice."]).status_code == 302
    assert not Party.objects.filter(pk=party.pk).exists()
    assert "clerk" in desk.get(f"/parties/{party.ref}/history/").text


def test_another_s_correction_keeps_it_from_being_withdrawn(desk, eve, bob):
    development = make.DevelopmentFactory()
    assert desk.get(f"/developments/{development.ref}/delete/").status_code == 200
    party = development.party
    party.description = "Changed"
    recording.save(eve, party)
    assert "because eve has changed it since" in desk.get(f"/parties/{party.ref}/edit/").text
    form = submit(
        _browser(eve), f"/developments/{development.ref}/edit/", headline=["Otherwise"], reason=["recoded"]
    )
    assert form.status_code == 302
    refused = desk.get(f"/developments/{development.ref}/delete/")
    assert refused.status_code == 403 and "because eve has corrected it since. Ask bob." in refused.text


def test_what_is_not_there_stays_not_there(desk, restricted_process):
    demand = make.DemandFactory(process=restricted_process)
    for page in ("edit", "delete"):
        assert desk.get(f"/demands/{demand.ref}/{page}/").status_code == 404


def test_nothing_is_offered_while_the_past_is_read(desk):
    party = make.PartyFactory()
    page = desk.get(f"/parties/{party.ref}/?on=2025-03-01").text
    assert f"/parties/{party.ref}/edit/" not in page and f"/parties/{party.ref}/delete/" not in page
