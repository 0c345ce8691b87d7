"""Form fields: partial dates, lists of names, and codes with their codebook."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError

from tracker.models.dates import Span, last_of, span
from tracker.models.fields import BETWEEN_CODES
from tracker.models.vocabularies import LADDERS, TITLES, VOCABULARIES, ItemKind
from tracker.text.dates import HINT
from tracker.text.folding import nearest_hint, visible
from tracker.text.times import read_time, zone_named

DAY_HINT = "Write 18 Feb 2025 or 2025-02-18."
_BY_CHOICES = {tuple(vocabulary.choices): vocabulary for vocabulary in VOCABULARIES}


def whole_number(text: str) -> int | None:
    """The whole number in `text`, if it fits a database column; else None."""
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def vocabulary_of(model_field):
    """The vocabulary of the choices of `model_field`, or None."""
    return _BY_CHOICES.get(tuple(model_field.choices or ()))


class DayField(forms.DateField):
    """A full date, in any common format."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(attrs={"autocomplete": "off"}))
        options["help_text"] = f"{options.get('help_text', '')} {DAY_HINT}".strip()
        super().__init__(**options)
        self.widget.format = "%Y-%m-%d"

    def to_python(self, value):
        """The date; raises ValidationError with a hint."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return Span.parse_day(value) if visible(value) else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class SpanField(forms.CharField):
    """A partial date in one input; cleans to a Span or None."""

    def __init__(self, *, precision: str, **options):
        """`precision`: the model's field with the precision of the date."""
        options.setdefault("help_text", HINT)
        super().__init__(max_length=60, empty_value=None, **options)
        self.precision, self.last = precision, last_of(precision)
        self.widget.attrs |= {"autocomplete": "off"}

    def to_python(self, value):
        """The Span; raises ValidationError with a hint."""
        text = super().to_python(value)
        try:
            return Span.parse(text) if text and visible(text) else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def run_validators(self, value):
        """Do nothing: the validators of CharField do not apply."""

    def prepare_value(self, value):
        """The text of the input, as `Span.typed`."""
        return value.typed if isinstance(value, Span) else value

    def has_changed(self, initial, data):
        """Whether the date differs."""
        return (self.prepare_value(initial) or "") != (data or "").strip()

    def held_by(self, instance, name: str) -> Span | None:
        """The date that `instance` holds in the field `name` and those beside it."""
        return span(*(getattr(instance, column) for column in (name, self.precision, self.last)))


class TimeField(forms.CharField):
    """A time of day, to the minute, as people write it."""

    def __init__(self, **options):
        super().__init__(max_length=20, empty_value=None, **options)
        self.widget.attrs |= {"autocomplete": "off"}

    def to_python(self, value):
        """The time, or None; raises ValidationError with a hint."""
        if isinstance(value, dt.time):
            return value
        text = super().to_python(value)
        try:
            return read_time(text) if text and visible(text) else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def run_validators(self, value):
        """Do nothing: the validators of CharField do not apply."""

    def prepare_value(self, value):
        """The text of the input."""
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def has_changed(self, initial, data):
        """Whether the time differs."""
        return (self.prepare_value(initial) or "") != (data or "").strip()


class ZoneField(forms.CharField):
    """The name of a time zone, in any case, or of its city."""

    def to_python(self, value):
        """The IANA name, or an empty text; raises ValidationError with the nearest."""
        text = super().to_python(value)
        try:
            return zone_named(text) if text and visible(text) else ""
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


ALIASES_HELP = "Other names and spellings, one a line."


