"""Admin of follow-ups."""

from django.contrib.admin import DateFieldListFilter

from tracker.admin.columns import due, last_changed, review_on, status
from tracker.admin.filters import StatusFilter, VisibleFilter, titled
from tracker.admin.merging import MergeAdmin
from tracker.admin.raising import RaisedAdmin
from tracker.admin.site import register
from tracker.forms.follow_ups import FollowUpForm
from tracker.models import FollowUp


@register(FollowUp)
class FollowUpAdmin(MergeAdmin, RaisedAdmin):
    """Follow-ups."""

    form = FollowUpForm
    list_display = ("title", "kind", "owner", status, due, review_on, "process", last_changed)
    list_filter = (
        StatusFilter, "kind", ("process", VisibleFilter), ("owner", VisibleFilter),
        ("current_due_on", titled("due", DateFieldListFilter)), "recorded_at",
    )  # fmt: skip
    list_select_related = ("process", "owner")
    search_fields = ("title", "waits_for_phrase", "office")
