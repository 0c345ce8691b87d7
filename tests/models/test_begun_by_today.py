"""What can have begun by the day of recording is recorded, counts from that day on, and keeps its date."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from tests import factories as make
from tests.models.writing import new, refused
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker import recording
from tracker.models import Effect, ImportRun
from tracker.models.dates import Span

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(clock):
    clock("2026-11-29T19:30Z")


def record(text, **values):
    date, demand = Span.parse(text), make.DemandFactory()
    return make.DevelopmentFactory(
        effects=[Effect(item=demand, stance="rejects")],
        occurred_on=date.day,
        occurred_precision=date.precision,
        occurred_last=date.end,
        **values,
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29", "2026-11", "2026", "before 2026-11-30", "before 2026-12", "before 2027", "before 2999",
        "before 9999-12-31", "about 2026-11-30", "about 2026-12", "about 2027", "after 2026-11-28",
        "between 2026-11-29 and 2026-12-03",
    ],
)  # fmt: skip
def test_what_can_have_begun_is_recorded_and_counts_today(client, carol, text):
    development = record(text)
    assert development.occurred == Span.parse(text)
    assert development.counts_from <= dt.date(2026, 11, 29)
    earliest, latest = development.possible_days
    assert (earliest is None or earliest <= latest) and latest <= dt.date(2026, 11, 29)
    call_command("check_standing")
    client.force_login(carol)
    for query in ("", "?on=2026-11-29"):
        page = Page(client, f"/processes/{development.process.ref}/timeline/{query}")
        assert development.headline in page.text() and str(Span.parse(text)) in page.text()
        lines = read_csv(client, f"/developments.csv{query}")
        (line,) = [line for line in lines if line["id"] == development.ref]
        assert line["occurred_on"] == Span.parse(text).edtf
    assert Page(client, f"/developments/{development.ref}/history/?on=2026-11-29")
    positions = Page(client, f"/processes/{development.process.ref}/positions/?on=2026-11-29")
    assert "Rejects" in positions.text() and str(Span.parse(text)) in str(positions.soup)


@pytest.mark.parametrize(
    "text",
    ["2026-11-30", "2026-12", "2027", "about 2026-12-01", "about 2027-01", "about 2028", "after 2026-11-29",
     "between 2026-11-30 and 2026-12-03"],
)  # fmt: skip
def test_what_cannot_have_begun_is_refused(text):
    with pytest.raises(ValidationError, match="It cannot have happened after today, 29 Nov 2026"):
        record(text)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("2568-02-18", "today, 29 Nov 2026. Is 2568 a year of the Buddhist calendar \\(2025\\)\\?$"),
        ("5785", "Is 5785 a year of the Hebrew calendar \\(2024\\)\\?$"),
        ("2027", "today, 29 Nov 2026.$"),
    ],
)
def test_the_year_of_another_calendar_is_named_where_it_is_refused(text, asked):
    with pytest.raises(ValidationError) as refusal:
        record(text)
    assert re.search(asked, refusal.value.messages[0])


@pytest.mark.parametrize(
    ("time", "zone", "is_right"),
    [
        ("08:00", "Pacific/Auckland", True),
        ("08:30", "Pacific/Auckland", True),
        ("08:31", "Pacific/Auckland", False),
        ("08:00", "", False),
        ("00:30", "Europe/Paris", False),
    ],
)
def test_a_place_where_it_is_tomorrow_already(time, zone, is_right):
    given = {"occurred_time": dt.time.fromisoformat(time), "occurred_zone": zone}
    if not is_right:
        with pytest.raises(ValidationError, match="It cannot have happened after today"):
            record("2026-11-30", **given)
        return
    development = record("2026-11-30", **given)
    assert development.possible_days == (dt.date(2026, 11, 30), dt.date(2026, 11, 30))
    call_command("check_standing")


def test_a_day_later_still_is_refused_with_any_zone():
    with pytest.raises(ValidationError):
        record("2026-12-01", occurred_time=dt.time(0), occurred_zone="Pacific/Auckland")


@pytest.mark.parametrize("text", ["before 2027", "about 2026-12", "2026-11"])
def test_the_same_file_again_changes_nothing(client, clock, dave_in, text):
    process, party = make.ProcessFactory(), make.PartyFactory()
    rows = (
        "process,party,occurred_on,kind,headline,basis\n"
        f"{process.ref},{party.ref},{text},report,It said so,paraphrase\n"
    )
    for day, created in (("2026-11-29", 1), ("2026-12-20", 0), ("2027-02-01", 0)):
        clock(f"{day}T19:30Z")
        client.post("/imports/", {"type": "development", "text": rows})
        run = ImportRun.objects.latest("pk")
        assert run.count("created") == created, day
        client.post(run.get_absolute_url(), {"do": "all", "dates_are_right": "on"})


@pytest.mark.parametrize(
    ("text", "counts_from"),
    [
        ("before 2027", "2025-03-10"), ("before 2025-03-12", "2025-03-10"), ("before 2025-03-11", "2025-03-10"),
        ("before 2025-03-10", "2025-03-09"), ("about 2025-03-11", "2025-03-10"), ("about 2025-03-09", "2025-03-09"),
        ("2025-03-11", "2025-03-11"), ("after 2025-03-11", "2025-03-12"),
    ],
)  # fmt: skip
def test_what_had_begun_by_a_day_counts_from_it_at_the_latest(text, counts_from):
    assert str(Span.parse(text).by(dt.date(2025, 3, 10)).counts_from) == counts_from


def test_only_what_talks_are_about_lasts_several_days(bob):
    process = make.ProcessFactory()
    days = {"precision": "lasted", "on": dt.date(2025, 3, 1), "last": dt.date(2025, 3, 3)}
    due, occurred = ({f"{of}_{name}": value for name, value in days.items()} for of in ("due", "occurred"))
    item, talk = make.FollowUpFactory(process=process), make.TalkFactory(process=process)
    rule = "Only a talk lasts several days"
    refused(rule, recording.record, bob, new(process), [Effect(item=item, **due)])
    refused(rule, recording.record, bob, new(process, **occurred), [])
    lasting = new(process, talk=talk, kind="talks", **occurred)
    recording.record(bob, lasting, [Effect(item=talk, **due)])
    assert lasting.occurred.precision == talk.effects.get(due_on=days["on"]).due.precision == "lasted"
