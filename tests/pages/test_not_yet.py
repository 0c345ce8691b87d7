"""Before a record was there: its page says since when it is, and leads on; whoever may not see it learns nothing."""

import datetime as dt
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from tests import factories as make
from tests.corrections import correct
from tests.fixtures import turned_clock
from tests.over_the_register.makers import MAKERS
from tests.pages.reading import Page, Words
from tracker.clocks import instant_iso
from tracker.register import RECORD_TYPES
from tracker.urls import REPORTS

pytestmark = pytest.mark.django_db

USUAL = "Page not found, or you have no access"


@pytest.fixture(scope="module")
def made(module_record):
    """One record of each type that has a page, all recorded on 20 February 2025, of 18 February."""
    with turned_clock() as clock:
        clock("2025-02-20T10:00Z")
        return everything(make.ProcessFactory(), clock)


@pytest.fixture
def recorded(made, clock):
    """These records, read on 1 April."""
    clock("2025-04-01T10:00Z")
    return made


def everything(process, clock):
    """One record of each type, by its plural."""
    made = {kind.path: MAKERS[kind.url_name](process) for kind in RECORD_TYPES}
    clock("2025-04-01T10:00Z")
    return made


PATHS = [kind.path for kind in RECORD_TYPES]
SHARED = [kind.path for kind in RECORD_TYPES if kind.model.process_path is None]
ADDRESSES = [(path, suffix) for path in PATHS for suffix in ("", "history/")] + [
    (record_type.path, f"{view.name}/") for record_type, views in REPORTS for view in views
]
DATED = ("talks", "principles", "demands", "follow-ups", "developments", "assessments", "delegations")


def answered(client, address):
    """The words of the page at `address`, which is answered with 404."""
    response = client.get(address)
    assert response.status_code == 404
    return Words(response)


def clock_form(response):
    """What the form of the clocks on the page of `response` would send as it stands."""
    form = BeautifulSoup(response.content, "lxml").select_one("form.clock")
    return {field["name"]: field["value"] for field in form.select("input")}


@pytest.mark.parametrize(("path", "suffix"), ADDRESSES)
def test_another_day_can_be_chosen_on_the_page_that_says_so(client, carol, recorded, path, suffix):
    client.force_login(carol)
    address = f"{recorded[path].get_absolute_url()}{suffix}"
    asked = {"on": "2025-02-19", "public": "", "known": "2025-02-19"}
    response = client.get(address, asked)
    assert (response.status_code, clock_form(response)) == (404, asked)
    assert client.get(address, {"on": "2025-03-01"}).status_code == 200


def test_a_clock_that_cannot_be_read_is_mended_where_it_was_typed(client, carol, recorded):
    client.force_login(carol)
    for address in ("/demands/", "/", recorded["talks"].get_absolute_url()):
        response = client.get(address, {"on": "Monday", "known": "2025-02-01"})
        assert response.status_code == 400
        assert clock_form(response) == {"on": "Monday", "public": "", "known": "2025-02-01"}
    # What nobody can read is not handed on: a search from this page works.
    search = BeautifulSoup(response.content, "lxml").select("form[role=search] input[type=hidden]")
    assert search == []
    # A file is refused in plain words.
    assert b"<form" not in client.get("/demands.csv", {"on": "Monday"}).content


def test_before_it_was_on_record_a_page_says_since_when_it_is_and_leads_there(client, carol, recorded):
    client.force_login(carol)
    for path, suffix in ADDRESSES:
        url = recorded[path].get_absolute_url() + suffix
        page = answered(client, f"{url}?known=2025-02-19")
        assert page.text("h1") == str(recorded[path]), url
        assert "This was first recorded on 20 Feb 2025, 10:00 UTC" in page.text(), url
        assert "with what we knew on 19 Feb 2025, 23:59 UTC" in page.text(), url
        first, present = page.links("main .actions a")
        assert present == url and first.startswith(f"{url}?known=2025-02-20T10")
        assert Page(client, first).text("h1") and Page(client, present).text("h1")


def test_before_it_happened_a_page_says_when_it_did_and_leads_there(client, carol, recorded):
    client.force_login(carol)
    for path in DATED:
        url = recorded[path].get_absolute_url()
        page = answered(client, f"{url}?on=2025-02-17")
        assert "Nothing of this had happened on 17 Feb 2025. It begins on 18 Feb 2025" in page.text(), url
        first, present = page.links("main .actions a")
        assert (first, present) == (f"{url}?on=2025-02-18", url)
        assert Page(client, first).text(".banner")
        assert client.get(f"{url}?on=before+2025-02-18").status_code == 404
        assert client.get(f"{url}?on=2025-02-18").status_code == 200


