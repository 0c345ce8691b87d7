"""The standing of items with the developments that decide each aspect, and their histories."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, F, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import JSONObject

from tracker.clocks import Clocks
from tracker.domain.standing import ASPECTS, Standing, latest, latest_stance
from tracker.models import Claim, Development, Effect, Item, ItemStance, Office, Party
from tracker.models.dates import Span, span
from tracker.models.effects import due_words
from tracker.models.mergeable import Mergeable
from tracker.models.order import in_order
from tracker.models.vocabularies import LADDERS, Firmness, SetAside, Stance, TalkOutcome
from tracker.models.wordings import Wording
from tracker.queries.home import CITED

DECIDED = (*ASPECTS, "raised", "changed")
SETS = {
    "status": ("status",),
    "stance": ("stance",),
    "firmness": ("firmness",),
    "outcome": ("outcome",),
    "due": ("due_on", "due_precision", "due_last", "due_phrase"),
    "wording": ("wording", "wording_language", "other_texts"),
}
"""{aspect: the columns that its previous value is read from}"""


def with_deciding(items: QuerySet, clocks: Clocks) -> QuerySet:
    """`items` raised by `clocks`, annotated with the key of the effect that decides each aspect."""
    deciding = {f"{aspect}_effect": latest(clocks, aspect) for aspect in DECIDED}
    return items.annotate(**deciding).filter(changed_effect__isnull=False)


def deciding_stances(items: Iterable[int], clocks: Clocks) -> QuerySet:
    """The keys of the effects that decide each party's stance on each of `items` (primary keys), as one column."""
    pairs = ItemStance.objects.filter(item__in=items).annotate(effect=latest_stance(clocks))
    return pairs.filter(effect__isnull=False).values("effect")


def standings_of(items: Iterable[Item], effects: Iterable[Effect]) -> dict[int, Standing]:
    """The standing of each of `items`, by primary key.

    `items` come from `with_deciding`. `effects` are in force, newest first, and include all deciding ones, so that the
    first stance of each party is the one that decides.
    """
    effects = list(effects)
    by_key = {effect.pk: effect for effect in effects}
    standings = {
        item.pk: Standing(
            item, **{aspect: by_key.get(getattr(item, f"{aspect}_effect")) for aspect in DECIDED}
        )
        for item in items
    }
    for effect in effects:
        if effect.stance and effect.item_id in standings:
            standings[effect.item_id].stances.setdefault(effect.party, effect)
    return standings


def with_evidence(effects: QuerySet) -> QuerySet:
    """`effects` with their developments' speakers, offices and citations. Two further queries."""
    return effects.select_related(
        "item", "party", "development__party", "development__speaker", "development__talk"
    ).prefetch_related(_under("development", CITED), "development__speaker__offices")


def _under(path: str, prefetch):
    prefetch = type(prefetch)(prefetch.prefetch_to, prefetch.queryset)
    prefetch.add_prefix(path)
    return prefetch


def office_of(development: Development) -> Office | None:
    """The office that the speaker of `development` held that day, for its party if possible; None if not known.

    Reads `development.speaker.offices`, which callers prefetch.
    """
    if development.speaker is None:
        return None
    day = development.occurred_on
    offices = [
        office
        for office in development.speaker.offices.all()
        if (office.since is None or (office.since.earliest or day) <= day)
        and (office.until is None or (office.until.latest or day) >= day)
    ]
    offices.sort(key=lambda office: office.party_id != development.party_id)
    return offices[0] if offices else None


@dataclass(frozen=True)
class ItemChange:
    """One aspect of an item that a development set, with the old and the new value."""

    item: Item
    aspect: str
    """status, stance, firmness, outcome, due or wording."""
    party: Party | None
    old: str | Wording
    old_label: str
    new: str | Wording
    new_label: str

    @property
    def label(self) -> str:
        """The aspect's label."""
        return self.aspect.capitalize()

    @property
    def is_shape(self) -> bool:
        """Whether the value is a code, which is drawn with a mark of its own."""
        return self.aspect not in ("due", "wording")


def steps(effect: Effect) -> list[ItemChange]:
    """The aspects that `effect` set, each with its previous value; `effect` comes from `with_preceding`."""
    changes = []
    vocabularies = {
        "status": LADDERS[effect.item_kind], "stance": Stance, "firmness": Firmness, "outcome": TalkOutcome,
    }  # fmt: skip
    for aspect, vocabulary in vocabularies.items():
        new, old = getattr(effect, aspect), getattr(effect, f"old_{aspect}")
        if new:
            party = effect.party if aspect == "stance" else None
            changes.append(
                ItemChange(
                    effect.item,
                    aspect,
                    party,
                    old or "",
                    vocabulary(old).label if old else "",
                    new,
                    vocabulary(new).label,
                )
            )
    due = due_words(effect.due, effect.due_phrase)
    if due:
        old_due = due_words(
            span(effect.old_due_on, effect.old_due_precision, effect.old_due_last), effect.old_due_phrase
        )
        changes.append(ItemChange(effect.item, "due", None, old_due, old_due, due, due))
    if effect.wording and effect.other_texts is not None:
        new = Wording.of(effect.wording, effect.wording_language, effect.other_texts)
        old: Wording | str = ""
        if effect.old_wording:
            old = Wording.of(effect.old_wording, effect.old_wording_language, effect.old_other_texts)
        changes.append(ItemChange(effect.item, "wording", None, old, str(old), new, str(new)))
    return changes


