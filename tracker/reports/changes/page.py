"""The comparison of two moments of a process."""

from itertools import groupby, pairwise

from django.utils.functional import cached_property

from tracker.files.export.report_columns import ReportColumn, aspect_value, basis, code, flag, number, text
from tracker.models.vocabularies import DatePrecision, EndedAs, ItemKind, Movement
from tracker.pages.numbered import page_of
from tracker.queries.delegations import HeldTalk, changed_seats, talks_held
from tracker.queries.evidence import ItemDevelopment
from tracker.queries.untouched import without_effects
from tracker.queries.word_diff import differing
from tracker.register.types import Kind
from tracker.reports.base import ProcessReportPage
from tracker.reports.changes.period import Moment, moments_of
from tracker.reports.changes.queries import Comparison, ItemMoves
from tracker.reports.changes.retroactive import corrected_between, learned_late, with_successors
from tracker.reports.changes.summaries import sentence, value_text

PAGE_SIZE = 100
"""How many changes a page shows; the file has them all."""
LEARNED = 30
"""How many developments that touched no item, were learned late, or were put right, the page shows of each."""

OFFERED = 100
"""How many of the last talks are offered by name; others are found by their title or id."""


def _side(name: str) -> tuple[ReportColumn, ...]:
    """The columns of the development that set one of two values."""
    return (
        ReportColumn(f"{name}_on", Kind.DATE), *code(DatePrecision, f"{name}_precision"),
        *text(f"{name}_development_id", f"{name}_speaker"), *basis(f"{name}_basis"),
        *text(*(f"{name}_{part}" for part in ("quote", "source_id", "source", "place"))),
    )  # fmt: skip


COLUMNS = (
    ReportColumn("change", Kind.CODE, (Movement, EndedAs), is_mixed=True), *flag("between"), *text("item_id"),
    *code(ItemKind, "item_kind"), *text("item", "aspect", "party_id", "party"),
    *aspect_value("old", "new", aspect="aspect"),
    *number("slipped_days"), *flag("correction"), *_side("old"), *_side("new"), *text("sentence"),
)  # fmt: skip
"""The columns of the files."""


