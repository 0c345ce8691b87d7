"""Finding the record that somebody means by an id, a name, or an alias."""

import difflib
import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from tracker.models.dates import PartialDate

NEAREST_AMONG = 5000
"""Among how many names the nearest is looked for when none fits."""

LONGEST = 500
"""No name is longer, nor any name with an id; the databases compare longer texts slowly, or refuse to."""

_BRACKETED = re.compile(r"\[([a-z]{3}-[a-z0-9-]+)\]\s*$")


def find(queryset, text: str):
    """The one record of `queryset` that `text` means: its id, `Name [id]`, its name or title, or an alias.

    Raises ValidationError that names the nearest record where none fits, or the candidates where several do.
    """
    text = text.strip()
    noun = queryset.model._meta.verbose_name
    if len(text) > LONGEST:
        raise ValidationError(f"No {noun} has a name of {len(text):,} characters.", code="unknown")
    bracketed = _BRACKETED.search(text)
    ref = bracketed[1] if bracketed else text
    by_ref = queryset.filter(ref=ref).first() if re.fullmatch(r"[a-z]{3}-[a-z0-9-]+", ref) else None
    if by_ref is not None:
        return by_ref
    names = queryset.model.name_fields
    found = []
    for lookup in ("exact", "iexact"):
        called = Q(*((f"{name}__{lookup}", text) for name in names), _connector=Q.OR)
        found = found or list(queryset.filter(called)[:6])
    if not found and hasattr(queryset.model, "aliases"):
        folded = text.casefold()
        found = [
            record
            for record in queryset.exclude(aliases=[])[:NEAREST_AMONG]
            if folded in {alias.casefold() for alias in record.aliases}
        ]
    # A development has versions, of which any leads to it.
    found = list({record.ref: record for record in found}.values())
    if len(found) == 1:
        return found[0]
    if found:
        candidates = "; ".join(map(named, found[:6]))
        raise ValidationError(f"“{text}” can mean several: {candidates}. Give the id.", code="ambiguous")
    known = queryset.order_by().values_list(names[0], flat=True)[:NEAREST_AMONG]
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(text.casefold(), by_folded, n=1, cutoff=0.4)
    hint = f" Nearest: {by_folded[near[0]]}." if near else ""
    raise ValidationError(f"There is no {noun} called “{text}”.{hint}", code="unknown")


def named(record) -> str:
    """The name of `record` with what tells it apart: its id, and of an item the day when it is due, or was raised."""
    due, raised = getattr(record, "due", None), getattr(record, "current_raised_on", None)
    day = due or (PartialDate(raised, record.current_raised_precision) if raised else None)
    return f"{record} [{record.ref}]" + (f", {day}" if day else "")


class ReferenceField(forms.CharField):
    """A text that means one record of `queryset`; cleans to the record, or None where it is empty."""

    def __init__(self, queryset, **options):
        super().__init__(**options)
        self.queryset = queryset

    def clean(self, value):
        """The record meant; raises ValidationError as `find` does."""
        text = super().clean(value)
        return find(self.queryset, text) if text else None
