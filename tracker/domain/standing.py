"""The central rule: how an item stands as of a day, as known at an instant.

The standing is given by the latest of each of an item's status, firmness, outcome, due and wording, and of each party's
stance, among the effects of developments that happened on or before the day, were recorded at or before the instant,
and had not been corrected or withdrawn by it. Latest is by when it happened, then when it was first recorded: a
correction takes the place of what it corrects, it does not move ahead of what others recorded in between.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import (
    CharField,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull

from tracker.clocks import PRESENT, READ_AT, Clocks
from tracker.domain.deciding import join_deciding
from tracker.models import Citation, Effect, Item, ItemStance, Party
from tracker.models.base import first_of
from tracker.models.date_columns import recorded_by
from tracker.models.effects import SETS_DUE, SETS_WORDING
from tracker.models.order import by_time
from tracker.models.vocabularies import CLOSED, ItemKind
from tracker.models.wordings import Text, texts_of

ASPECTS = {
    "status": Q(status__isnull=False),
    "firmness": Q(firmness__isnull=False),
    "outcome": Q(outcome__isnull=False),
    "due": SETS_DUE,
    "wording": SETS_WORDING,
}
"""What an effect can set of an item, and which effects set it."""

DECIDED = (*ASPECTS, "raised", "changed")
"""Everything that a single effect decides about an item, including the first and the latest effect."""

KINDS = {
    "firmness": (ItemKind.DEMAND,),
    "outcome": (ItemKind.TALK,),
    "due": (ItemKind.FOLLOW_UP, ItemKind.TALK),
}
"""The item kinds that can have an aspect, where not all can; the rule skips the others."""

VALUES = {
    "status": ("status", "status"),
    "status_on": ("status", "occurred_on"),
    "status_precision": ("status", "occurred_precision"),
    "status_last": ("status", "occurred_last"),
    "firmness": ("firmness", "firmness"),
    "outcome": ("outcome", "outcome"),
    "due_on": ("due", "due_on"),
    "due_precision": ("due", "due_precision"),
    "due_last": ("due", "due_last"),
    "due_phrase": ("due", "due_phrase"),
    "review_on": ("due", "review_on"),
    "wording": ("wording", "wording"),
    "wording_language": ("wording", "wording_language"),
    "other_texts": ("wording", "other_texts"),
    "raised_on": ("raised", "occurred_on"),
    "raised_precision": ("raised", "occurred_precision"),
    "raised_last": ("raised", "occurred_last"),
    "changed_on": ("changed", "occurred_on"),
    "changed_precision": ("changed", "occurred_precision"),
    "changed_last": ("changed", "occurred_last"),
    "changed_key": ("changed", "happened_key"),
}
"""The parts of a standing, each a column of the effect that is the latest of an aspect."""


# Expressions are never changed, and putting one together takes as long as asking the database.
@lru_cache(maxsize=256)
def latest(clocks: Clocks, aspect: str, column: str = "pk", item: str = "pk") -> Subquery:
    """A column of the effect that decides `aspect` of the item of the outer query, as an expression.

    `aspect` is one of ASPECTS, "changed" for the latest effect of any sort, or "raised" for the first; `item` is the
    lookup of the item in the outer query.
    """
    return first_of(_deciding(clocks, aspect, item), column)


def _deciding(clocks: Clocks, aspect: str, item: str = "pk") -> QuerySet:
    """The effects that may decide `aspect` of the item of the outer query, that which does first."""
    effects = Effect.objects.at(clocks).filter(ASPECTS.get(aspect, Q()), item=OuterRef(item)).latest_first()
    if aspect in KINDS:
        kind = ExpressionWrapper(OuterRef("item_kind"), CharField())
        effects = effects.alias(kind=kind).filter(kind__in=KINDS[aspect])
    return effects.reverse() if aspect == "raised" else effects


@lru_cache(maxsize=64)
def latest_stance(clocks: Clocks, column: str = "pk") -> Subquery:
    """A column of the effect that decides the stance of the outer query's ItemStance, or Effect, as an expression."""
    effects = Effect.objects.at(clocks).filter(
        item=OuterRef("item_id"), party=OuterRef("party_id"), stance__isnull=False
    )
    return first_of(effects.latest_first(), column)


def decide(items: QuerySet, clocks: Clocks) -> QuerySet:
    """`items` annotated with the key of the effect that decides each of DECIDED, as `<aspect>_effect`."""
    return items.annotate(**{f"{aspect}_effect": latest(clocks, aspect) for aspect in DECIDED})


def derive(items: QuerySet, clocks: Clocks) -> QuerySet:
    """`items` annotated with every name of VALUES by the rule itself; all are None for an item not yet raised.

    What decides is sought once for all its columns, but for every row, whichever names are then asked for.
    """
    rows = items.all()
    values: dict[str, Col] = {}
    fields = {field.name: field for field in Effect._meta.concrete_fields}
    for aspect in DECIDED:
        columns = {name: column for name, (decided, column) in VALUES.items() if decided == aspect}
        alias = join_deciding(rows, _deciding(clocks, aspect), columns.values())
        values |= {name: Col(alias, fields[column]) for name, column in columns.items()}
    return rows.annotate(**values)


