"""Admin of the claims of datasets, read-only."""

from django.contrib import admin

from tracker.admin.counting import CappedList
from tracker.admin.filters import VisibleFilter
from tracker.admin.reading import ReadOnly
from tracker.admin.site import register
from tracker.models import Claim


@register(Claim)
class ClaimAdmin(CappedList, ReadOnly, admin.ModelAdmin):
    """Claims, with the cells of their rows."""

    list_display = (
        "dataset", "release", "upstream_id", "record_type", "record_ref", "process", "set_aside", "recorded_at",
    )  # fmt: skip
    list_filter = ("dataset", "release", "record_type", "set_aside", ("process", VisibleFilter))
    list_select_related = ("process",)
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("^upstream_id", "^record_ref", "^development_ref")
    fields = (
        "dataset", "release", "upstream_id", "row_hash", "record_type", "record_ref", "development_ref",
        "development_version", "process", "rules", "set_aside", "set_aside_detail", "recorded_at", "row",
    )  # fmt: skip
    readonly_fields = ("row",)

    def get_queryset(self, request):
        """The claims on records that the user may see."""
        return super().get_queryset(request).visible_to(request.user)

    @admin.display(description="cells that are not empty")
    def row(self, claim):
        """The cells of the row, one per line."""
        return "\n".join(f"{name}: {text}" for name, text in claim.cells.items())
