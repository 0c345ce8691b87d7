"""Boxes to tick: all in view, or further down; none to the right of the box that it belongs in."""

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import choices_out_of_sight
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (390, pytest.param(1280, marks=pytest.mark.prove))


@pytest.mark.parametrize("width", WIDTHS)
def test_every_role_at_the_table_is_on_offer_where_delegations_are_listed(visit, width):
    page = visit(UserFactory(), viewport={"width": width, "height": 844})
    page.goto("/delegations/")
    page.evaluate("document.querySelector('.filters').open = true")
    box = page.get_by_role("group", name="At the table")
    sides = box.bounding_box()
    for label in ("Principal", "Excluded", "Declined", "Asked to join", "Offered a seat later"):
        choice = box.get_by_label(label, exact=True)
        assert sides["x"] <= choice.bounding_box()["x"] <= sides["x"] + sides["width"], label
        choice.check()
    assert choices_out_of_sight(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_box_with_very_many_choices_scrolls_down_only(visit, width):
    for number in range(60):
        UserFactory(username=f"analyst.with.a.long.name.{number:02}")
    page = visit(UserFactory(administrator=True), viewport={"width": width, "height": 844})
    page.goto("/processes/new/")
    expect(page.locator("[name=members]").nth(60)).to_be_attached()
    assert choices_out_of_sight(page) == []
