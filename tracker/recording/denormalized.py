"""The stored standing of items and times of effects: refreshed, and checked against the rule."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracker.clocks import PRESENT
from tracker.domain.alternatives import codes_of
from tracker.domain.doubt import codes, doubts
from tracker.domain.prepared import Given, Prepared
from tracker.domain.standing import DECIDED, VALUES, decide, derive, latest_stance
from tracker.models import Assessment, Citation, Development, Effect, Item, ItemStance
from tracker.models.order import NOT_PLACED
from tracker.models.vocabularies import DatePrecision
from tracker.recording.wordings import unite_texts

COPIES = {
    name: f"development__{name}"
    for name in (
        "occurred_on", "occurred_precision", "occurred_last", "happened_key", "placed_at", "place", "recorded_at",
        "ended_at",
    )
} | {"item_kind": "item__item_kind"}  # fmt: skip
"""The columns that an effect copies from its development: {name: lookup}."""

DAYS = ("earliest_on", "latest_on")
"""What an effect holds of `Development.possible_days`."""

BATCH = 1000


def refresh_items(item_ids: Collection[int]) -> None:
    """Store the current standing of the items. Call it inside `writes_allowed`, in the transaction of the change."""
    if not item_ids:
        return
    mark_open(item_ids)
    pairs = _unstored(item_ids).values_list("item_id", "party_id").distinct()
    ItemStance.objects.bulk_create([ItemStance(item_id=item, party_id=party) for item, party in pairs])
    items = list(decide(Item.objects.filter(pk__in=item_ids), PRESENT))
    keys = {getattr(item, f"{aspect}_effect") for item in items for aspect in DECIDED}
    effects = Effect.objects.in_bulk(keys - {None})
    changed = []
    for item in items:
        deciding = {aspect: effects.get(getattr(item, f"{aspect}_effect")) for aspect in DECIDED}
        standing = {
            f"current_{name}": getattr(deciding[aspect], column, None)
            for name, (aspect, column) in VALUES.items()
        }
        if any(getattr(item, name) != value for name, value in standing.items()):
            changed.append((item.pk, standing))
    _store(changed)
    ItemStance.objects.filter(item__in=item_ids).update(current_stance=latest_stance(PRESENT, "stance"))
    store_doubts(item_ids)


def _store(standings: Sequence[tuple[int, dict[str, object]]]) -> None:
    """Store the standings of items, by their primary keys, in one statement."""
    if not standings:
        return
    fields = [field for field in Item._meta.concrete_fields if field.name in standings[0][1]]
    columns = ", ".join(f"{connection.ops.quote_name(str(field.column))} = %s" for field in fields)
    rows = [
        (*(field.get_db_prep_save(standing[field.name], connection) for field in fields), key)
        for key, standing in standings
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {Item._meta.db_table} SET {columns} WHERE id = %s", rows)  # noqa: S608


def clear_standing(item_id: int) -> None:
    """Store no standing of an item that was merged into another. Call it inside `writes_allowed`."""
    ItemStance.objects.filter(item=item_id).delete()
    values = dict.fromkeys((f"current_{name}" for name in VALUES), None) | {"current_doubt": ""}
    Item.everything.filter(pk=item_id).update(**values)


def mark_open(item_ids: Collection[int]) -> None:
    """Mark the effects on the items that leave open what came last. Call it inside `writes_allowed`.

    A mark stays, also where what shared the day has ended or is gone: it says where to look, not what is found.
    """
    if unmarked := _prepared_unmarked(connection.vendor).ask(items=item_ids):
        Effect.objects.filter(pk__in=[key for (key,) in unmarked]).update(leaves_open=True)


def store_doubts(item_ids: Collection[int]) -> None:
    """Store what of the items may stand otherwise by another choice of days. Call it inside `writes_allowed`."""
    Item.objects.filter(pk__in=item_ids).exclude(current_doubt="").update(current_doubt="")
    stances = ItemStance.objects.filter(item__in=item_ids)
    stances.exclude(current_doubt="").update(current_doubt="")
    for item_id, found in doubts(item_ids, PRESENT).items():
        if own := codes(found):
            Item.objects.filter(pk=item_id).update(current_doubt=own)
        for (aspect, party), others in found.items():
            if aspect == "stance":
                stances.filter(item=item_id, party=party).update(current_doubt=codes_of(others))


def refresh_developments(development_ids: Collection[int]) -> None:
    """Recompute the denormalised columns of the developments and their effects. Call it inside `writes_allowed`."""
    for development in Development.objects.filter(pk__in=development_ids).annotate(cited=_cited()):
        if development.placed_at == NOT_PLACED:
            development.place_by_first_recording()
        Development.objects.filter(pk=development.pk).update(
            happened_key=development.key,
            sourced=development.cited,
            placed_at=development.placed_at,
            place=development.place,
        )
        development.refresh_from_db()
        effects = list(development.effects.select_related("development", "item").order_by("pk"))
        unite_texts(effects)
        for effect in effects:
            right = {name: _read(effect, path) for name, path in COPIES.items()}
            right |= dict(zip(DAYS, development.possible_days, strict=True))
            right["other_texts"] = effect.other_texts
            Effect.objects.filter(pk=effect.pk).update(**right)


def development_mismatches(development_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """(Key, sentence) for each wrong denormalised column of the developments and their effects."""
    days: dict[int, list] = {}
    for key, *found in Effect.objects.filter(development__in=development_ids).values_list(
        "development", *DAYS
    ):
        days.setdefault(key, []).append(tuple(found))
    developments = Development.objects.filter(pk__in=development_ids).annotate(cited=_cited())
    for development in developments.iterator(BATCH):
        name = f"{development.ref}, version {development.version}"
        if development.happened_key != development.key:
            right = development.key
            yield (
                development.pk,
                f"{name}: happened_key is {development.happened_key}, its date gives {right}.",
            )
        if development.placed_at == NOT_PLACED:
            yield development.pk, f"{name}: it has no place within its day."
        if development.sourced != development.cited:
            right = development.cited
            yield development.pk, f"{name}: sourced is {development.sourced}, its citations give {right}."
        if any(found != development.possible_days for found in days.get(development.pk, ())):
            yield development.pk, f"{name}: earliest_on or latest_on of an effect is not what its date gives."
    yield from _text_mismatches(development_ids)
    effects = Effect.objects.filter(development__in=development_ids).select_related("development", "item")
    wrong = Q(*(_mismatches(name, path) for name, path in COPIES.items()), _connector=Q.OR)
    for effect in effects.filter(wrong).iterator(BATCH):
        for name, path in COPIES.items():
            if (copy := getattr(effect, name)) != (original := _read(effect, path)):
                sentence = (
                    f"{effect.ref}: {name} is {copy}, that of its {path.partition('__')[0]} is {original}."
                )
                yield effect.development_id, sentence


def _text_mismatches(development_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """(Key, sentence) for each effect that does not know the other texts of its wording."""
    worded: dict[int, list[Effect]] = {}
    read = ("pk", "ref", "development", "item", "wording", "wording_language", "other_texts")
    for effect in Effect.objects.filter(development__in=development_ids).order_by("pk").only(*read):
        worded.setdefault(effect.development_id, []).append(effect)
    for key, effects in worded.items():
        stored = [effect.other_texts for effect in effects]
        unite_texts(effects)
        for effect, texts in zip(effects, stored, strict=True):
            if effect.other_texts != texts:
                right = f"other_texts is {texts}, those of its development give {effect.other_texts}."
                yield key, f"{effect.ref}: {right}"


def item_mismatches(item_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """(Key, sentence) for each stored aspect of the items that differs from the computed standing."""
    items = derive(Item.objects.filter(pk__in=item_ids), PRESENT)
    for row in items.values("pk", "ref", *VALUES, *(f"current_{name}" for name in VALUES)).iterator(BATCH):
        for name in VALUES:
            if (stored := row[f"current_{name}"]) != row[name]:
                yield (
                    row["pk"],
                    f"{row['ref']}: {name} is stored as {stored!r}, the rule gives {row[name]!r}.",
                )
    for key, ref in _unmarked(item_ids).values_list("item", "ref").iterator(BATCH):
        yield key, f"{ref}: it leaves open what came last, and is not marked so."
    yield from _doubt_mismatches(item_ids)
    of_party = ("item", "item__ref", "party__name")
    for key, item, party in _unstored(item_ids).values_list(*of_party).distinct().iterator(BATCH):
        yield key, f"{item}: the stance of {party} is not stored at all."
    stances = ItemStance.objects.filter(item__in=item_ids).annotate(derived=latest_stance(PRESENT, "stance"))
    wrong = stances.filter(_mismatches("current_stance", "derived")).values_list(
        *of_party, "current_stance", "derived"
    )
    for key, item, party, stored, derived in wrong.iterator(BATCH):
        yield key, f"{item}: the stance of {party} is stored as {stored!r}, the rule gives {derived!r}."
    for key, item, party in orphan_stances(item_ids).values_list(*of_party).iterator(BATCH):
        yield key, f"{item}: a stance of {party} is stored that it never took."


def _doubt_mismatches(item_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    in_doubt = doubts(item_ids, PRESENT)
    for key, ref, stored in Item.objects.filter(pk__in=item_ids).values_list("pk", "ref", "current_doubt"):
        if stored != (right := codes(in_doubt.get(key, {}))):
            yield key, f"{ref}: its doubt is stored as {stored!r}, the rule gives {right!r}."
    stances = ItemStance.objects.filter(item__in=item_ids)
    for key, ref, party, stored in stances.values_list("item", "item__ref", "party", "current_doubt"):
        if stored != (right := codes_of(in_doubt.get(key, {}).get(("stance", party), []))):
            yield key, f"{ref}: the doubt of a stance is stored as {stored!r}, the rule gives {right!r}."


def refresh_assessments(assessment_ids: Collection[int]) -> None:
    """Recompute the key of order of the assessments. Call it inside `writes_allowed`."""
    for assessment in Assessment.objects.filter(pk__in=assessment_ids):
        Assessment.objects.filter(pk=assessment.pk).update(made_key=assessment.made.key)


def assessment_mismatches(assessment_ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """(Key, sentence) for each key of order of the assessments that its date does not give."""
    for row in Assessment.objects.filter(pk__in=assessment_ids).iterator(BATCH):
        if row.made_key != row.made.key:
            yield row.pk, f"{row.ref}: made_key is {row.made_key}, its date gives {row.made.key}."


def orphan_stances(item_ids: Collection[int]) -> QuerySet:
    """Stored stances on the items of parties that have no effect with a stance."""
    stances = Effect.objects.filter(item=OuterRef("item"), party=OuterRef("party"), stance__isnull=False)
    return ItemStance.objects.filter(~Exists(stances), item__in=item_ids)


def batches(rows: QuerySet) -> Iterator[list[int]]:
    """The primary keys of `rows`, at most BATCH at a time, in ascending order."""
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield keys
        last = keys[-1]


CHECKS = (
    (Development, development_mismatches, "developments"),
    (Item, item_mismatches, "items"),
    (Assessment, assessment_mismatches, "assessments"),
)
"""What is stored and follows from the rule: a model, what differs in rows of it, and their name in `repair`.

