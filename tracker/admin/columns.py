"""Changelist columns that several record types share."""

from django.contrib import admin

from tracker.models.dates import held
from tracker.models.effects import due_words
from tracker.models.vocabularies import LADDERS


def dated(attribute: str, description: str, ordering: str):
    """A changelist column with the Span in `attribute`."""

    @admin.display(description=description, ordering=ordering)
    def column(record):
        return getattr(record, attribute)

    column.__name__ = attribute
    return column


def as_read(attribute: str, description: str):
    """A read-only field with the value of `attribute`."""

    @admin.display(description=description)
    def words(self, record):
        return str(getattr(record, attribute) or "–")

    return words


@admin.display(description="status", ordering="current_status")
def status(item):
    """The label of the item's status; empty if all its developments have been withdrawn."""
    return LADDERS[item.item_kind](item.current_status).label if item.current_status else None


@admin.display(description="since", ordering="current_status_on")
def status_since(item):
    """Since when the item has its status."""
    return held(item, "current_status")


@admin.display(description="due", ordering="current_due_on")
def due(item):
    """The due date, or else the due phrase."""
    return item.due or due_words(None, item.current_due_phrase)


review_on = dated("current_review_on", "review on", "current_review_on")


@admin.display(description="last changed", ordering="current_changed_key")
def last_changed(item):
    """The date of the item's latest development."""
    return held(item, "current_changed")