def preceding(clocks: Clocks) -> QuerySet:
    """The effects in force at `clocks` on the same item as the outer query's effect, and earlier in standing order."""
    return Effect.objects.at(clocks).filter(in_order("lt"), item=OuterRef("item"))


def with_preceding(effects: QuerySet, clocks: Clocks) -> QuerySet:
    """`effects` annotated with the previous value of each aspect, `old_<name>` for each column of SETS."""
    earlier = preceding(clocks)
    old = {}
    for aspect, names in SETS.items():
        setting = earlier.filter(ASPECTS.get(aspect, Q(stance__isnull=False))).latest_first()
        if aspect == "stance":
            setting = setting.filter(party=OuterRef("party"))
        old |= {f"old_{name}": Subquery(setting.values(name)[:1]) for name in names}
    return effects.annotate(**old)


@dataclass(frozen=True)
class ItemDevelopment:
    """One development in a history, with the aspects that it set."""

    development: Development
    steps: list[ItemChange] = field(default_factory=list)

    @property
    def day(self) -> tuple[Span, bool]:
        """Its date, and whether that was inferred; a timeline groups by both."""
        return self.development.occurred, self.development.occurred_inferred


def developments_of(item: Item, clocks: Clocks) -> QuerySet:
    """The developments in force at `clocks` that affect `item`, newest first."""
    effects = Effect.objects.at(clocks).filter(item=item.pk)
    return Development.objects.filter(pk__in=effects.values("development")).latest_first()


def standing_and_history(
    item: Item, page: list[int], clocks: Clocks
) -> tuple[Standing, list[ItemDevelopment]]:
    """The standing of `item`, from `with_deciding`, and its developments `page` (primary keys), newest first.

    Three queries.
    """
    deciding = [key for aspect in DECIDED if (key := getattr(item, f"{aspect}_effect"))]
    wanted = Q(pk__in=deciding) | Q(pk__in=deciding_stances([item.pk], clocks)) | Q(development__in=page)
    effects = list(
        with_evidence(
            with_preceding(Effect.objects.at(clocks).filter(wanted, item=item.pk), clocks)
        ).latest_first()
    )
    entries: dict[int, ItemDevelopment] = {}
    for effect in effects:
        if effect.development_id in page:
            entry = entries.setdefault(effect.development_id, ItemDevelopment(effect.development))
            entry.steps.extend(steps(effect))
    return standings_of([item], effects)[item.pk], list(entries.values())


LAST = ("-recorded_at", "-pk")
"""Newest claim first."""


def with_claims(rows: QuerySet, clocks: Clocks, named: str = "record_ref") -> QuerySet:
    """`rows` annotated with `claimed` and `claimed_first`, the latest and the first claim at `clocks`, or None.

    Each is {"dataset", "release", "row", "latest_release", "set_aside", "detail", "way_forward"}.
    `latest_release` is the newest one loaded. `set_aside` says why the record does not follow the row, and
    `way_forward` what can be done; both are empty if it does. `claimed_differences` are the columns concerned.
    `named` is the field of a claim with the references of rows, or of what was merged into them. No query of its own.
    """
    claims = Claim.objects.at(clocks)
    # The newest release is the one whose first claim is the latest: one loaded again adds claims to an older one.
    releases = claims.filter(dataset=OuterRef("dataset")).order_by().values("release")
    releases = releases.annotate(first=Min("pk")).order_by("-first")
    in_words = {
        name: Case(
            *(When(set_aside=code, then=Value(getattr(code, name))) for code in SetAside),
            default=Value(""),
            output_field=TextField(),
        )
        for name in ("label", "sentence")
    }
    claim = JSONObject(
        dataset=F("dataset"),
        release=F("release"),
        row=F("upstream_id"),
        latest_release=Subquery(releases.values("release")[:1]),
        set_aside=in_words["label"],
        detail=F("set_aside_detail"),
        way_forward=in_words["sentence"],
    )
    own = Q(**{named: OuterRef("ref")})
    if issubclass(rows.model, Mergeable) and named == "record_ref":
        merged = rows.model.everything.filter(merged_into=OuterRef(OuterRef("pk")))
        own |= Q(record_ref__in=merged.order_by().values("ref"))
    of_row = claims.filter(own)
    return rows.annotate(
        claimed=Subquery(of_row.order_by(*LAST).values(json=claim)[:1]),
        claimed_differences=Subquery(of_row.order_by(*LAST).values("differences")[:1]),
        claimed_first=Subquery(of_row.order_by("recorded_at", "pk").values(json=claim)[:1]),
    )
