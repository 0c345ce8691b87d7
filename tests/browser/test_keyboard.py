"""Working by keyboard alone: signing in, the way round, a list, a record, and what came next."""

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, DemandFactory, PartyFactory, ProcessFactory
from tracker.models import Development

FARTHEST = 120


@pytest.fixture
def demand(transactional_db):
    """A demand of Freedonia, and another."""
    process = ProcessFactory(title="Border talks")
    DemandFactory(process=process, title="Close the canal", party=PartyFactory(name="Sylvania"))
    return DemandFactory(process=process, title="Open the border", party=PartyFactory(name="Freedonia"))


def tab_to(page, selector):
    """Press Tab until what `selector` finds has the focus, which must be seen."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            break
    else:
        raise AssertionError(f"{selector} is not reached by Tab.")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", f"{selector} shows no focus"


def choose(page, selector, words):
    """Choose the option that begins with `words` in the list that `selector` finds."""
    tab_to(page, selector)
    page.keyboard.type(words)


def test_from_signing_in_to_the_next_development(demand, visit, alice):
    page = visit()
    page.goto("/")
    tab_to(page, "[name=login]")
    page.keyboard.type("alice")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)

    # The first stop leads past the menu to the content.
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    # The menu opens, closes by Escape, and leads to a list.
    page.reload()
    tab_to(page, ".menu .more summary")
    page.keyboard.press("Enter")
    expect(page.locator(".menu .more ul")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu .more ul")).to_be_hidden()
    expect(page.locator(".menu .more summary")).to_be_focused()
    page.reload()
    tab_to(page, ".menu a[href='/demands/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/demands/")

    # The list is filtered, and a record opened out of it.
    tab_to(page, ".filters [name=party]")
    page.keyboard.type("Freedonia")
    page.keyboard.press("Enter")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    tab_to(page, "#results tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{demand.get_absolute_url()}")

    # What came next, recorded on the demand's own page.
    tab_to(page, "[name=occurred_on]")
    page.keyboard.type("2025-02-19")
    choose(page, "select[name=kind]", "Statement")
    tab_to(page, "[name=headline]")
    page.keyboard.type("Freedonia insists")
    tab_to(page, "[name=party]")
    page.keyboard.type("Freedonia")
    choose(page, "select[name=speech_act]", "Demands")
    choose(page, "select[name=basis]", "Paraphrase")
    choose(page, "select[name=effects-0-firmness]", "Insisted")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#messages")).to_contain_text("is on record")
    assert page.url.endswith(demand.get_absolute_url())
    expect(page.locator(".standing")).to_contain_text("Insisted")
    assert Development.objects.get(headline="Freedonia insists").effects.get().firmness == "insisted"
    assert page.complaints == []
