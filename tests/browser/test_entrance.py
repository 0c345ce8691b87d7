"""Signing in with a real browser: by keyboard, with and without JavaScript, and within the policy."""

import pytest
from playwright.sync_api import expect

from tracker.models import User

PASSWORD = "six long words make a password"


@pytest.fixture
def user(transactional_db):
    return User.objects.create_user(username="ana", password=PASSWORD, role="analyst")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_one_signs_in_by_keyboard_and_nothing_is_blocked(browser, live_server, user, javascript):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=javascript)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("requestfailed", lambda request: complaints.append(f"{request.url} failed"))
    page.goto("/accounts/password/change/")
    page.locator("[name=login]").focus()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    # The address of the page of signing in ends like this one.
    expect(page.locator("[name=oldpassword]")).to_be_visible()
    page.wait_for_load_state()
    assert complaints == []
    context.close()
