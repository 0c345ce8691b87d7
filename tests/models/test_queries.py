"""What a standing costs: as many queries for many items as for few, each answered from the index made for it."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    CitationFactory,
    DemandFactory,
    DevelopmentFactory,
    EffectFactory,
    FollowUpFactory,
    PartyFactory,
    PrincipleFactory,
    ProcessFactory,
    SourceFactory,
)
from tests.over_the_register.reading import read_csv
from tracker.clocks import PRESENT, Clocks
from tracker.domain.standing import DECIDED, VALUES, derive, latest, latest_stance, stand, standings
from tracker.models import Demand, Item, ItemStance
from tracker.models.past import reading
from tracker.recording.timestamps import one_instant

pytestmark = pytest.mark.django_db


@one_instant()
def fill(process, items, developments):
    party, source, others = PartyFactory(), SourceFactory(), PartyFactory.create_batch(5)
    rows = [DemandFactory(process=process, party=party) for _ in range(items)]
    for number in range(developments):
        DevelopmentFactory(
            process=process,
            party=party,
            occurred_on=dt.date(2025, 3, 1 + number % 20),
            effects=[
                EffectFactory.build(item=rows[number % items], party=others[number % 5], stance="affirms"),
                EffectFactory.build(item=rows[number % items], wording=f"Draft {number}."),
            ],
            citations=[CitationFactory.build(source=source)],
        )
    return Item.objects.filter(process=process)


def test_standings_take_as_many_queries_for_many_as_for_few():
    few, many = fill(ProcessFactory(), 2, 2), fill(ProcessFactory(), 20, 60)
    for clocks in (PRESENT, Clocks(timezone.localdate(), timezone.now())):
        assert [queries_for(items, clocks) for items in (few, many)] == [4, 4]


def queries_for(items, clocks):
    """How many queries it takes to show how each of `items` stands, with words, people and sources."""
    with CaptureQueriesContext(connection) as queries:
        found = standings(items, clocks)
        for standing in found.values():
            assert str(standing.status.development.party)
            assert [str(citation.source) for citation in standing.changed.development.citations.all()]
            assert [str(party) for party in standing.stances]
    assert len(found) == items.count()
    return len(queries)


@pytest.mark.parametrize("read", [stand, derive])
def test_a_list_of_items_with_their_standing_is_one_query(read, django_assert_num_queries):
    items = fill(ProcessFactory(), 3, 6)
    with django_assert_num_queries(1):
        list(read(items, Clocks(known=timezone.now())))


PAST = Clocks(dt.date(2025, 3, 9), dt.datetime(2025, 3, 1, tzinfo=dt.UTC))
INDEXES = {
    "status": "effect_status",
    "firmness": "effect_firmness",
    "outcome": "effect_outcome",
    "due": "effect_due",
    "wording": "effect_wording",
    "changed": "effect_of_item",
    "raised": "effect_of_item",
    "stance": "effect_stance",
}


def test_each_part_of_a_standing_is_one_seek_in_an_index_made_for_it():
    fill(ProcessFactory(), 4, 80)
    for clocks in (PRESENT, PAST):
        asked = {aspect: Item.objects.annotate(found=latest(clocks, aspect)) for aspect in DECIDED}
        asked["stance"] = ItemStance.objects.annotate(found=latest_stance(clocks))
        for aspect, rows in asked.items():
            # PostgreSQL weighs the index of all effects as equal while a page holds them all; SQLite does not.
            fit = {INDEXES[aspect], *(["effect_of_item"] if connection.vendor == "postgresql" else [])}
            assert index_of(rows.order_by().values("found")) in fit, aspect


def test_a_whole_standing_seeks_what_decides_each_part_once_and_in_its_index():
    items = fill(ProcessFactory(), 2, 20)
    for clocks in (PRESENT, PAST, Clocks(public=PAST.on)):
        with reading(clocks.known, clocks.public):
            whole = derive(items, clocks).order_by().values("pk", *VALUES)
            told = plan(whole)
            assert str(whole.query).count('FROM "tracker_effect"') == len(DECIDED)
        assert "TEMP B-TREE" not in told and "SCAN tracker_effect" not in told, told
        assert not set(re.findall(r"\beffect_\w+", told)) - set(INDEXES.values()), told


def test_items_that_are_picked_by_their_whole_standing_are_those_of_the_rule():
    demands = fill(ProcessFactory(), 3, 6).filter(item_kind="demand")
    met = demands.first()
    DevelopmentFactory(occurred_on=dt.date(2025, 3, 2), effects=[EffectFactory.build(item=met, status="met")])
    for model in (Item, Demand):
        for day, found in ((2, [met.pk]), (1, [])):
            picked = derive(model.objects.all(), Clocks(on=dt.date(2025, 3, day))).filter(status="met")
            assert list(Item.objects.filter(pk__in=picked.values("pk")).values_list("pk", flat=True)) == found


def test_what_is_in_doubt_at_an_instant_alone_is_read_from_the_versions(client, alice):
    client.force_login(alice)
    principle = PrincipleFactory(development={"occurred_on": dt.date(2025, 2, 1)})
    of_a_day = [("agreed", "month", dt.date(2025, 2, 1)), ("signed", "day", dt.date(2025, 2, 20))]
    for status, precision, day in of_a_day:
        last = DevelopmentFactory(
            process=principle.process,
            occurred_on=day,
            occurred_precision=precision,
            effects=[EffectFactory.build(item=principle, status=status)],
        )
    with CaptureQueriesContext(connection) as queries:
        at = urlencode(Clocks(known=last.recorded_at).query)
        (row,) = read_csv(client, f"/principles.csv?{at}")
    assert row["doubt"] == "status: agreed"
    assert not [query["sql"] for query in queries if '"tracker_effect"' in query["sql"]]


def test_present_standing_is_read_from_the_items_alone():
    assert "effect" not in plan(stand(Item.objects.all(), PRESENT))


@pytest.mark.parametrize(
    "address", ["/demands/?sort=title", "/demands/?sort=-title", "/delegations/?sort=talk"]
)
def test_a_whole_list_by_title_is_read_off_an_index_at_an_earlier_instant_too(client, alice, address):
    client.force_login(alice)
    earlier = Clocks(known=DevelopmentFactory().recorded_at)
    for index, clocks in (("item_by_title", PRESENT), ("v_item_by_title", earlier)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{address}&{urlencode(clocks.query)}").status_code == 200
        (keys,) = (query["sql"] for query in queries if 'ORDER BY "tracker_item"."sort_key"' in query["sql"])
        with reading(clocks.known):
            told = told_of(keys)
        assert re.search(rf"\b{index}\b", told) and "TEMP B-TREE FOR ORDER BY" not in told, told


def test_what_lacks_a_source_and_what_a_party_did_of_a_kind_are_read_off_their_indexes(client, alice):
    client.force_login(alice)
    party = DevelopmentFactory(kind="reaction").party
    for address, part, index in (
        ("/", 'NOT "tracker_development"."sourced"', "development_unsourced_latest"),
        (f"/developments/?party={party.ref}&kind=reaction", "COUNT(*)", "development_of_party"),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        (asked,) = (
            query["sql"] for query in queries if part in query["sql"] and '"ended_at" IS NULL' in query["sql"]
        )
        told = told_of(asked)
        # Of few rows PostgreSQL counts by whichever index is the smallest.
        if part != "COUNT(*)" or connection.vendor == "sqlite":
            assert re.search(rf"\b{index}\b", told) and not re.search("TEMP B-TREE|Sort", told), told
            assert part != "COUNT(*)" or "COVERING" in told, told


def test_what_is_due_is_read_off_an_index_in_the_order_of_urgency(client, alice):
    client.force_login(alice)
    earlier = Clocks(known=FollowUpFactory().recorded_at)
    for index, clocks in (("item_owed", PRESENT), ("v_item_owed", earlier)):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/?{urlencode(clocks.query)}").status_code == 200
        (keys,) = (query["sql"] for query in queries if 'AS "is_late"' in query["sql"])
        with reading(clocks.known):
            told = told_of(keys)
        read = set(re.findall(r"(?:INDEX|Index (?:Only )?Scan(?: Backward)? using) (\w+)", told))
        assert {index, f"{index}_by_long"} <= read and not re.search("TEMP B-TREE|SCAN |Seq Scan", told), told


def test_the_order_of_a_list_at_an_earlier_day_asks_the_rule_of_each_row_once(client, alice):
    client.force_login(alice)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/demands/?on=2025-03-01").status_code == 200
    (keys,) = (query["sql"] for query in queries if query["sql"].endswith("LIMIT 1001"))
    assert keys.count('FROM "tracker_effect"') == 1


def told_of(query):
    """The words in which the database says how it would answer the SQL of `query`, if there were many rows."""
    as_for_many_rows()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {query}")
        return str(cursor.fetchall())


def plan(rows):
    """The words in which the database says how it would answer the query of `rows`."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    as_for_many_rows()
    return rows.explain()


def as_for_many_rows():
    """Let PostgreSQL plan as it does for many rows; so few would be read through and sorted."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")


def index_of(rows):
    """The index of effects from which `rows` are answered; fails where the effects are sorted or read through.

    The order of the index being that of standing, its first row that counts is the answer, and no other is read.
    """
    told = plan(rows)
    assert "Sort" not in told and "TEMP B-TREE" not in told, told
    found = re.findall(r"(?:INDEX|Index (?:Only )?Scan(?: Backward)? using) (effect_\w+)", told)
    assert len(found) == 1, told
    return found[0]
