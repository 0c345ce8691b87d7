"""The search page, its file, and suggestions while typing."""

from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Collate
from django.shortcuts import redirect, render
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from tracker.clocks import PARSERS, READ_AT
from tracker.files.export.report_columns import ReportColumn, text
from tracker.forms.fields import whole_number
from tracker.models import Process, Record, SearchEntry
from tracker.models.dates import Span, last_of, span
from tracker.models.search import Rank
from tracker.models.search_entries import WHOLE, of_names
from tracker.pages.base import PageView
from tracker.queries.record_lookup import records_by_ref
from tracker.register import BY_URL_NAME
from tracker.register.types import Kind
from tracker.search.fields import SEARCHED, Searched
from tracker.search.filters import SearchFilters
from tracker.text.words import LONGEST_QUERY, LONGEST_WORD, Term, Word, asked, marked, words

PAGE_SIZE = 20
MOST = 1_000
"""Counted, shown and filed are so many hits at most: who finds more asks for too little."""
RANKED = 10_000
"""Of so many hits, those written last, the best are looked for."""
MOST_OFFERED = 8
TYPES = {record_type.model._meta.model_name: record_type for record_type in BY_URL_NAME.values()}


@dataclass(frozen=True)
class Hit:
    """One record found: what it is called, where the words stand in it, and what tells it from others."""

    record_type: str
    record: Record
    """The record whose page it leads to."""
    name: SafeString | str
    snippet: SafeString | None
    date: Span | None
    process: Process | None

    @property
    def text(self) -> str:
        """The words around those found, without marks."""
        return unescape(strip_tags(self.snippet or ""))


def matching_entries(terms: list[Term], user, clocks, narrowed) -> QuerySet:
    """The entries that have all of `terms`, of records that `user` may see at `clocks`, in the order of their keys.

    In the past they stand by the day of their records, the latest first, then by id. `narrowed` gives the condition on
    the records of a searched type, None where none is wanted.
    """
    readable = Q(pk__in=[])
    for code, searched in SEARCHED.items():
        condition = narrowed(searched) if searched.is_for(user) else None
        if condition is None:
            continue
        rows = TYPES[searched.model._meta.model_name].rows(user, clocks)
        rows = rows.filter(condition, pk=OuterRef("record_id")).order_by()
        readable |= Q(Exists(rows), record_type=code)
    entries = SearchEntry.objects.on_record().filter(readable, index__words__holds=terms)
    return _latest_first(entries) if READ_AT.get() else entries.order_by("pk")


def offered_entries(terms: list[Term], user, clocks, narrowed) -> QuerySet:
    """The entries of what is offered by name, and called by all of `terms`; otherwise as matching_entries."""
    return _offered(of_names(terms), user, clocks, narrowed)


def called_entries(name: str, user, clocks, narrowed) -> QuerySet:
    """The entries of what is offered by name, and called just `name`; otherwise as matching_entries."""
    whole = WHOLE + "".join(words(name))[:LONGEST_WORD]
    return _offered([((Word(whole),),)], user, clocks, narrowed)


def _offered(terms: list[Term], user, clocks, narrowed) -> QuerySet:
    return matching_entries(
        terms, user, clocks, lambda searched: narrowed(searched) if searched.entries.is_offered else None
    )


def _latest_first(entries: QuerySet) -> QuerySet:
    """`entries` by the day of their records, the latest first, then by id."""
    days, refs = [], []
    for code, searched in SEARCHED.items():
        rows = searched.model.objects.filter(pk=OuterRef("record_id")).order_by()
        refs.append(When(record_type=code, then=Subquery(rows.values("ref"))))
        if searched.shown:
            days.append(When(record_type=code, then=Subquery(rows.values(searched.shown[0]))))
    ref = Collate(Case(*refs), "C") if connection.vendor == "postgresql" else Case(*refs)
    ranked = entries.annotate(day=Case(*days), ref=ref)
    return ranked.order_by(F("day").desc(nulls_last=True), "ref", "record_type", "record_id")


