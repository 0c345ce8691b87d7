"""Choices narrowed to what another field of the form names: items to the process chosen, offices to their holder.

Each input says in `data-narrowed-by` which field that is, and in `data-narrowed-to` the key where it is fixed;
data-entry.js hands the key on to the autocomplete endpoint as `narrowed_to`.
"""

from django.db.models import QuerySet

from tracker.forms.fields import whole_number
from tracker.models import Item, Office

PARAMETER = "narrowed_to"


def narrowing(model) -> str | None:
    """The field of a form, and relation of `model`, by which choices among its records are narrowed; None if none."""
    if issubclass(model, Item):
        return "process"
    return "person" if model is Office else None


def narrowed(rows: QuerySet, key: str) -> QuerySet:
    """Those of `rows` that go with the record whose primary key the text `key` is; all of them where it is empty."""
    by = narrowing(rows.model)
    if by is None or not key:
        return rows
    number = whole_number(key)
    return rows.none() if number is None else rows.filter(**{by: number})


def narrow(field, model, request) -> None:
    """Let the widget of the form `field`, whose choices are records of `model`, say by what they are narrowed."""
    if by := narrowing(model):
        field.widget.attrs["data-narrowed-by"] = by
        process = getattr(request, "process_at_hand", None)
        if by == "process" and process is not None:
            field.widget.attrs["data-narrowed-to"] = process.pk


class Narrowed:
    """For admins: on the page of a record its process is known, whether or not a field names it."""

    def get_form(self, request, obj=None, change=False, **options):
        """Django's form class; its fields are made with the process at hand."""
        request.process_at_hand = obj.of_process if obj else None
        return super().get_form(request, obj, change, **options)
