"""What the pages about one process share: the process, the tabs that lead from one to the next, the same as a file."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from tracker.clocks import Clocks
from tracker.exchange.reports import stream_table
from tracker.models import Process
from tracker.queries.hidden import with_hidden
from tracker.record_type import RecordType
from tracker.templatetags.reading import at
from tracker.views.reading import Reading, refused_plainly

TABS = (
    ("State of play", "detail"),
    ("Agreement", "agreement"),
    ("Positions", "positions"),
    ("Changes", "compare"),
    ("Paths", "paths"),
    ("Timeline", "timeline"),
    ("Follow-ups", "follow-ups"),
    ("At the table", "table"),
)
"""The pages about a process, in the order of the tabs: label and name of the address."""


def tabs(process: Process, clocks: Clocks, current: str) -> list[dict]:
    """The way to every page about `process`, read by `clocks`; the page called `current` is marked."""
    return [
        {
            "label": label,
            "url": at(reverse(f"process:{name}", args=[process.ref]), clocks),
            "current": name == current,
        }
        for label, name in TABS
    ]


def process_crumbs(process: Process, clocks: Clocks, label: str) -> list[dict]:
    """Where a page about `process` stands."""
    return [
        {"label": "Processes", "url": at(reverse("process:list"), clocks)},
        {"label": process.title, "url": at(process, clocks)},
        {"label": label},
    ]


class Report(Reading, TemplateView):
    """A page worked out from the record of one process, or of one thing in it, and the same as CSV.

    A subclass says `name`, `parameters`, `find`, `get_context_data` and, for the file, `table`.
    """

    record_type: RecordType = None
    name: str
    """The last word of its address, by which the tabs know it."""
    parameters: tuple[str, ...] = ()
    """What its query string may hold besides the clocks."""
    as_file = False

    def get(self, request, ref, **kwargs):
        """The page, or the file; 404 for what the reader may not see or what was not on record."""
        self.require_known([*self.parameters, "on", "known"])
        self.find(ref)
        return self.file() if self.as_file else self.render_to_response(self.get_context_data(**kwargs))

    def file(self) -> StreamingHttpResponse:
        """The answer that is the page as CSV."""
        header, rows = self.table()
        response = StreamingHttpResponse(stream_table(header, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.process.ref}-{self.name}.csv"'
        return response

    @abstractmethod
    def find(self, ref: str) -> None:
        """Set `process`, and whatever of it is called `ref`; raise Http404 where the reader may not see it."""

    @abstractmethod
    def table(self) -> tuple[Sequence[str], Iterable[Sequence]]:
        """The header of the file, and its rows: exactly what the page shows, on all its pages."""

    def refuse(self, request, messages):
        """Answer 400 with `messages`: as a page, or as plain text where a file was asked for."""
        return refused_plainly(messages) if self.as_file else super().refuse(request, messages)

    @property
    def csv_url(self) -> str:
        """The address of the same as a file, which has what is on all pages."""
        return self.url(f"{self.request.path.rstrip('/')}.csv", page="")

    def url(self, path: str = "", **changes) -> str:
        """The address of `path` (this page where empty) with the query string as it is, but for `changes`."""
        query = [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if value and name not in changes
        ]
        query += [(name, value) for name, value in changes.items() if value]
        path = path or self.request.path
        return f"{path}?{urlencode(query)}" if query else path


class ProcessReport(Report):
    """A report on a whole process, under one of its tabs."""

    def find(self, ref):
        processes = with_hidden(Process.objects.visible_to(self.request.user).at(self.clocks), self.clocks)
        self.process = get_object_or_404(processes, ref=ref)

    def get_context_data(self, **context):
        """The process with its tabs and crumbs, and `csv_url`, the address of the same as a file."""
        label = next(label for label, name in TABS if name == self.name)
        return super().get_context_data(
            process=self.process,
            heading=label,
            tabs=tabs(self.process, self.clocks, self.name),
            crumbs=process_crumbs(self.process, self.clocks, label),
            csv_url=self.csv_url,
            **context,
        )
