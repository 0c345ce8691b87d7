"""The page of a development: the version in force, and all its versions with who, when and why."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Citation, Effect

pytestmark = pytest.mark.django_db


@pytest.fixture
def development(client, alice, clock):
    """Recorded by alice at noon on 18 February 2025."""
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    demand = make.DemandFactory(title="Leave the valley")
    return make.DevelopmentFactory(
        by=alice,
        statement=True,
        headline="They refuse",
        process=demand.process,
        effects=[Effect(item=demand, stance="rejects", firmness="red_line")],
        citations=[Citation(source=make.SourceFactory(publisher="The report"), quote="no and no")],
    )


def test_it_shows_the_words_the_sources_and_what_it_changes(client, development):
    page = Page(client, development.get_absolute_url())
    assert "no and no" in page.section("words") and "The report" in page.section("words")
    effects = page.section("effects")
    assert "demand Leave the valley" in effects and "Rejects" in effects and "Red line" in effects
    assert "States" in page.text(".record-side") and "18 Feb 2025" in page.text(".record-side")
    assert f"/developments/{development.ref}/edit/" in page.links()


def test_only_those_who_may_withdraw_are_offered_to(client, development, bob):
    way = f"/developments/{development.ref}/delete/"
    for may in (development.recorded_by, bob):
        client.force_login(may)
        assert way in Page(client, development.get_absolute_url()).links()
    client.force_login(make.UserFactory(analyst=True))
    assert way not in Page(client, development.get_absolute_url()).links()


def test_versions_tell_who_changed_what_when_and_why(client, development, bob, clock):
    clock("2025-02-19T09:30Z")
    correct(development, by=bob, note="They left it open.", headline="They hesitate", citations=[])
    page = Page(client, development.get_absolute_url())
    assert page.text("h1") == "They hesitate"
    assert "Corrected 19 Feb 2025, 09:30 UTC by bob: We misread it, “They left it open.”" in page.text(
        ".lead"
    )
    newest, first = page.texts(".versions > li")
    assert newest.startswith("Version 2 in force Corrected 19 Feb 2025, 09:30 UTC by bob We misread it")
    assert "They left it open." in newest
    assert [str(part) for part in page.soup.select(".rewordings li:first-child > :is(del, ins)")] == [
        "<del>refuse </del>",
        "<ins>hesitate</ins>",
    ]
    assert "no and no" in page.texts(".rewordings li:last-child > del")[0]
    assert first.startswith("Version 1 Recorded 18 Feb 2025, 12:00 UTC by alice")


def test_an_earlier_instant_shows_the_version_of_then(client, development, clock):
    clock("2025-02-19T09:30Z")
    correct(development, headline="They hesitate")
    clock("2025-02-20T12:00Z")
    page = Page(client, f"{development.get_absolute_url()}?known=2025-02-18T18:00Z")
    assert page.text("h1") == "They refuse"
    assert "They hesitate" not in page.text()
    assert page.texts(".versions h3") == ["Version 1 in force"]
    assert "Corrected" not in page.text()
    assert "/edit/" not in " ".join(page.links())


def test_a_withdrawn_one_says_so_with_who_when_and_why(client, development, bob, clock):
    clock("2025-02-19T09:30Z")
    recording.withdraw(bob, development, "It was a rumour.")
    clock("2025-02-20T12:00Z")
    page = Page(client, development.get_absolute_url())
    assert "Withdrawn on 19 Feb 2025, 09:30 UTC by bob: It was a rumour." in page.text()
    assert page.texts(".versions h3") == ["Withdrawn", "Version 1"]
    assert page.soup.select_one("h1 del").get_text() == "They refuse"
    assert not [link for link in page.links() if link.endswith(("/edit/", "/delete/"))]
    then = Page(client, f"{development.get_absolute_url()}?known=2025-02-18T18:00Z")
    assert "rumour" not in then.text() and then.soup.select_one("h1 del") is None


def test_it_is_not_found_before_it_happened_or_was_recorded(client, development):
    address = development.get_absolute_url()
    assert client.get(f"{address}?on=2025-02-17").status_code == 404
    assert client.get(f"{address}?known=2025-02-18T11:00Z").status_code == 404
    assert client.get("/developments/dev-never/").status_code == 404


def test_a_month_is_shown_as_a_month(client, alice):
    client.force_login(alice)
    row = make.DevelopmentFactory(
        occurred_on=dt.date(2025, 2, 1), occurred_precision="month", occurred_inferred=True
    )
    assert "Occurred on Feb 2025 inferred" in Page(client, row.get_absolute_url()).text(".record-side")
