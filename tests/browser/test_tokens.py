"""Following a timeline, and making and revoking a token: by keyboard, without scripts, readable by all."""

import pytest

from tests import factories as make
from tests.browser.visiting import PHONE, failings, overflow

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_timeline_is_followed_and_a_token_made_and_revoked(visit):
    make.DevelopmentFactory(headline="A word")
    page = visit(make.UserFactory(username="alice", analyst=True), java_script_enabled=False)
    page.goto("/timeline/")
    page.get_by_role("button", name="Follow in a feed reader").press("Enter")
    address = page.get_by_label("Address").input_value()
    assert address.endswith("/timeline.atom")
    page.get_by_label("Name").fill("notebook")
    page.get_by_label("Name").press("Enter")
    assert page.get_by_label("Token", exact=True).input_value().startswith("ntk_")
    page.get_by_role("button", name="Revoke notebook").press("Enter")
    assert "“notebook” is revoked" in page.inner_text("#messages")
    assert page.get_by_role("button", name="Revoke").count() == 1
    assert not page.complaints


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_what_was_made_is_readable_by_all(visit, colours):
    page = visit(make.UserFactory(username="alice", analyst=True), color_scheme=colours)
    page.goto("/tokens/")
    page.fill("[name=name]", "notebook")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("button", name="Subscribe to the calendar").click()
    found = failings(page)
    page.set_viewport_size(PHONE)
    assert not found + failings(page) + overflow(page) + page.complaints
