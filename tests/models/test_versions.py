"""The versions of a record: when each begins and ends, who made it and why, and how they are read."""

import datetime as dt

import pytest
from django.db import connection

from tests import factories as make
from tests.claiming import ClaimFactory
from tests.corrections import correct
from tracker import recording
from tracker.models import (
    VERSIONS,
    Change,
    Citation,
    Claim,
    Demand,
    Development,
    Effect,
    Issue,
    Item,
    ItemStance,
    Party,
    Process,
    RecordName,
    SourceText,
)
from tracker.models.base import writes_allowed
from tracker.models.known import OPEN
from tracker.models.past import PastIsFixed, at_instant, reading
from tracker.recording.earlier_versions import begin_all, install
from tracker.recording.timestamps import last_instant, one_instant
from tracker.recording.versions import mismatches

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TICK = dt.timedelta(microseconds=1)


def versions(record, model=None):
    """The versions of `record`, oldest first."""
    rows = VERSIONS[model or type(record)].objects.order_by("known_from")
    key = "row_id" if any(field.name == "row_id" for field in rows.model._meta.fields) else "item_id"
    return list(rows.filter(**{key: record.pk}))


def renamed(by, party, name, note=""):
    """`party`, saved under another name."""
    party.name = name
    recording.save(by, party, note=note)
    return last_instant()


def test_each_save_ends_a_version_and_begins_the_next_at_its_instant(bob):
    party = make.PartyFactory(name="Turkey", by=bob)
    first = last_instant()
    second = renamed(bob, party, "Türkiye", "As it calls itself")
    found = [
        (row.name, row.known_from, row.known_until, row.changed_by, row.reason_given)
        for row in versions(party)
    ]
    assert found == [
        ("Turkey", first, second, bob, ""),
        ("Türkiye", second, OPEN, bob, "As it calls itself"),
    ]


def test_what_changes_nothing_makes_no_version(bob):
    party = make.PartyFactory(name="Turkey")
    assert recording.save(bob, party) is False
    assert len(versions(party)) == 1


def test_what_one_transaction_does_to_a_record_is_one_version(bob):
    party = make.PartyFactory(name="Turkey")
    with one_instant():
        for name in ("Turkiye", "Türkiye"):
            renamed(bob, party, name)
    assert [row.name for row in versions(party)] == ["Turkey", "Türkiye"]
    with one_instant():
        renamed(bob, party, "Other")
        renamed(bob, party, "Türkiye")
    # Each save counts, though the name is that of before.
    assert [(row.name, row.version) for row in versions(party)] == [
        ("Turkey", 1),
        ("Türkiye", 3),
        ("Türkiye", 5),
    ]


def test_what_is_recorded_and_deleted_in_one_transaction_was_never_there(bob):
    with one_instant():
        party = make.PartyFactory(name="Turkey")
        key = party.pk
        recording.delete(bob, party)
    assert not VERSIONS[Party].objects.filter(row_id=key).exists()


def test_a_deleted_record_is_there_until_the_very_instant_of_its_deletion(bob):
    party = make.PartyFactory(name="Turkey")
    recording.delete(bob, party)
    deleted = last_instant()
    with reading(deleted - TICK):
        assert Party.objects.get(ref=party.ref).name == "Turkey"
        assert RecordName.objects.filter(key="turkey").exists()
    with reading(deleted):
        assert not Party.objects.exists() and not RecordName.objects.exists()


def test_a_name_is_read_from_the_very_instant_at_which_it_was_given(bob):
    party = make.PartyFactory(name="Turkey")
    demand = make.DemandFactory(party=party)
    changed = renamed(bob, party, "Türkiye")
    for instant, name in ((changed - TICK, "Turkey"), (changed, "Türkiye"), (last_instant(), "Türkiye")):
        with reading(instant):
            # Joined, lazily and from the other end.
            assert Demand.objects.select_related("party").get(pk=demand.pk).party.name == name
            assert Demand.objects.get(pk=demand.pk).party.name == name
            assert Party.objects.get(demands=demand).name == name
            assert Demand.objects.filter(party__name=name).exists()
            assert not Demand.objects.exclude(party__name=name).exists()
    assert Party.objects.get(pk=party.pk).name == "Türkiye"


