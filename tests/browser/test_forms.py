"""Forms in a browser: by keyboard, with scripts and without, and with more names than a page can hold."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.axe import failings
from tests.factories import DemandFactory, PartyFactory, SourceFactory, UserFactory
from tracker.forms.record_fields import OFFERED
from tracker.models import Development

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demand():
    return DemandFactory(title="Withdrawal", party__name="Freedonia")


@contextmanager
def under_way(page, button):
    """Press `button`, and keep what it asks of the server from being answered for as long as the block runs."""
    held = []
    address = page.url
    page.route(address, lambda route: held.append(route))
    button.click()
    while not held:
        page.wait_for_timeout(10)
    yield
    with page.expect_response(address):
        held.pop().continue_()
    page.unroute(address)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_development_with_two_effects_is_typed_by_keyboard(visit, demand, scripts):
    SourceFactory(title="A report")
    other = DemandFactory(title="Recognition", process=demand.process)
    page = visit(UserFactory(), java_script_enabled=scripts)
    page.goto(f"/developments/new/?item={demand.ref}")
    page.get_by_label("Type").focus()
    page.keyboard.type("Repo")
    page.get_by_label("Occurred on").fill("2025-02-18")
    page.get_by_label("Headline").fill("Freedonia gives way")
    page.get_by_label("Party").first.fill("Freedonia")
    page.get_by_label("Basis").select_option("paraphrase")
    page.locator("[name=effects-0-status]").select_option("met")
    page.locator("[name=citations-0-source]").fill("A report")
    page.get_by_role("button", name="Add another effect").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=effects-2-item]")).to_be_focused()
    expect(page.get_by_label("Headline")).to_have_value("Freedonia gives way")
    expect(page.locator("[name=effects-0-status]")).to_have_value("met")
    expect(page.locator("[name=citations-0-source]")).to_have_value("A report")
    page.locator("[name=effects-1-item]").fill("Recognition")
    page.locator("[name=effects-1-stance]").select_option("silent")
    page.get_by_label("Headline").press("Enter")
    page.wait_for_url("**/developments/dev-*/")
    development = Development.objects.get(headline="Freedonia gives way")
    assert set(development.effects.values_list("item__title", "status", "stance")) == {
        (demand.title, "met", None),
        (other.title, None, "silent"),
    }
    assert not page.complaints


def test_what_is_typed_while_another_row_is_on_its_way_stays(visit, demand):
    page = visit(UserFactory())
    page.goto(f"/developments/new/?item={demand.ref}")
    page.locator("[name=citations-0-place]").fill("page 1")
    with under_way(page, page.get_by_role("button", name="Add another citation")):
        page.locator("[name=citations-0-place]").fill("page 12")
        page.locator("[name=citations-0-quote]").press_sequentially("we insi")
    page.locator("[name=citations-1-quote]").wait_for()
    page.keyboard.type("st")
    with under_way(page, page.get_by_role("button", name="Add another citation")):
        page.locator("[name=citations-1-place]").fill("page 3")
    page.locator("[name=citations-2-place]").fill("page 4")
    for row, place in enumerate(("page 12", "page 3", "page 4")):
        expect(page.locator(f"[name=citations-{row}-place]")).to_have_value(place)
    expect(page.locator("[name=citations-0-quote]")).to_have_value("we insist")
    expect(page.locator("[name$=-place]")).to_have_count(3)
    expect(page.locator("[name=citations-TOTAL_FORMS]")).to_have_value("3")
    assert not page.complaints


def test_what_is_typed_while_more_lines_are_on_their_way_stays(visit, demand):
    page = visit(UserFactory())
    page.goto("/demands/new/")
    line = page.get_by_label("Addressed to").nth
    more = page.get_by_role("button", name="More lines for Addressed to")
    line(2).fill("Freedonia")
    with under_way(page, more):
        line(1).fill("Sylvania")
    expect(page.get_by_label("Addressed to")).to_have_count(6)
    line(2).fill("")
    line(5).fill("Ruritania")
    with under_way(page, more):
        line(0).fill("Arland")
    expect(page.get_by_label("Addressed to")).to_have_count(9)
    for number, text in enumerate(("Arland", "Sylvania", "", "", "", "Ruritania", "", "", "")):
        expect(line(number)).to_have_value(text)
    assert not page.complaints


def test_names_are_looked_up_as_one_types(visit, demand):
    for number in range(OFFERED + 1):
        PartyFactory(name=f"Realm {number:03}")
    page = visit(UserFactory())
    page.goto("/developments/new/")
    expect(page.locator("#options-party option")).to_have_count(0)
    page.locator("[name=party]").press_sequentially("freed")
    expect(page.locator("#options-party option")).to_have_count(1)
    expect(page.locator("#options-party option")).to_have_attribute("value", "Freedonia")
    assert not page.complaints


def test_what_is_wrong_is_where_one_is_and_one_step_away(visit, demand):
    page = visit(UserFactory())
    page.goto(f"/developments/new/?item={demand.ref}")
    page.get_by_role("button", name="Record").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert not failings(page, seen=set())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[name=kind]")).to_be_focused()
    assert not page.complaints


def test_what_was_typed_is_not_left_without_a_question(visit, demand):
    page = visit(UserFactory())
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/issues/new/")
    page.get_by_role("link", name="Cancel").click()
    page.wait_for_url("**/issues/")
    assert not asked, "nothing was typed"
    page.goto("/issues/new/")
    page.get_by_label("Name").fill("Borders")
    page.get_by_role("link", name="Cancel").click(no_wait_after=True)
    expect(page.get_by_label("Name")).to_have_value("Borders")
    assert asked == ["beforeunload"] and page.url.endswith("/issues/new/")
    page.get_by_label("Name").press("Enter")
    page.wait_for_url("**/issues/iss-*/")
    assert asked == ["beforeunload"], "what is saved is not asked about"
    # What was refused has been typed, too.
    page.goto("/issues/new/")
    page.get_by_label("Name").fill("Borders")
    page.get_by_label("Name").press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    page.get_by_role("link", name="Cancel").click(no_wait_after=True)
    expect(page.get_by_label("Name")).to_have_value("Borders")
    assert asked == ["beforeunload"] * 2
