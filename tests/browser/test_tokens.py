"""Following a timeline, and making and revoking a token: by keyboard, without scripts, readable by all."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.axe import failings
from tests.browser.visiting import PHONE, overflow

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_timeline_is_followed_and_a_token_made_and_revoked(visit):
    make.DevelopmentFactory(headline="A word")
    page = visit(make.UserFactory(username="alice", analyst=True), java_script_enabled=False)
    page.goto("/timeline/")
    page.get_by_role("button", name="Follow (Atom feed)").press("Enter")
    expect(page.get_by_label("Address")).to_have_value(re.compile(r"/timeline\.atom$"))
    page.get_by_label("Name").fill("notebook")
    page.get_by_label("Name").press("Enter")
    expect(page.get_by_label("Token", exact=True)).to_have_value(re.compile("^ntk_"))
    page.get_by_role("button", name="Revoke notebook").press("Enter")
    expect(page.locator("#messages")).to_contain_text("“notebook” is revoked")
    expect(page.get_by_role("button", name="Revoke")).to_have_count(1)
    assert not page.complaints


@pytest.mark.parametrize("colours", ["light", pytest.param("dark", marks=pytest.mark.prove)])
def test_what_was_made_is_readable_by_all(visit, colours):
    page = visit(make.UserFactory(username="alice", analyst=True), color_scheme=colours)
    page.goto("/tokens/")
    page.fill("[name=name]", "notebook")
    page.get_by_role("button", name="Create token").click()
    expect(page.get_by_label("Token", exact=True)).to_be_visible()
    page.get_by_role("button", name="Subscribe to the calendar").click()
    expect(page.get_by_label("Address", exact=True)).to_be_visible()
    found = failings(page, seen=set())
    page.set_viewport_size(PHONE)
    assert not found + failings(page, seen=set()) + overflow(page) + page.complaints
