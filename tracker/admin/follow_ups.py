"""Admin of follow-ups."""

from tracker.admin.columns import due, last_moved, status
from tracker.admin.filters import StatusFilter, VisibleFilter
from tracker.admin.raising import RaisedAdmin
from tracker.admin.site import register
from tracker.forms.follow_ups import FollowUpForm
from tracker.models import FollowUp


@register(FollowUp)
class FollowUpAdmin(RaisedAdmin):
    """Follow-ups."""

    form = FollowUpForm
    list_display = ("title", "kind", "owner", status, due, "current_review_on", "process", last_moved)
    list_filter = (
        StatusFilter, "kind", ("process", VisibleFilter), ("owner", VisibleFilter), "current_due_on", "recorded_at",
    )  # fmt: skip
    list_select_related = ("process", "owner")
    search_fields = ("title", "waits_for_phrase", "office")
