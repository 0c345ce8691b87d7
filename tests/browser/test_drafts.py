"""What is typed into a form stays in the browser until it is saved, and is offered again."""

import json
import time

import pytest
from playwright.sync_api import expect

from tests.browser.axe import failings
from tests.factories import PASSWORD, UserFactory
from tracker.models import Party

pytestmark = pytest.mark.django_db(transaction=True)

OFFER = "you typed something here that was not saved"


@pytest.fixture
def analyst():
    return UserFactory(editor=True)


def type_party(page, name="Avaria"):
    page.goto("/parties/new/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=kind]").select_option("state")
    page.locator("[name=description]").fill("Two\nlines")
    page.evaluate(KEPT)


KEPT = """() => new Promise((done) => {
  const look = setInterval(() => {
    if (Object.values(localStorage).some((text) => text.includes("lines"))) {
      clearInterval(look);
      done();
    }
  }, 10);
})"""
LONGER_THAN_IT_TAKES = "() => new Promise((done) => setTimeout(done, 600))"


def drafts(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))")


def reopened(page, address="/parties/new/"):
    """The form opened anew, as after a crash: without the question whether to leave."""
    page.goto("about:blank")
    page.goto(address)
    return page


def test_what_was_not_saved_is_put_back_and_saved_once(visit, analyst):
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    reopened(page)
    expect(page.get_by_text(OFFER)).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("")
    assert not failings(page)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name=name]")).to_have_value("Avaria")
    expect(page.locator("[name=description]")).to_have_value("Two\nlines")
    expect(page.get_by_text(OFFER)).not_to_be_visible()
    assert not Party.objects.exists()
    page.locator(".form-actions .first").click()
    page.wait_for_url("**/parties/pty-*/")
    assert Party.objects.get().name == "Avaria" and not drafts(page)
    page.goto("/parties/new/")
    expect(page.get_by_text(OFFER)).not_to_be_visible()
    assert not page.complaints


def test_it_survives_an_expired_session_but_not_signing_out(visit, analyst):
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    session = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator(".form-actions .first").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.context.add_cookies(session)
    reopened(page)
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
    assert not drafts(page)


@pytest.mark.parametrize("button", ["Open the form", pytest.param("Send again", marks=pytest.mark.prove)])
def test_what_is_given_back_after_signing_in_is_not_offered_again_once_it_is_saved(visit, analyst, button):
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    page.context.clear_cookies(name="sessionid")
    page.locator(".form-actions .first").click()
    page.fill("[name=login]", analyst.username)
    page.fill("[name=password]", PASSWORD)
    page.locator(".form-actions .first").click()
    expect(page.locator("h1")).to_have_text("Not saved yet")
    assert not failings(page)
    expect(page.get_by_text(OFFER)).not_to_be_visible()
    page.get_by_role("button", name=button).click()
    if button == "Open the form":
        expect(page.locator("[name=name]")).to_have_value("Avaria")
        assert not Party.objects.exists() and len(drafts(page)) == 1
        page.locator(".form-actions .first").click()
    page.wait_for_url("**/parties/pty-*/")
    assert Party.objects.get().name == "Avaria" and not drafts(page) and not page.complaints


def test_signing_out_in_the_admin_takes_it_as_well(visit):
    page = visit(UserFactory(administrator=True))
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    page.goto("/admin/")
    assert len(drafts(page)) == 1
    page.get_by_role("button", name="Log out").click()
    page.wait_for_function("() => !document.querySelector('#logout-form')")
    assert not drafts(page) and not page.complaints


def fail(route):
    """Answer a form as a broken server does, and everything else as it is."""
    if route.request.method == "POST":
        route.fulfill(status=500, body="<!doctype html><title>500</title>", content_type="text/html")
    else:
        route.fallback()


def drop(route):
    """Answer a form as a server does that was stopped meanwhile."""
    route.abort() if route.request.method == "POST" else route.fallback()


@pytest.mark.parametrize("answer", [fail, pytest.param(drop, marks=pytest.mark.prove)])
def test_it_survives_an_error_of_the_server_and_a_line_that_broke(visit, analyst, answer):
    """Wherever one goes next."""
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    page.route("**/parties/new/", answer)
    page.locator(".form-actions .first").click()
    page.wait_for_function("() => !document.querySelector('form[data-draft]')")
    page.unroute("**/parties/new/")
    page.goto("/parties/")
    assert len(drafts(page)) == 1
    page.goto("/parties/new/")
    expect(page.get_by_text(OFFER)).to_be_visible()


def test_it_is_kept_while_the_form_has_errors_and_discarded_when_asked(visit, analyst):
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    page.locator("[name=kind]").select_option("")
    page.locator(".form-actions .first").click()
    expect(page.locator("[name=name]")).to_have_value("Avaria")
    assert len(drafts(page)) == 1
    expect(page.get_by_text(OFFER)).not_to_be_visible()
    reopened(page)
    page.get_by_role("button", name="Discard it").click()
    assert not drafts(page)
    expect(page.get_by_text(OFFER)).not_to_be_visible()


def test_it_is_of_one_account_and_of_14_days(visit, analyst):
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/parties/new/")
    field = [["name", "Avaria"]]
    for account, days in ((analyst.pk, 15), (analyst.pk + 1, 13)):
        draft = json.dumps({"at": (time.time() - days * 24 * 3600) * 1000, "fields": field})
        page.evaluate(
            "([key, draft]) => localStorage.setItem(key, draft)", [f"draft:{account}:/parties/new/", draft]
        )
    page.reload()
    expect(page.get_by_text(OFFER)).not_to_be_visible()
    assert drafts(page) == [f"draft:{analyst.pk + 1}:/parties/new/"]


def test_an_installation_can_do_without(visit, analyst, settings):
    page = visit(analyst)
    page.on("dialog", lambda dialog: dialog.accept())
    type_party(page)
    settings.KEEP_DRAFTS = False
    page.goto("/parties/new/")
    assert not drafts(page), "What was kept before goes with the next page."
    page.locator("[name=name]").fill("Avaria")
    page.evaluate(LONGER_THAN_IT_TAKES)
    assert not drafts(page)
