"""A day's work without JavaScript: sign in, read lists, record a development, and correct it."""

import pytest
from playwright.sync_api import expect

from tests.factories import (
    PASSWORD,
    DemandFactory,
    PartyFactory,
    PersonFactory,
    ProcessFactory,
    SourceFactory,
)
from tracker.models import Development


@pytest.fixture
def record(transactional_db):
    """A process with two demands, two sources, and more parties than a page of a list holds."""
    process = ProcessFactory(title="Border talks")
    freedonia = PartyFactory(name="Freedonia")
    PersonFactory(name="Rufus Firefly", party=freedonia)
    for title in ("Open the border", "Close the canal"):
        DemandFactory(process=process, title=title, party=freedonia)
    for title in ("Morning report", "Evening report"):
        SourceFactory(title=title)
    for number in range(60):
        PartyFactory(name=f"Canton {number:02}")


def names(page):
    return page.locator("#results tbody th")


def submit(page):
    page.click(".form-actions button[type=submit]")


def test_signing_in_reading_lists_recording_and_correcting(record, visit, alice):
    page = visit(java_script_enabled=False)
    page.goto("/parties/")
    page.fill("[name=login]", "alice")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")

    # A list: turned, sorted, filtered.
    expect(names(page)).to_have_count(50)
    page.click(".pager a[rel=next]")
    expect(names(page).last).to_have_text("Freedonia")
    page.click("th a.sort:text-is('Name')")
    expect(names(page).first).to_have_text("Freedonia")
    page.goto("/demands/")
    page.fill("[name=party]", "Freedonia")
    page.check("[name=status][value=open]")
    page.click(".filters button[type=submit]")
    expect(page.locator(".filter-summary")).to_contain_text("Freedonia")
    expect(names(page)).to_have_count(2)
    for title in ("Close the canal", "Open the border"):
        expect(names(page).filter(has_text=title)).to_have_count(1)

    # A development with two effects and two citations.
    page.goto("/developments/new/")
    page.fill("[name=process]", "Border talks")
    page.fill("[name=occurred_on]", "2025-02-18")
    page.fill("[name=headline]", "Firefly wants all of it")
    page.select_option("[name=kind]", "statement")
    page.select_option("[name=speech_act]", "demands")
    page.select_option("[name=basis]", "own_words")
    page.fill("[name=party]", "Freedonia")
    page.fill("[name=speaker]", "Rufus Firefly")
    for part, field in (("effects", "item"), ("citations", "source")):
        page.click(f"#add-{part}")
        expect(page.locator(f"[name={part}-1-{field}]")).to_be_visible()
    expect(page.locator("[name=headline]")).to_have_value("Firefly wants all of it")
    page.fill("[name=effects-0-item]", "Open the border")
    page.select_option("[name=effects-0-firmness]", "insisted")
    page.fill("[name=effects-1-item]", "Close the canal")
    page.select_option("[name=effects-1-firmness]", "red_line")
    page.fill("[name=citations-0-source]", "Morning report")
    page.fill("[name=citations-0-quote]", "all of it")
    page.fill("[name=citations-1-source]", "Evening report")
    submit(page)
    expect(page.locator("h1")).to_have_text("Firefly wants all of it")
    first = Development.objects.get(headline="Firefly wants all of it")
    assert sorted(first.effects.values_list("item__title", "firmness")) == [
        ("Close the canal", "red_line"),
        ("Open the border", "insisted"),
    ]
    assert sorted(first.citations.values_list("source__title", flat=True)) == [
        "Evening report",
        "Morning report",
    ]

    # Put right: the reason is asked for, and what was typed is kept.
    page.click("main a:text-is('Correct')")
    page.select_option("[name=effects-1-firmness]", "stated")
    submit(page)
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("[name=effects-1-firmness]")).to_have_value("stated")
    page.select_option("[name=reason]", "world_misread")
    submit(page)
    expect(page.locator("h1")).to_have_text("Firefly wants all of it")
    second = Development.objects.get(headline="Firefly wants all of it", ended_at=None)
    assert (second.version, second.ref) == (2, first.ref)
    assert second.effects.get(item__title="Close the canal").firmness == "stated"
    page.goto(second.get_absolute_url())
    expect(page.locator("main")).to_contain_text("We misread it")
    assert page.complaints == []


def test_choosing_columns_and_saving_the_view(record, visit, alice):
    page = visit(alice, java_script_enabled=False)
    page.goto("/demands/?sort=-title")
    page.click(".choose > summary")
    for label in ("Wording", "Made by", "Addressed to", "Type", "Firmness", "Last changed"):
        page.get_by_label(label, exact=True).and_(page.locator(".choose input")).uncheck()
    page.get_by_label("Id", exact=True).and_(page.locator(".choose input")).check()
    page.click(".choose button")
    heads = page.locator("#results thead th")
    expect(heads.first).to_have_text("Demand", use_inner_text=True)
    expect(heads.last).to_have_text("Id", use_inner_text=True)
    page.click(".choose > summary")
    page.get_by_label("Move Id ahead").click()
    expect(heads.nth(-2)).to_have_text("Id", use_inner_text=True)
    expect(names(page)).to_have_text(["Open the border", "Close the canal"])
    page.click(".take > summary")
    page.click("text=Save view")
    page.fill("[name=name]", "As I need it")
    page.click("main button[type=submit]")
    page.get_by_role("link", name="As I need it", exact=True).click()
    expect(heads.nth(-2)).to_have_text("Id", use_inner_text=True)
    expect(names(page)).to_have_text(["Open the border", "Close the canal"])


def test_what_was_typed_while_the_session_ended_comes_back_into_the_form(record, visit, alice):
    page = visit(alice, java_script_enabled=False)
    page.goto("/developments/new/")
    page.fill("[name=process]", "Border talks")
    page.fill("[name=headline]", "Firefly wants all of it")
    page.fill("[name=detail]", "Two\nlines")
    page.context.clear_cookies(name="sessionid")
    submit(page)
    expect(page.locator("h1")).to_have_text("Sign in")
    expect(page.locator(".notice")).to_contain_text("Nothing has been saved yet.")
    page.fill("[name=login]", "alice")
    page.fill("[name=password]", PASSWORD)
    submit(page)
    expect(page.locator("h1")).to_have_text("Not saved yet")
    page.click("button:text-is('Open the form')")
    expect(page.locator("[name=headline]")).to_have_value("Firefly wants all of it")
    expect(page.locator("[name=detail]")).to_have_value("Two\nlines")
    assert not Development.objects.filter(headline="Firefly wants all of it").exists()
    for name, value in {"occurred_on": "2025-02-18", "party": "Freedonia"}.items():
        page.fill(f"[name={name}]", value)
    for name, value in {"kind": "statement", "speech_act": "demands", "basis": "own_words"}.items():
        page.select_option(f"[name={name}]", value)
    submit(page)
    expect(page.locator("h1")).to_have_text("Firefly wants all of it")
    assert page.complaints == []
