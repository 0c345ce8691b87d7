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

FIELD = "opened"
"""The name of the input that carries the copy."""

LONGEST = 4_000
"""Of a text of more characters than this the copy has only the hash."""

# No text of the record holds a null character.
_UNREAD, _HASHED = "\0?", "\0#"

Values = dict[str, str]
"""What fields hold, by their names: text that is the same when the value is, however it was typed."""


class OpenedForm(Protocol):
    """A form of a record with its formsets by prefix, and the versions of the record and its parts."""

    form: forms.BaseForm
    parts: Mapping[str, forms.BaseFormSet]
    versions: dict[str, int]


@dataclass(frozen=True)
class Opened:
    """The copy: which versions the form was opened at, and what the record and its parts said."""

    versions: dict[str, int]
    values: Values
    rows: dict[str, list[Values]]

    @classmethod
    def of(cls, composite: OpenedForm) -> "Opened":
        """The values that the unbound form `composite` shows."""
        rows = {
            name: [values_of(row) for row in part.initial_forms] for name, part in composite.parts.items()
        }
        return cls(composite.versions, values_of(composite.form), rows)

    @property
    def signed(self) -> str:
        """The copy as the input carries it."""
        rows = {name: [_shortened(row) for row in part] for name, part in self.rows.items()}
        return signing.dumps([self.versions, _shortened(self.values), rows], salt=FIELD, compress=True)

    @classmethod
    def read(cls, text: str) -> "Opened | None":
        """The copy that `text` carries; None where it carries none."""
        try:
            return cls(*signing.loads(text, salt=FIELD))
        except signing.BadSignature:
            return None

    @property
    def ref(self) -> str:
        """The record that the copy is of."""
        return next(iter(self.versions))


def shown(form) -> list[forms.BoundField]:
    """The fields of `form` that people see, in the order of the page."""
    fields = [field for _, fields in form.grouped for field in fields]
    return [field for field in fields if field.name != "DELETE"]


def hidden(form) -> list[forms.BoundField]:
    """The fields of a row that say which row it is, and of which record."""
    keys = (InlineForeignKeyField, forms.models.ModelChoiceField)
    return [field for field in form.hidden_fields() if isinstance(field.field, keys)]


def values_of(form) -> Values:
    """What the fields of `form` hold: what was typed, where it is bound."""
    return {field.name: value_of(field) for field in (*shown(form), *hidden(form))}


def value_of(field: forms.BoundField) -> str:
    """What `field` holds; what was typed and cannot be read is given with a mark."""
    if not field.form.is_bound or field.field.disabled:
        return _as_text(field.initial)
    try:
        return _as_text(field.field.clean(field.data))
    except ValidationError:
        return _UNREAD + _as_text(field.data)


def input_of(field: forms.BoundField) -> list[str]:
    """What a browser sends for `field` as it stands."""
    value = field.value()
    if isinstance(value, bool):
        return ["on"] if value else []
    if isinstance(value, list | tuple):
        return [str(part) for part in value]
    return [_as_text(value)]


def words_of(field: forms.Field, text: str) -> str:
    """The value `text` of `field` as people read it."""
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
        return str(flat.get(text, text)) if text else ""
    return text


def shortened(text: str) -> str:
    """`text` as the copy has it."""
    return text if len(text) <= LONGEST else _HASHED + hashlib.sha256(text.encode()).hexdigest()


def is_shortened(text: str) -> bool:
    """Whether the copy has only the hash of this text."""
    return text.startswith(_HASHED)


def restored(values: Values, others: Iterable[Values]) -> Values:
    """The `values` of a copy, with each long text that is also in one of `others` in full."""
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
        case str():
            return value.replace("\r\n", "\n").strip()
    if hasattr(value, "__iter__"):
        texts = [_as_text(part) for part in value]
        return "\n".join(texts if all(isinstance(part, str) for part in value) else sorted(texts))
    return str(getattr(value, "pk", value))
