"""Base of the report pages of a process."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from tracker.files.export.report_columns import ReportColumn
from tracker.models import Process
from tracker.pages.base import PageView
from tracker.pages.tabs import TABS, process_breadcrumbs, tabs
from tracker.queries.omitted_since import with_hidden


class ReportPage(PageView):
    """A page worked out from the record of one process, or of one thing in it, and the same as files.

    A subclass says `name`, `parameters`, `process`, `get_context_data` and, for the files, `columns` and `table`.
    """

    formats = ("csv", "json")
    turns = ("page",)
    filterset = None
    """The filters that narrow it, where there are any."""
    name: str
    """The last word of its address, by which the tabs know it."""
    columns: tuple[ReportColumn, ...] = ()
    """The columns of its files."""

    def get(self, request, *args, **kwargs):
        """The page, or the file."""
        self.require_known()
        if self.file_format:
            return self.sent_table(self.file_name, self.columns, self.table())
        return super().get(request, *args, **kwargs)

    @property
    def file_name(self) -> str:
        """What its files are called, without the ending."""
        return f"{self.process.ref}-{self.name}"

    @abstractmethod
    def table(self) -> Iterable[Sequence]:
        """The rows of the files, one cell for each of `columns`: exactly what the page shows, on all its pages."""


class ProcessReportPage(ReportPage):
    """A report on a whole process, under one of its tabs."""

    @cached_property
    def process(self) -> Process:
        """The process in the address; raises Http404 where the reader may not see it."""
        processes = with_hidden(Process.objects.visible_to(self.request.user).at(self.clocks), self.clocks)
        return get_object_or_404(processes, ref=self.kwargs["ref"])

    def get_context_data(self, **context):
        """The process with its tabs and breadcrumbs."""
        label = next(label for label, name in TABS if name == self.name)
        return super().get_context_data(
            process=self.process,
            heading=label,
            tabs=tabs(self.process, self.clocks, self.name),
            breadcrumbs=process_breadcrumbs(self.process, self.clocks, label),
            **context,
        )
