"""What a party or a person has to do with: what it demands, owes and is owed, where it stands, what it said last."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects

from tracker.clocks import Clocks
from tracker.models import (
    Assessment,
    Demand,
    Development,
    Effect,
    FollowUp,
    Item,
    ItemStance,
    Office,
    Party,
    Person,
    Principle,
)
from tracker.queries.dues import awaited_status, due_of
from tracker.queries.home import CITED
from tracker.queries.play import RELATED, Play
from tracker.standing import latest_stance, stand

_RELATED = {name: path for name, path in RELATED.items() if not name.startswith("issue")} | {
    "process_title": "process__title",
    "process_ref": "process__ref",
    "demander_ref": "as_demand__party__ref",
    "owner_ref": "as_follow_up__owner__ref",
    "addressed": "as_demand__addressed_to__name",
    "addressed_at": "as_demand__addressed_to__recorded_at",
    "promised": "as_follow_up__promised_to__name",
    "promised_at": "as_follow_up__promised_to__recorded_at",
}
_PLAIN = (
    "pk", "ref", "item_kind", "title", "status", "status_on", "status_precision", "firmness", "outcome", "due_on",
    "due_precision", "due_phrase", "review_on", "wording", "changed_key", "awaited_status",
)  # fmt: skip


@dataclass(frozen=True)
class Matter(Play):
    """How one demand, follow-up or principle stands, of whatever process."""

    others: list[str] = field(default_factory=list)
    """Those of whom it is demanded, or to whom it is promised, by name."""

    @property
    def process(self) -> tuple[str, str]:
        """The reference and the title of its process."""
        return self.item["process_ref"], self.item["process_title"]


@dataclass(frozen=True)
class Listed:
    """The first of many: what a page shows, and whether there is more."""

    rows: list
    more: bool = False


def _first(rows: Iterable, limit: int) -> Listed:
    rows = list(rows)
    return Listed(rows[:limit], len(rows) > limit)


def matters(user, clocks: Clocks, limit: int, **wanted: QuerySet) -> dict[str, Listed]:
    """The items of each of the querysets `wanted` that `user` may see, the `limit` of each that moved last.

    One query, whatever their number.
    """
    # Picked before they are described, so that only what is shown is described.
    keys = {
        name: stand(rows.visible_to(user), clocks).order_by("-changed_key", "-pk").values("pk")[: limit + 1]
        for name, rows in wanted.items()
    }
    picked, sorts = Q(), {}
    for name, chosen in keys.items():
        picked |= Q(pk__in=chosen)
        sorts[f"is_{name}"] = Q(pk__in=chosen)
    rows = (
        stand(Item.objects.filter(picked), clocks)
        .annotate(
            awaited_status=awaited_status(clocks),
            **{name: F(path) for name, path in _RELATED.items()},
            **sorts,
        )
        .order_by("-changed_key", "-pk", "addressed", "promised")
        .values(*_PLAIN, *_RELATED, *sorts)
    )
    found = _folded(rows, clocks)
    return {name: _first((row for row in found if row.item[f"is_{name}"]), limit) for name in wanted}


def _folded(rows: Iterable[dict], clocks: Clocks) -> list[Matter]:
    """A Matter for each item of `rows`, of which there is one for each of those whom it is addressed to."""
    found: dict[int, Matter] = {}
    for row in rows:
        if clocks.known and row["waits_for"] and row["waits_for_recorded_at"] > clocks.known:
            row["waits_for"] = row["waits_for_kind"] = None
        waits = row["waits_for"] is not None
        matter = found.setdefault(
            row["pk"], Matter(row, due_of(row, clocks, waits, row["awaited_status"]), [])
        )
        for other in ("addressed", "promised"):
            if row[other] and not (clocks.known and row[f"{other}_at"] > clocks.known):
                matter.others.append(row[other])
    return list(found.values())


def matters_of(party: Party, user, clocks: Clocks, limit: int) -> dict[str, Listed]:
    """What `party` demands and is asked, owes and is owed, and the principles without its word. One query."""
    spoken = ItemStance.objects.filter(party=party).annotate(stance=latest_stance(clocks))
    return matters(
        user,
        clocks,
        limit,
        demanded=Demand.objects.filter(party=party),
        asked=Demand.objects.filter(addressed_to=party),
        owed=FollowUp.objects.filter(owner=party),
        promised=FollowUp.objects.filter(promised_to=party),
        unspoken=Principle.objects.filter(parties=party).exclude(
            pk__in=spoken.filter(stance__isnull=False).values("item")
        ),
    )


def appointments_of(person: Person, user, clocks: Clocks, limit: int) -> Listed:
    """The appointments of `person` to an office. One query."""
    return matters(user, clocks, limit, named=FollowUp.objects.filter(person=person))["named"]


def stances_of(party: Party, user, clocks: Clocks, limit: int) -> Listed:
    """Where `party` stands on any item, as the effects that decide it, the latest said first. One query."""
    deciding = (
        ItemStance.objects.visible_to(user)
        .filter(party=party)
        .annotate(effect=latest_stance(clocks), said=latest_stance(clocks, "happened_key"))
        .filter(effect__isnull=False)
        .order_by("-said", "-effect")
    )
    return _first(_spoken(Effect.objects.filter(pk__in=deciding.values("effect")[: limit + 1])), limit)


def stances_by(person: Person, user, clocks: Clocks, limit: int) -> Listed:
    """The stances that the words of `person` gave anybody, the latest first. One query.

    Each has `now`, where the party has stood since on other words (an effect's key), and `now_stance`.
    """
    standing = Effect.objects.at(clocks).filter(
        item=OuterRef("item"), party=OuterRef("party"), stance__isnull=False
    )
    standing = standing.latest_first()
    said = (
        Effect.objects.visible_to(user).at(clocks).filter(development__speaker=person, stance__isnull=False)
    )
    rows = _spoken(said).annotate(
        now=Subquery(standing.values("pk")[:1]), now_stance=Subquery(standing.values("stance")[:1])
    )
    return _first(rows[: limit + 1], limit)


def _spoken(effects: QuerySet) -> QuerySet:
    """`effects` with item, process, party and who spoke, the latest first."""
    joined = effects.select_related("item__process", "party", "development__speaker", "development__party")
    return joined.latest_first()


def said_last(user, clocks: Clocks, limit: int, **by: Party | Person) -> Listed:
    """The latest developments that `user` may see of a `party` or `speaker`. One query."""
    rows = Development.objects.visible_to(user).at(clocks).filter(**by).latest_first()
    return _first(rows.select_related("process", "party", "speaker", "talk")[: limit + 1], limit)


def cite(*developments: Development) -> None:
    """Put the citations, with their sources, at the developments. One query for all of them."""
    prefetch_related_objects(developments, CITED)


def instate(person: Person, clocks: Clocks, *developments: Development) -> None:
    """Put the offices of `person`, those held last first, at the person and so at the speaker of the developments.

    One query.
    """
    rows = Office.objects.at(clocks).select_related("party")
    latest = rows.order_by(
        F("held_from").desc(nulls_last=True), F("held_to").desc(nulls_first=True), "title", "pk"
    )
    prefetch_related_objects([person], Prefetch("offices", latest))
    for development in developments:
        development.speaker = person


def judgements_of(person: Person, user, clocks: Clocks, limit: int) -> Listed:
    """The judgements of `person`, the latest first; never a party's position. One query."""
    rows = Assessment.objects.visible_to(user).at(clocks).filter(author=person)
    joined = rows.select_related("author", "source", "item", "process").defer("source__text")
    return _first(joined[: limit + 1], limit)
