"""The rows that an import did not take, as a file to correct and import again."""

import csv

from django.http import Http404, StreamingHttpResponse

from tracker.files.export.reports import guarded
from tracker.files.importing.columns import MESSAGES
from tracker.files.importing.row_result import NOT_WRITTEN
from tracker.files.spreadsheet.opening import is_workbook
from tracker.models import ImportRow, ImportRun
from tracker.pages.imports import ImportPage


class WrongRows(ImportPage):
    """A CSV file of the rows that could not be imported, with their errors, and of those that were left out."""

    def get(self, request, ref):
        run = self.run(ref)
        if not run.may_be_read_by(request.user):
            raise Http404
        rows = run.rows.filter(outcome__in=NOT_WRITTEN).order_by("number")
        bare = run.profile == ImportRun.Profile.TOOLS and not is_workbook(run.file_name)
        written = csv.writer(_Echo(), lineterminator="\n")
        plain = [name for name in run.header if name != MESSAGES]

        def lines():
            if not bare:
                yield "\ufeff"
            yield written.writerow([*plain, MESSAGES])
            for row in rows.iterator(chunk_size=500):
                cells = dict(zip(run.header, row.cells, strict=False))
                as_came = [cells.get(name, "") for name in plain]
                if run.profile == ImportRun.Profile.TOOLS and not bare:
                    as_came = [guarded(cell) for cell in as_came]
                # Cells beyond the header are kept too.
                yield written.writerow([*as_came, problems_text(row), *row.cells[len(run.header) :]])

        response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
        ending = ".tools.csv" if bare else ".csv"
        response["Content-Disposition"] = f'attachment; filename="{run.ref}-wrong{ending}"'
        return response

    http_method_names = ["get", "head", "options"]


class _Echo:
    """A file object whose `write` returns the line, for streaming with `csv.writer`."""

    def write(self, line):
        return line


def problems_text(row: ImportRow) -> str:
    """The errors of a row, one per line."""
    return "\n".join(
        f"{message['column']}: {message['rule']}" if message["column"] else message["rule"]
        for message in row.messages
    )
