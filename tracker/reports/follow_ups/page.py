"""The ledger of follow-ups, of all processes and of one."""

from itertools import groupby

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse

from tracker.clocks import Clocks
from tracker.models import Process
from tracker.models.vocabularies import Urgency
from tracker.pages.lists import TURNS, ListPage, RecordList
from tracker.pages.pagination import SortKey
from tracker.register.follow_up import FOLLOW_UP, LEDGER
from tracker.register.types import Column
from tracker.reports.base import ProcessReportPage, ReportPage
from tracker.reports.follow_ups.queries import ledger_rows
from tracker.templatetags.reading import at

COLUMNS: tuple[Column, ...] = tuple(
    FOLLOW_UP.column(name)
    for name in (
        "title", "kind", "owner", "promised_to", "status", "due_on", "overdue_days", "waits_for", "slips",
    )
)  # fmt: skip
"""The columns of the page, in the order of `follow_up/_row.html`."""


def calendar_url(process: Process | None, clocks: Clocks) -> str:
    """The URL of the calendar of `process`, or of all processes, at `clocks`."""
    address = reverse("calendar")
    return at(f"{address}?process={process.ref}" if process else address, clocks)


class FollowUpLedger(RecordList):
    """The list of follow-ups with ledger rows instead of plain ones."""

    templates = ("follow_up/list.html", "records/_swap.html")

    @property
    def shown(self):
        """The columns of the page: the ledger's own, unless others are chosen."""
        return self.chosen or COLUMNS

    def results(self, filters) -> dict:
        """The requested page of follow-ups, with its pager; a plain list if columns are chosen."""
        process = filters.form.cleaned_data["process"]
        if self.chosen:
            return super().results(filters) | {"calendar_url": calendar_url(process, self.clocks)}
        page, total = self.counted(filters.qs)
        rows = ledger_rows(page.keys, self.clocks)
        return {
            "rows": [
                render_to_string(
                    "follow_up/_row.html", {"row": row, "clocks": self.clocks, "of_all": process is None}
                )
                for row in rows
            ],
            "headings": self.headings(COLUMNS),
            "page": self.pager(page, [row.item.ref for row in rows], total),
            "filter_summary": filters.summary(),
            "calendar_url": calendar_url(process, self.clocks),
            "calendar_query": f"process={process.ref}" if process else "",
        }


class ProcessFollowUps(ListPage, ProcessReportPage):
    """The ledger of one process, most urgent first."""

    name = "follow-ups"
    file_name = ReportPage.file_name
    templates = ("process/follow_ups.html", "process/follow_ups.html")
    row_type = LEDGER
    parameters = ("columns", *TURNS)

    def rows(self):
        return super().rows().filter(process=self.process)

    def ordered(self, rows):
        """`rows` and the sort keys: by urgency, then by due date, then by review date if there is none."""
        keys = [
            SortKey("pressing", nullable=False),
            SortKey("due_on"),
            SortKey("review_on"),
            SortKey("pk", nullable=False),
        ]
        return rows, keys

    def results(self, filters) -> dict:
        """The requested page of follow-ups, grouped by urgency."""
        rows = filters.qs
        totals = dict(rows.order_by().values_list("urgency").annotate(Count("pk")))
        page = self.turned(rows)
        shown = ledger_rows(page.keys, self.clocks)
        groups = [
            {"code": Urgency(code), "total": totals[code], "rows": list(of_code)}
            for code, of_code in groupby(shown, key=lambda row: row.item.urgency)
        ]
        return {
            "groups": [group for group in groups if group["code"] != Urgency.CLOSED],
            "closed": next((group for group in groups if group["code"] == Urgency.CLOSED), None),
            "page": self.pager(page, [row.item.ref for row in shown], sum(totals.values())),
        }

    def get_context_data(self, **context):
        listed = f"{reverse('follow-up:list')}?process={self.process.ref}"
        return super().get_context_data(
            list_url=at(listed, self.clocks),
            calendar_url=calendar_url(self.process, self.clocks),
            labels=[column.label for column in COLUMNS],
            **self.choosing,
            **context,
        )
