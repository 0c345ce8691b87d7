"""Sources: the documents that the record rests on."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import TextField
from django.urls import reverse
from django.utils.html import format_html

from tracker.admin.base import RecordAdmin
from tracker.admin.columns import dated
from tracker.admin.filters import VisibleFilter
from tracker.admin.merging import MergeAdmin
from tracker.admin.site import register
from tracker.forms.sources import SourceForm, is_apart
from tracker.models import Source


class StoredTextFilter(admin.SimpleListFilter):
    """By whether the text itself is kept, so that quotes can be looked for in it."""

    title = "stored text"
    parameter_name = "text"

    def lookups(self, request, model_admin):
        """The choices."""
        return [("stored", "Stored"), ("none", "None")]

    def queryset(self, request, queryset):
        """The rows of the choice."""
        match self.value():
            case "stored":
                return queryset.exclude(text="")
            case "none":
                return queryset.filter(text="")
        return queryset


@register(Source)
class SourceAdmin(MergeAdmin, RecordAdmin):
    """Documents, with or without their text."""

    form = SourceForm
    list_display = (
        "title",
        "publisher",
        dated("published", "published", "published_on"),
        "kind",
        "reliability",
        "ref",
    )
    list_filter = (
        "kind", "reliability", StoredTextFilter, ("process", VisibleFilter), "published_on", "recorded_at",
    )  # fmt: skip
    search_fields = ("title", "publisher", "authors", "url")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "publisher",
                    "title",
                    "aliases",
                    "authors",
                    ("published_on", "published_inferred"),
                    "url",
                )
            },
        ),
        (
            "Type and reliability",
            {"fields": ("kind", "language", "reliability", "taken_from", "retrieved_on")},
        ),
        ("Who sees it", {"fields": ("process",)}),
        ("Its text", {"fields": ("text",)}),
    )

    formfield_overrides = RecordAdmin.formfield_overrides | {
        TextField: {"widget": AdminTextareaWidget(attrs={"rows": 14})}
    }

    def get_fieldsets(self, request, obj=None):
        """The fieldsets; a long text is named in place of its field."""
        fieldsets = super().get_fieldsets(request, obj)
        if not is_apart(request, obj):
            return fieldsets
        return (*fieldsets[:-1], ("Its text", {"fields": ("long_text",)}))

    def get_readonly_fields(self, request, obj=None):
        """What is only shown."""
        return (*super().get_readonly_fields(request, obj), "long_text")

    @admin.display(description="Text")
    def long_text(self, source):
        """How long a text is that stays as it is, and where it is read and changed."""
        return format_html(
            '{} characters, which stay as they are. <a href="{}">Read or change them</a> on a page of their own.',
            f"{len(source.text):,}",
            reverse("source:text", args=[source.ref]),
        )

    def get_queryset(self, request):
        """Without the stored texts, which a list has no use for and may be long."""
        return super().get_queryset(request).defer("text")

    def label(self, record):
        """Publisher, title and date."""
        return f"{record} ({record.published})" if record.published else str(record)
