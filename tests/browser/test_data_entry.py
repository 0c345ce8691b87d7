"""Data entry in the admin by keyboard: where the focus starts, and what is offered once a process is chosen."""

import re

import pytest
from playwright.sync_api import expect

from tests.examples import KINDS, daily
from tests.factories import (
    DemandFactory,
    OfficeFactory,
    PersonFactory,
    ProcessFactory,
    TalkFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

# The first field of the form of each record type.
FIRST = {
    "development": "process", "talk": "process", "principle": "process", "demand": "process",
    "followup": "process", "delegation": "talk", "assessment": "process", "watchphrase": "process",
    "process": "title", "party": "name", "person": "name", "source": "publisher", "issue": "name",
    "office": "person",
}  # fmt: skip
OFFERED = ".select2-results__option:not(.loading-results)"


def require_focus(page, field):
    """The focus is in the row of `field`; what is typed into may be a box that stands for it."""
    row = page.locator(".form-row:focus-within").locator("input, select, textarea").first
    expect(row).to_have_attribute("name", field)


def search(page, label, text=""):
    """Open the first box called `label` and look for `text` in it."""
    page.get_by_role("combobox", name=label).first.click()
    field = page.locator(".select2-container--open .select2-search__field")
    expect(field).to_be_focused()
    field.press_sequentially(text)
    expect(field).to_have_value(text)


def choose(page, label, text):
    """Choose the one record whose label has `text` in it in the first box called `label`."""
    search(page, label, text)
    expect(page.locator(OFFERED)).to_have_text([re.compile(re.escape(text))])
    page.locator(OFFERED).click()
    expect(page.locator(".select2-dropdown")).to_have_count(0)


@pytest.mark.parametrize("name", daily(FIRST, KINDS.__contains__))
def test_a_new_record_begins_at_its_first_field(visit, name):
    page = visit(UserFactory())
    page.goto(f"/admin/tracker/{name}/add/")
    require_focus(page, FIRST[name])
    assert not page.complaints


def test_a_new_record_of_a_process_begins_at_its_title(visit):
    page = visit(UserFactory())
    process = ProcessFactory()
    page.goto(f"/admin/tracker/demand/add/?process={process.pk}")
    require_focus(page, "title")
    page.keyboard.type("Open the border")
    expect(page.locator("[name=title]")).to_have_value("Open the border")
    assert not page.complaints


def test_items_and_talks_are_those_of_the_process_chosen(visit):
    border, grain = ProcessFactory(title="Border dispute"), ProcessFactory(title="Grain dispute")
    for process, place in ((border, "border"), (grain, "port")):
        TalkFactory(process=process, title=f"At the {place}")
        DemandFactory(process=process, title=f"Open the {place}")
    page = visit(UserFactory())
    page.goto("/admin/tracker/development/add/")

    def require_offered(label, *titles):
        search(page, label)
        expect(page.locator(OFFERED)).to_have_text(
            titles
        )  # once the answer has taken the place of the last one
        page.keyboard.press("Escape")
        expect(page.locator(".select2-dropdown")).to_have_count(0)

    require_offered("Talk", "At the border (Border dispute)", "At the port (Grain dispute)")
    choose(page, "Process", "Grain dispute")
    require_offered("Talk", "At the port (Grain dispute)")
    require_offered("Item", "Talk: At the port (Grain dispute)", "Demand: Open the port (Grain dispute)")
    choose(page, "Process", "Border dispute")
    require_offered("Talk", "At the border (Border dispute)")
    assert not page.complaints


def test_what_is_not_of_the_process_chosen_is_emptied_and_said(visit):
    border, grain = ProcessFactory(title="Border dispute"), ProcessFactory(title="Grain dispute")
    talk = TalkFactory(process=border, title="At the border")
    DemandFactory(process=grain, title="Open the port")
    page = visit(UserFactory())
    page.goto(f"/admin/tracker/development/add/?process={border.pk}&talk={talk.pk}&item={talk.pk}")
    choose(page, "Process", "Grain dispute")
    for name in ("talk", "effects-0-item"):
        expect(page.locator(f"[name={name}]")).to_have_value("")
    row = page.locator(".form-row.field-talk")
    words = "Emptied: “At the border” does not belong to “Grain dispute”."
    expect(row.get_by_role("alert")).to_have_text(words)
    expect(page.locator(".form-row.field-item").first.get_by_role("alert")).to_contain_text("Emptied: ")
    # What belongs to the process stays when it is chosen again, and what is said goes with the next choice.
    choose(page, "Item", "Open the port")
    expect(page.locator(".form-row.field-item").first.get_by_role("alert")).to_have_count(0)
    chosen = page.locator("[name=effects-0-item]").evaluate("select => select.value")
    choose(page, "Process", "Border dispute")
    expect(page.locator("[name=effects-0-item]")).to_have_value("")
    choose(page, "Process", "Grain dispute")
    choose(page, "Item", "Open the port")
    expect(page.locator("[name=effects-0-item]")).to_have_value(chosen)
    assert not page.complaints


def test_an_office_of_somebody_else_is_emptied(visit):
    office, other = OfficeFactory(title="Minister"), PersonFactory(name="Rufus Firefly")
    page = visit(UserFactory())
    page.goto("/admin/tracker/delegation/add/")
    for label, text in (("Person", office.person.name), ("Office", "Minister"), ("Person", other.name)):
        choose(page, label, text)
    expect(page.locator("[name=delegates-0-office]")).to_have_value("")
    expect(page.locator(".form-row.field-office").first.get_by_role("alert")).to_contain_text("Rufus Firefly")
    assert not page.complaints
