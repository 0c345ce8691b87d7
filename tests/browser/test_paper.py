"""On paper: the sheet is turned for what is wide, what is folded lies open, and many columns still fit."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import DESKTOP, failings_on_paper
from tests.examples import daily
from tracker.register import DEVELOPMENT, EFFECT, FOLLOW_UP, TALK

RIYADH = "/processes/prc-us-russia-ukraine/"
TALK_IN_RIYADH = "/talks/tlk-riyadh-2025-02-18/"
CHANGES = f"{RIYADH}compare/?from=before+2025-02-18&to=2025-02-18"


@pytest.fixture
def printed(tour):
    """Opens an address of the worked example as it is printed; gives the page."""

    def open_page(address):
        tour.emulate_media(media="print")
        assert tour.goto(address).ok
        return tour

    yield open_page
    tour.emulate_media(media="screen")
    tour.set_viewport_size(DESKTOP)


@pytest.mark.parametrize(
    "record_type",
    daily([FOLLOW_UP, TALK, DEVELOPMENT, EFFECT], {FOLLOW_UP, DEVELOPMENT}.__contains__),
    ids=lambda kind: kind.path,
)
def test_a_list_with_every_column_that_there_is_fits_the_sheet(printed, record_type):
    names = ",".join(column.name for column in record_type.columns)
    assert failings_on_paper(printed(f"/{record_type.path}/?columns={names}")) == []


@pytest.mark.parametrize(
    ("address", "is_turned"),
    [
        ("/demands/", True),
        (f"{RIYADH}table/", True),
        (f"{RIYADH}positions/", True),
        ("/timeline/", False),
        (TALK_IN_RIYADH, False),
    ],
)
def test_the_sheet_is_turned_for_a_table_and_upright_for_a_text(printed, address, is_turned):
    pdf = printed(address).pdf(prefer_css_page_size=True)
    _, _, box = pdf.partition(b"/MediaBox [0 0 ")
    width, height = map(float, box.split(b"]")[0].split())
    assert (width > height) == is_turned


def test_each_account_of_a_talk_is_printed_under_its_name_on_every_sheet(printed):
    accounts = printed(TALK_IN_RIYADH).locator("section > .accounts > .account-of")
    expect(accounts).not_to_have_count(0)
    boxes = accounts.evaluate_all("parts => parts.map(part => part.getBoundingClientRect().toJSON())")
    assert all(above["bottom"] <= below["top"] for above, below in pairwise(boxes))
    heads = accounts.locator("h3").evaluate_all(
        "parts => parts.map(part => getComputedStyle(part)).map(style => [style.display, style.breakInside])"
    )
    # What a browser asks of a head before it repeats it.
    assert heads == [["table-header-group", "avoid"]] * len(boxes)


def test_a_role_is_drawn_in_the_head_of_the_positions(printed):
    badge = printed(f"{RIYADH}positions/").locator("thead .badge").first
    expect(badge).to_be_visible()
    assert badge.locator("svg path").first.evaluate("path => path.getBBox().width") > 0


def test_words_that_are_folded_on_the_screen_are_printed(printed):
    page = printed(CHANGES)
    expect(page.locator("details.words:not([open]) blockquote").first).to_be_visible()
    expect(page.get_by_text("Words and sources").first).to_be_hidden()


def test_an_address_elsewhere_is_printed_beside_its_link(printed):
    page = printed(CHANGES)
    beside = page.evaluate(
        """markup => {
          document.querySelector("main").insertAdjacentHTML("beforeend", markup);
          const links = [...document.querySelectorAll("main p.test a")];
          return links.map(link => getComputedStyle(link, "::after").content);
        }""",
        '<p class="test"><a href="https://example.org/a">A report</a>'
        '<a class="address" href="https://example.org/a">https://example.org/a</a><a href="/demands/">Demands</a></p>',
    )
    assert beside == ['" <https://example.org/a>"', "none", "none"]
