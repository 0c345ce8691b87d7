"""Lists of the admin that count no further than the lists of the pages, since counting takes longer than showing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property

from tracker.pages import pagination


class CappedPaginator(Paginator):
    """The pages of a list up to its row COUNT_UP_TO."""

    @cached_property
    def counted(self) -> int:
        """The number of rows; of those after COUNT_UP_TO, one is counted."""
        return self.object_list.order_by()[: pagination.COUNT_UP_TO + 1].count()

    @property
    def count(self) -> int:
        """The number of rows, or COUNT_UP_TO where there are more."""
        return min(self.counted, pagination.COUNT_UP_TO)

    @property
    def is_capped(self) -> bool:
        """Whether there are rows beyond the last page."""
        return self.counted > pagination.COUNT_UP_TO


class CappedList:
    """An admin whose list is counted, paged and acted on up to COUNT_UP_TO rows."""

    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    change_list_template = "admin/capped_change_list.html"

    def response_action(self, request, queryset):
        """Do what was chosen; not to all rows of a list of which only the first are counted."""
        is_across = request.POST.get("select_across") not in (None, "", "0")
        if is_across and CappedPaginator(queryset, self.list_per_page).is_capped:
            messages.warning(
                request,
                f"There are more than {pagination.COUNT_UP_TO:,} of them, too many for one action. Nothing was "
                "changed: filter or search first.",
            )
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)
