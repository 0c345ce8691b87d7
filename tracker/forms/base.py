"""Base of the record forms: fields for pages, paired dates, and placement of errors."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms.utils import ErrorDict

from tracker.forms.fields import (
    CodeBoxesField,
    CodeField,
    DayField,
    SpanField,
    TimeField,
    ZoneField,
    vocabulary_of,
)
from tracker.forms.record_fields import Offers, RelationField, RelationsField
from tracker.models import Record
from tracker.models.fields import CodeListField
from tracker.models.order import validate_zone


def page_field(model_field, **options):
    """The form field for `model_field` on pages; the admin uses its own `formfield_callback`."""
    if model_field.is_relation and issubclass(model_field.related_model, Record):
        many = model_field.many_to_many
        return model_field.formfield(form_class=RelationsField if many else RelationField, **options)
    if model_field.many_to_many:
        return model_field.formfield(widget=forms.CheckboxSelectMultiple, **options)
    if isinstance(model_field, CodeListField):
        return model_field.formfield(form_class=CodeBoxesField, vocabulary=model_field.vocabulary, **options)
    if vocabulary := vocabulary_of(model_field):
        field = model_field.formfield(choices_form_class=CodeField, **options)
        field.widget.vocabularies = (vocabulary,)
        if field.choices[0][0] == "":
            field.choices = [("", "Choose" if field.required else "Not stated"), *field.choices[1:]]
        return field
    if isinstance(model_field, models.DateField):
        return model_field.formfield(form_class=DayField, **options)
    if isinstance(model_field, models.TimeField):
        return model_field.formfield(form_class=TimeField, **options)
    if validate_zone in model_field.validators:
        return model_field.formfield(form_class=ZoneField, **options)
    field = model_field.formfield(**options)
    if field is not None and isinstance(field.widget, forms.Textarea):
        field.widget.attrs["rows"] = 3
    return field


class PageMeta:
    """Base class of every form's Meta."""

    formfield_callback = page_field


class RecordForm(forms.ModelForm):
    """The form of one record type, for pages and the admin.

    Pages pass the `user`, or the `offers` shared by several forms of the page, so that relations are limited to what
    the user may see. `quiet` shows the input without validation errors.
    """

    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Groups of fields on a page: (heading, field names); by default one group without heading."""
    folded: tuple[str, ...] = ()
    """The headings of sections that are folded while they are empty."""
    fixed: tuple[str, ...] = ()
    """Fields that cannot be changed after creation."""
    places: dict[str, str] = {}
    """{constraint: the field at which its violation is shown}"""
    parts: tuple[type, ...] = ()
    """The formsets (`Parts`) of parts entered together with the record."""
    judged_later: frozenset[str] = frozenset()
    """Constraints that only `tracker.recording` can check, since it fills in defaults or knows other rows."""
    quiet = False

    def __init__(self, *args, user=None, offers: Offers | None = None, **options):
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        if offers is None and user is not None:
            offers = Offers(user, getattr(self.instance, "process", None) if self.instance.pk else None)
        self.offers = offers
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("dir", "auto")
            if isinstance(field, SpanField) and name not in (options.get("initial") or ()):
                self.initial[name] = field.held_by(self.instance, name)
            if isinstance(field, RelationField | RelationsField) and offers is not None:
                field.widget.offer = offers.of(field.queryset.model)
                field.queryset = field.widget.offer.queryset
                field.widget.label = field.label
        if self.instance.pk:
            for name in self.fixed:
                if name in self.fields:
                    self.fields[name].disabled = True

    @property
    def errors(self):
        """The errors by field; empty while the form is quiet."""
        return ErrorDict() if self.quiet else super().errors

    @property
    def grouped(self) -> list[tuple[str, list]]:
        """The visible fields by section, as pairs of heading and bound fields."""
        sections = self.sections or (("", tuple(self.fields)),)
        return [
            (heading, [self[name] for name in names if name in self.fields and not self[name].is_hidden])
            for heading, names in sections
        ]

    @property
    def closed(self) -> list[str]:
        """The headings of folded sections with nothing in them, and nothing wrong."""
        return [
            heading
            for heading, fields in self.grouped
            if heading in self.folded and not any(field.value() or field.errors for field in fields)
        ]

    @property
    def related(self) -> dict[str, list]:
        """The many-valued relations of a valid form, for `tracker.recording`."""
        names = [field.name for field in self.instance._meta.many_to_many]
        return {name: list(self.cleaned_data[name]) for name in names if name in self.cleaned_data}

    def clean(self):
        """Set each date and its precision on the instance; convert line ends from CRLF to LF."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n")
        for name, field in self.fields.items():
            if isinstance(field, SpanField) and name in cleaned:
                date = cleaned[name]
                cleaned[name] = date.day if date else None
                setattr(self.instance, field.precision, str(date.precision) if date else "")
                setattr(self.instance, field.last, date.end if date else None)
        return cleaned

    def add_error(self, field, error):
        """Show `error` at its field, for a constraint the one in `places`; ignore those `judged_later`."""
        if field is None:
            error = self._placed(error, leave_out=self.judged_later)
        super().add_error(field, error)

    def take(self, error: ValidationError) -> None:
        """Add `error`, raised by `tracker.recording`, to the field where it can be fixed."""
        super().add_error(None, self._placed(error))

    def _placed(self, error, leave_out=frozenset()) -> ValidationError:
        models_used = [*self.instance._meta.parents, type(self.instance)]
        names = {
            rule.get_violation_error_message(): rule.name
            for model in models_used
            for rule in model._meta.constraints
        }
        error = error if isinstance(error, ValidationError) else ValidationError(error)
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        placed = {}
        for field, errors in by_field.items():
            for field_error in errors:
                rule = names.get(field_error.message)
                place = self.places.get(rule, field)
                if rule not in leave_out:
                    placed.setdefault(place if place in self.fields else NON_FIELD_ERRORS, []).append(
                        field_error
                    )
        return ValidationError(placed)


class OnceNamedForm(RecordForm):
    """The form of a type of which no two records that stand have the same name."""

    def _get_validation_exclusions(self):
        # The constraint has a condition on this field.
        return super()._get_validation_exclusions() - {"merged_into"}


class PartForm(RecordForm):
    """A row of a formset; it is empty if nothing was typed, apart from defaults."""

    use_required_attribute = False
    alike: tuple[tuple[str, ...], ...]
    """Sets of fields that identify corresponding rows of two versions, most reliable first."""

    def has_changed(self):
        """Whether anything was typed or selected, apart from defaults."""
        if not self.is_bound:
            return super().has_changed()
        return any(
            self._typed(name, field) for name, field in self.fields.items() if not field.widget.is_hidden
        )

    def _typed(self, name, field) -> bool:
        if name == "DELETE":
            return False
        value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        default = self._meta.model._meta.get_field(name).get_default()
        return value not in (None, "", [], False) and value != default
