"""The action of the admin that leads to the page on which a record is merged into another one."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse


class MergeAdmin:
    """Admin mixin for records that can be merged."""

    actions = ("merge_selected",)

    def has_merge_permission(self, request):
        """Whether the user merges records at all."""
        return request.user.edits

    @admin.action(description="Merge the selected record into another", permissions=["merge"])
    def merge_selected(self, request, queryset):
        """The page that merges the selected record; of two, the first into the second."""
        merged, *others = queryset[:3]
        if len(others) > 1:
            self.message_user(request, "Select one record, or two to merge.", messages.WARNING)
            return None
        query = "?" + urlencode({"into": others[0].ref}) if others else ""
        address = reverse(f"{self.model.url_name or self.opts.model_name}:merge", args=[merged.ref])
        return HttpResponseRedirect(address + query)
