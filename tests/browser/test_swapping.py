"""Lists with htmx: only the results change, the address tells them, and Back leads back."""

import pytest
from playwright.sync_api import expect

from tests.factories import DemandFactory, PartyFactory, ProcessFactory

# What a page is made of that a filter can change: the results, what its forms would send, the links of its head.
STATE = """() => ({
  results: document.querySelector("#results").innerHTML.replace(/\\s+/g, " ").trim(),
  forms: [...document.forms].map(form => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken")),
  title: document.title,
})"""
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


def titles(page):
    return page.locator("#results tbody th").all_inner_texts()


def was_kept(page):
    return page.evaluate("document.body.dataset.mark") == "kept"


def filter_by(page, party):
    with page.expect_response(lambda response: "/demands/?" in response.url):
        page.fill(f"{FILTERS} [name=party]", party)
        page.press(f"{FILTERS} [name=party]", "Tab")
    page.wait_for_url(f"**party={party}*")


def test_a_filter_changes_the_results_and_the_address_and_nothing_else(page):
    filter_by(page, "Freedonia")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert titles(page) == ["Open the border"]
    assert was_kept(page)


def test_the_page_after_a_swap_is_the_page_loaded_afresh(page):
    with page.expect_response("**/demands/?sort=title"):
        page.click("th a.sort:text-is('Demand')")
    page.wait_for_url("**/demands/?sort=title")
    filter_by(page, "Sylvania")
    expect(page.locator("#results tbody tr")).to_have_count(2)
    assert titles(page) == ["Close the canal", "Share the water"]
    assert was_kept(page)
    swapped = page.evaluate(STATE)
    page.reload()
    assert not was_kept(page)
    assert page.evaluate(STATE) == swapped


def test_back_restores_the_page_before(page):
    before = page.evaluate(STATE)["results"]
    filter_by(page, "Freedonia")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(3)
    assert page.url.endswith("/demands/")
    assert page.evaluate(STATE)["results"] == before
    assert page.locator("h1").all_inner_texts() == ["Demands"]


def test_a_filter_that_cannot_be_read_is_answered_in_place(page):
    filter_by(page, "Fredonia")
    page.wait_for_selector("#results [role=alert]")
    assert "Freedonia" in page.inner_text("#results [role=alert]")
    page.complaints.clear()  # The browser says that the answer was an error, as it should.
