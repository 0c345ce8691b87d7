"""Versions of records that were written without any: by an earlier release, by a generator, or from its package.

Of their earlier words nothing is known here; how their items stood follows from the developments, at every instant.
"""

from collections import defaultdict
from itertools import groupby
from operator import attrgetter

from django.db import connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef

from tracker.clocks import Clocks
from tracker.domain.doubt import codes, codes_of, doubts
from tracker.domain.standing import VALUES, latest, latest_stance
from tracker.models import VERSIONS, Effect, Item, ItemStance
from tracker.models.known import EVER, OPEN
from tracker.models.versions import kept_columns
from tracker.recording.versions import lacks_version, table_of, versions_of

BATCH = 1000

MOMENTS: dict[type[models.Model], str] = {
    Item: (
        "SELECT effect.item_id AS key, effect.{at} AS at FROM tracker_effect AS effect WHERE effect.{at} IS NOT NULL"
    ),
    ItemStance: (
        "SELECT stance.id AS key, effect.{at} AS at FROM tracker_effect AS effect JOIN tracker_itemstance AS stance"
        " ON stance.item_id = effect.item_id AND stance.party_id = effect.party_id"
        " WHERE effect.stance IS NOT NULL AND effect.{at} IS NOT NULL"
    ),
}
"""The instants at which what is stored in a row may have changed, as SQL."""


def install(using: str = "default", **signal: object) -> None:
    """Begin the versions of rows that have none; called after every migration."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if using == "default" and all(version._meta.db_table in tables for version in VERSIONS.values()):
        begin_all()


@transaction.atomic
def begin_all() -> None:
    """Give each row without a version one that is in force since its first recording.

    Items, and the stances on them, get one for each instant at which their standing may have changed.
    """
    for model in VERSIONS:
        if model in MOMENTS:
            _begin_at_each_moment(model)
        else:
            _begin(model)


def _begin(model: type[models.Model]) -> None:
    columns = [str(field.column) for field in kept_columns(model)]
    start = f"'{EVER:%Y-%m-%d %H:%M:%S}'"
    if "recorded_at" in columns:
        start = "t.recorded_at"
    elif issubclass(model, Item):
        start = "(SELECT recorded_at FROM tracker_item WHERE tracker_item.id = t.item_id)"
    _insert(model, columns, start, f"'{OPEN:%Y-%m-%d %H:%M:%S}'", f"{table_of(model)} AS t")


def _begin_at_each_moment(model: type[models.Model]) -> None:
    before = VERSIONS[model]._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    columns = [str(field.column) for field in kept_columns(model)]
    moments = " UNION ".join(MOMENTS[model].format(at=at) for at in ("recorded_at", "ended_at"))
    until = f"COALESCE(LEAD(moment.at) OVER (PARTITION BY moment.key ORDER BY moment.at), '{OPEN:%Y-%m-%d %H:%M:%S}')"
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
    vague = effects.exclude(earliest_on__isnull=False, earliest_on=F("latest_on"))
    of_one_day = effects.order_by().values("happened_key").annotate(number=Count("pk")).filter(number__gt=1)
    rows = earlier.filter(Exists(vague) | Exists(of_one_day)).order_by("known_from")
    for known, versions in groupby(rows.iterator(BATCH), attrgetter("known_from")):
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
            f"INSERT INTO {versions_of(model)} ({names}, known_from, known_until, reason_given)"  # noqa: S608
            f" SELECT {values}, {start}, {until}, '' FROM {source} WHERE {lacks_version(model)}"
        )
