"""The tabs and breadcrumbs of the pages about one process."""

from django.urls import reverse

from tracker.clocks import Clocks
from tracker.models import Process
from tracker.templatetags.reading import at

TABS = (
    ("State of play", "detail"),
    ("Agreement", "agreement"),
    ("Positions", "positions"),
    ("Changes", "compare"),
    ("Paths", "paths"),
    ("Timeline", "timeline"),
    ("Follow-ups", "follow-ups"),
    ("At the table", "table"),
)
"""The tabs of a process: (label, name of the URL pattern)."""


def tabs(process: Process, clocks: Clocks, current: str) -> list[dict]:
    """The tabs of `process` at `clocks`, with the one called `current` marked."""
    return [
        {
            "label": label,
            "url": at(reverse(f"process:{name}", args=[process.ref]), clocks),
            "current": name == current,
        }
        for label, name in TABS
    ]


def process_breadcrumbs(process: Process, clocks: Clocks, label: str) -> list[dict]:
    """The breadcrumbs of a page about `process`."""
    return [
        {"label": "Processes", "url": at(reverse("process:list"), clocks)},
        {"label": process.title, "url": at(process, clocks)},
        {"label": label},
    ]
