"""Finding the record that somebody means by an id, a name, or an alias."""

import re

from django import forms
from django.core.exceptions import ValidationError

from tracker.models import Item, Office, Person
from tracker.models.dates import PartialDate
from tracker.queries.names import Nearby, alike, called, elsewhere
from tracker.text.names import foreign_letters, key, look, visible

LONGEST = 700
"""No name is longer, nor any heading with an id; the databases compare longer texts slowly, or refuse to."""
NAMED = 6
"""How many candidates a message names."""

_REF = r"[a-z]{3}-[a-z0-9-]+"
_BRACKETED = re.compile(rf"\[({_REF})\]$")


def ref_in(text: str) -> str:
    """The id that `text` is, or ends with in brackets; empty where there is none."""
    if match := _BRACKETED.search(text):
        return match[1]
    return text if re.fullmatch(_REF, text) else ""


def find(queryset, text: str, nearby: Nearby | None = None):
    """The one record of `queryset` that `text` means: its id, `Name [id]`, its name or title, an alias, a surname.

    Raises ValidationError that names the nearest record where none fits, or the candidates where several do. `nearby`
    has the names to choose the nearest from, where many texts are looked up.
    """
    text = visible(text)
    noun = queryset.model._meta.verbose_name
    if len(text) > LONGEST:
        raise ValidationError(f"No {noun} has a name of {len(text):,} characters.", code="unknown")
    ref = ref_in(text)
    by_ref = queryset.filter(ref=ref).first() if ref else None
    if by_ref is not None:
        return by_ref
    found = called(queryset, text)
    if len(found) == 1:
        return found[0]
    if found:
        candidates = "; ".join(described(record) for record in found[:NAMED])
        more = " and others" if len(found) > NAMED else ""
        raise ValidationError(
            f"“{text}” can mean several: {candidates}{more}. Give the id.", code="ambiguous"
        )
    raise ValidationError(_unknown(queryset, text, noun, nearby), code="unknown")


def described(record) -> str:
    """`record` as a message names it beside others of its name: with its id, its holder, and of an item its day."""
    holder = (
        record.person if isinstance(record, Office) else record.party if isinstance(record, Person) else None
    )
    due, raised = getattr(record, "due", None), getattr(record, "current_raised_on", None)
    day = due or (PartialDate(raised, record.current_raised_precision) if raised else None)
    return f"{record}{f' ({holder})' if holder else ''} [{record.ref}]" + (f", {day}" if day else "")


def _unknown(queryset, text: str, noun: str, nearby: Nearby | None) -> str:
    """Why nothing of `queryset` is meant by `text`, and what could be."""
    said = f"There is no {noun} called “{text}”."
    if not key(text):
        return said
    if (other := alike(queryset, text)) is not None:
        name = next(name for _, name in other.names() if look(name) == look(text))
        letters = foreign_letters(text, name)
        odd = ", ".join(f"“{letter}” is {alphabet}" for letter, alphabet in letters[:NAMED])
        return f"{said} “{name}” [{other.ref}] looks the same but is written in other letters: here {odd}."
    if (other := elsewhere(queryset, text)) is not None:
        kind = other.get_item_kind_display().lower() if isinstance(other, Item) else other._meta.verbose_name
        article = "an" if kind[0] in "aeiou" else "a"
        return f"{said} {other} is {article} {kind} [{other.ref}]."
    near = (nearby or Nearby.of(queryset)).to(text)
    return f"{said} Nearest: {' or '.join(near)}." if near else said


class ReferenceField(forms.CharField):
    """A text that means one record of `queryset`; cleans to the record, or None where it is empty."""

    def __init__(self, queryset, **options):
        super().__init__(**options)
        self.queryset = queryset

    def clean(self, value):
        """The record meant; raises ValidationError as `find` does."""
        text = visible(super().clean(value))
        return find(self.queryset, text) if text else None
