"""A value looks the same in a list, whose cells are written in Python, and on a page, which a template writes."""

import datetime as dt
import re

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from tracker.models.dates import Span
from tracker.models.vocabularies import TableRole
from tracker.register.display import badge, badges, dated, instant_text


def shown(template, **context):
    """What the template shows, without the blanks that a browser leaves out."""
    content = re.sub(r"\s+", " ", render_to_string(f"parts/{template}.html", context)).strip()
    return re.sub(r" (?=[>])|(?<=>) (?=<)", "", content)


def test_codes():
    assert shown("_badge", kind="status", code="open", label="Open & <new>") == badge(
        "status", "open", "Open & <new>"
    )
    codes = [TableRole.HOST, TableRole.GUARANTOR]
    assert shown("_badges", kind="role", codes=codes) == badges("role", codes).replace("> <", "><")


@pytest.mark.parametrize(
    "date",
    [
        Span(dt.date(2025, 2, 18)),
        Span(dt.date(2025, 2, 1), "month"),
        Span(dt.date(2025, 2, 18), "range", dt.date(2025, 2, 20)),
        Span(dt.date(2025, 2, 18), "before"),
    ],
    ids=str,
)
def test_dates(date):
    assert shown("_when", date=date) == dated(date)


def test_instants():
    at = dt.datetime(2025, 2, 18, 16, 5, 59, tzinfo=dt.UTC)
    for zone in ("UTC", "Asia/Riyadh"):
        with timezone.override(zone):
            assert instant_text(at) in shown("_instant", at=at)
            assert f'datetime="{timezone.localtime(at).isoformat()}"' in shown("_instant", at=at)
