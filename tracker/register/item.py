"""Columns and filters of the four kinds of item."""

from typing import TypedDict

from tracker.models import Issue, Process
from tracker.models.vocabularies import Vocabulary
from tracker.register.columns import ALIASES, WRITTEN, code, date, many, relation, text
from tracker.register.day_filters import last_recording_day, since, until
from tracker.register.filters import RecordFilters, ReferenceFilter
from tracker.register.types import Column, Kind

PROCESS = relation("process", "Process", shown="title", listed=True, order=("process__title",))


WORDING = text("wording", "Wording", listed=True)


def status(vocabulary: type[Vocabulary]) -> tuple[Column, ...]:
    """The current status, a code of the item kind's ladder, and since when."""
    return (
        code("status", "Status", vocabulary, badge="status", listed=True, order=("status",)),
        *date("status_on", "Since", precision="status_precision", order=("status_on",)),
    )


SHARED = (
    *many("issues", "Issues"),
    text("note", "Note", is_undated=True),
    *date("raised_on", "Raised", precision="raised_precision"),
    *date("changed_on", "Last changed", precision="changed_precision", listed=True, order=("changed_key",)),
    *WRITTEN,
    text("doubt", "In doubt"),
    ALIASES,
    text("wording_language", "Language of the wording"),
    Column("other_wordings", "Wording in other languages", "other_texts", Kind.TEXTS),
)
"""The columns that every item kind has in addition to its own."""


class ItemFilters(RecordFilters):
    """Filters of all item kinds; the dates are those of the last change."""

    process = ReferenceFilter(Process, "process", "Process")
    issue = ReferenceFilter(Issue, "issues", "Issue")
    since = since(label="Last changed from", ends=last_recording_day)
    until = until(label="Last changed to", ends=last_recording_day)


IDENTITY = ("process", "title")
"""The fields that identify an item among those of its kind."""


class SearchedDay(TypedDict):
    """The fields of SearchFields that name dates."""

    day: str
    shown: tuple[str, str]


CHANGED: SearchedDay = {"day": "changed_on", "shown": ("current_changed_on", "current_changed_precision")}
"""The date that a search filters items by, and the one it shows."""
