"""The list that every record type has, filtered, sorted and turned by its query string, and the same as a file."""

from urllib.parse import urlencode

from django.db.models import Case, IntegerField, QuerySet, When
from django.http import StreamingHttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.views.generic import TemplateView, View

from tracker.exchange.cells import sheet
from tracker.exchange.csv import stream_csv
from tracker.forms.fields import whole_number
from tracker.record_type import Column, Kind, RecordType
from tracker.views import paging
from tracker.views.cells import lookups, renderer
from tracker.views.paging import Key, count, in_order, keys_of, turn
from tracker.views.reading import BadQuery, Reading, refused_plainly

TURNS = ("after", "before", "page", "from")
"""The parameters that turn pages; a link that changes anything else begins at the first page again."""


class Listing(Reading):
    """What a list and its file share: the rows that the query string asks for, in its order."""

    record_type: RecordType = None

    def filters(self):
        """The filters, bound to the query string; raises BadQuery for a parameter that the list does not know."""
        self.require_known([*self.record_type.filterset.base_filters, "on", "known", "sort", *TURNS])
        rows = self.record_type.rows(self.request.user, self.clocks)
        return self.record_type.filterset(
            self.request.GET, queryset=rows, user=self.request.user, clocks=self.clocks
        )

    @property
    def sort(self) -> str:
        """The column that sorts the list, with a hyphen ahead of it for descending."""
        return self.request.GET.get("sort") or self.record_type.sort

    @property
    def sorting(self) -> list[Column]:
        """The columns that can sort the list."""
        return [column for column in self.record_type.columns if column.order]

    def ordered(self, rows: QuerySet) -> tuple[QuerySet, list[Key]]:
        """`rows` with what they are sorted by, and the keys; raises BadQuery for a column that cannot sort them.

        Codes are sorted as they stand in their vocabulary: up the ladder, not by the alphabet.
        """
        column = next((column for column in self.sorting if column.name == self.sort.removeprefix("-")), None)
        if column is None:
            names = ", ".join(column.name for column in self.sorting)
            raise BadQuery([f"sort: “{self.sort}” cannot sort this list; choose from {names}."])
        order = column.order
        if column.vocabulary is not None:
            ranks = (
                When(**{column.lookup: code}, then=rank) for rank, code in enumerate(column.vocabulary.values)
            )
            rows, order = rows.annotate(rank=Case(*ranks, output_field=IntegerField())), ("rank",)
        return rows, keys_of(self.record_type.model, order, self.sort.startswith("-"))

    def url(self, path: str, **changes) -> str:
        """The address of `path` with this list's query string, but for its turn of pages, changed by `changes`."""
        query = [
            (key, value) for key, values in self.request.GET.lists() for value in values if key not in TURNS
        ]
        query = [(key, value) for key, value in query if key not in changes and value]
        query += [(key, value) for key, value in changes.items() if value]
        return f"{path}?{urlencode(query)}" if query else path


class RecordList(Listing, TemplateView):
    """The list of a record type: filtered, sorted and turned by its query string; the results alone for htmx."""

    def get_template_names(self):
        return ["records/_swap.html" if self.wants_fragment else "records/list.html"]

    def get(self, request, *args, **kwargs):
        filters = self.filters()
        valid = filters.is_valid()
        context = self.get_context_data(filters=filters, **(self.results(filters) if valid else {}))
        return self.render_to_response(context, status=200 if valid else 400)

    def results(self, filters) -> dict:
        """The page of rows asked for, and the ways to the next."""
        asked, rows, columns = self.request.GET, filters.qs, self.record_type.listed
        page = turn(
            *self.ordered(rows), asked.get("after", ""), asked.get("before", ""), asked.get("page") == "last"
        )
        selected = ["pk", "ref", *lookups(self.record_type.model, columns, self.clocks)]
        found = {row[0]: row[1:] for row in rows.filter(pk__in=page.keys).order_by().values_list(*selected)}
        shown = [found[key] for key in page.keys if key in found]
        render, heads = renderer(columns, urlencode(self.clocks.query)), self.heads(columns)
        total = count(rows)
        return {
            "rows": [mark_safe("".join(map(_cell, heads, render(row[1:])))) for row in shown],
            "heads": heads,
            "page": self.pager(page, shown, total),
            "said": filters.described(),
        }

    def heads(self, columns) -> list[dict]:
        """The head of each column: its label, how it sorts, and the link that sorts by it."""
        named = next((column for column in columns if column.kind is Kind.LINK), None)
        heads = []
        for column in columns:
            ascending, descending = self.sort == column.name, self.sort == f"-{column.name}"
            to = f"-{column.name}" if ascending else column.name
            heads.append(
                {
                    "label": column.label,
                    "aria": "ascending" if ascending else "descending" if descending else "",
                    "url": self.url(self.request.path, sort=to) if column.order else "",
                    "open": mark_safe('<th scope="row" class="wide name">')
                    if column is named
                    else format_html('<td data-label="{}">', column.label),
                    "close": mark_safe("</th>" if column is named else "</td>"),
                }
            )
        return heads

    def pager(self, page, shown, total) -> dict:
        """What `parts/_pager.html` takes; where a row stands is known while pages are turned one by one."""
        path, asked = self.request.path, self.request.GET
        first = whole_number(asked.get("from", "")) or 1
        if asked.get("page") == "last":
            first = total - len(shown) + 1 if total is not None else None
        elif not page.has_previous:
            first = 1
        following = str(first + len(shown)) if first else ""
        earlier = str(max(1, first - paging.PAGE_SIZE)) if first else ""
        return {
            "first": first,
            "last": first + len(shown) - 1 if first else None,
            "total_text": f"more than {paging.COUNT_UP_TO:,}" if total is None else f"{total:,}",
            "previous_url": self.url(path, before=shown[0][0], **{"from": earlier})
            if shown and page.has_previous
            else "",
            "next_url": self.url(path, after=shown[-1][0], **{"from": following})
            if shown and page.has_next
            else "",
            "first_url": self.url(path) if page.has_previous else "",
            "last_url": self.url(path, page="last") if page.has_next else "",
        }

    def get_context_data(self, **context):
        path = self.record_type.path
        return super().get_context_data(
            record_type=self.record_type,
            sorts=[(column.name, f"-{column.name}", column.label) for column in self.sorting],
            csv_url=self.url(f"/{path}.csv"),
            create_url=f"/{path}/new/" if self.may_create else "",
            **context,
        )

    @property
    def may_create(self) -> bool:
        """Whether the reader may add a record of this type, on a page of its own."""
        allowed = self.request.user.has_perm(f"tracker.add_{self.record_type.model._meta.model_name}")
        return allowed and self.clocks.is_present and self.record_type.has_pages


class RecordFile(Listing, View):
    """The list as CSV: exactly its rows, in its order, with every column."""

    def get(self, request, *args, **kwargs):
        """Stream the file; a filter that cannot be read is answered with 400 and the reasons, as plain text."""
        filters = self.filters()
        if not filters.is_valid():
            raise BadQuery([f"{name}: {' '.join(errors)}" for name, errors in filters.errors.items()])
        header, rows = sheet(self.record_type, in_order(*self.ordered(filters.qs)), self.clocks)
        response = StreamingHttpResponse(stream_csv(header, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.record_type.path}.csv"'
        return response

    def refuse(self, request, messages):
        return refused_plainly(messages)


def _cell(head: dict, cell) -> str:
    return head["open"] + cell + head["close"]