def is_stored(clocks: Clocks) -> bool:
    """Whether the rows of items, as they are read, hold their standing at `clocks`."""
    return not clocks.asks_the_rule and (clocks.known is None or _is_read(clocks.known))


def _is_read(known: dt.datetime | None) -> bool:
    """Whether the rows of items are read as they were on record at the instant `known`."""
    return known is not None and known == READ_AT.get()


def stand(items: QuerySet, clocks: Clocks) -> QuerySet:
    """The items of `items` raised by `clocks`, annotated with every name of VALUES.

    In the present the stored standing is read, which equals the rule, with `doubt`, what of it may be otherwise; at any
    other moment the rule is applied, and `doubt` is empty: `tracker.domain.doubt` has it for the items at hand.
    """
    if clocks.is_present or _is_read(clocks.known):
        if kind := getattr(items.model, "kind_code", None):
            # The rows of its table are of that kind anyway, but the indexes of lists begin with it.
            items = items.filter(item_kind=kind)
        if clocks.known is not None:
            items = items.filter(recorded_by(clocks.known, "current_changed_key"))
    if is_stored(clocks):
        stored = {name: F(f"current_{name}") for name in (*VALUES, "doubt")}
        annotated = items.annotate(**stored)
    else:
        recorded = items.filter(recorded_at__lte=clocks.known) if clocks.known else items
        # Each name by itself: most lists filter and sort by one or two, and read the others of one page.
        derived = {name: latest(clocks, aspect, column) for name, (aspect, column) in VALUES.items()}
        annotated = recorded.annotate(**derived, doubt=Value("", output_field=TextField()))
    return annotated.filter(changed_key__isnull=False)


def raised_or_not(rows: QuerySet) -> QuerySet:
    """`rows` of `stand`, filtered or not, and those that were not yet raised, whose `changed_key` is None.

    A query that has the rule both in its conditions and in its order asks it of every row twice.
    """
    rows = rows.all()
    key, where = rows.query.annotations["changed_key"], rows.query.where.clone()
    where.children = [each for each in where.children if not (isinstance(each, IsNull) and each.lhs is key)]
    rows.query.where = where
    return rows


@dataclass(frozen=True)
class Standing:
    """How one item stands, each part as the effect that decides it (None where nothing has set it)."""

    item: Item
    raised: Effect
    changed: Effect
    status: Effect | None = None
    firmness: Effect | None = None
    outcome: Effect | None = None
    due: Effect | None = None
    wording: Effect | None = None
    stances: dict[Party, Effect] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The current wording, or the title if there is none."""
        return (self.wording and self.wording.wording) or self.item.title

    @property
    def texts(self) -> list[Text]:
        """All texts of the current wording, `text` first; empty if there is none."""
        effect = self.wording
        return texts_of(effect.wording, effect.wording_language, effect.other_texts) if effect else []

    @property
    def own(self) -> Effect:
        """The latest effect on the item itself, as opposed to a party's stance."""
        decided = filter(None, (self.status, self.firmness, self.outcome, self.due, self.wording))
        return max(decided, key=by_time, default=self.raised)

    @property
    def is_closed(self) -> bool:
        """Whether its status is final."""
        return self.status is not None and self.status.status in CLOSED[self.item.item_kind]


def standings(items: QuerySet, clocks: Clocks = PRESENT) -> dict[int, Standing]:
    """The standing of each of `items` that is raised by `clocks`, by primary key, in the order of `items`.

    Four queries, however many the items and however long their histories.
    """
    raised = [item for item in decide(items, clocks) if item.raised_effect]
    pairs = (
        ItemStance.objects.filter(item__in=[item.pk for item in raised])
        .annotate(effect=latest_stance(clocks))
        .filter(effect__isnull=False)
        .order_by("party__sort_key")
        .values_list("item_id", "effect")
    )
    stance_ids = list(pairs)
    wanted = {getattr(item, f"{aspect}_effect") for item in raised for aspect in DECIDED}
    wanted |= {effect for _, effect in stance_ids}
    effects = {
        effect.pk: effect
        for effect in Effect.objects.filter(pk__in=wanted - {None})
        .select_related("party", "development__party", "development__speaker")
        # Joined, since a source each would be more conditions than SQLite takes.
        .prefetch_related(Prefetch("development__citations", Citation.objects.select_related("source")))
    }
    standing = {
        item.pk: Standing(
            item,
            raised=effects[item.raised_effect],
            changed=effects[item.changed_effect],
            **{  # type: ignore[arg-type]  # the aspects are those fields that hold an effect or None
                aspect: effects.get(getattr(item, f"{aspect}_effect")) for aspect in ASPECTS
            },
        )
        for item in raised
    }
    for item_id, effect in stance_ids:
        party = effects[effect].party
        standing[item_id].stances[party] = effects[effect]  # type: ignore[index]  # a stance has a party
    return standing