def hits_of(pairs, terms: list[Term]) -> list[Hit]:
    """The hits for pairs of code and key, in their order; a query a kind, however many the hits."""
    records = {}
    for code in {code for code, _ in pairs}:
        searched = SEARCHED[code]
        path = searched.model.process_path
        related = [*filter(None, (path, searched.about)), *searched.along]
        if searched.shown and "__" in searched.shown[0]:
            related.append(searched.shown[0].rpartition("__")[0])
        rows = searched.model.objects.filter(pk__in=[key for other, key in pairs if other == code])
        rows = rows.select_related(*related) if related else rows
        records |= {(code, row.pk): row for row in rows}
    return [_hit(SEARCHED[code], records[code, key], terms) for code, key in pairs if (code, key) in records]


def _hit(searched: Searched, record: Record, terms: list[Term]) -> Hit:
    target = getattr(record, searched.about) if searched.about else record
    name = str(target)
    snippet = None
    for field in (*searched.entries.names[1:], *searched.entries.texts):
        value = getattr(record, field)
        value = "; ".join(value) if isinstance(value, list) else value or ""
        if value != name and (snippet := marked(value, terms)):
            break
    return Hit(
        record_type=str(searched.model._meta.verbose_name),
        record=target,
        name=marked(name, terms, whole=True) or name,
        snippet=snippet,
        date=_date(record, *searched.shown) if searched.shown else None,
        process=record.of_process,
    )


def _date(record: Any, day: str, precision: str) -> Span | None:
    return span(*(_reached(record, path) for path in (day, precision, last_of(precision))))


def _reached(record: Any, path: str):
    for step in path.split("__"):
        record = getattr(record, step)
    return record


def _joined(most: int, *entries: QuerySet) -> list[tuple[str, int]]:
    """Code and key of the records of all `entries`, the first ones first, each once; at most `most`."""
    found: dict[tuple[str, int], None] = {}
    for some in entries:
        found |= dict.fromkeys(some.values_list("record_type", "record_id")[:most])
    return list(found)[:most]


class Search(PageView):
    """Everything recorded that holds the words asked for."""

    formats = ("csv", "json")
    turns = ("page",)
    parameters = ("q", "page", *SearchFilters.base_filters)
    columns = (
        *text("kind", "id", "name", "text"),
        ReportColumn("date", Kind.DATE),
        *text("process_id", "process", "url"),
    )
    """The columns of the files."""

    @property
    def terms(self) -> list[Term]:
        """What is asked for."""
        return asked(self.typed)

    @property
    def typed(self) -> str:
        """What is asked for, as it was typed."""
        return self.request.GET.get("q", "")[:LONGEST_QUERY]

    def filters(self) -> SearchFilters:
        """The filters, bound to the query string; raises BadQuery for an unknown parameter."""
        self.require_known()
        rows = SearchEntry.objects.none()
        return SearchFilters(self.request.GET, queryset=rows, user=self.request.user, clocks=self.clocks)

    def matches(self, filters: SearchFilters) -> list[tuple[str, int]]:
        """Code and key of all hits, the best first, at most one more than MOST."""
        if not self.terms:
            return []
        user, clocks = self.request.user, self.clocks
        rows = matching_entries(self.terms, user, clocks, filters.narrowed)
        if READ_AT.get():
            return list(rows.values_list("record_type", "record_id")[: MOST + 1])
        # To rank millions would take half a minute; what is called so is found whenever it was recorded.
        newest = rows.order_by("-index__entry").values("pk")[:RANKED]
        ranked = SearchEntry.objects.filter(pk__in=newest).order_by(Rank(self.terms), "pk")
        called = called_entries(self.typed, user, clocks, filters.narrowed)
        offered = offered_entries(self.terms, user, clocks, filters.narrowed)
        return _joined(MOST + 1, called, offered, ranked)


