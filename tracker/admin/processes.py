"""Processes with their links to one another, and the issues that positions are about."""

from tracker.admin.base import RecordAdmin
from tracker.admin.filters import SourceFilter, VisibleFilter
from tracker.admin.merging import MergeAdmin
from tracker.admin.reading import PartInline
from tracker.admin.site import register
from tracker.forms.processes import IssueForm, ProcessForm, ProcessLinkForm
from tracker.models import Issue, Process, ProcessLink


class LinkInline(PartInline):
    """The precedents, parallels, wholes and predecessors of a process."""

    model = ProcessLink
    form = ProcessLinkForm
    fk_name = "from_process"
    fields = ("kind", "to_process", "note", "source", "quote")


@register(Process)
class ProcessAdmin(RecordAdmin):
    """Negotiations, each with one aim."""

    form = ProcessForm
    list_display = ("title", "restricted", "last_recorded_at", "ref")
    list_filter = ("restricted",)
    search_fields = ("title", "aim")
    inlines = (LinkInline,)

    def get_changeform_initial_data(self, request):
        """Whoever adds a process is among its members, and so does not lose sight of it by restricting it."""
        return {"members": [request.user.pk]} | super().get_changeform_initial_data(request)


@register(ProcessLink)
class ProcessLinkAdmin(RecordAdmin):
    """How one process stands to another, over all processes."""

    form = ProcessLinkForm
    list_display = ("from_process", "kind", "to_process", "source")
    list_filter = ("kind", SourceFilter, ("from_process", VisibleFilter))
    list_select_related = ("from_process", "to_process", "source")
    search_fields = ("from_process__title", "to_process__title", "note")
    fields = ("from_process", "kind", "to_process", "note", "source", "quote")

    def view_on_site(self, record):
        """A link is shown on the page of the process that it starts from."""
        return record.from_process.get_absolute_url()


@register(Issue)
class IssueAdmin(MergeAdmin, RecordAdmin):
    """Subjects that all processes share."""

    form = IssueForm
    list_display = ("name", "ref")
    search_fields = ("name", "description")
