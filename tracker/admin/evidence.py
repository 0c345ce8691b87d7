"""Admin of effects and citations: inlines of a development, and lists that find missing quotes or sources."""

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms import BaseInlineFormSet
from django.urls import reverse
from django.utils.html import format_html

from tracker.admin.base import RecordAdmin
from tracker.admin.filters import InForceFilter, QuoteFilter, VisibleFilter
from tracker.admin.reading import ReadOnly, VisibleInline
from tracker.admin.site import register
from tracker.forms.developments import CitationForm, EffectForm, refuse_more
from tracker.models import Citation, Effect


def is_open(request, development) -> bool:
    """Whether `development` may be edited: only the version in force, but a posted form is never discarded."""
    return development is None or development.is_current or request.method == "POST"


class EvidenceInline(VisibleInline, admin.StackedInline):
    """A part of a development, with one empty row on the page for a new development."""

    def get_extra(self, request, obj=None, **options):
        """The number of empty rows."""
        return 0 if obj else 1

    def get_queryset(self, request):
        """The parts in the order in which they were entered."""
        return super().get_queryset(request).order_by("pk")

    def has_add_permission(self, request, obj=None):
        """By role, on a version in force."""
        return super().has_add_permission(request, obj) and is_open(request, obj)

    def has_change_permission(self, request, obj=None):
        """By role, on a version in force."""
        return super().has_change_permission(request, obj) and is_open(request, obj)


class EffectInlineRows(BaseInlineFormSet):
    """The effects of a development, each on an item of its process."""

    def clean(self):
        """Refuse an item of another process where it was chosen, and what a further text of a wording sets besides."""
        super().clean()
        for row in self.forms:
            item = getattr(row, "cleaned_data", {}).get("item")
            if item and self.instance.process_id and item.process_id != self.instance.process_id:
                row.add_error("item", f"“{item}” belongs to another process.")
        refuse_more(self)


class EffectInline(EvidenceInline):
    """The effects of a development."""

    model = Effect
    form = EffectForm
    formset = EffectInlineRows
    fields = (
        "item", ("status", "firmness", "outcome"), ("wording", "wording_language"), "stance", "party",
        ("due_on", "due_phrase", "review_on"),
    )  # fmt: skip


class SourceOfProcess(RelatedFieldWidgetWrapper):
    """The input of a source; one that is entered beside it is kept to the process, unless that is taken out."""

    process: int | None = None
    """The primary key of the process."""

    def get_context(self, name, value, attrs):
        """Django's context, with the process in the query string of the form that enters a source."""
        context = super().get_context(name, value, attrs)
        if self.process:
            context["url_params"] += f"&process={self.process}"
        return context


class CitationInline(EvidenceInline):
    """The citations of a development."""

    model = Citation
    form = CitationForm
    fields = ("source", "quote", ("place", "credibility"))

    def formfield_for_dbfield(self, db_field, request, **options):
        """A field; what is entered as the source of a restricted process is kept to it."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        process = getattr(request, "process_at_hand", None)
        if db_field.name == "source" and process and process.restricted:
            field.widget.__class__, field.widget.process = SourceOfProcess, process.pk
        return field


class EvidenceAdmin(ReadOnly, RecordAdmin):
    """A list over all developments; a row is edited by correcting its development."""

    list_display_links = None

    def view_on_site(self, record):
        """The URL of the development's page."""
        return record.development.get_absolute_url()

    @admin.display(description="development", ordering="development__happened_key")
    def development_linked(self, part):
        """The development, as a link to correct it."""
        url = reverse("admin:tracker_development_change", args=[part.development_id])
        return format_html('<a href="{}">{}</a>', url, part.development)

    @admin.display(description="occurred", ordering="development__happened_key")
    def occurred(self, part):
        """The date of the development, as a Span."""
        return part.development.occurred


@register(Effect)
class EffectAdmin(EvidenceAdmin):
    """The effects of all developments, most recently recorded first."""

    ordering = ("-pk",)
    list_display = (
        "item", "item_kind", "development_linked", "occurred", "party", "status_label", "stance", "firmness", "outcome",
    )  # fmt: skip
    list_filter = (
        InForceFilter, "item_kind", "stance", "firmness", "outcome", ("development__process", VisibleFilter),
        ("party", VisibleFilter),
    )  # fmt: skip
    list_select_related = ("item", "party", "development")
    fields = (
        "development", "item", "party", "status", "stance", "firmness", "outcome", "due_on", "due_phrase", "review_on",
        "wording", "wording_language",
    )  # fmt: skip
    search_fields = ("item__title", "development__headline", "wording")


@register(Citation)
class CitationAdmin(EvidenceAdmin):
    """The citations of all developments, most recently recorded first."""

    ordering = ("-pk",)
    list_display = ("development_linked", "occurred", "source", "quote", "place", "credibility", "found")
    list_filter = (
        QuoteFilter, InForceFilter, "credibility", ("development__process", VisibleFilter), "recorded_at",
    )  # fmt: skip
    list_select_related = ("development", "source")
    fields = ("development", "source", "quote", "place", "credibility", "found")
    search_fields = ("quote", "place", "source__title", "source__publisher", "development__headline")

    def get_queryset(self, request):
        """The rows, without the texts of the sources, which may be long and are not listed."""
        return super().get_queryset(request).defer("source__text")