def test_relations_are_read_as_they_were(bob):
    first, second = make.PartyFactory(), make.PartyFactory()
    demand = make.DemandFactory(addressed_to=[first])
    before = last_instant()
    recording.save(bob, demand, {"addressed_to": [second]})
    with reading(before):
        assert list(Demand.objects.get(pk=demand.pk).addressed_to.all()) == [first]
        assert list(Demand.objects.filter(addressed_to=second)) == []
        assert list(Demand.objects.prefetch_related("addressed_to").get().addressed_to.all()) == [first]
    assert list(demand.addressed_to.all()) == [second]
    # The relation alone changed, and the number of the version with it.
    assert [row.title for row in versions(demand, Item)] == [demand.title] * 2


def test_the_standing_of_an_item_is_kept_with_it():
    demand = make.DemandFactory(effect__status="open")
    before = last_instant()
    development = make.EffectFactory(item=demand, status="met").development
    last = versions(demand, Item)[-1]
    assert (last.known_from, last.changed_by) == (development.recorded_at, development.recorded_by)
    with reading(before):
        assert Item.objects.get(pk=demand.pk).current_status == "open"
        assert Item.objects.get(current_status="open").pk == demand.pk
    assert Item.objects.get(pk=demand.pk).current_status == "met"


def test_the_last_recording_of_a_process_is_that_by_then():
    process = make.ProcessFactory()
    opened = last_instant()
    make.DevelopmentFactory(process=process)
    first = last_instant()
    make.DevelopmentFactory(process=process)
    assert len(versions(process)) == 1
    for instant, last in ((opened, None), (first, first), (last_instant(), last_instant())):
        with reading(instant):
            assert Process.objects.get(pk=process.pk).last_recorded_at == last


def test_nothing_can_be_written_while_the_past_is_read(bob):
    party = make.PartyFactory(name="Turkey")
    with reading(last_instant()):
        with pytest.raises(PastIsFixed):
            renamed(bob, Party.objects.get(pk=party.pk), "Türkiye")
        with pytest.raises(PastIsFixed), connection.cursor() as cursor:
            cursor.execute('UPDATE "tracker_party" SET "name" = %s', ["Türkiye"])
    assert Party.objects.get(pk=party.pk).name == "Turkey"


def test_a_reading_ends_with_its_block_and_gives_way_to_one_inside(bob):
    party = make.PartyFactory(name="First")
    first = last_instant()
    second = renamed(bob, party, "Second")
    renamed(bob, party, "Third")
    names = []
    with reading(first):
        names.append(Party.objects.get().name)
        with reading(second):
            names.append(Party.objects.get().name)
        with reading(None):
            names.append(Party.objects.get().name)
        names.append(Party.objects.get().name)
    names.append(Party.objects.get().name)
    with pytest.raises(ZeroDivisionError), reading(first):
        1 / 0  # noqa: B018
    names.append(Party.objects.get().name)
    assert names == ["First", "Second", "Third", "First", "Third", "Third"]
    assert at_instant('SELECT 1 FROM "tracker_party"') == 'SELECT 1 FROM "tracker_party"'


def test_a_reading_within_another_asks_the_database_the_same():
    def asked():
        sent = []
        with connection.execute_wrapper(lambda execute, sql, *more: sent.append(sql) or execute(sql, *more)):
            assert not Citation.objects.exists()
        return sent

    now = asked()
    with reading(last_instant()):
        then = asked()
        with reading(last_instant()):
            assert asked() == then != now
    # A reading of the present has nothing to rewrite, and lets every query pass by.
    with reading(None):
        assert not connection.execute_wrappers


