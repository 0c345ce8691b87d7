"""Admin of items of all kinds, for autocomplete fields."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from tracker.admin.base import RecordAdmin
from tracker.admin.columns import last_changed, status
from tracker.admin.filters import VisibleFilter
from tracker.admin.reading import ReadOnly
from tracker.admin.site import register
from tracker.models import Item


@register(Item)
class ItemAdmin(ReadOnly, RecordAdmin):
    """Items of all kinds; each is edited in the admin of its own kind."""

    list_display = ("title", "item_kind", "process", status, last_changed)
    list_filter = ("item_kind", ("process", VisibleFilter))
    list_select_related = ("process",)
    search_fields = ("title", "current_wording")
    fields = ("process", "title", "issues", "note")
    label_related = ("process",)

    def label(self, record):
        """Kind, title and process."""
        return f"{record.get_item_kind_display()}: {record.title} ({record.process})"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Redirect to the admin of the item's own kind."""
        item = self.get_object(request, object_id)
        if item is None:
            return super().change_view(request, object_id, form_url, extra_context)
        name = item.item_kind.replace("_", "")
        return HttpResponseRedirect(reverse(f"admin:tracker_{name}_change", args=[item.pk]))

    def history_view(self, request, object_id, extra_context=None):
        """Redirect to the history in the admin of the item's own kind."""
        item = self.get_object(request, object_id)
        if item is None:
            return super().history_view(request, object_id, extra_context)
        name = item.item_kind.replace("_", "")
        return HttpResponseRedirect(reverse(f"admin:tracker_{name}_history", args=[item.pk]))
