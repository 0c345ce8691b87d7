"""What the pages about one process share: the process, the tabs that lead from one to the next, the same as files."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from tracker.files.export.report_columns import ReportColumn
from tracker.models import Process
from tracker.pages.downloads import DownloadMixin
from tracker.pages.tabs import TABS, process_crumbs, tabs
from tracker.queries.omitted_since import with_hidden
from tracker.register.types import RecordType


class ReportPage(DownloadMixin, TemplateView):
    """A page worked out from the record of one process, or of one thing in it, and the same as files.

    A subclass says `name`, `parameters`, `find`, `get_context_data` and, for the files, `columns` and `table`.
    """

    record_type: RecordType = None
    filterset = None
    """The filters that narrow it, where there are any."""
    name: str
    """The last word of its address, by which the tabs know it."""
    columns: tuple[ReportColumn, ...] = ()
    """The columns of its files."""

    def get(self, request, ref, **kwargs):
        """The page, or the file; 404 for what the reader may not see or what was not on record."""
        self.require_known(self.accepted)
        self.find(ref)
        return self.file() if self.file_format else self.render_to_response(self.get_context_data(**kwargs))

    def file(self):
        """The answer that is the page as a file."""
        return self.sent_table(f"{self.process.ref}-{self.name}", self.columns, self.table())

    @abstractmethod
    def find(self, ref: str) -> None:
        """Set `process`, and whatever of it is called `ref`; raise Http404 where the reader may not see it."""

    @abstractmethod
    def table(self) -> Iterable[Sequence]:
        """The rows of the files, one cell for each of `columns`: exactly what the page shows, on all its pages."""


class ProcessReportPage(ReportPage):
    """A report on a whole process, under one of its tabs."""

    def find(self, ref):
        processes = with_hidden(Process.objects.visible_to(self.request.user).at(self.clocks), self.clocks)
        self.process = get_object_or_404(processes, ref=ref)

    def get_context_data(self, **context):
        """The process with its tabs and crumbs."""
        label = next(label for label, name in TABS if name == self.name)
        return super().get_context_data(
            process=self.process,
            heading=label,
            tabs=tabs(self.process, self.clocks, self.name),
            crumbs=process_crumbs(self.process, self.clocks, label),
            **context,
        )
