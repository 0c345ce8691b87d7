"""The admin's pages: readable by all, in light and dark, and within the policy."""

import pytest

from tests.browser.axe import CONTRAST, failings
from tests.browser.visiting import DESKTOP, cut_on_the_right
from tests.examples import daily
from tracker.register import RECORD_TYPES

NEW = "/admin/tracker/development/add/"
DEMANDS = "/admin/tracker/demand/"
ADD = [f"/admin/tracker/{record_type.model._meta.model_name}/add/" for record_type in RECORD_TYPES]
# The longest form, one of an item, and one with rows of other records; `make prove` looks at all of them.
DAILY = {
    NEW,
    f"{DEMANDS}add/",
    "/admin/tracker/party/add/",
}
NARROW = {"width": 390, "height": 844}
LIST = "/admin/tracker/development/"


@pytest.fixture
def own(tour):
    """The address of the admin's page of a development of the example."""
    tour.goto(f"{LIST}?q=dev-lavrov-practically-agreed")
    return tour.locator("#result_list tbody th a").get_attribute("href")


def hold(page, address):
    """Load `address` in either colours and hold it against what every page promises."""
    page.set_viewport_size(DESKTOP)
    found = []
    for colours, rules in (("light", ()), ("dark", [CONTRAST])):
        page.complaints.clear()
        page.emulate_media(color_scheme=colours)
        assert page.goto(address).status == 200
        # Before axe works on the page, which the policy hinders in places.
        found += page.complaints
        found += [f"{colours}: {line}" for line in failings(page, rules, page.seen[colours])]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "address",
    [
        LIST,
        *(
            pytest.param(address, marks=pytest.mark.prove)
            for address in ("/admin/", NEW, DEMANDS, f"{DEMANDS}add/", "/admin/tracker/user/add/")
        ),
    ],
)  # fmt: skip
def test_pages_of_the_admin(tour, address):
    hold(tour, address)


@pytest.mark.parametrize("address", daily(ADD, DAILY.__contains__))
def test_forms_of_the_admin_are_whole_on_a_phone(tour, address):
    tour.set_viewport_size(NARROW)
    tour.goto(address)
    assert cut_on_the_right(tour) == []
    tour.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    assert cut_on_the_right(tour) == []


def test_pages_of_a_development(tour, own):
    for page in ("change/", "history/", "delete/"):
        hold(tour, own.partition("change/")[0] + page)
