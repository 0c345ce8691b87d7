"""The start page: what happened last, what is due, what lacks a source."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.pages.happening import recorded_on
from tests.pages.reading import Page
from tracker.models import Citation
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


def follow_up(title, process=None, **due):
    effect = {"status": "promised", "due_phrase": ""} | due
    return make.FollowUpFactory(title=title, process=process or make.ProcessFactory(), effect=effect)


def test_an_empty_record_says_what_to_do_next(client, alice):
    client.force_login(alice)
    page = Page(client, "/")
    assert "No process yet" in page.section("processes")
    assert "/processes/new/" in page.links()
    assert "Nothing is due" in page.section("due")
    assert "Every development cites a source" in page.section("unsourced")


def test_a_viewer_is_not_told_to_record(client, carol):
    client.force_login(carol)
    page = Page(client, "/")
    assert "/processes/new/" not in page.links()
    assert "/developments/new/" not in page.links()


def test_each_process_tells_what_happened_last(client, alice):
    client.force_login(alice)
    process = make.ProcessFactory(title="Border talks")
    party = make.PartyFactory(name="Ruritania")
    make.DevelopmentFactory(
        process=process, headline="They met", occurred_on=dt.date(2025, 2, 1), party=party
    )
    make.DevelopmentFactory(
        process=process, headline="They parted", occurred_on=dt.date(2025, 2, 18), party=party
    )
    make.DevelopmentFactory(
        process=process, headline="They wrote", occurred_on=dt.date(2025, 1, 1), party=party
    )
    said = Page(client, "/").section("processes")
    assert "Border talks 18 Feb 2025 : They parted" in said.replace("2025:", "2025 :")
    assert "Ruritania" in said
    assert "They met" not in said and "They wrote" not in said


def test_the_latest_moved_process_comes_first(client, alice):
    client.force_login(alice)
    for title, day in (("Older", 1), ("Newer", 9)):
        make.DevelopmentFactory(process=make.ProcessFactory(title=title), occurred_on=dt.date(2025, 2, day))
    make.ProcessFactory(title="Empty")
    assert Page(client, "/").texts(".brief h3") == ["Newer", "Older", "Empty"]


@pytest.mark.parametrize(
    ("due_on", "precision", "overdue"),
    [
        ("2025-03-09", "day", True),
        ("2025-03-10", "day", False),
        ("2025-02-01", "month", True),
        ("2025-03-01", "month", False),
        ("2024-01-01", "year", True),
        ("2025-01-01", "year", False),
        ("2025-03-10", "before", True),
        ("2025-03-11", "before", False),
    ],
)
def test_the_latest_day_that_a_date_can_mean_decides_what_is_overdue(
    client, alice, clock, due_on, precision, overdue
):
    clock("2025-03-10T12:00Z")
    client.force_login(alice)
    item = follow_up("Name an envoy", due_on=dt.date.fromisoformat(due_on), due_precision=precision)
    for address in ("/", item.get_absolute_url(), item.process.get_absolute_url()):
        assert ("Overdue" in Page(client, address).text()) is overdue


def test_a_phrase_is_never_overdue_but_is_looked_at_again(client, alice, clock):
    clock("2025-02-20T12:00Z")
    client.force_login(alice)
    follow_up("Name an envoy", due_phrase="as soon as possible", review_on=dt.date(2025, 3, 1))
    due = Page(client, "/").section("due")
    assert "as soon as possible" in due and "review on 1 Mar 2025" in due and "Review due" not in due
    clock("2025-03-02T12:00Z")
    due = Page(client, "/").section("due")
    assert "Review due" in due
    assert Page(client, "/").soup.select(".status-overdue") == []


def test_dates_come_before_phrases(client, alice, clock):
    clock("2025-02-20T12:00Z")
    client.force_login(alice)
    follow_up("A phrase", due_phrase="soon")
    follow_up("Late day", due_on=dt.date(2025, 5, 1), due_precision="day")
    follow_up("Early day", due_on=dt.date(2025, 4, 1), due_precision="day")
    due = Page(client, "/").section("due")
    assert due.index("Early day") < due.index("Late day") < due.index("A phrase")


def test_what_is_overdue_comes_before_what_is_due_for_review_and_both_before_what_is_to_come(
    client, alice, clock
):
    clock("2025-02-20T12:00Z")
    client.force_login(alice)
    process = make.ProcessFactory()
    dues = {
        "Review ahead": {"due_phrase": "one day", "review_on": dt.date(2025, 3, 10)},
        "Review late": {"due_phrase": "in time", "review_on": dt.date(2025, 3, 1)},
        "Review long late": {"due_phrase": "soon", "review_on": dt.date(2025, 2, 21)},
        "Ahead": {"due_on": dt.date(2025, 3, 10), "due_precision": "day"},
        "Overdue": {"due_on": dt.date(2025, 3, 9), "due_precision": "day"},
        "Long overdue": {"due_on": dt.date(2025, 2, 1), "due_precision": "month"},
    }
    with one_instant():
        for title, due in dues.items():
            follow_up(title, process, **due)
    clock("2025-03-10T12:00Z")
    late = ["Long overdue", "Overdue", "Review long late", "Review late"]
    for query in ("", "?on=2025-03-10", "?known=2025-03-10"):
        titles = Page(client, f"/{query}").texts("section:has(#due) .dues p:first-child a")
        assert titles == [*late, "Ahead", "Review ahead"], query


def test_what_is_done_is_no_longer_due(client, alice):
    client.force_login(alice)
    item = follow_up("Name an envoy", due_on=dt.date(2025, 3, 1), due_precision="day")
    assert "Name an envoy" in Page(client, "/").section("due")
    make.EffectFactory(item=item, status="done")
    assert "Name an envoy" not in Page(client, "/").section("due")


def test_what_waits_for_something_undone_is_blocked(client, alice):
    client.force_login(alice)
    first = follow_up("Name a team", due_phrase="soon")
    second = make.FollowUpFactory(title="Meet", process=first.process, waits_for=first)
    for address in ("/", second.get_absolute_url(), second.process.get_absolute_url()):
        assert "Blocked" in Page(client, address).text()
    make.EffectFactory(item=first, status="done")
    for address in ("/", second.get_absolute_url(), second.process.get_absolute_url()):
        assert "Blocked" not in Page(client, address).text()


def test_what_lacks_a_source_is_listed_until_it_has_one(client, alice):
    client.force_login(alice)
    bare = make.DevelopmentFactory(headline="Said without a source")
    page = Page(client, "/")
    assert "Said without a source" in page.section("unsourced")
    assert f"/developments/{bare.ref}/edit/" in page.links()
    correct(bare, citations=[Citation(source=make.SourceFactory())])
    assert "Said without a source" not in Page(client, "/").section("unsourced")


def test_the_start_page_is_read_by_the_clocks(client, alice, clock):
    client.force_login(alice)
    clock("2025-02-18T12:00Z")
    old = make.DevelopmentFactory(headline="First told", occurred_on=dt.date(2025, 2, 17))
    clock("2025-02-19T12:00Z")
    correct(old, headline="Told anew")
    clock("2025-02-20T12:00Z")
    make.DevelopmentFactory(headline="Told later", occurred_on=dt.date(2025, 2, 20), process=old.process)
    then = Page(client, "/?known=2025-02-18T18:00Z")
    assert "First told" in then.text() and "Told anew" not in then.text() and "Told later" not in then.text()
    assert "Reading the past" in then.text("aside.banner")
    assert all("known=" in link for link in then.links(".brief a"))
    day_before = Page(client, "/?on=2025-02-19").text()
    assert "Told anew" in day_before and "Told later" not in day_before


def test_a_talk_to_come_is_due_too(client, alice, clock):
    clock("2025-02-20T12:00Z")
    client.force_login(alice)
    talk = make.TalkFactory(
        title="Summit",
        effect={"status": "scheduled", "due_on": dt.date(2025, 5, 1), "due_precision": "month"},
    )
    assert "May 2025 Summit" in Page(client, "/").section("due")
    make.EffectFactory(item=talk, status="cancelled")
    assert "Summit" not in Page(client, "/").section("due")


def test_recorded_last_is_told_by_the_instant_and_not_by_the_key(client, alice):
    client.force_login(alice)
    recorded_on({"Third": "2025-03-03", "First": "2025-03-01", "Second": "2025-03-02"})

    def recent(query=""):
        page = Page(client, f"/{query}")
        section = page.soup.find(id="recent").find_parent("section")
        return [link.get_text() for link in section.select("li p:first-child a")]

    assert recent() == recent("?on=2025-02-18") == ["Third", "Second", "First"]
    assert recent("?known=2025-03-02") == ["Second", "First"]
    assert recent("?on=2025-02-17") == []
