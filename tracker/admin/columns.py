"""Changelist columns that several record types share."""

from django.contrib import admin

from tracker.models.dates import held
from tracker.models.vocabularies import LADDERS


def dated(attribute: str, description: str, ordering: str):
    """A column of the partial date that `attribute` holds, as precisely as it is known."""

    @admin.display(description=description, ordering=ordering)
    def column(record):
        return getattr(record, attribute)

    column.__name__ = attribute
    return column


def as_read(attribute: str, description: str):
    """A method of an admin: what `attribute` holds, for a page on which it is not typed but read."""

    @admin.display(description=description)
    def words(self, record):
        return str(getattr(record, attribute) or "–")

    return words


@admin.display(description="status", ordering="current_status")
def status(item):
    """The item's status in words; none after all that was said of it was withdrawn."""
    return LADDERS[item.item_kind](item.current_status).label if item.current_status else None


@admin.display(description="since", ordering="current_status_on")
def status_since(item):
    """Since when the item has its status."""
    return held(item, "current_status")


@admin.display(description="due", ordering="current_due_on")
def due(item):
    """When the item is due: the date, else the phrase."""
    return item.due or item.current_due_phrase


@admin.display(description="last moved", ordering="current_changed_key")
def last_moved(item):
    """When a development last touched the item."""
    return held(item, "current_changed")