def test_both_clocks_are_moved_on_as_far_as_it_takes(client, carol, recorded):
    client.force_login(carol)
    url = recorded["demands"].get_absolute_url()
    page = answered(client, f"{url}?on=2025-02-17&known=2025-02-19")
    assert "first recorded on 20 Feb 2025" in page.text() and "It begins on 18 Feb 2025" in page.text()
    first, _ = page.links("main .actions a")
    assert first.startswith(f"{url}?on=2025-02-18&known=2025-02-20T10")
    assert Page(client, first).text(".banner")
    kept = answered(client, f"{url}?on=2025-02-18&known=2025-02-19")
    assert "on=2025-02-18&known=2025-02-20" in kept.links("main .actions a")[0]


def test_the_other_parameters_of_the_address_stay_and_the_page_of_a_list_goes(client, carol, recorded):
    client.force_login(carol)
    url = recorded["processes"].get_absolute_url() + "compare/"
    first, present = answered(client, f"{url}?from=2025-02-01&page=3&known=2025-02-19").links(
        "main .actions a"
    )
    assert present == f"{url}?from=2025-02-01" and first.startswith(f"{present}&known=")


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_says_it_in_a_line(client, carol, recorded, ending):
    client.force_login(carol)
    process = recorded["processes"]
    url = f"{process.get_absolute_url()}agreement.{ending}"
    response = client.get(f"{url}?known=2025-02-19")
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain; charset=utf-8")
    said = response.content.decode()
    instant = quote(instant_iso(process.recorded_at))
    assert said == (
        f"“{process}” was first recorded on 20 Feb 2025, 10:00 UTC."
        f" The earliest version: {url}?known={instant}\n"
    )


def test_htmx_is_sent_to_the_whole_page(client, carol, recorded):
    client.force_login(carol)
    url = recorded["demands"].get_absolute_url() + "?known=2025-02-19"
    response = client.get(url, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (404, url)


def test_what_nobody_may_know_of_is_answered_as_what_there_is_not(
    client, alice, carol, restricted_process, clock
):
    clock("2025-02-20T10:00Z")
    make.ProcessLinkFactory(from_process=restricted_process)
    secret = everything(restricted_process, clock)
    client.force_login(carol)
    for path, suffix in ADDRESSES:
        if path in SHARED:
            continue
        url = secret[path].get_absolute_url() + suffix
        nowhere = url.replace(secret[path].ref, f"{secret[path].ref}x")
        for query in ("?known=2025-02-19", "?on=2025-02-17"):
            response, usual = client.get(url + query), client.get(nowhere + query)
            assert response.status_code == 404
            words = [Words(answer).text("main") for answer in (response, usual)]
            assert words[0] == words[1] and USUAL in words[0], url
    address = f"{restricted_process.get_absolute_url()}table.csv?known=2020-01-01"
    assert USUAL in client.get(address).content.decode()
    client.force_login(alice)
    assert (
        "first recorded on"
        in answered(client, f"{restricted_process.get_absolute_url()}?known=2020-01-01").text()
    )


def test_what_there_is_not_at_all_has_the_usual_answer(client, carol):
    make.PartyFactory()
    client.force_login(carol)
    for query in ("?known=2025-02-19", "?on=2025-02-17", ""):
        assert USUAL in answered(client, f"/demands/dem-nowhere/{query}").text()


def test_a_date_known_by_its_month_leads_to_a_day_that_has_it(client, carol, clock):
    client.force_login(carol)
    clock("2025-04-01T10:00Z")
    dates = (
        ("month", dt.date(2025, 2, 1), "Feb 2025"),
        ("before", dt.date(2025, 2, 18), "before 18 Feb 2025"),
    )
    for precision, day, words in dates:
        when = {"occurred_on": day, "occurred_precision": precision}
        for record in (make.DemandFactory(development=when), make.DevelopmentFactory(**when)):
            page = answered(client, f"{record.get_absolute_url()}?on=2025-01-17")
            assert words in page.text()
            assert Page(client, page.links("main .actions a")[0])


def test_a_development_is_looked_up_by_its_first_version(client, carol, recorded, clock):
    client.force_login(carol)
    clock("2025-03-10T10:00Z")
    development = recorded["developments"]
    correct(development, headline="Put right", occurred_on=dt.date(2025, 2, 19))
    clock("2025-04-01T10:00Z")
    url = development.get_absolute_url()
    page = answered(client, f"{url}?known=2025-02-19")
    assert "first recorded on 20 Feb 2025" in page.text()
    assert "It begins on 19 Feb 2025" in answered(client, f"{url}?on=2025-02-18").text()
    assert client.get(f"{url}?on=2025-02-18&known=2025-02-28").status_code == 200
