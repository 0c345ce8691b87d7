"""The box on every page: reached by a key, walked through by keys."""

from playwright.sync_api import expect

from tests.factories import PartyFactory


def test_the_box_is_reached_by_a_key_and_leads_on(transactional_db, visit, alice):
    party = PartyFactory(name="Freedonia")
    page = visit(alice)
    page.goto("/codebook/")
    page.keyboard.press("/")
    expect(page.locator("#search-box")).to_be_focused()
    page.keyboard.type("free/")
    expect(page.locator("#search-box")).to_have_value("free/")
    page.keyboard.press("Backspace")
    expect(page.locator("#search-offered a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{party.get_absolute_url()}")
