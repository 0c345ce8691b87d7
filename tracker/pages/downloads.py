"""How what a page shows is taken out: the same address as a file, in which form and profile, and the menu of them."""

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from tracker.clocks import BadQuery
from tracker.files.export.profiles import PROFILES, SPREADSHEET, TOOLS, Profile
from tracker.files.export.report_columns import ReportColumn
from tracker.files.export.reports import stream_objects, stream_table
from tracker.pages.clocks import ClockMixin, refused_plainly
from tracker.text.folding import nearest_code

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

WAYS = (
    ("CSV", "csv", "", "columns by their machine names"),
    ("CSV for spreadsheets", "csv", SPREADSHEET.name, "with labels beside the codes"),
    ("CSV for programs", "csv", TOOLS.name, "raw texts, codes only"),
    ("JSON", "json", "", "typed values"),
    ("Excel", "xlsx", "", "a workbook with typed cells"),
)
"""What the menu offers: label, form, profile, and what is special about it."""


class DownloadMixin(ClockMixin):
    """A view of which every form is one address: a page, or with `file_format` a file of exactly what it shows."""

    parameters: tuple[str, ...] = ()
    """What the query string may hold besides the clocks."""
    formats: tuple[str, ...] = ("csv", "json")
    """The endings of the files that there are of it."""
    file_format = ""
    """The ending of the file that is asked for; empty for the page."""

    @property
    def accepted(self) -> list[str]:
        """All that the query string may hold."""
        return [*self.parameters, "on", "known", *(["profile"] if self.file_format == "csv" else [])]

    @property
    def profile(self) -> Profile:
        """The profile of CSV that is asked for; raises BadQuery for one that there is not."""
        name = self.request.GET.get("profile", "")
        if name in PROFILES:
            return PROFILES[name]
        names = [name for name in PROFILES if name]
        near = nearest_code(name, names)
        hint = f" Nearest: {near}." if near else ""
        raise BadQuery([f"profile: “{name}” is not one of {', '.join(names)}.{hint}"])

    def sent(self, name: str, content: Iterable[bytes]) -> StreamingHttpResponse:
        """The answer that is a file called `name`, in the form that is asked for."""
        kind = self.request.GET.get("profile") if self.file_format == "csv" else ""
        filename = ".".join(filter(None, [name, kind, self.file_format]))
        response = StreamingHttpResponse(content, content_type=CONTENT_TYPES[self.file_format])
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
        return response

    def sent_table(self, name: str, columns: Sequence[ReportColumn], rows: Iterable[Sequence]):
        """The answer that is a file of `rows`, in the form that is asked for."""
        if self.file_format == "json":
            return self.sent(name, stream_objects(columns, rows))
        return self.sent(name, stream_table(columns, rows, self.profile))

    def refuse(self, request, messages):
        """Answer 400 with `messages`: as a page, or as plain text where a file was asked for."""
        return refused_plainly(messages) if self.file_format else super().refuse(request, messages)

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

    def ways(self) -> list[dict]:
        """The files of what the page shows, on all its pages, by the query string as it is."""
        path = self.request.path.rstrip("/")
        return [
            {"label": label, "about": about, "url": self.url(f"{path}.{ending}", page="", profile=profile)}
            for label, ending, profile, about in WAYS
            if ending in self.formats
        ]

    def get_context_data(self, **context):
        """What `parts/_take.html` takes: `ways_out`, and `save_url`, where one names the view."""
        address = self.url(self.request.path, page="")
        return super().get_context_data(
            ways_out=self.ways(),
            save_url=f"{reverse('views:save')}?{urlencode({'address': address})}",
            **context,
        )
