"""The demands, follow-ups, stances and developments of a party or a person, across processes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from tracker.clocks import Clocks
from tracker.domain.deadlines import awaited_status, due_of
from tracker.domain.standing import latest_stance, stand
from tracker.models import (
    Assessment,
    Demand,
    Development,
    Effect,
    FollowUp,
    Item,
    Office,
    Party,
    Person,
    Principle,
)
from tracker.models.vocabularies import ItemKind
from tracker.queries.home import CITED
from tracker.queries.state_of_play import RELATED, ItemSummary

_RELATED = {name: path for name, path in RELATED.items() if not name.startswith("issue")} | {
    "process_title": "process__title",
    "process_ref": "process__ref",
    "demander_ref": "as_demand__party__ref",
    "owner_ref": "as_follow_up__owner__ref",
    "addressed": "as_demand__addressed_to__name",
    "addressed_ref": "as_demand__addressed_to__ref",
    "addressed_at": "as_demand__addressed_to__recorded_at",
    "promised": "as_follow_up__promised_to__name",
    "promised_ref": "as_follow_up__promised_to__ref",
    "promised_at": "as_follow_up__promised_to__recorded_at",
}
_PLAIN = (
    "pk", "ref", "item_kind", "title", "status", "status_on", "status_precision", "status_last", "firmness", "outcome",
    "due_on", "due_precision", "due_last", "due_phrase", "review_on", "wording", "wording_language", "other_texts",
    "changed_key", "awaited_status",
)  # fmt: skip


@dataclass(frozen=True)
class PartyItem(ItemSummary):
    """The current state of one demand, follow-up or principle, with its process."""

    others: dict[str, str] = field(default_factory=dict)
    """The parties it is addressed or promised to: {ref: name}."""

    @property
    def process(self) -> tuple[str, str]:
        """(ref, title) of its process."""
        return self.item["process_ref"], self.item["process_title"]


@dataclass(frozen=True)
class FirstRows:
    """The rows that a page shows, and whether there are more."""

    rows: list
    more: bool = False


def _first(rows: Iterable, limit: int) -> FirstRows:
    rows = list(rows)
    return FirstRows(rows[:limit], len(rows) > limit)


def _latest(rows: QuerySet, user, clocks: Clocks, limit: int) -> QuerySet:
    """The primary keys of the `limit` most recently changed items of `rows` that `user` may see."""
    return stand(rows.visible_to(user), clocks).order_by("-changed_key", "-pk").values("pk")[:limit]


def _items(keys: Iterable[int] | QuerySet, clocks: Clocks) -> list[PartyItem]:
    """The items with the primary keys `keys`, most recently changed first. One query."""
    rows = (
        stand(Item.objects.filter(pk__in=keys), clocks)
        .annotate(awaited_status=awaited_status(clocks), **{name: F(path) for name, path in _RELATED.items()})
        .order_by("-changed_key", "-pk", "addressed", "promised")
        .values(*_PLAIN, *_RELATED)
    )
    items: dict[int, PartyItem] = {}
    for row in rows:
        if clocks.known and row["waits_for"] and row["waits_for_recorded_at"] > clocks.known:
            row["waits_for"] = row["waits_for_kind"] = None
        due = due_of(row, clocks, row["waits_for"] is not None, row["awaited_status"])
        item = items.setdefault(row["pk"], PartyItem(row, due, [], {}))
        # The joins give one row for each party that it is addressed or promised to.
        for other in ("addressed", "promised"):
            if row[other] and not (clocks.known and row[f"{other}_at"] > clocks.known):
                item.others[row[f"{other}_ref"]] = row[other]
    return list(items.values())


def items_of_party(party: Party, user, clocks: Clocks, limit: int) -> dict[str, FirstRows]:
    """Demands by and on `party`, follow-ups it owes and is owed, principles it is silent on. Two queries."""
    spoken = Effect.objects.at(clocks).filter(item=OuterRef("pk"), party=party, stance__isnull=False)
    wanted = (
        Demand.objects.filter(party=party),
        Demand.objects.filter(addressed_to=party),
        FollowUp.objects.filter(owner=party),
        FollowUp.objects.filter(promised_to=party),
        Principle.objects.filter(~Exists(spoken), parties=party),
    )
    # Select the keys of each kind first, then load all rows together: a joined query would use no index.
    first, *others = (
        Item.objects.filter(pk__in=_latest(rows, user, clocks, limit + 1)).order_by().values_list("pk")
        for rows in wanted
    )
    items = _items([key for (key,) in first.union(*others)], clocks)
    of_kind = {kind: [row for row in items if row.item["item_kind"] == kind] for kind in ItemKind}
    demands, follow_ups = of_kind[ItemKind.DEMAND], of_kind[ItemKind.FOLLOW_UP]
    return {
        "demanded": _first((row for row in demands if row.item["demander_ref"] == party.ref), limit),
        "demanded_of": _first((row for row in demands if party.ref in row.others), limit),
        "owed": _first((row for row in follow_ups if row.item["owner_ref"] == party.ref), limit),
        "promised": _first((row for row in follow_ups if party.ref in row.others), limit),
        "unspoken": _first(of_kind[ItemKind.PRINCIPLE], limit),
    }


def appointments_of(person: Person, user, clocks: Clocks, limit: int) -> FirstRows:
    """The appointments of `person` to an office. One query."""
    named = FollowUp.objects.filter(person=person)
    return _first(_items(_latest(named, user, clocks, limit + 1), clocks), limit)


def stances_of(party: Party, user, clocks: Clocks, limit: int) -> FirstRows:
    """The effects that decide the stances of `party` on any item, newest first. One query."""
    stances = Effect.objects.visible_to(user).at(clocks).filter(party=party, stance__isnull=False)
    return _first(_spoken(stances.filter(pk=latest_stance(clocks)))[: limit + 1], limit)


def stances_by(person: Person, user, clocks: Clocks, limit: int) -> FirstRows:
    """The effects by which `person` set a stance of any party, newest first. One query.

    Annotated with `now_stance`, the party's current stance on the same item.
    """
    stances = (
        Effect.objects.visible_to(user).at(clocks).filter(development__speaker=person, stance__isnull=False)
    )
    rows = _spoken(stances).annotate(now_stance=latest_stance(clocks, "stance"))
    return _first(rows[: limit + 1], limit)


def _spoken(effects: QuerySet) -> QuerySet:
    """`effects` with item, process, party and speaker, newest first."""
    joined = effects.select_related("item__process", "party", "development__speaker", "development__party")
    return joined.latest_first()


def latest_developments(user, clocks: Clocks, limit: int, **by: Party | Person) -> FirstRows:
    """The latest developments of a `party` or `speaker` that `user` may see. One query."""
    rows = Development.objects.visible_to(user).at(clocks).filter(**by).latest_first()
    return _first(rows.select_related("process", "party", "speaker", "talk")[: limit + 1], limit)


def cite(*developments: Development) -> None:
    """Prefetch the citations and sources of `developments`. One query."""
    prefetch_related_objects(developments, CITED)


def set_offices(person: Person, clocks: Clocks, *developments: Development) -> None:
    """Prefetch the offices of `person`, latest first, and share them with the speaker of `developments`.

    One query.
    """
    rows = Office.objects.at(clocks).select_related("party")
    latest = rows.order_by(
        F("held_from").desc(nulls_last=True), F("held_to").desc(nulls_first=True), "title", "pk"
    )
    prefetch_related_objects([person], Prefetch("offices", latest))
    for development in developments:
        development.speaker = person


def assessments_of(person: Person, user, clocks: Clocks, limit: int) -> FirstRows:
    """The assessments by `person`, newest first. One query."""
    rows = Assessment.objects.visible_to(user).at(clocks).filter(author=person)
    joined = rows.select_related("author", "source", "item", "process").defer("source__text")
    return _first(joined[: limit + 1], limit)
