"""Pages of a process read in the past: they say so, count what they hide, lead back, and change nothing."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.examples import pairs
from tests.fixtures import turned_clock
from tests.pages.reading import Page
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Development, Effect

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_record):
    """A process with a talk and a demand of 18 February, recorded two days later, and what came to the record since."""
    with turned_clock() as clock:
        return recorded(clock, make.UserFactory(username="bob", editor=True))


@pytest.fixture
def briefed(made, clock):
    """The same, read on 1 April."""
    clock("2025-04-01T10:00Z")
    return made


def recorded(clock, bob):
    """A process, a talk, a demand and a development, by name."""
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory(title="River talks")
    talk = make.TalkFactory(process=process, title="First round")
    demand = make.DemandFactory(process=process, talk=talk, title="Access")
    wrong = make.DevelopmentFactory(process=process, headline="Withdrawn in March")
    said = make.DevelopmentFactory(process=process, effects=[Effect(item=demand, stance="affirms")])
    clock("2025-03-10T10:00Z")
    correct(said, effects=[Effect(item=demand, stance="rejects")], by=bob)
    recording.withdraw(bob, wrong, "It was another river.")
    make.DevelopmentFactory(process=process, headline="Learned late", occurred_on=dt.date(2025, 2, 10))
    make.DevelopmentFactory(process=process, headline="A new turn", occurred_on=dt.date(2025, 3, 9))
    return {"process": process, "talk": talk, "demand": demand, "development": said}


PAGES = ("process", "talk", "demand", "development")


BANNERS = [
    # The day hides what happened after it.
    ("on=2025-02-20", "as it stood on 20 Feb 2025 . Not shown: 1 later development."),
    # The instant hides what was recorded, corrected and withdrawn after it.
    (
        "known=2025-02-28",
        "with what we knew on 28 Feb 2025, 23:59 UTC . Not shown: 2 developments recorded since and 2 corrections.",
    ),
    (
        "on=2025-02-20&known=2025-02-28",
        "Not shown: 2 developments that are later or were recorded since and 2 corrections.",
    ),
    ("on=2025-02-18&known=2025-03-11", "Not shown: 1 development that is later or was recorded since."),
    # The last day on which anything happened, and the last instant at which anything was recorded, count in.
    ("on=2025-03-08", "Not shown: 1 later development."),
    ("on=2025-03-09", "Nothing later has happened."),
    ("on=before 2025-03-10", "Nothing later has happened."),
    ("known=2025-03-10T10:01Z", "No development has been recorded or corrected since."),
    # Read at the last instant on record, which is of an earlier day, so that the day asked for is named too.
    (
        "known=2025-03-31",
        "Nothing later has happened, and no development has been recorded or corrected since.",
    ),
    (
        "on=2025-03-09&known=2025-03-31",
        "Nothing later has happened, and no development has been recorded or corrected since.",
    ),
]


@pairs(("page", "query", "said"), PAGES, BANNERS)
def test_the_banner_counts_what_is_not_shown(client, carol, briefed, page, query, said):
    client.force_login(carol)
    banner = Page(client, f"{briefed[page].get_absolute_url()}?{query}").text(".banner")
    assert said in banner and "Nothing can be changed here." in banner


def test_what_was_recorded_at_the_very_instant_is_not_since_then(client, carol, briefed):
    client.force_login(carol)
    last = Development.objects.get(headline="A new turn").recorded_at
    url = briefed["process"].get_absolute_url()
    at, just_before = (instant_iso(last - dt.timedelta(microseconds=early)) for early in (0, 1))
    assert "recorded or corrected since." in Page(client, f"{url}?known={at}").text(".banner")
    assert "Not shown: 1 development recorded since." in Page(client, f"{url}?known={just_before}").text(
        ".banner"
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_banner_leads_to_the_present_and_to_what_has_changed_since(client, bob, briefed, page):
    client.force_login(bob)
    url = briefed[page].get_absolute_url()
    read = Page(client, f"{url}?on=2025-02-20&known=2025-02-28")
    changed, present = read.links(".banner a")
    assert present == url
    process = briefed["process"].ref
    assert changed.startswith(f"/processes/{process}/compare/?from=2025-02-20&from_known=2025-02-28T23")
    compared = Page(client, changed).text()
    assert "Learned late" in compared and "Withdrawn in March" in compared
    assert not read.soup.select("main form[method=post]")
    assert not [link for link in read.links() if "/edit/" in link or "/new/" in link]


def test_the_present_has_no_banner(client, carol, briefed):
    client.force_login(carol)
    for page in PAGES:
        assert Page(client, briefed[page].get_absolute_url()).text(".banner") == ""


def test_a_page_can_be_read_as_it_stood_going_into_a_day(client, carol, clock):
    client.force_login(carol)
    clock("2025-02-20T10:00Z")
    demand = make.DemandFactory(
        development={
            "occurred_on": dt.date(2025, 2, 18),
            "occurred_precision": "before",
            "headline": "Had said",
        },
        effect={"status": "open", "firmness": "stated"},
    )
    firmer = [Effect(item=demand, firmness="red_line")]
    make.DevelopmentFactory(headline="Says", effects=firmer, occurred_on=dt.date(2025, 2, 18))
    url = demand.get_absolute_url()
    before, after = Page(client, f"{url}?on=before+2025-02-18"), Page(client, f"{url}?on=2025-02-18")
    assert before.section("stands") == Page(client, f"{url}?on=2025-02-17").section("stands")
    assert "Stated" in before.section("stands") and "Red line" in after.section("stands")
    assert "as it stood on 17 Feb 2025" in before.text(".banner")
    assert before.soup.find(id="clock-on")["value"] == "before 2025-02-18"
    assert client.get(f"{url}?on=2025-02-16").status_code == 404, "nobody had spoken of it by then"
    listed = f"/demands.csv?process={demand.process.ref}&on=before+2025-02-18"
    assert "stated" in client.get(listed).getvalue().decode()
