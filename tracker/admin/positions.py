"""Admin of principles and demands."""

from tracker.admin.columns import last_changed, status, status_since
from tracker.admin.filters import StatusFilter, VisibleFilter
from tracker.admin.merging import MergeAdmin
from tracker.admin.raising import RaisedAdmin
from tracker.admin.site import register
from tracker.forms.positions import DemandForm, PrincipleForm
from tracker.models import Demand, Principle


@register(Principle)
class PrincipleAdmin(MergeAdmin, RaisedAdmin):
    """Points claimed to have been agreed."""

    form = PrincipleForm
    list_display = ("title", status, status_since, "talk", "number", "process", last_changed)
    list_filter = (StatusFilter, ("process", VisibleFilter), "recorded_at")
    list_select_related = ("process", "talk")
    search_fields = ("title", "current_wording")


@register(Demand)
class DemandAdmin(MergeAdmin, RaisedAdmin):
    """Demands, preconditions, offers and questions."""

    form = DemandForm
    list_display = (
        "title",
        "kind",
        "party",
        status,
        "current_firmness",
        status_since,
        "process",
        last_changed,
    )
    list_filter = (
        StatusFilter, "current_firmness", "kind", ("process", VisibleFilter), ("party", VisibleFilter), "recorded_at",
    )  # fmt: skip
    list_select_related = ("process", "party")
    search_fields = ("title", "current_wording")
