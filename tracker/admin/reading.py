"""Mixins for admins and inlines: visibility, autocomplete of relations, read-only fields."""

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AdminTextareaWidget,
    AdminTimeWidget,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db.models import DateField, TextField, TimeField
from django.forms import CheckboxSelectMultiple

from tracker.admin.columns import as_read
from tracker.admin.narrowing import narrow
from tracker.admin.permissions import PermittedPart
from tracker.forms import fields
from tracker.forms.fields import CodeBoxes, CodeBoxesField, CodeField, DayField, vocabulary_of
from tracker.models import Record
from tracker.models.fields import CodeListField
from tracker.models.order import validate_zone
from tracker.templatetags.reading import external


class SeveralRecords(AutocompleteSelectMultiple):
    """Several records, each taken out by itself; a button for all at once would stand among them as if it were one."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        """The attributes that Select2 reads."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class VisibleRecords:
    """For admins and inlines alike: only what the user may see, and every relation found by typing."""

    view_on_site = False
    formfield_overrides = {
        TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})},
        DateField: {"form_class": DayField, "widget": AdminDateWidget},
        TimeField: {"form_class": fields.TimeField, "widget": AdminTimeWidget},
    }

    # A page that is only read shows these in place of the columns behind them: never "1 Feb" for "Feb".
    occurred_on_read = as_read("occurred", "occurred on")
    published_on_read = as_read("published", "published on")
    made_on_read = as_read("made", "made on")
    held_from_read = as_read("since", "held from")
    held_to_read = as_read("until", "held to")
    due_on_read = as_read("due", "due")
    status_read = as_read("status_label", "status")

    @admin.display(description="URL")
    def url_read(self, record):
        """The address as a link."""
        return external(record.url) or "–"

    def get_fieldsets(self, request, obj=None):
        """The fieldsets; on a page that is only read, with what can be read."""
        fieldsets = super().get_fieldsets(request, obj)
        return (
            fieldsets if obj is None or self.has_change_permission(request, obj) else self.to_read(fieldsets)
        )

    def to_read(self, fieldsets) -> list:
        """`fieldsets` with the dates and codes of a page that is only read."""
        return [
            (heading, options | {"fields": self._read(options["fields"])}) for heading, options in fieldsets
        ]

    def _read(self, names) -> list:
        def read(name):
            return f"{name}_read" if hasattr(self, f"{name}_read") else name

        return [read(name) if isinstance(name, str) else self._read(name) for name in names]

    def get_queryset(self, request):
        """The rows that the user may see."""
        return super().get_queryset(request).visible_to(request.user)

    def get_field_queryset(self, db, db_field, request):
        """Of what a relation may name, the rows that the user may see."""
        related = db_field.remote_field.model
        if not issubclass(related, Record):
            return super().get_field_queryset(db, db_field, request)
        return related.objects.visible_to(request.user)

    def formfield_for_dbfield(self, db_field, request, **options):
        """A field; beside one that names a record no button deletes that record."""
        if isinstance(db_field, CodeListField):
            options |= {"form_class": CodeBoxesField, "vocabulary": db_field.vocabulary, "widget": CodeBoxes}
        elif validate_zone in db_field.validators:
            options |= {"form_class": fields.ZoneField}
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
            narrow(field, db_field.related_model, request)
        return field

    def formfield_for_choice_field(self, db_field, request, **options):
        """A choice of codes, with what they mean folded in below it."""
        field = super().formfield_for_choice_field(db_field, request, choices_form_class=CodeField, **options)
        vocabulary = vocabulary_of(db_field)
        field.widget.vocabularies = (vocabulary,) if vocabulary else ()
        return field

    def formfield_for_manytomany(self, db_field, request, **options):
        """Several records found by typing; people who sign in are few, and ticked."""
        if issubclass(db_field.related_model, Record):
            options["widget"] = SeveralRecords(db_field, self.admin_site)
        else:
            options["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **options)

    def get_autocomplete_fields(self, request):
        """Every relation to another record."""
        fields = (*self.opts.fields, *self.opts.many_to_many)
        return [
            field.name for field in fields if field.is_relation and issubclass(field.related_model, Record)
        ]


class VisibleInline(PermittedPart, VisibleRecords):
    """For inlines: the parts of a record, on its page."""

    extra = 0

    def get_readonly_fields(self, request, obj=None):
        """What is never typed, and on a page that is only read all of it."""
        fixed = super().get_readonly_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fixed
        return [*fixed, *flatten_fieldsets(self.get_fieldsets(request, obj))]


class PartInline(VisibleInline, admin.StackedInline):
    """Parts one below the other, each field under its own label."""


class ReadOnly:
    """For what is looked at and never edited here."""

    def has_add_permission(self, request, obj=None):
        """Nobody adds one by itself."""
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody edits one by itself."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Nobody deletes one by itself."""
        return False
