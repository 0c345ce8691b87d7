"""Data entry in the admin by keyboard: where the focus starts, and what is offered once a process is chosen."""

import pytest
from playwright.sync_api import expect

from tests.factories import DemandFactory, ProcessFactory, TalkFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

# The first field of the form of each record type.
FIRST = {
    "development": "process", "talk": "process", "principle": "process", "demand": "process",
    "followup": "process", "delegation": "talk", "assessment": "process", "watchphrase": "process",
    "process": "title", "party": "name", "person": "name", "source": "publisher", "issue": "name",
    "office": "person",
}  # fmt: skip


def require_focus(page, field):
    """The focus is in the row of `field`; what is typed into may be a box that stands for it."""
    row = page.locator(".form-row:focus-within").locator("input, select, textarea").first
    expect(row).to_have_attribute("name", field)


def test_a_new_record_begins_at_its_first_field(visit):
    page = visit(UserFactory())
    for name, field in FIRST.items():
        page.goto(f"/admin/tracker/{name}/add/")
        require_focus(page, field)
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

    options = page.locator(".select2-results__option:not(.loading-results)")

    def require_offered(label, *titles):
        page.get_by_role("combobox", name=label).first.click()
        expect(options).to_have_text(list(titles))  # once the answer has taken the place of the last one
        page.keyboard.press("Escape")
        expect(page.locator(".select2-dropdown")).to_have_count(0)

    def choose(process):
        page.get_by_role("combobox", name="Process").first.click()
        page.keyboard.type(process)
        expect(options).to_have_text([process])
        options.click()
        expect(page.locator(".select2-dropdown")).to_have_count(0)

    require_offered("Talk", "At the border (Border dispute)", "At the port (Grain dispute)")
    choose("Grain dispute")
    require_offered("Talk", "At the port (Grain dispute)")
    require_offered("Item", "Talk: At the port (Grain dispute)", "Demand: Open the port (Grain dispute)")
    choose("Border dispute")
    require_offered("Talk", "At the border (Border dispute)")
    assert not page.complaints
