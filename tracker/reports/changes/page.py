"""The changes report: two moments of a process compared."""

from itertools import groupby, pairwise

from django.utils.functional import cached_property

from tracker.files.export.report_columns import ReportColumn, aspect_value, basis, code, flag, number, text
from tracker.models.vocabularies import DatePrecision, EndedAs, ItemKind, Movement
from tracker.pages.numbered import page_of
from tracker.queries.delegations import HeldTalk, changed_seats, talks_held
from tracker.queries.evidence import ItemDevelopment
from tracker.queries.untouched import without_effects
from tracker.queries.word_diff import texts_differing
from tracker.register.types import Kind
from tracker.reports.base import ProcessReportPage
from tracker.reports.changes.period import Moment, moments_of
from tracker.reports.changes.queries import Comparison, ItemMoves, Move
from tracker.reports.changes.retroactive import corrected_between, learned_late, with_successors
from tracker.reports.changes.summaries import sentence, value_text

PAGE_SIZE = 100
"""How many changes a page shows at most; the file has all of them."""
QUOTED = 200
"""How many changes, with the developments before and after them, a page shows at most."""
LEARNED = 30
"""How many rows the page shows of each: developments without effects, learned late, and corrected."""

OFFERED = 100
"""How many of the latest talks are suggested; others can be entered by title or id."""


HELD_SENTENCE = "The talk took place and came to its end."
"""The explanation of "Held" on the page; every other group has its movement's codebook sentence."""


def _side(name: str) -> tuple[ReportColumn, ...]:
    """The columns of the development behind the old or the new value."""
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
    """The differences between two views of a process."""

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
        """The comparison of the two moments."""
        start, end = self.moments
        of_talks = (
            (start.talk_held.talk, end.talk_held.talk) if start.talk_held and end.talk_held else (None, None)
        )
        return Comparison(self.process, start.clocks, end.clocks, *of_talks)

    @property
    def seats(self) -> list:
        """Changes of attendance between the two talks, or between the last talks held by the two moments."""
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
        parameter = self.request.GET.get("page", "")
        keys, page = page_of(moves, PAGE_SIZE, parameter, self.url, cost, QUOTED)
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
        """The number of items in each list; if two talks are compared, those from the second talk come first."""
        items = self.comparison.items
        lists = dict.fromkeys((move.between, move.movement, move.label) for move in self.comparison.moves)
        return [
            {"between": between, "lists": [(*key[1:], items[key]) for key in same]}
            for between, same in groupby(lists, lambda key: key[0])
        ]

    def groups(self, changes: list[ItemMoves]) -> list[dict]:
        """`changes` grouped by whether they came from the second talk, by movement, and by item."""
        return [
            {
                "between": between,
                "movement": movement,
                "label": label,
                "sentence": HELD_SENTENCE if label != movement.label else movement.sentence,
                "anchor": f"{movement}{'-held' if label != movement.label else ''}{'-between' if between else ''}",
                "items": [
                    self.entry(list(of_item)) for _, of_item in groupby(same, lambda change: change.item)
                ],
            }
            for (between, movement, label), same in groupby(
                changes, lambda change: (change.move.between, change.movement, change.move.label)
            )
        ]

    @staticmethod
    def entry(changes: list[ItemMoves]) -> dict:
        """The changes of one item as sentences, and the distinct developments behind them."""
        lines = [
            {
                "change": change,
                "sentence": sentence(change),
                "value": value_text(change, change.new),
                "differences": texts_differing(change.old, change.new)
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
            # Quotes are shown for changes only; for the rest they are one click away.
            "is_folded": changes[0].movement in (Movement.NEW, Movement.REAFFIRMED, Movement.NOT_MENTIONED),
            "before": [row for row in before if row not in after],
            "after": list(after),
        }

    def table(self):
        """One row per change; then developments without effects, attendance, learned late, and corrections."""
        return self.rows()

    def rows(self):
        """The rows of the file."""
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
        """A row of the file that is not about an aspect of an item."""
        return (
            sort, between, item and item.ref, item and item.item_kind, item and item.title, "",
            party and party.ref, party and party.name, old, new, None, sort == "corrected",
            *_of(old_side), *_of(new_side), "",
        )  # fmt: skip


def cost(move: Move) -> int:
    """How much of QUOTED `move` takes up."""
    return 1 + len({move.before, move.after} - {None})


def _cell(change: ItemMoves, value):
    """A value for the file: codes unchanged, a Deadline or Wording in words."""
    return value_text(change, value) if change.aspect in ("due", "wording") else value


def _cells(effect) -> tuple:
    return _of(effect.development if effect else None)


def _of(development) -> tuple:
    """The columns of a development in the file, with its first citation."""
    if development is None:
        return (None,) * len(_side(""))
    citation = next(iter(development.citations.all()), None)
    return (
        development.occurred, development.occurred_precision, development.ref,
        development.speaker and development.speaker.name, development.basis,
        citation and citation.quote, citation and citation.source.ref, citation and str(citation.source),
        citation and citation.place,
    )  # fmt: skip
