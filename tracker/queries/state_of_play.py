"""The state of play of a process: its items by kind and issue, and the latest developments."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, Q, When

from tracker.clocks import Clocks
from tracker.domain.agreement import latest_word, others_refuse, overall_agreement
from tracker.domain.deadlines import Due, awaited_status, due_of, place_of_due
from tracker.domain.standing import latest_stance, stand
from tracker.models import Assessment, Development, ItemStance, Process, ProcessLink, WatchPhrase
from tracker.models.dates import Span, held
from tracker.models.vocabularies import (
    LADDERS,
    Agreement,
    Basis,
    DemandKind,
    Firmness,
    FollowUpKind,
    ItemKind,
    Stance,
    TalkOutcome,
)
from tracker.models.wordings import Text, texts_of
from tracker.queries.agreements import number_bound, with_binds
from tracker.queries.fitting import fitting_together
from tracker.queries.home import CITED
from tracker.queries.latest_items import latest_of_each_kind

MANY = 6
"""An item on more issues than these, such as a whole agreement, would fill the page: it is listed once, by itself."""
ITEM_LINES = 3
"""How many lines an item takes up without its stances."""
ON_MANY = {"issue": f"On more than {MANY} issues", "issue_ref": "many"}

PLAIN = (
    "pk", "ref", "item_kind", "title", "status", "status_on", "status_precision", "status_last", "firmness", "outcome",
    "due_on", "due_precision", "due_last", "due_phrase", "review_on", "wording", "wording_language", "other_texts",
    "changed_key", "awaited_status", "bound",
)  # fmt: skip
RELATED = {
    "issue": "issues__name",
    "issue_ref": "issues__ref",
    "number": "as_principle__number",
    "demand_kind": "as_demand__kind",
    "demander": "as_demand__party__name",
    "follow_up_kind": "as_follow_up__kind",
    "owner": "as_follow_up__owner__name",
    "waits_for": "as_follow_up__waits_for__title",
    "waits_for_ref": "as_follow_up__waits_for__ref",
    "waits_for_kind": "as_follow_up__waits_for__item_kind",
    "waits_for_recorded_at": "as_follow_up__waits_for__recorded_at",
    "waits_for_phrase": "as_follow_up__waits_for_phrase",
    "place": "as_talk__place",
}


def page_name(item_kind: str) -> str:
    """The name of the URL pattern of an item kind's detail page."""
    return f"{item_kind.replace('_', '-')}:detail"


@dataclass(frozen=True)
class ItemSummary:
    """The current state of one item."""

    item: dict
    """The values of PLAIN and RELATED."""
    due: Due
    stances: list[dict]
    """One for each party that took one: `name`, `short_name`, `stance`, `basis`, `speaker`.

    Of a principle also `word`, the stance that counts for the agreement, and `binds`.
    """

    @property
    def page(self) -> str:
        """The name of the URL pattern of its page."""
        return page_name(self.item["item_kind"])

    @property
    def status_label(self) -> str:
        """The label of its status."""
        return LADDERS[self.item["item_kind"]](self.item["status"]).label if self.item["status"] else ""

    @property
    def firmness_label(self) -> str:
        """The label of a demand's firmness."""
        return Firmness(self.item["firmness"]).label if self.item["firmness"] else ""

    @property
    def outcome_label(self) -> str:
        """The label of a talk's outcome."""
        return TalkOutcome(self.item["outcome"]).label if self.item["outcome"] else ""

    @property
    def agreement(self) -> Agreement | None:
        """The agreement overall on a principle; None for other items."""
        if self.item["item_kind"] != ItemKind.PRINCIPLE:
            return None
        return overall_agreement(self._counted, self.item["bound"])

    @property
    def others_refuse(self) -> bool:
        """Whether a party that a principle would not bind refuses what those do not dispute."""
        return self.agreement is not None and others_refuse(self._counted, self.item["bound"])

    @property
    def _counted(self) -> list[tuple[str, bool]]:
        return [(stance["word"], stance["binds"]) for stance in self.stances]

    @property
    def sort(self) -> str:
        """The label of the type of demand or follow-up."""
        if self.item["demand_kind"]:
            return DemandKind(self.item["demand_kind"]).label
        return FollowUpKind(self.item["follow_up_kind"]).label if self.item["follow_up_kind"] else ""

    @property
    def waits_for_page(self) -> str:
        """The name of the URL pattern of the page of the item it waits for."""
        return page_name(self.item["waits_for_kind"]) if self.item["waits_for_kind"] else ""

    @property
    def party(self) -> str:
        """The name of the party that demands or owes it; empty if none does."""
        return self.item["demander"] or self.item["owner"] or ""

    @property
    def since(self) -> Span | None:
        """Since when it has its status."""
        return held(self.item, "status")

    @property
    def texts(self) -> list[Text]:
        """The texts of its current wording, if that says more than the title."""
        item = self.item
        return texts_of(item["wording"], item["wording_language"], item["other_texts"], item["title"])


