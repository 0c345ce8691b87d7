"""The values that a record had when its form was opened: signed, and compared when the form is sent."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.models import InlineForeignKeyField

from tracker.models import Record
from tracker.models.dates import Span
from tracker.models.fields import BETWEEN_CODES

FIELD = "opened"
"""The name of the hidden input with the copy."""

LONGEST = 4_000
"""The copy has only a hash of texts with more characters than this."""

# Recorded texts never contain a null character.
_UNREAD, _HASHED = "\0?", "\0#"

Values = dict[str, str]
"""{field name: normalised text}; equal values have equal texts, however they were typed."""


class OpenedForm(Protocol):
    """A form of a record with its formsets by prefix, and the versions of the record and its parts."""

    form: forms.BaseForm
    parts: Mapping[str, forms.BaseFormSet]
    versions: dict[str, int]


@dataclass(frozen=True)
class Opened:
    """The versions and values of the record and its parts when the form was opened."""

    versions: dict[str, int]
    values: Values
    rows: dict[str, list[Values]]

    @classmethod
    def of(cls, composite: OpenedForm) -> "Opened":
        """The values of the unbound form `composite`."""
        rows = {
            name: [values_of(row) for row in part.initial_forms] for name, part in composite.parts.items()
        }
        return cls(composite.versions, values_of(composite.form), rows)

    @property
    def signed(self) -> str:
        """The signed copy, for the hidden input."""
        rows = {name: [_shortened(row) for row in part] for name, part in self.rows.items()}
        return signing.dumps([self.versions, _shortened(self.values), rows], salt=FIELD, compress=True)

    @classmethod
    def read(cls, text: str) -> "Opened | None":
        """The copy in `text`; None if it is invalid."""
        try:
            return cls(*signing.loads(text, salt=FIELD))
        except signing.BadSignature:
            return None

    @property
    def ref(self) -> str:
        """The reference of the record."""
        return next(iter(self.versions))


def shown(form) -> list[forms.BoundField]:
    """The visible fields of `form`, in the order of the page."""
    fields = [field for _, fields in form.grouped for field in fields]
    return [field for field in fields if field.name != "DELETE"]


def hidden(form) -> list[forms.BoundField]:
    """The hidden fields of a row, which identify the row and its record."""
    keys = (InlineForeignKeyField, forms.models.ModelChoiceField)
    return [field for field in form.hidden_fields() if isinstance(field.field, keys)]


def values_of(form) -> Values:
    """The values of the fields of `form`; the input, if it is bound."""
    return {field.name: value_of(field) for field in (*shown(form), *hidden(form))}


def value_of(field: forms.BoundField) -> str:
    """The normalised value of `field`; invalid input is prefixed with a mark."""
    if not field.form.is_bound or field.field.disabled:
        return _as_text(field.initial)
    try:
        return _as_text(field.field.clean(field.data))
    except ValidationError:
        return _UNREAD + _as_text(field.data)


def input_of(field: forms.BoundField) -> list[str]:
    """The values that a browser would send for `field`."""
    value = field.value()
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return [_as_text(value)]


def words_of(field: forms.Field, text: str) -> str:
    """The value `text` of `field`, for display."""
    if text.startswith(_UNREAD):
        return text.removeprefix(_UNREAD)
    if isinstance(field, forms.BooleanField):
        return "yes" if text else "no"
    if isinstance(field, forms.ModelChoiceField):
        records = field.queryset.filter(pk__in=text.split("\n")) if text else ()
        return "; ".join(sorted(str(record) for record in records))
    if isinstance(field, forms.ChoiceField):
        flat = {}
        for code, label in field.choices:
            flat |= dict(label) if isinstance(label, list | tuple) else {code: label}
        return (
            BETWEEN_CODES.join(str(flat.get(code, code)) for code in text.split(BETWEEN_CODES))
            if text
            else ""
        )
    return text


def shortened(text: str) -> str:
    """`text`, or a hash if it is longer than LONGEST."""
    return text if len(text) <= LONGEST else _HASHED + hashlib.sha256(text.encode()).hexdigest()


def is_shortened(text: str) -> bool:
    """Whether `text` is such a hash."""
    return text.startswith(_HASHED)


def restored(values: Values, others: Iterable[Values]) -> Values:
    """The `values` of a copy, with hashes replaced by the full texts found in `others`."""
    texts = {shortened(text): text for other in others for text in other.values() if len(text) > LONGEST}
    return {name: texts.get(text, text) for name, text in values.items()}


def _shortened(values: Values) -> Values:
    return {name: shortened(text) for name, text in values.items()}


def _as_text(value) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "on"
        case Record():
            return str(value.pk)
        case Span():
            return value.typed
        case dt.date():
            return value.isoformat()
        case dt.time():
            return f"{value:%H:%M}"
        case str():
            return value.replace("\r\n", "\n").strip()
    if hasattr(value, "__iter__"):
        texts = [_as_text(part) for part in value]
        return "\n".join(texts if all(isinstance(part, str) for part in value) else sorted(texts))
    return str(getattr(value, "pk", value))
