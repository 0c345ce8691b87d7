"""The position matrix of a process: items by issue against parties."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from django.utils.functional import cached_property
from django.utils.safestring import mark_safe

from tracker.charts.item_paths import PathKey, keys_of
from tracker.clocks import BadQuery, Clocks
from tracker.files.export.report_columns import aspect_value, basis, code, codes, date, flag, text, texts
from tracker.files.export.reports import Members
from tracker.models.vocabularies import (
    DemandKind,
    Firmness,
    ItemKind,
    ItemStatus,
    Movement,
    Stance,
    TableRole,
)
from tracker.pages.base import clocks_in
from tracker.pages.numbered import page_of
from tracker.register.display import day_text
from tracker.reports.base import ProcessReportPage
from tracker.reports.changes.period import Moment
from tracker.reports.positions.cells import written
from tracker.reports.positions.filters import PositionFilters
from tracker.reports.positions.headings import PartyHeading, PartyHeadings, party_headings
from tracker.reports.positions.queries import Matrix, MatrixCell, MatrixRow, matrix
from tracker.templatetags.reading import at

ROWS = 150
"""How many rows a page shows at most; the file has all of them."""
CELLS = 350
"""How many positions a page shows at most, together with its rows."""
AT_ONCE = 500
"""How many rows are loaded at a time for a file."""

COLUMNS = (
    *text("issue_id", "issue", "item_id"), *code(ItemKind, "item_kind"), *text("item"),
    *code(ItemStatus, "item_status"), *text("party_id", "party"), *codes(TableRole, "role"), *code(Stance, "stance"),
    *code(DemandKind, "demand_kind"), *code(Firmness, "firmness"), *flag("owes"), *code(Movement, "movement"),
    *text("movement_of"), *aspect_value("old", aspect="movement_of"), *date("old_on"), *date("occurred_on"),
    *text("speaker"), *basis("basis"), *texts("quote"), *text("source_id", "source", "development_id"),
)  # fmt: skip
"""The columns of the files."""


class PositionsPage(ProcessReportPage):
    """The position of each party on each item."""

    name = "positions"
    template_name = "process/positions.html"
    parameters = (*PositionFilters.base_filters, "page")
    filterset = PositionFilters
    columns = COLUMNS

    @cached_property
    def since(self) -> Clocks | None:
        """The moment that changes are shown since; None to compare each position with the previous one."""
        parameters = self.request.GET
        if not parameters.get("since") and not parameters.get("since_known"):
            return None
        then, now = clocks_in(self.request.GET, on="since", known="since_known"), self.clocks
        day = then if parameters.get("since") else now
        # `known` defaults to the page's, so that a later correction does not change the earlier state.
        since = replace(now, on=day.on, known=then.known or now.known)
        if now.known and since.known > now.known:
            raise BadQuery(["since_known: it lies after the instant that is read."])
        if Moment(since).day > Moment(now).day:
            raise BadQuery([f"since: {day_text(since) or 'today'} lies after the day that is read."])
        return since

    @cached_property
    def filters(self) -> PositionFilters:
        """The filters; raises BadQuery for an invalid one."""
        filters = PositionFilters(
            self.request.GET,
            queryset=self.process.items.all(),
            user=self.request.user,
            clocks=self.clocks,
            since=self.since,
        )
        filters.require_valid()
        return filters

    @cached_property
    def keys(self) -> list[PathKey]:
        """The keys of the rows: each item under each of its issues."""
        return keys_of(self.filters.qs, self.clocks, self.filters.form.cleaned_data["issue"])

    @cached_property
    def headings(self) -> PartyHeadings:
        """The party columns."""
        only = self.filters.form.cleaned_data["party"]
        return party_headings(self.process, self.filters.qs, self.clocks, self.since, only)

    def matrix(self, keys: list[PathKey]) -> Matrix:
        """The cells of the items `keys` for the party columns."""
        parties = [heading.party for heading in self.headings.speaking]
        return matrix({key.item for key in keys}, parties, self.clocks, self.since)

    def cost(self, key: PathKey) -> int:
        """How much of CELLS the row `key` takes up: its stances, what its own party says, and its name."""
        return 2 + min(key.stances, len(self.headings.speaking))

    def get_context_data(self, **context):
        parameter = self.request.GET.get("page", "")
        shown, page = page_of(self.keys, ROWS, parameter, self.url, self.cost, CELLS)
        rows = written(self.matrix(shown), self.headings.speaking, self.clocks)
        return super().get_context_data(
            groups=[
                {"issue": issue, "ref": ref, "rows": mark_safe("".join(rows[key.item] for key in keys))}
                for (ref, issue), keys in groupby(shown, key=lambda key: key[:2])
            ],
            party_headings=self.headings,
            width=len(self.headings.speaking) + 1,
            since=self.since and Moment(self.since).when,
            filters=self.filters,
            filter_summary=self.filters.summary(),
            page=page,
            all_url=at(self.request.path, self.clocks),
            **context,
        )

    def table(self):
        """One row per cell, of all pages."""
        # Refuse invalid parameters before the response starts.
        return self.lines(self.keys)

    def lines(self, all_keys: list[PathKey]) -> Iterator[tuple]:
        """The rows of the file."""
        for begin in range(0, len(all_keys), AT_ONCE):
            keys = all_keys[begin : begin + AT_ONCE]
            matrix = self.matrix(keys)
            for key in keys:
                row = matrix.rows[key.item]
                for heading in self.headings.speaking:
                    if cell := row.cells.get(heading.party.pk):
                        yield (key.issue_ref, key.issue, *_line(row, heading, cell, matrix))


def _line(row: MatrixRow, heading: PartyHeading, cell: MatrixCell, matrix: Matrix) -> tuple:
    """The row of one cell in the file; movement, dates and quote belong to the aspect in `movement_of`."""
    item, step = row.item, cell.step
    new, old = step.new, step.old
    words = matrix.words.get(new.development) if new else None
    return (
        item["ref"], item["item_kind"], item["title"], item["status"],
        heading.party.ref, heading.party.name, heading.roles and heading.roles.codes,
        cell.stance and cell.stance.code, cell.own and item["demand_kind"],
        cell.own.code if cell.own and item["demand_kind"] else None, bool(cell.own and not item["demand_kind"]),
        step.movement, step.aspect, step.old_code, old and old.when, old and old.precision,
        new and new.when, new and new.precision, new and new.speaker, new and new.basis,
        Members(words.quotes) if words else None, words and words.source_ref, words and words.source, new and new.ref,
    )  # fmt: skip