def test_rows_written_past_the_record_begin_their_version_with_their_recording(bob):
    party = make.PartyFactory()
    demand = make.DemandFactory(effect__status="open", effect__stance="affirms", effect__party=party)
    opened = last_instant()
    make.EffectFactory(item=demand, status="met", stance="rejects", party=party)
    for model in VERSIONS.values():
        model.objects.all().delete()
    with writes_allowed():
        Item.objects.filter(pk=demand.pk).update(current_wording="As stored")
    assert mismatches(Item) == 1 and mismatches(Party) > 0
    begin_all()
    begin_all()
    assert {model: mismatches(model) for model in VERSIONS if mismatches(model)} == {}
    assert [row.known_from for row in versions(demand)] == [demand.recorded_at]
    assert [row.current_status for row in versions(demand, Item)] == ["open", "met"]
    # The latest is as its row, whatever the rule says.
    assert [row.current_wording for row in versions(demand, Item)] == [None, "As stored"]
    assert [row.current_stance for row in versions(ItemStance.objects.get())] == ["affirms", "rejects"]
    with reading(opened - TICK):
        assert not Demand.objects.exists()


def test_the_whole_record_is_read_without_what_was_recorded_or_ended_since(bob):
    tables = (Development, Effect, Citation, Claim, Change, SourceText, *VERSIONS.values())

    def rows():
        return {model.__name__: [*model._base_manager.order_by("pk").values()] for model in tables}

    source, demand = make.SourceFactory(text="They met.", by=bob), make.DemandFactory()
    citation = make.CitationFactory(source=source, quote="met again")
    make.CitationFactory(source=source, quote="They met")
    ClaimFactory(record=demand)
    then, before = last_instant(), rows()
    assert all(before[model.__name__] for model in tables[:6])
    correct(citation.development, headline="Otherwise")
    recording.withdraw(bob, demand.effects.get().development, "Not so")
    source.text = "They met again."
    recording.save(bob, source)
    ClaimFactory(record=demand)
    now = rows()
    assert all(now[model.__name__] != before[model.__name__] for model in tables[:6])
    with reading(then, is_whole=True):
        assert rows() == before
    with reading(last_instant(), is_whole=True):
        assert rows() == now


def test_a_start_begins_the_versions_of_a_table_that_has_none_at_all(bob, monkeypatch):
    first, second = make.PartyFactory(), make.PartyFactory()
    issue, demand = make.IssueFactory(), make.DemandFactory(effect__status="open")
    make.EffectFactory(item=demand, status="met")
    VERSIONS[Item].objects.filter(row_id=demand.pk, known_until__lt=OPEN).update(current_status="lapsed")
    VERSIONS[Party].objects.filter(row_id=second.pk).delete()
    install()
    # One that is missing is for `check_standing` to name.
    assert not versions(second)
    VERSIONS[Issue].objects.all().delete()
    install("other")
    with monkeypatch.context() as halfway:
        # Not all tables are there while it is migrated.
        halfway.setattr(
            connection.introspection, "table_names", lambda cursor: [VERSIONS[Issue]._meta.db_table]
        )
        install()
    assert not versions(issue)
    install()
    assert [len(versions(record)) for record in (first, second, issue)] == [1, 1, 1]
    # What is kept already stays as it is.
    assert [row.current_status for row in versions(demand, Item)] == ["lapsed", "met"]


def test_a_version_that_is_not_as_its_row_is_found_and_put_right(bob):
    party, other = make.PartyFactory(name="Turkey"), make.PartyFactory(name="Syria")
    VERSIONS[Party].objects.filter(row_id=party.pk).update(name="Turkiye")
    VERSIONS[Party].objects.filter(row_id=other.pk).delete()
    # The row differs from its version, and the other has none.
    assert mismatches(Party) == 2
    recording.repair_versions()
    assert mismatches(Party) == 0
    assert [row.name for row in versions(party)] == ["Turkiye", "Turkey"]
    assert versions(party)[0].known_until == versions(party)[1].known_from == last_instant()
