"""Data entry in the admin by keyboard: where the focus starts, and what is offered once a process is chosen."""

import pytest
from playwright.sync_api import expect

from tests.factories import DemandFactory, ProcessFactory, TalkFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

FORMS = ("development", "talk", "principle", "demand", "followup", "delegation", "assessment", "watchphrase")
SHARED = ("process", "party", "person", "source", "issue", "office")
FOCUSED = """() => {
  const active = document.activeElement;
  const field = active.closest(".form-row")?.querySelector("input, select, textarea");
  return field ? field.name : active.tagName;
}"""


def test_a_new_record_begins_at_its_first_field(visit):
    page = visit(UserFactory())
    firsts = {}
    for name in (*FORMS, *SHARED):
        page.goto(f"/admin/tracker/{name}/add/", wait_until="load")
        page.wait_for_timeout(50)
        firsts[name] = page.evaluate(FOCUSED)
    assert firsts == {
        "development": "process", "talk": "process", "principle": "process", "demand": "process",
        "followup": "process", "delegation": "talk", "assessment": "process", "watchphrase": "process",
        "process": "title", "party": "name", "person": "name", "source": "publisher", "issue": "name",
        "office": "person",
    }  # fmt: skip
    process = ProcessFactory()
    page.goto(f"/admin/tracker/demand/add/?process={process.pk}", wait_until="load")
    page.wait_for_timeout(50)
    assert page.evaluate(FOCUSED) == "title"
    page.keyboard.type("Open the border")
    expect(page.locator("[name=title]")).to_have_value("Open the border")
    assert not page.complaints


def test_items_and_talks_are_those_of_the_process_chosen(visit):
    border, grain = ProcessFactory(title="Border dispute"), ProcessFactory(title="Grain dispute")
    for process, place in ((border, "border"), (grain, "port")):
        TalkFactory(process=process, title=f"At the {place}")
        DemandFactory(process=process, title=f"Open the {place}")
    page = visit(UserFactory())
    page.goto("/admin/tracker/development/add/", wait_until="load")

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
