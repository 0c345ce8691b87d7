"""Autocomplete choices that depend on another field of the form, such as the items of the chosen process.

Each input has the name of that field in `data-narrowed-by`, or a fixed key in `data-narrowed-to`; data-entry.js
passes the key to the autocomplete endpoint as `narrowed_to`. When the other field changes, it checks whether the
`chosen` record still belongs there, and empties the input if not.
"""

from collections.abc import Mapping

from django.db.models import QuerySet

from tracker.forms.fields import whole_number
from tracker.models import Item, Office

PARAMETER = "narrowed_to"
CHOSEN = "chosen"
"""The parameter that requests a single record by primary key."""


def narrowing(model) -> str | None:
    """The relation of `model`, also a form field, that narrows the choice of its records; None if there is none."""
    if issubclass(model, Item):
        return "process"
    return "person" if model is Office else None


def narrowed(rows: QuerySet, query: Mapping[str, str]) -> QuerySet:
    """`rows`, filtered by the parameters PARAMETER and CHOSEN of `query` if they are not empty."""
    lookups = {CHOSEN: "pk"} | ({PARAMETER: by} if (by := narrowing(rows.model)) else {})
    for parameter, field in lookups.items():
        if key := query.get(parameter, ""):
            number = whole_number(key)
            rows = rows.none() if number is None else rows.filter(**{field: number})
    return rows


def narrow(field, model, request) -> None:
    """Add the data attributes to the widget of the form `field`, whose choices are records of `model`."""
    if by := narrowing(model):
        field.widget.attrs["data-narrowed-by"] = by
        process = getattr(request, "process_at_hand", None)
        if by == "process" and process is not None:
            field.widget.attrs["data-narrowed-to"] = process.pk


class Narrowed:
    """Admin mixin that narrows the choices of a record's form to its process."""

    def get_form(self, request, obj=None, change=False, **options):
        """Django's form class, created with the record's process in the request."""
        request.process_at_hand = obj.of_process if obj else None
        return super().get_form(request, obj, change, **options)