class SearchPage(Search):
    """The hits, a page at a time or as a file; an id leads to its record."""

    template_name = "pages/search.html"

    def get(self, request, *args, **kwargs):
        if self.file_format:
            return self.file()
        if (record := self.referred()) is not None:
            return redirect(f"{record.get_absolute_url()}{self.clock_suffix}")
        filters = self.filters()
        context = self.results(filters) if filters.is_valid() else {}
        status = 200 if filters.is_valid() else 400
        return self.render_to_response(self.get_context_data(filters=filters, **context), status=status)

    @property
    def clock_suffix(self) -> str:
        """The clocks as a query string."""
        query = self.request.GET.copy()
        for name in set(query) - {*PARSERS}:
            del query[name]
        return f"?{query.urlencode()}" if query else ""

    def referred(self) -> Record | None:
        """The record whose id was typed, among those that the reader may see."""
        ref = self.request.GET.get("q", "").strip().lower()
        types = [
            record_type
            for record_type in TYPES.values()
            if record_type.has_pages and ref.startswith(f"{record_type.model.prefix}-")
        ]
        rows = types[0].rows(self.request.user, self.clocks) if types else None
        return records_by_ref(rows, [ref]).get(ref) if types else None

    def results(self, filters) -> dict:
        """The page of hits asked for, and the ways to the next."""
        pairs = self.matches(filters)
        total, shown = len(pairs), pairs[:MOST]
        pages = max(1, -(-len(shown) // PAGE_SIZE))
        number = min(max(1, whole_number(self.request.GET.get("page", "")) or 1), pages)
        first = (number - 1) * PAGE_SIZE
        hits = hits_of(shown[first : first + PAGE_SIZE], self.terms)
        path = self.request.path
        return {
            "hits": hits,
            "is_asked": bool(self.terms),
            "too_many": MOST if total > MOST else 0,
            "filter_summary": filters.summary(),
            "unfiltered_url": f"{path}?{self.kept_query()}",
            "page": {
                "first": first + 1,
                "last": first + len(hits),
                "total_text": f"more than {MOST:,}" if total > MOST else f"{total:,}",
                "previous_url": self.url(page=str(number - 1)) if number > 1 else "",
                "next_url": self.url(page=str(number + 1)) if number < pages else "",
                "first_url": self.url(page="") if number > 1 else "",
                "last_url": self.url(page=str(pages)) if number < pages else "",
            },
        }

    def kept_query(self) -> str:
        """The words and the clocks without any filter."""
        query = self.request.GET.copy()
        for name in set(query) - {"q", *PARSERS}:
            del query[name]
        return query.urlencode()

    def file(self):
        """The hits as a file, in their order."""
        filters = self.filters()
        filters.require_valid()
        rows = map(self.row, hits_of(self.matches(filters)[:MOST], self.terms))
        return self.sent_table("search", self.columns, rows)

    def row(self, hit: Hit) -> tuple:
        """One hit as values."""
        process = (hit.process.ref, hit.process.title) if hit.process else ("", "")
        url = self.request.build_absolute_uri(hit.record.get_absolute_url())
        return (hit.record_type, hit.record.ref, str(hit.record), hit.text, hit.date, *process, url)


class SearchSuggestions(Search):
    """Links to what is called like the letters typed, for the box on every page."""

    def get(self, request):
        terms = self.terms
        hits = []
        begun = [alternative[-1].text for alternative in terms[-1]] if terms else []
        is_short = not any(len(word) > 1 or not word.isascii() for word in begun)
        if is_short and terms:
            # Too many words begin with one letter; after others it may be a whole one.
            whole = ((*every[:-1], every[-1]._replace(is_begun=False)) for every in terms[-1])
            terms = [*terms[:-1], tuple(whole)]
        if len(terms) > is_short:
            given = request.user, self.clocks, lambda searched: Q()
            rows = called_entries(self.typed, *given), offered_entries(terms, *given)
            hits = hits_of(_joined(MOST_OFFERED, *rows), terms)
        return render(request, "search/_suggestions.html", {"hits": hits, "clocks": self.clocks})