@dataclass(frozen=True)
class IssueItems:
    """The items of one kind on one issue; `name` is empty for items without an issue."""

    name: str
    ref: str | None
    rows: list[ItemSummary]


@dataclass
class KindItems:
    """The items of one kind: the number of all, and the most recently changed ones."""

    kind: ItemKind
    total: int = 0
    shown: int = 0
    groups: list[IssueItems] = field(default_factory=list)


def state_of_play(process: Process, clocks: Clocks, limit: int, lines: int) -> list[KindItems]:
    """The items of `process` by kind and issue: of each kind the most recently changed, at most `limit`.

    All kinds share `lines`: an item takes up ITEM_LINES and one for each stance, under each of its issues. It is listed
    under each, but only once if it has more than MANY. Three queries, and those of `latest_of_each_kind`.
    """
    raised = stand(process.items.all(), clocks)
    totals = dict(raised.order_by().values_list("item_kind").annotate(Count("pk")))
    # Select the keys first, so that only the items shown are annotated.
    picked = latest_of_each_kind(process, clocks, totals, limit)
    rows_by_issue = stand(process.items.filter(picked), clocks).annotate(
        awaited_status=awaited_status(clocks),
        bound=number_bound(clocks),
        **{name: F(path) for name, path in RELATED.items()},
    )
    rows = _gathered(list(rows_by_issue.order_by("-changed_key", "-pk").values(*PLAIN, *RELATED)))
    for row in rows:
        if clocks.known and row["waits_for"] and row["waits_for_recorded_at"] > clocks.known:
            row["waits_for"] = row["waits_for_kind"] = None
    stances = stances_of({row["pk"] for row in rows}, clocks)
    shown = _shown(rows, stances, lines)
    return [
        _section(
            kind,
            totals.get(kind, 0),
            [
                ItemSummary(
                    row,
                    due_of(row, clocks, row["waits_for"] is not None, row["awaited_status"]),
                    stances.get(row["pk"], []),
                )
                for row in rows
                if row["item_kind"] == kind and row["pk"] in shown
            ],
        )
        for kind in ItemKind
    ]


def _shown(rows: list[dict], stances: dict[int, list[dict]], lines: int) -> set[int]:
    """The primary keys of the items of `rows`, the latest first, that fit on `lines` together."""
    costs: dict[str, dict[int, int]] = {kind: {} for kind in ItemKind}
    for row in sorted(rows, key=lambda row: (row["changed_key"], row["pk"]), reverse=True):
        of_kind, key = costs[row["item_kind"]], row["pk"]
        of_kind[key] = of_kind.get(key, 0) + ITEM_LINES + len(stances.get(key, ()))
    return {key for keys in fitting_together(costs, lines).values() for key in keys}


