"""The list of every record type: filtered, sorted and paged by its query string, as a page or a file."""

from abc import abstractmethod
from collections.abc import Sequence
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, QuerySet, When
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from tracker.clocks import BadQuery
from tracker.domain.standing import is_stored
from tracker.files.export.cells import RAW, sheet, values
from tracker.files.export.copying import CHUNK_ROWS
from tracker.files.export.csv import stream_csv
from tracker.files.export.json import stream_json
from tracker.files.export.xlsx import CannotHold, stream_workbook
from tracker.forms.fields import whole_number
from tracker.models import Item
from tracker.pages import pagination
from tracker.pages.base import PageView
from tracker.pages.pagination import KeysetPage, SortKey, in_order, require_turns, sort_keys
from tracker.queries.earlier_doubt import with_doubt
from tracker.register.display import cells, marked
from tracker.register.types import Column, Kind, RecordType
from tracker.text.folding import nearest_hint

TURNS = ("after", "before", "page", "from")
"""The pagination parameters of a list."""


class ListPage(PageView):
    """Rows of one record type, as a page or a file. Subclasses define `templates` and `results`."""

    templates: tuple[str, str]
    """The templates of the whole page and of the part for htmx."""
    formats = ("csv", "json", "xlsx")
    turns = TURNS

    @property
    def row_type(self) -> RecordType:
        """The type of the listed records."""
        return self.record_type

    @property
    def file_name(self) -> str:
        """The name of its files, without extension."""
        return self.row_type.path

    @property
    def parameters(self) -> tuple[str, ...]:
        """The query-string parameters besides the clocks."""
        return (*self.row_type.filterset.base_filters, "sort", "columns", *TURNS)

    @cached_property
    def chosen(self) -> tuple[Column, ...]:
        """The distinct columns of the comma-separated parameter `columns`; empty if it is not given.

        Raises BadQuery, with the nearest name, for an unknown one.
        """
        named = {column.name: column for column in self.row_type.columns}
        listed = ",".join(self.request.GET.getlist("columns")).split(",")
        names = dict.fromkeys(filter(None, map(str.strip, listed)))
        for name in names:
            if name not in named:
                hint = nearest_hint(name, named, f"There are {', '.join(named)}.")
                raise BadQuery([f"columns: there is no column “{name}”.{hint}"])
        return tuple(named[name] for name in names)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The default columns: those of the files, unless the page has columns of its own."""
        return self.chosen or self.row_type.columns

    @property
    def choosing(self) -> dict:
        """The context of `records/_columns.html`: the shown columns with links to move them, and the others."""
        names = [column.name for column in self.shown]
        kept = [pair for pair in self.pairs() if pair[1] and pair[0] not in ("columns", *TURNS)]
        moved = {}
        for place in range(len(names) - 1):
            order = [*names[:place], names[place + 1], names[place], *names[place + 2 :]]
            moved[place] = f"{self.request.path}?{urlencode([*kept, ('columns', ','.join(order))])}"
        shown = [
            {
                "name": column.name,
                "label": column.label,
                "earlier_url": moved.get(place - 1),
                "later_url": moved.get(place),
            }
            for place, column in enumerate(self.shown)
        ]
        others = [column for column in self.row_type.columns if column.name not in names]
        return {
            "chosen": ",".join(column.name for column in self.chosen),
            "chooser": {"shown": shown, "others": others, "usual_url": self.url(columns=""), "kept": kept},
        }

    @property
    def page_size(self) -> int:
        """How many rows a page shows."""
        return pagination.PAGE_SIZE

    def rows(self) -> QuerySet:
        """The records that the reader may see, before filtering."""
        return self.row_type.rows(self.request.user, self.clocks)

    def filters(self):
        """The filters, bound to the query string; raises BadQuery for an unknown parameter, column or page."""
        self.require_known()
        require_turns(self.request.GET, self.row_type.model)
        _ = self.chosen
        return self.row_type.filterset(
            self.request.GET, queryset=self.rows(), user=self.request.user, clocks=self.clocks
        )

    @property
    def sort(self) -> str:
        """The column to sort by, with a leading hyphen for descending."""
        return self.request.GET.get("sort") or self.row_type.sort

    @property
    def sorting(self) -> list[Column]:
        """The columns that can sort the list."""
        return [column for column in self.row_type.columns if column.order]

    def ordered(self, rows: QuerySet) -> tuple[QuerySet, tuple[SortKey, ...]]:
        """`rows` annotated for sorting, and the sort keys; raises BadQuery for a column that cannot be sorted by.

        Codes are sorted in the order of their vocabulary, not alphabetically; of several the first counts.
        """
        column = next((column for column in self.sorting if column.name == self.sort.removeprefix("-")), None)
        if column is None:
            names = ", ".join(column.name for column in self.sorting)
            raise BadQuery([f"sort: “{self.sort}” cannot sort this list; choose from {names}."])
        order = column.order
        if not any(map(self.request.GET.get, self.row_type.filterset.base_filters)):
            rows = rows.filter(*column.indexed)
        if column.vocabulary is not None:
            codes = enumerate(column.vocabulary.values)
            ranks = (When(column.begins_with(code), then=rank) for rank, code in codes)
            rows, order = rows.annotate(rank=Case(*ranks, output_field=IntegerField())), ("rank",)
        return rows, sort_keys(self.row_type.model, tuple(order), self.sort.startswith("-"))

    def doubted(self, rows: QuerySet, columns: Sequence[Column]) -> QuerySet:
        """`rows`, about to be read, with what is in doubt of them, where `columns` show it and it is not stored."""
        asks = issubclass(rows.model, Item) and any(column.name == "doubt" for column in columns)
        return with_doubt(rows, self.clocks) if asks and not is_stored(self.clocks) else rows

    @property
    def most_counted(self) -> int:
        """How far the rows are counted."""
        return pagination.COUNT_UP_TO if self.clocks.is_present else pagination.COUNT_IN_PAST_UP_TO

    def turned(self, rows: QuerySet) -> KeysetPage:
        """The page of `rows` selected by the query string. At most two queries."""
        parameters = self.request.GET
        after, before = (parameters.get(name, "") for name in ("after", "before"))
        is_last = parameters.get("page") == "last"
        rows, keys = self.ordered(rows)
        return pagination.keyset_page(rows, keys, after, before, is_last, self.page_size, self.clocks)

    def counted(self, rows: QuerySet) -> tuple[KeysetPage, int | None]:
        """The page of `rows` selected by the query string, and how many there are; None if they are too many."""
        if not self.clocks.asks_the_rule or any(map(self.request.GET.get, TURNS)):
            return self.turned(rows), pagination.count(rows, self.most_counted)
        return pagination.first_page(*self.ordered(rows), self.page_size, self.most_counted, self.clocks)

    def pager(self, page: KeysetPage, refs: list[str], total: int | None) -> dict:
        """The context of `parts/_pager.html`, for a page with `refs` out of `total` records (None: too many to count).

        The number of the first row is known as long as pages are turned one by one.
        """
        parameters = self.request.GET
        first = whole_number(parameters["from"]) if parameters.get("from") else 1
        if parameters.get("page") == "last":
            first = total - len(refs) + 1 if total is not None else None
        elif not page.has_previous:
            first = 1
        following = str(first + len(refs)) if first else ""
        earlier = str(max(1, first - self.page_size)) if first else ""
        back, on = refs and page.has_previous, refs and page.has_next
        return {
            "first": first,
            "last": first + len(refs) - 1 if first else None,
            "total_text": f"more than {self.most_counted:,}" if total is None else f"{total:,}",
            "is_many": total is None or total > self.most_counted,
            "previous_url": self.url(before=refs[0], **{"from": earlier}) if back else "",
            "next_url": self.url(after=refs[-1], **{"from": following}) if on else "",
            "first_url": self.url() if page.has_previous else "",
            "last_url": self.url(page="last") if page.has_next else "",
        }

    def get_template_names(self):
        return [self.templates[self.wants_fragment]]

    def get(self, request, *args, **kwargs):
        """The page or the file; 400 for an invalid filter."""
        filters = self.filters()
        if self.file_format:
            return self.file(filters)
        valid = filters.is_valid()
        context = self.get_context_data(filters=filters, **(self.results(filters) if valid else {}))
        return self.render_to_response(context, status=200 if valid else 400)

    @abstractmethod
    def results(self, filters) -> dict:
        """The context for the rows that match the valid `filters`."""

    def file(self, filters):
        """A response with the same rows as a file, in the same order, with all columns or the chosen ones.

        Raises BadQuery for an invalid filter, and for values that a workbook cannot hold.
        """
        filters.require_valid()
        model, columns = self.row_type.model, self.chosen or (*self.row_type.columns, *filters.marks)
        rows = self.doubted(in_order(*self.ordered(filters.marked())), columns)
        if self.file_format == "csv":
            content = stream_csv(*sheet(model, columns, rows, self.profile), self.profile)
        elif self.file_format == "json":
            content = stream_json([column.name for column in columns], values(model, columns, rows))
        else:
            raw = values(model, columns, rows, RAW).iterator(CHUNK_ROWS)
            content = stream_workbook(self.row_type.path, columns, raw)
            try:
                next(content)
            except CannotHold as error:
                raise BadQuery([str(error)]) from None
        return self.sent(self.file_name, content)


class RecordList(ListPage):
    """The list of a record type; only the results for htmx."""

    templates = ("records/list.html", "records/_swap.html")

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns of the page."""
        return self.chosen or self.record_type.listed

    def results(self, filters) -> dict:
        """The requested page of rows, with its pager."""
        rows, columns = filters.qs, self.shown
        page, total = self.counted(rows)
        on_page = self.doubted(rows.filter(pk__in=page.keys).order_by(), columns)
        selected = ["pk", "ref", filters.may_be_outside(), *self.record_type.selected(columns)]
        by_key = {key: row for key, *row in on_page.values_list(*selected)}
        shown = [by_key[key] for key in page.keys if key in by_key]
        rendered = cells(columns, [row[2:] for row in shown], urlencode(self.clocks.query))
        headings, past_day = self.headings(columns), self.clocks.on or self.clocks.public
        return {
            "rows": [
                mark_safe("".join(map(_cell, headings, marked(row) if may_be_outside else row)))
                for row, (_, may_be_outside, *_) in zip(rendered, shown, strict=True)
            ],
            "headings": headings,
            "page": self.pager(page, [row[0] for row in shown], total),
            "filter_summary": filters.summary(),
            "undated": [column.label for column in columns if column.is_undated] if past_day else [],
        }

    def headings(self, columns) -> list[dict]:
        """For each column its label, its sort direction, and the URL that sorts by it."""
        named = next((column for column in columns if column.kind is Kind.LINK), None)
        headings = []
        for column in columns:
            ascending, descending = self.sort == column.name, self.sort == f"-{column.name}"
            headings.append(
                {
                    "label": column.label,
                    "aria": "ascending" if ascending else "descending" if descending else "",
                    "url": self.url(sort="-" * ascending + column.name) if column.order else "",
                    "open": mark_safe('<th scope="row" class="wide name" dir="auto">')
                    if column is named
                    else format_html('<td dir="auto" data-label="{}">', column.label),
                    "close": mark_safe("</th>" if column is named else "</td>"),
                }
            )
        return headings

    def get_context_data(self, **context):
        context = super().get_context_data(
            record_type=self.record_type,
            sorts=[(column.name, f"-{column.name}", column.label) for column in self.sorting],
            **self.choosing,
            **context,
        )
        if context["may_record"]:
            context["import_url"] = f"/imports/?type={self.record_type.url_name}"
            context["create_url"] = f"/{self.record_type.path}/new/" if self.record_type.has_pages else ""
        return context


def _cell(head: dict, cell) -> str:
    return head["open"] + cell + head["close"]
