"""Admin of the audit trail, read-only."""

from django.contrib import admin

from tracker.admin.counting import CappedList
from tracker.admin.filters import VisibleFilter
from tracker.admin.reading import ReadOnly
from tracker.admin.site import register
from tracker.models import Change


@register(Change)
class ChangeAdmin(CappedList, ReadOnly, admin.ModelAdmin):
    """Audit entries, newest first."""

    list_display = ("at", "by", "action", "record_type", "record_name", "process", "note")
    list_filter = ("action", "record_type", "at", ("process", VisibleFilter), "by")
    list_select_related = ("by", "process")
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("^record_ref", "record_name", "note")
    fields = ("at", "by", "action", "record_type", "record_ref", "record_name", "process", "note", "words")
    readonly_fields = ("words",)

    def get_queryset(self, request):
        """The entries that the user may see."""
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description="what changed")
    def words(self, change):
        """Old and new text, one line per field."""
        return "\n".join(
            f"{edit['label']}: {edit['old'] or '–'} → {edit['new'] or '–'}" for edit in change.changes
        )