Standings follow from effects, so these come first.
"""


@lru_cache(maxsize=2)
def _prepared_unmarked(vendor: str) -> Prepared:
    return Prepared(_unmarked(Given("items")).values_list("pk"))


def _unmarked(item_ids: Collection[int] | Given) -> QuerySet:
    """Effects on the items that leave open what came last, without the mark."""
    same_day = Effect.objects.filter(
        item=OuterRef("item"), happened_key=OuterRef("happened_key"), pk__lt=OuterRef("pk")
    )
    others = same_day.exclude(development=OuterRef("development"))
    leave_open = ~Q(occurred_precision=DatePrecision.DAY) | Exists(others)
    return Effect.objects.filter(leave_open, item__in=item_ids, leaves_open=False).order_by()


def _unstored(item_ids: Collection[int]) -> QuerySet:
    """Effects on the items with a stance that is not stored."""
    stored = ItemStance.objects.filter(item=OuterRef("item"), party=OuterRef("party"))
    stances = Effect.objects.filter(~Exists(stored), item__in=item_ids, stance__isnull=False)
    return stances.filter(item__merged_into=None).order_by()


def _cited() -> Exists:
    return Exists(Citation.objects.filter(development=OuterRef("pk")))


def _mismatches(name: str, path: str) -> Q:
    """The condition that two columns differ; two NULLs are equal."""
    return (
        Q(**{f"{name}__lt": F(path)})
        | Q(**{f"{name}__gt": F(path)})
        | Q(**{f"{name}__isnull": True, f"{path}__isnull": False})
        | Q(**{f"{name}__isnull": False, f"{path}__isnull": True})
    )


def _read(effect: Effect, path: str) -> object:
    whole, _, name = path.partition("__")
    return getattr(getattr(effect, whole), name)
