"""Base of the report pages of a process."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from itertools import chain, islice

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from tracker.files.export.report_columns import ReportColumn
from tracker.models import Process
from tracker.pages.base import PageView
from tracker.pages.tabs import TABS, process_breadcrumbs, tabs
from tracker.queries.omitted_since import with_hidden


class ReportPage(PageView):
    """A report on one process, or on one record in it, as a page and as files.

    Subclasses define `name`, `parameters`, `process`, `get_context_data`, and for the files `columns` and `table`.
    """

    formats = ("csv", "json")
    turns = ("page",)
    filterset = None
    """The FilterSet class, if the report has filters."""
    name: str
    """The last part of its URL, which also identifies its tab."""
    columns: tuple[ReportColumn, ...] = ()
    """The columns of its files."""

    def get(self, request, *args, **kwargs):
        """The page, or the file."""
        self.require_known()
        if self.file_format:
            rows = iter(self.table())
            # A wrong parameter is found with the first row, while 400 can still be answered.
            begun = [*islice(rows, 1)]
            return self.sent_table(self.file_name, self.columns, chain(begun, rows))
        return super().get(request, *args, **kwargs)

    @property
    def file_name(self) -> str:
        """The name of its files, without extension."""
        return f"{self.process.ref}-{self.name}"

    @abstractmethod
    def table(self) -> Iterable[Sequence]:
        """The rows of the files, one cell for each of `columns`: the same as on all pages of the report."""


class ProcessReportPage(ReportPage):
    """A report on a whole process, under one of its tabs."""

    @cached_property
    def process(self) -> Process:
        """The process in the URL; raises Http404 if the reader may not see it."""
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
