"""Admin of talks and their delegations."""

from django.contrib import admin

from tracker.admin.base import RecordAdmin
from tracker.admin.columns import due, last_changed, status, status_since
from tracker.admin.filters import RoleFilter, SourceFilter, StatusFilter, VisibleFilter
from tracker.admin.merging import MergeAdmin
from tracker.admin.raising import RaisedAdmin
from tracker.admin.reading import PartInline
from tracker.admin.site import register
from tracker.forms.talks import DelegateForm, DelegationForm, TalkForm
from tracker.models import Delegate, Delegation, Talk


@register(Talk)
class TalkAdmin(MergeAdmin, RaisedAdmin):
    """Talks, held or only proposed."""

    form = TalkForm
    list_display = ("title", status, status_since, due, "form", "level", "process", last_changed)
    list_filter = (
        StatusFilter,
        ("process", VisibleFilter),
        "form",
        "level",
        "current_outcome",
        "recorded_at",
    )
    list_select_related = ("process",)
    search_fields = ("title", "place")
    label_related = ("process",)

    def label(self, record):
        """Title and process."""
        return f"{record.title} ({record.process})"


class DelegateInline(PartInline):
    """The people of a delegation."""

    model = Delegate
    form = DelegateForm
    fields = ("person", "office", "capacity")

    def get_extra(self, request, obj=None, **options):
        """How many empty rows there are."""
        return 0 if obj else 3


@register(Delegation)
class DelegationAdmin(RecordAdmin):
    """Delegations, in the room or not."""

    form = DelegationForm
    list_display = ("talk", "party", "role_read", "source", "ref")
    list_filter = (
        SourceFilter,
        RoleFilter,
        ("talk__process", VisibleFilter),
        ("party", VisibleFilter),
        "recorded_at",
    )
    list_select_related = ("talk", "party", "source")
    search_fields = ("talk__title", "party__name", "party__short_name")
    fieldsets = (
        (None, {"fields": ("talk", "party", "role", "note")}),
        ("Source", {"fields": ("source", "quote")}),
    )
    inlines = (DelegateInline,)

    @admin.display(description="role", ordering="role")
    def role_read(self, delegation):
        """The labels of its roles."""
        return str(delegation.roles)