class ChangesPage(ProcessReportPage):
    """Two readings of a process, and what lies between them."""

    name = "compare"
    template_name = "process/compare.html"
    parameters = ("from", "to", "from_known", "to_known", "page")
    columns = COLUMNS

    @cached_property
    def talks(self) -> list[HeldTalk]:
        """The talks that had taken place by the clocks of the page."""
        return talks_held(self.process, self.clocks)

    @cached_property
    def moments(self) -> tuple[Moment, Moment]:
        """The two moments that are compared."""
        return moments_of(self.request, self.clocks, self.talks)

    @cached_property
    def comparison(self) -> Comparison:
        """All that moved."""
        start, end = self.moments
        of_talks = (
            (start.talk_held.talk, end.talk_held.talk) if start.talk_held and end.talk_held else (None, None)
        )
        return Comparison(self.process, start.clocks, end.clocks, *of_talks)

    @property
    def seats(self) -> list:
        """What changed at the table: between the two talks, or the last ones held by either moment."""
        start, end = self.moments
        first, second = (
            moment.talk_held
            or next((row for row in self.talks[::-1] if row.span.counts_from <= moment.day), None)
            for moment in (start, end)
        )
        if first is None or second is None or first.talk == second.talk:
            return []
        return [(first, second, seat) for seat in changed_seats(first.talk, second.talk, end.clocks)]

    def get_context_data(self, **context):
        start, end = self.moments
        moves = self.comparison.moves
        keys, page = page_of(moves, PAGE_SIZE, self.request.GET.get("page", ""), self.url)
        late, wrong, others = (
            rows(self.process, start.clocks, end.clocks)
            for rows in (learned_late, corrected_between, without_effects)
        )
        others_total = others.count()
        return super().get_context_data(
            start=start,
            end=end,
            talks=self.talks[-OFFERED:],
            steps=list(pairwise(self.talks[-OFFERED:])),
            compared=[start.talk_held, end.talk_held] if start.talk_held and end.talk_held else [],
            groups=self.groups(list(self.comparison.changes(keys))),
            counts=self.counted(),
            page=page | {"total_text": f"{len(moves):,} changes"},
            others=[ItemDevelopment(row) for row in others[max(0, others_total - LEARNED) :]],
            others_total=others_total,
            seats=self.seats,
            late=list(late[:LEARNED]),
            late_total=late.count() if start.clocks.known else 0,
            corrected=with_successors(list(wrong[:LEARNED]), end.clocks) if start.clocks.known else [],
            corrected_total=wrong.count() if start.clocks.known else 0,
            knowledge_differs=start.clocks.known != end.clocks.known,
            parameters={name: self.request.GET.get(name, "") for name in self.parameters},
            **context,
        )

    def counted(self) -> list[dict]:
        """How many items each list has, on all pages: of two talks, first what came of the second, then the rest."""
        items = self.comparison.items
        lists = dict.fromkeys((move.between, move.movement) for move in self.comparison.moves)
        return [
            {"between": between, "lists": [(movement, items[between, movement]) for _, movement in same]}
            for between, same in groupby(lists, lambda key: key[0])
        ]

    def groups(self, changes: list[ItemMoves]) -> list[dict]:
        """`changes` by whether they came of the second talk, by movement, and by item."""
        return [
            {
                "between": between,
                "movement": movement,
                "items": [
                    self.entry(list(of_item)) for _, of_item in groupby(same, lambda change: change.item)
                ],
            }
            for (between, movement), same in groupby(
                changes, lambda change: (change.move.between, change.movement)
            )
        ]

    @staticmethod
    def entry(changes: list[ItemMoves]) -> dict:
        """What moved of one item, each in a sentence, and the developments it rests on, each once."""
        lines = [
            {
                "change": change,
                "sentence": sentence(change),
                "value": value_text(change, change.new),
                "pieces": differing(change.old, change.new)
                if change.aspect == "wording" and change.old and change.new
                else [],
            }
            for change in changes
        ]
        before = dict.fromkeys(change.before.development for change in changes if change.before)
        after = dict.fromkeys(change.after.development for change in changes if change.after)
        return {
            "item": changes[0].item,
            "lines": lines,
            # What moved is shown with its words; of the rest the words are one step away.
            "is_folded": changes[0].movement in (Movement.NEW, Movement.REAFFIRMED, Movement.NOT_MENTIONED),
            "before": [row for row in before if row not in after],
            "after": list(after),
        }

    def table(self):
        """One line a change; then what touched no item, the table, what was learned late and what was put right."""
        return self.rows()

    def rows(self):
        """The lines of the file."""
        for change in self.comparison.changes(self.comparison.moves):
            yield (
                change.movement.value, change.move.between, change.item.ref, change.item.item_kind, change.item.title,
                change.aspect, change.party and change.party.ref, change.party and change.party.name,
                _cell(change, change.old), _cell(change, change.new), change.slipped_days, change.is_correction,
                *_cells(change.before), *_cells(change.after), sentence(change),
            )  # fmt: skip
        start, end = self.moments
        for row in without_effects(self.process, start.clocks, end.clocks):
            between = self.comparison.talk is not None and row.talk != self.comparison.talk
            yield self.line("no_effect", between, party=row.party, new=row.headline, new_side=row)
        for _, second, seat in self.seats:
            yield self.line(
                "delegation", False, item=second.talk, party=seat.party,
                old=seat.before and seat.before.role, new=seat.after and seat.after.role,
            )  # fmt: skip
        for row in learned_late(self.process, start.clocks, end.clocks):
            yield self.line("learned_late", False, party=row.party, new=row.headline, new_side=row)
        for pair in with_successors(
            list(corrected_between(self.process, start.clocks, end.clocks)), end.clocks
        ):
            yield self.line(
                pair.old.ended_as, False, party=pair.old.party, old=pair.old.headline,
                new=pair.new and pair.new.headline, old_side=pair.old, new_side=pair.new,
            )  # fmt: skip

    @staticmethod
    def line(sort, between, item=None, party=None, old=None, new=None, old_side=None, new_side=None) -> tuple:
        """A line of the file that is about no part of an item."""
        return (
            sort, between, item and item.ref, item and item.item_kind, item and item.title, "",
            party and party.ref, party and party.name, old, new, None, sort == "corrected",
            *_of(old_side), *_of(new_side), "",
        )  # fmt: skip


def _cell(change: ItemMoves, value):
    """A value for a file: codes and texts as they are, a deadline in words."""
    return value_text(change, value) if change.aspect == "due" else value


def _cells(effect) -> tuple:
    return _of(effect.development if effect else None)


def _of(development) -> tuple:
    """What a file says of a development that a change rests on, with its first citation."""
    if development is None:
        return (None,) * len(_side(""))
    citation = next(iter(development.citations.all()), None)
    return (
        development.occurred, development.occurred_precision, development.ref,
        development.speaker and development.speaker.name, development.basis,
        citation and citation.quote, citation and citation.source.ref, citation and str(citation.source),
        citation and citation.place,
    )  # fmt: skip