class NamesField(forms.CharField):
    """A list of names, one per line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **options):
        options.setdefault("help_text", "One a line.")
        super().__init__(required=False, **options)

    def prepare_value(self, value):
        """The lines of the input."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        """The distinct names, in order, without empty lines."""
        lines = super().clean(value).splitlines()
        return list(dict.fromkeys(name for line in lines if (name := " ".join(line.split()))))

    def has_changed(self, initial, data):
        """Whether the names differ."""
        return (initial or []) != self.clean(data)


def codebook_of(vocabularies) -> list[tuple[str, type]]:
    """(title, vocabulary) pairs for `forms/_codebook.html`."""
    return [(TITLES[vocabulary], vocabulary) for vocabulary in vocabularies]


class CodeSelect(forms.Select):
    """A select of codes, with their codebook sentences in a fold below."""

    template_name = "forms/code.html"
    codebook = True
    vocabularies = ()

    def get_context(self, name, value, attrs):
        """Django's context and `codebook`, which is empty if the page explains the codes elsewhere."""
        codebook = codebook_of(self.vocabularies) if self.codebook else []
        return super().get_context(name, value, attrs) | {"codebook": codebook}


def unknown_code(value, codes: list[str]) -> ValidationError:
    """The error for a `value` that is not one of `codes`, with the nearest."""
    hint = nearest_hint(str(value), codes, f"Choose from {', '.join(codes)}.")
    return ValidationError(f"“{value}” is not a code of this field.{hint}", code="invalid_choice")


class CodeField(forms.TypedChoiceField):
    """A code of a vocabulary; the error for an unknown code suggests the nearest."""

    widget = CodeSelect

    def validate(self, value):
        """Raise ValidationError, with the nearest code, for an unknown one."""
        try:
            super().validate(value)
        except ValidationError as error:
            if error.code != "invalid_choice":
                raise
            codes = [str(code) for vocabulary in self.widget.vocabularies for code in vocabulary.values]
            raise unknown_code(value, codes) from None


class CodeBoxes(forms.CheckboxSelectMultiple):
    """Check boxes of codes, with their codebook sentences in a fold below."""

    template_name = "forms/codes.html"
    codebook = True
    vocabularies = ()

    def get_context(self, name, value, attrs):
        """Django's context and `codebook`, which is empty if the page explains the codes elsewhere."""
        codebook = codebook_of(self.vocabularies) if self.codebook else []
        return super().get_context(name, value, attrs) | {"codebook": codebook}


class CodeBoxesField(forms.MultipleChoiceField):
    """One or more codes of `vocabulary`; cleans to the text of a CodeListField."""

    widget = CodeBoxes

    def __init__(self, *, vocabulary, **options):
        super().__init__(choices=vocabulary.choices, **options)
        self.widget.vocabularies = (vocabulary,)

    def prepare_value(self, value):
        """The codes to be ticked."""
        return value.split(BETWEEN_CODES) if isinstance(value, str) else value

    def validate(self, value):
        """Raise ValidationError, with the nearest code, for an unknown one."""
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        codes = [code for code, _ in self.choices]
        for code in value:
            if code not in codes:
                raise unknown_code(code, codes)

    def clean(self, value):
        """The codes in order, in one text."""
        chosen = super().clean(value)
        return BETWEEN_CODES.join(code for code, _ in self.choices if code in chosen)

    def has_changed(self, initial, data):
        """Whether other codes are ticked."""
        return super().has_changed(self.prepare_value(initial), data)


class StatusField(CodeField):
    """A status from the ladder of the item's kind; grouped by kind while that is not known."""

    def __init__(self, **options):
        super().__init__(required=False, empty_value=None, **options)
        self.led_by(None)

    def led_by(self, kind: str | None) -> None:
        """Offer the ladders of all kinds, with that of `kind` (a code of ItemKind) first."""
        kinds = sorted(LADDERS, key=lambda item_kind: item_kind != kind)
        self._offer({item_kind: LADDERS[item_kind] for item_kind in kinds})

    def only_of(self, kind: str) -> None:
        """Offer only the ladder of `kind`."""
        self._offer({kind: LADDERS[kind]})

    def _offer(self, ladders) -> None:
        groups = [(ItemKind(kind).label, ladder.choices) for kind, ladder in ladders.items()]
        self.choices = [("", "Not stated"), *(groups if len(groups) > 1 else groups[0][1])]
        self.widget.vocabularies = tuple(ladders.values())
