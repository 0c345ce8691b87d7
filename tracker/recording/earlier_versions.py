"""Versions of records that were written without any: by an earlier release, by a generator, or from its package.

Their earlier words are read back from the audit trail (`tracker.recording.trail`), as far as it has them; how their
items stood follows from the developments, at every instant.
"""

from collections import defaultdict
from itertools import groupby
from operator import attrgetter

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from tracker.clocks import Clocks
from tracker.domain.alternatives import codes_of
from tracker.domain.doubt import codes, doubts
from tracker.domain.standing import VALUES, latest, latest_stance
from tracker.models import VERSIONS, Effect, Item, ItemStance, RecordName
from tracker.models.known import EVER, OPEN, literal
from tracker.models.names import root_of, type_of
from tracker.models.versions import KEPT, kept_columns, relation_table
from tracker.recording.trail.rebuilding import last_versions, rebuild
from tracker.recording.versions import lacks_version, table_of, versions_of

MOMENTS: dict[type[models.Model], str] = {
    Item: (
        "SELECT effect.item_id AS key, effect.{at} AS at FROM tracker_effect AS effect WHERE effect.{at} IS NOT NULL"
        " UNION SELECT item.id AS key, item.recorded_at AS at FROM tracker_item AS item"
        " WHERE NOT EXISTS (SELECT 1 FROM tracker_effect AS effect WHERE effect.item_id = item.id)"
    ),
    ItemStance: (
        "SELECT stance.id AS key, effect.{at} AS at FROM tracker_effect AS effect JOIN tracker_itemstance AS stance"
        " ON stance.item_id = effect.item_id AND stance.party_id = effect.party_id"
        " WHERE effect.stance IS NOT NULL AND effect.{at} IS NOT NULL"
    ),
}
"""The instants at which what is stored in a row may have changed, as SQL."""


def install(using: str = "default", **signal: object) -> None:
    """Begin the versions where rows of a table have none at all; called at every start, by its migration."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    is_migrated = all(version._meta.db_table in tables for version in VERSIONS.values())
    if using == "default" and is_migrated and any(map(_has_not_begun, VERSIONS)):
        begin_all()


def _has_not_begun(model: type[models.Model]) -> bool:
    """Whether there are rows of `model`, and no version of any of them."""
    return not VERSIONS[model]._base_manager.exists() and model._base_manager.exists()


@transaction.atomic
def begin_all() -> None:
    """Give each row without a version those that it had since its first recording.

    Items, and the stances on them, get one for each instant at which their standing may have changed; all records, one
    for each of their edits that the audit trail leads back to.
    """
    before = last_versions()
    for model in VERSIONS:
        if model in MOMENTS:
            _begin_at_each_moment(model, before[model])
        else:
            _begin(model)
    if last_versions() != before:
        rebuild(before)


def _begin(model: type[models.Model]) -> None:
    columns = [str(field.column) for field in kept_columns(model)]
    _insert(model, columns, _start(model, columns), literal(OPEN), f"{table_of(model)} AS t")


def _start(model: type[models.Model], columns: list[str]) -> str:
    """The instant of the first recording of what the row `t` of `model` belongs to, as SQL."""
    if "recorded_at" in columns:
        return "t.recorded_at"
    if issubclass(model, Item):
        return _recorded(Item, "item_id")
    if model is RecordName:
        named = {
            type_of(each): _recorded(each, "record_id") for each in KEPT if getattr(each, "name_fields", ())
        }
        cases = " ".join(f"WHEN '{name}' THEN {recorded}" for name, recorded in named.items())
        return f"COALESCE(CASE t.record_type {cases} END, {literal(EVER)})"
    related = {
        relation_table(field): (each, field.m2m_column_name())
        for each in KEPT
        for field in each._meta.local_many_to_many
    }
    return _recorded(*related[model])


def _recorded(model: type[models.Model], column: str) -> str:
    """When the record of `model` was first recorded whose primary key the row `t` has in `column`, as SQL."""
    return f"(SELECT recorded_at FROM {table_of(root_of(model))} AS whole WHERE whole.id = t.{column})"  # noqa: S608


def _begin_at_each_moment(model: type[models.Model], before: int) -> None:
    columns = [str(field.column) for field in kept_columns(model)]
    moments = " UNION ".join(MOMENTS[model].format(at=at) for at in ("recorded_at", "ended_at"))
    until = f"COALESCE(LEAD(moment.at) OVER (PARTITION BY moment.key ORDER BY moment.at), {literal(OPEN)})"
    source = f"({moments}) AS moment JOIN {table_of(model)} AS t ON t.id = moment.key"
    _insert(model, columns, "moment.at", until, source)
    # The latest has what is stored now.
    earlier: models.QuerySet = VERSIONS[model]._base_manager.filter(pk__gt=before, known_until__lt=OPEN)
    then = Clocks(known=OuterRef("known_from"))  # type: ignore[arg-type]  # an instant for each row
    if model is Item:
        earlier.update(
            **{
                f"current_{name}": latest(then, aspect, column, "row_id")
                for name, (aspect, column) in VALUES.items()
            }
        )
    else:
        earlier.update(current_stance=latest_stance(then, "stance"))
    _doubt(model, earlier)


def _doubt(model: type[models.Model], earlier: models.QuerySet) -> None:
    """Write what was in doubt into the `earlier` versions of items, or of stances."""
    earlier.update(current_doubt="")
    item = "row_id" if model is Item else "item_id"
    effects = Effect.objects.filter(item=OuterRef(item))
    rows = earlier.filter(Exists(effects.filter(leaves_open=True))).order_by("known_from")
    for known, versions in groupby(rows.iterator(), attrgetter("known_from")):
        by_item = defaultdict(list)
        for version in versions:
            by_item[getattr(version, item)].append(version)
        for key, found in doubts(by_item, Clocks(known=known)).items():
            for version in by_item[key]:
                others = found.get(("stance", getattr(version, "party_id", None)), [])
                text = codes(found) if model is Item else codes_of(others)
                if text:
                    earlier.filter(pk=version.pk).update(current_doubt=text)


def _insert(model: type[models.Model], columns: list[str], start: str, until: str, source: str) -> None:
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    values = ", ".join(f"t.{connection.ops.quote_name(column)}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {versions_of(model)} ({names}, known_from, known_until, reason_given, is_complete)"  # noqa: S608
            f" SELECT {values}, {start}, {until}, '', true FROM {source} WHERE {lacks_version(model)}"
        )
