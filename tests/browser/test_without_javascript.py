"""A day's work without JavaScript: sign in, read lists, record a development, and correct it."""

import pytest

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
    return page.locator("#results tbody th").all_inner_texts()


def test_signing_in_reading_lists_recording_and_correcting(record, visit, alice):
    page = visit(java_script_enabled=False)
    page.goto("/parties/")
    page.fill("[name=login]", "alice")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/parties/")

    # A list: turned, sorted, filtered.
    assert len(names(page)) == 50
    page.click(".pager a[rel=next]")
    assert names(page)[-1] == "Freedonia"
    page.click("th a.sort:text-is('Name')")
    assert names(page)[0] == "Freedonia"
    page.goto("/demands/")
    page.fill("[name=party]", "Freedonia")
    page.check("[name=status][value=open]")
    page.click(".filters button[type=submit]")
    assert sorted(names(page)) == ["Close the canal", "Open the border"]

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
    page.click("#add-effects")
    page.click("#add-citations")
    assert page.input_value("[name=headline]") == "Firefly wants all of it"
    page.fill("[name=effects-0-item]", "Open the border")
    page.select_option("[name=effects-0-firmness]", "insisted")
    page.fill("[name=effects-1-item]", "Close the canal")
    page.select_option("[name=effects-1-firmness]", "red_line")
    page.fill("[name=citations-0-source]", "Morning report")
    page.fill("[name=citations-0-quote]", "all of it")
    page.fill("[name=citations-1-source]", "Evening report")
    page.click(".form-actions button[type=submit]")
    assert page.inner_text("h1") == "Firefly wants all of it"
    first = Development.objects.get(headline="Firefly wants all of it")
    assert sorted(first.effects.values_list("item__title", "firmness")) == [
        ("Close the canal", "red_line"),
        ("Open the border", "insisted"),
    ]
    assert sorted(first.citations.values_list("source__title", flat=True)) == ["Evening report", "Morning report"]

    # Put right: the reason is asked for, and what was typed is kept.
    page.click("main a:text-is('Correct')")
    page.select_option("[name=effects-1-firmness]", "stated")
    page.click(".form-actions button[type=submit]")
    assert page.locator(".error-summary").is_visible()
    assert page.input_value("[name=effects-1-firmness]") == "stated"
    page.select_option("[name=reason]", "world_misread")
    page.click(".form-actions button[type=submit]")
    second = Development.objects.get(headline="Firefly wants all of it", ended_at=None)
    assert (second.version, second.ref) == (2, first.ref)
    assert second.effects.get(item__title="Close the canal").firmness == "stated"
    page.goto(second.get_absolute_url())
    assert "We misread it" in page.inner_text("main")
    assert page.complaints == []


def test_choosing_columns_and_saving_the_view(record, visit, alice):
    page = visit(alice, java_script_enabled=False)
    page.goto("/demands/?sort=-title")
    page.click(".choose > summary")
    for label in ("Wording", "By", "Of", "Kind", "Firmness", "Last moved"):
        page.get_by_label(label, exact=True).and_(page.locator(".choose input")).uncheck()
    page.get_by_label("Id", exact=True).and_(page.locator(".choose input")).check()
    page.click("text=Show these")
    heads = page.locator("#results thead th")
    assert heads.all_inner_texts()[0] == "Demand" and heads.all_inner_texts()[-1] == "Id"
    page.click(".choose > summary")
    page.get_by_label("Move Id ahead").click()
    assert heads.all_inner_texts()[-2] == "Id"
    assert names(page) == ["Open the border", "Close the canal"]
    page.click(".take > summary")
    page.click("text=Save this view")
    page.fill("[name=name]", "As I need it")
    page.click("main button[type=submit]")
    page.click("text=As I need it >> nth=-1")
    assert heads.all_inner_texts()[-2] == "Id" and names(page) == ["Open the border", "Close the canal"]
