"""Autocomplete choices that depend on another field of the form, such as the items of the chosen process.

Each input says in `data-narrowed-by` which field that is, and in `data-narrowed-to` the key where it is fixed;
data-entry.js passes the key on to the autocomplete endpoint as `narrowed_to`. When the other field changes, it asks
whether what is `chosen` still belongs there, and empties the input if it does not.
"""

from collections.abc import Mapping

from django.db.models import QuerySet

from tracker.forms.fields import whole_number
from tracker.models import Item, Office

PARAMETER = "narrowed_to"
CHOSEN = "chosen"
"""The parameter that asks for one record alone, by its primary key."""


def narrowing(model) -> str | None:
    """The field of a form, and relation of `model`, by which choices among its records are narrowed; None if none."""
    if issubclass(model, Item):
        return "process"
    return "person" if model is Office else None


def narrowed(rows: QuerySet, query: Mapping[str, str]) -> QuerySet:
    """Those of `rows` that the parameters PARAMETER and CHOSEN of `query` leave; an empty one leaves all of them."""
    lookups = {CHOSEN: "pk"} | ({PARAMETER: by} if (by := narrowing(rows.model)) else {})
    for parameter, field in lookups.items():
        if key := query.get(parameter, ""):
            number = whole_number(key)
            rows = rows.none() if number is None else rows.filter(**{field: number})
    return rows


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
