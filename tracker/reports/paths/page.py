"""Charts of how items moved: all of a process, or one item, as a page or a file."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from tracker.charts.item_paths import PathKey, keys_of
from tracker.charts.lanes import Lane, LaneStatement, LaneValue, Path, path_of, paths_of
from tracker.charts.layout import MOST
from tracker.charts.time_range import Range, range_links, read_range
from tracker.charts.timeline_chart import chart_context
from tracker.clocks import BadQuery
from tracker.domain.standing import stand
from tracker.files.export.report_columns import aspect_value, code, date, flag, number, text
from tracker.models import Item
from tracker.models.vocabularies import ItemKind
from tracker.pages.item import breadcrumbs_of
from tracker.pages.numbered import page_of
from tracker.queries.omitted_since import process_of, with_hidden
from tracker.reports.base import ProcessReportPage, ReportPage
from tracker.reports.path_filters import LaneFilters
from tracker.templatetags.reading import at

ITEMS = 60
"""How many items a page draws at most."""
LANES = 80
"""How many lanes a page draws at most, one of each item and one of each party's stance on it."""

AT_ONCE = 500
"""How many items are loaded at a time for a file."""

COLUMNS = (
    *text("item_id"), *code(ItemKind, "item_kind"), *text("item", "party_id", "party", "aspect"),
    *aspect_value("value", aspect="aspect"), *text("shape"), *date("from"), *flag("from_inferred"), *date("to"),
    *text("development_id"), *number("version"), *text("development", "state"),
)  # fmt: skip
"""The columns of the files."""

ALWAYS = Range(dt.date.min, dt.date.max)


class PathsPage(ProcessReportPage):
    """The paths of the items of a process, grouped by issue."""

    name = "paths"
    template_name = "process/paths.html"
    parameters = ("issue", "party", "kind", "parties", "from", "to", "page")
    filterset = LaneFilters
    columns = COLUMNS

    @cached_property
    def filters(self) -> LaneFilters:
        """The filters; raises BadQuery for an invalid one."""
        filters = LaneFilters(
            self.request.GET, queryset=self.process.items.all(), user=self.request.user, clocks=self.clocks
        )
        filters.require_valid()
        return filters

    @cached_property
    def keys(self) -> list[PathKey]:
        """The keys of all items that match the filters."""
        return keys_of(self.filters.qs, self.clocks, self.filters.form.cleaned_data["issue"])

    def paths(self, items: Iterable[int]) -> dict[int, Path]:
        """The paths of `items`, with the requested lanes."""
        cleaned = self.filters.form.cleaned_data
        return paths_of(list(items), self.clocks, cleaned["parties"] != "no", cleaned["party"])

    def cost(self, key: PathKey) -> int:
        """How many of LANES the item of `key` takes up: its own, and one for each stance that is drawn."""
        cleaned = self.filters.form.cleaned_data
        if cleaned["parties"] == "no":
            return 1
        return 1 + min(key.stances, 1 if cleaned["party"] else key.stances)

    def get_context_data(self, **context):
        parameter = self.request.GET.get("page", "")
        shown, page = page_of(self.keys, ITEMS, parameter, self.url, self.cost, LANES)
        paths = self.paths({key.item for key in shown})
        # An item is drawn again under each of its issues.
        most = MOST * len(paths) // max(len(shown), 1)
        chart = chart_context(list(paths.values()), self.clocks, self.request.GET, most)
        by_item = dict(zip(paths, chart["paths"], strict=True))
        return super().get_context_data(
            chart=chart,
            groups=[
                {"issue": issue, "ref": ref, "paths": [by_item[key.item] for key in keys]}
                for (ref, issue), keys in groupby(shown, key=lambda key: key[:2])
            ],
            filters=self.filters,
            filter_summary=self.filters.summary(),
            range_links=range_links(chart, self.url),
            page=page,
            parameters={name: self.request.GET.get(name, "") for name in ("from", "to")},
            all_url=at(self.request.path, self.clocks),
            **context,
        )

    def table(self):
        """Each item once, even if it has several issues, and only what lies in the requested range."""
        within = requested_range(self.request)
        items = list(dict.fromkeys(key.item for key in self.keys))
        batches = (self.paths(items[place : place + AT_ONCE]) for place in range(0, len(items), AT_ONCE))
        return (row for paths in batches for path in paths.values() for row in lines(path, within))


class ItemPath(ReportPage):
    """The path of one item."""

    name = "path"
    template_name = "item/path.html"
    parameters = ("from", "to")
    turns = ()
    columns = COLUMNS

    @cached_property
    def item(self) -> Item:
        """The item in the URL; raises Http404 if the reader may not see it or it was not raised yet."""
        rows = stand(
            self.record_type.model.objects.visible_to(self.request.user).at(self.clocks), self.clocks
        )
        rows = with_hidden(rows, self.clocks, "process").select_related("process")
        return get_object_or_404(rows, ref=self.kwargs["ref"])

    @cached_property
    def process(self):
        return process_of(self.item)

    def get_context_data(self, **context):
        chart = chart_context([path_of(self.item, self.clocks)], self.clocks, self.request.GET)
        *above, here = breadcrumbs_of(self.item, self.clocks)
        return super().get_context_data(
            item=self.item,
            type_label=self.record_type.label.capitalize(),
            chart=chart,
            range_links=range_links(chart, self.url),
            parameters={name: self.request.GET.get(name, "") for name in ("from", "to")},
            breadcrumbs=[*above, here | {"url": at(self.item, self.clocks)}, {"label": "Path"}],
            **context,
        )

    def table(self):
        return lines(path_of(self.item, self.clocks), requested_range(self.request))


def requested_range(request) -> Range:
    """The range for a file: that of the query string, or else all time; raises BadQuery."""
    try:
        return read_range(request.GET, ALWAYS)
    except ValueError as error:
        raise BadQuery([str(error)]) from None


def lines(path: Path, within: Range) -> Iterator[tuple]:
    """The rows of `path` in the file: one for each segment and mark that is at least partly in the range `within`."""
    item = (path.item["ref"], path.item["item_kind"], path.item["title"])
    for lane in path.lanes:
        whose = (lane.party_ref, lane.party)
        for shape, value, since, until in _shapes(lane):
            ends = until.when.day if until else since.when.day if shape == "mark" else within.last
            if since.when.day <= within.last and within.first <= ends:
                yield (
                    *item, *whose, value.aspect, value.value, shape, since.when, since.when.precision, since.inferred,
                    until and until.when, until and until.when.precision, since.ref, since.version, since.headline,
                    since.state,
                )  # fmt: skip


def _shapes(lane: Lane) -> Iterator[tuple[str, LaneValue, LaneStatement, LaneStatement | None]]:
    """(shape, value, start, end) of each segment on `lane`, and of each mark that starts no segment."""
    segments = {segment.since: segment for segment in lane.segments}
    for mark in lane.marks:
        begun = segments.get(mark.statement)
        for value in mark.values:
            if begun is not None and begun.value is value:
                yield "segment", value, mark.statement, begun.until
            else:
                yield "mark", value, mark.statement, None
