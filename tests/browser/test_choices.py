"""Every box that can be ticked is in view, or further down: none lies to the right of the box that it belongs in."""

import pytest

from tests.browser.test_pages import BLANK, LISTS
from tests.browser.visiting import choices_out_of_sight
from tests.factories import UserFactory

RIYADH = "/processes/prc-us-russia-ukraine"
REPORTS = [f"{RIYADH}/{name}/" for name in ("positions", "compare", "paths", "timeline", "follow-ups", "table")]
WIDTHS = (390, 1280)


@pytest.mark.looks
@pytest.mark.parametrize("address", [*LISTS, *BLANK, *REPORTS, "/timeline/", "/search/?q=nato", "/imports/"])
def test_no_choice_lies_out_of_sight(tour, address):
    assert tour.goto(address).ok
    for width in WIDTHS:
        tour.set_viewport_size({"width": width, "height": 844})
        assert choices_out_of_sight(tour) == [], width


@pytest.mark.looks
@pytest.mark.parametrize("width", WIDTHS)
def test_every_role_at_the_table_is_on_offer_where_delegations_are_listed(tour, width):
    tour.set_viewport_size({"width": width, "height": 844})
    tour.goto("/delegations/")
    tour.evaluate("document.querySelector('.filters').open = true")
    box = tour.get_by_role("group", name="At the table")
    sides = box.bounding_box()
    for label in ("Principal", "Excluded", "Declined", "Asked to join", "Offered a seat later"):
        choice = box.get_by_label(label, exact=True)
        left = choice.bounding_box()["x"]
        assert sides["x"] <= left <= sides["x"] + sides["width"], label
        choice.check()
        choice.uncheck()


@pytest.mark.django_db(transaction=True)
def test_a_box_with_very_many_choices_scrolls_down_only(visit):
    for number in range(60):
        UserFactory(username=f"analyst.with.a.long.name.{number:02}")
    page = visit(UserFactory(administrator=True))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.goto("/processes/new/")
        assert page.locator("[name=members]").count() > 60
        assert choices_out_of_sight(page) == [], width
