"""Lists with htmx: only the results change, the address tells them, and Back leads back."""

import pytest
from playwright.sync_api import expect

from tests.factories import DemandFactory, PartyFactory, ProcessFactory

# What a page is made of that a filter can change: the results, what its forms would send, the links of its head.
STATE = """() => ({
  results: document.querySelector("#results").innerHTML.replace(/\\s+/g, " ").trim(),
  forms: [...document.forms].map(form => [...new FormData(form)]
    .filter(([name]) => !["csrfmiddlewaretoken", "opened_by"].includes(name))),
  title: document.title,
})"""
MARKED = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
FILTERS = ".list-page > .filters > form"


@pytest.fixture
def demands(transactional_db):
    """Three demands, one of them of Freedonia."""
    process = ProcessFactory()
    freedonia, sylvania = PartyFactory(name="Freedonia"), PartyFactory(name="Sylvania")
    DemandFactory(process=process, title="Open the border", party=freedonia)
    DemandFactory(process=process, title="Close the canal", party=sylvania)
    DemandFactory(process=process, title="Share the water", party=sylvania, effect__firmness="red_line")


@pytest.fixture
def page(demands, visit, alice):
    """The list of demands, open in a browser; a mark in its frame tells whether the page was loaded again."""
    page = visit(alice)
    page.goto("/demands/")
    page.evaluate("document.body.dataset.mark = 'kept'")
    yield page
    assert page.complaints == []


def require_rows(page, number):
    """The list has `number` rows, and htmx is done with it: what it swapped in bears marks of its own for a moment."""
    expect(page.locator("#results tbody tr")).to_have_count(number)
    expect(page.locator(MARKED)).to_have_count(0)


def require_titles(page, *titles):
    require_rows(page, len(titles))
    expect(page.locator("#results tbody th")).to_have_text(titles)


def was_kept(page):
    return page.evaluate("document.body.dataset.mark") == "kept"


def filter_by(page, party):
    with page.expect_response(lambda response: "/demands/?" in response.url):
        page.fill(f"{FILTERS} [name=party]", party)
        page.press(f"{FILTERS} [name=party]", "Tab")
    page.wait_for_url(f"**party={party}*")


def test_a_filter_changes_the_results_and_the_address_and_nothing_else(page):
    filter_by(page, "Freedonia")
    require_titles(page, "Open the border")
    assert was_kept(page)


def test_the_page_after_a_swap_is_the_page_loaded_afresh(page):
    with page.expect_response("**/demands/?sort=title"):
        page.click("th a.sort:text-is('Demand')")
    page.wait_for_url("**/demands/?sort=title")
    filter_by(page, "Sylvania")
    require_titles(page, "Close the canal", "Share the water")
    assert was_kept(page)
    swapped = page.evaluate(STATE)
    page.reload()
    assert not was_kept(page)
    assert page.evaluate(STATE) == swapped


def test_back_restores_the_page_before(page):
    before = page.evaluate(STATE)["results"]
    filter_by(page, "Freedonia")
    require_titles(page, "Open the border")
    page.go_back()
    require_rows(page, 3)
    assert page.url.endswith("/demands/")
    assert page.evaluate(STATE)["results"] == before
    expect(page.locator("h1")).to_have_text(["Demands"])


def test_a_filter_that_cannot_be_read_is_answered_in_place(page):
    filter_by(page, "Fredonia")
    expect(page.locator("#results [role=alert]")).to_contain_text("Freedonia")
    page.complaints.clear()  # The browser says that the answer was an error, as it should.
