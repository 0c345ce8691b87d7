"""The history of a record shows its dates as what they are."""

import pytest

from tests.pages.reading import Page
from tracker import recording
from tracker.models import Change, Source
from tracker.models.dates import Span
from tracker.queries.changed_dates import with_dates

pytestmark = pytest.mark.django_db


def dated(record, name, text):
    """`record` with the date `text` in the columns of `name`."""
    span = Span.parse(text)
    stem = name.removesuffix("_on")
    for column, value in (
        (name, span.day),
        (f"{stem}_precision", span.precision),
        (f"{stem}_last", span.end),
    ):
        setattr(record, column, value)
    return record


def shown(client, record):
    """What the history says of each change, the latest first."""
    return Page(client, f"{record.get_absolute_url()}history/").texts(".history .change")


def test_a_month_is_never_a_day_and_its_precision_is_no_change_of_its_own(client, bob):
    client.force_login(bob)
    source = Source(
        title="Wire", publisher="Wire", kind="news_report", retrieved_on=Span.parse("2025-02-20").day
    )
    recording.save(bob, dated(source, "published_on", "Feb 2025"))
    lines = shown(client, source)
    assert "Published on: empty → Feb 2025" in lines and "Retrieved on: empty → 20 Feb 2025" in lines
    assert not any("precision" in line or "2025-02" in line for line in lines)
    recording.save(bob, dated(Source.objects.get(pk=source.pk), "published_on", "Mar 2025"))
    recording.save(bob, dated(Source.objects.get(pk=source.pk), "published_on", "1 Mar 2025"))
    recording.save(bob, dated(Source.objects.get(pk=source.pk), "published_on", "between 12 and 14 Mar 2025"))
    changes = [line for line in shown(client, source) if line.startswith("Published on")]
    assert changes == [
        "Published on: 1 Mar 2025 → between 12 and 14 Mar 2025",
        "Published on: Mar 2025 → 1 Mar 2025",
        "Published on: Feb 2025 → Mar 2025",
        "Published on: empty → Feb 2025",
    ]


def test_a_date_of_which_no_entry_tells_the_precision_stays_as_it_is_stored():
    stored = {"field": "held_from", "label": "held from", "old": "2025-02-01", "new": "2025-03-01"}
    later = {"field": "held_from_precision", "label": "held from precision", "old": "Month", "new": "Day"}
    entries = [
        Change(record_type="office", record_ref="off-one", changes=[change]) for change in (later, stored)
    ]
    told = [
        [(change["label"], change["old"], change["new"]) for change in entry.changes]
        for entry in with_dates(entries)
    ]
    assert told == [[("held from", "Mar 2025", "1 Mar 2025")], [("held from", "2025-02-01", "2025-03-01")]]