def _gathered(rows: list[dict]) -> list[dict]:
    """`rows`, one for each item and issue, with items on more than MANY issues reduced to one row."""
    on = Counter(row["pk"] for row in rows)
    few = [row for row in rows if on[row["pk"]] <= MANY]
    many = {row["pk"]: row | ON_MANY for row in rows if on[row["pk"]] > MANY}
    return [*few, *many.values()]


def _section(kind: ItemKind, total: int, summaries: list[ItemSummary]) -> KindItems:
    groups: dict[str | None, list[ItemSummary]] = {}
    names = {summary.item["issue_ref"]: summary.item["issue"] or "" for summary in summaries}
    for ref in sorted(names, key=lambda ref: (not names[ref], ref == ON_MANY["issue_ref"], names[ref])):
        groups[ref] = sorted(
            (summary for summary in summaries if summary.item["issue_ref"] == ref), key=_ORDER[kind]
        )
    return KindItems(
        kind=kind,
        total=total,
        shown=len({summary.item["pk"] for summary in summaries}),
        groups=[IssueItems(names[ref], ref, rows) for ref, rows in groups.items()],
    )


_ORDER = {
    ItemKind.TALK: lambda row: -row.item["changed_key"],
    ItemKind.PRINCIPLE: lambda row: (row.item["number"] is None, row.item["number"] or 0, row.item["title"]),
    ItemKind.DEMAND: lambda row: (row.party, -row.item["changed_key"]),
    ItemKind.FOLLOW_UP: lambda row: (
        not row.due.open, place_of_due(row.due.on), row.item["title"],
    ),
}  # fmt: skip
"""How the items of a kind stand within an issue; dues without a date come after those with one."""


def stances_of(items: set[int], clocks: Clocks) -> dict[int, list[dict]]:
    """{item pk: its stances by party, each with its attribution} for `items` (primary keys). One query."""
    is_principle = Q(item__item_kind=ItemKind.PRINCIPLE)
    rows = (
        with_binds(ItemStance.objects.filter(item__in=items), clocks)
        .annotate(
            word=Case(When(is_principle, then=latest_word(clocks, "stance"))),
            stance=latest_stance(clocks, "stance"),
            basis=latest_stance(clocks, "development__basis"),
            speaker=latest_stance(clocks, "development__speaker__name"),
        )
        .filter(stance__isnull=False)
        .order_by("party__sort_key")
        .values(
            "item_id", "stance", "basis", "speaker", "word", "binds",
            name=F("party__name"), short_name=F("party__short_name"),
        )
    )  # fmt: skip
    stances: dict[int, list[dict]] = {}
    for row in rows:
        labels = {"stance_label": Stance(row["stance"]).label, "basis_label": Basis(row["basis"]).label}
        if row["word"]:
            labels["word_label"] = Stance(row["word"]).label
        stances.setdefault(row["item_id"], []).append(row | labels)
    return stances


def timeline(process: Process, clocks: Clocks, limit: int) -> list[Development]:
    """The latest `limit` developments of `process`, newest first, with citations. Two queries."""
    rows = Development.objects.filter(process=process).at(clocks).latest_first()
    return list(rows.select_related("party", "speaker", "talk").prefetch_related(CITED)[:limit])


def links(user, process: Process, clocks: Clocks) -> list[ProcessLink]:
    """The links, in either direction, between `process` and others that `user` may see. One query."""
    rows = ProcessLink.objects.visible_to(user).at(clocks)
    return list(
        rows.filter(Q(from_process=process) | Q(to_process=process)).select_related(
            "from_process", "to_process", "source"
        )
    )


def assessments(process: Process, clocks: Clocks, limit: int) -> list[Assessment]:
    """The latest `limit` assessments of `process`. One query."""
    rows = Assessment.objects.filter(process=process).at(clocks)
    return list(rows.select_related("author", "source", "item")[:limit])


def watched(process: Process, clocks: Clocks) -> list[WatchPhrase]:
    """The watch phrases of `process`. One query."""
    return list(WatchPhrase.objects.filter(process=process).at(clocks))
