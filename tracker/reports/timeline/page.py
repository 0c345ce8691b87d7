"""The timelines of all processes and of one."""

import datetime as dt
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format

from tracker.clocks import BadQuery
from tracker.pages import pagination
from tracker.pages.lists import TURNS, ListPage
from tracker.pages.pagination import count
from tracker.queries.evidence import ItemDevelopment
from tracker.register.development import TIMELINE, ProcessTimelineFilters, TimelineFilters
from tracker.reports.base import ProcessReportPage, ReportPage
from tracker.reports.timeline.queries import Spread, Year, item_developments, spanned, spread

ORDERS = {"": "-occurred_on", "newest": "-occurred_on", "oldest": "occurred_on"}


class Timeline(ListPage):
    """Base of the timelines and their files."""

    row_type = TIMELINE
    file_name = "timeline"
    parameters = (*TimelineFilters.base_filters, "order", "columns", *TURNS)
    page_size = 30
    """Fewer than in a list, since each entry shows its quote and effects."""

    @property
    def sort(self) -> str:
        """The column to sort by; raises BadQuery for an unknown order."""
        order = self.request.GET.get("order", "")
        if order not in ORDERS:
            raise BadQuery([f"order: “{order}” is not an order of time; choose from newest, oldest."])
        return ORDERS[order]

    @property
    def leap(self) -> str:
        """The filter for jumping to another time: `since` or `until`, depending on the order."""
        return "until" if self.sort.startswith("-") else "since"

    def results(self, filters) -> dict:
        """The requested page of developments, with its pager and the years to jump to."""
        page = self.turned(filters.qs)
        entries = item_developments(page.keys, self.clocks)
        others, leapt = filters.without(self.leap), filters.form.cleaned_data[self.leap]
        over_time = spanned(others) if count(others) is None else spread(others)
        total = over_time.total(**{self.leap: leapt})
        pager = self.pager(page, [entry.development.ref for entry in entries], total)
        if total is None and leapt:
            pager["total_text"] = ""
        newest, oldest = self.url(order=""), self.url(order="oldest")
        return {
            "entries": entries,
            "may_be_outside": self.may_be_outside(filters, page.keys),
            "page": pager,
            "filter_summary": filters.summary(),
            "years": self.years(over_time, entries)
            if len(entries) < (total or pagination.COUNT_UP_TO)
            else [],
            "all_url": self.url(**{self.leap: ""}) if leapt else "",
            "is_newest_first": self.leap == "until",
            "follow_query": self.follow_query if self.clocks.is_present else None,
            "turned_url": oldest if self.leap == "until" else newest,
            **self.choosing,
        }

    def may_be_outside(self, filters, keys: list[int]) -> set[int]:
        """Those of the developments `keys` that can also lie outside the days asked for."""
        if not any(filters.form.cleaned_data[name] for name in ("since", "until")):
            return set()
        rows = filters.queryset.filter(pk__in=keys).annotate(may_be_outside=filters.may_be_outside())
        return set(rows.filter(may_be_outside=True).order_by().values_list("pk", flat=True))

    @property
    def follow_query(self) -> str:
        """The query string of a feed with the same filters."""
        return urlencode(
            [
                (name, value)
                for name in TimelineFilters.base_filters
                for value in self.request.GET.getlist(name)
                if value
            ]
        )

    def years(self, over_time: Spread, entries: list[ItemDevelopment]) -> list[dict]:
        """Links to the years, in the order of the page; the year at the top of the page also has months."""
        top = entries[0].development.occurred_on if entries else dt.date.min
        years = over_time.years if self.leap == "since" else over_time.years[::-1]
        return [
            {
                "label": f"{year.number:04}",
                "count": year.count,
                "url": self.leap_to(f"{year.number:04}"),
                "current": year.number == top.year,
                "months": self.months(year, top) if year.number == top.year else [],
                "unplaced": year.unplaced,
            }
            for year in years
        ]

    def months(self, year: Year, top: dt.date) -> list[dict]:
        """Links to the months of `year`, in the order of the page, whose first row is at `top`."""
        return [
            {
                "label": date_format(top.replace(day=1, month=month), "M"),
                "count": number,
                "url": self.leap_to(f"{year.number:04}-{month:02}"),
                "current": month == top.month,
            }
            for month, number in sorted(year.months.items(), reverse=self.leap == "until")
        ]

    def leap_to(self, time: str) -> str:
        """The URL of the rows from `time` on, in the current order."""
        return self.url(**{self.leap: time})


class TimelinePage(Timeline):
    """The developments of all processes that the reader may see."""

    templates = ("pages/timeline.html", "timeline/_swap.html")

    def get_context_data(self, **context):
        return super().get_context_data(
            list_url=self.url(reverse("development:list"), order=""),
            of_all=True,
            **context,
        )


class ProcessTimeline(Timeline, ProcessReportPage):
    """The developments of one process."""

    name = "timeline"
    file_name = ReportPage.file_name
    templates = ("process/timeline.html", "timeline/_swap.html")
    row_type = replace(TIMELINE, filterset=ProcessTimelineFilters)
    parameters = (*ProcessTimelineFilters.base_filters, "order", "columns", *TURNS)

    def rows(self):
        return super().rows().filter(process=self.process)

    @property
    def follow_query(self):
        """The query string of a feed of the process with the same filters."""
        rest = super().follow_query
        return f"process={self.process.ref}&{rest}" if rest else f"process={self.process.ref}"

    def get_context_data(self, **context):
        listed = self.url(reverse("development:list"), order="", process=self.process.ref)
        return super().get_context_data(list_url=listed, **context)
