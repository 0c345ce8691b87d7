"""The order of recording: instants ascend as commits do, over all types, and what could be read gains nothing later."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from tests.corrections import correct
from tests.factories import DemandFactory, DevelopmentFactory, PartyFactory, ProcessFactory, UserFactory
from tests.models.writing import new
from tracker import recording
from tracker.files.importing import runs
from tracker.models import (
    Change,
    Citation,
    Claim,
    Demand,
    Development,
    Effect,
    ImportRun,
    Item,
    LastRecording,
    Party,
    Process,
)
from tracker.recording.bulk import NewDevelopment, record_all
from tracker.recording.claims import add_claims
from tracker.recording.denormalized import development_mismatches, item_mismatches
from tracker.recording.future import continue_from
from tracker.recording.timestamps import BEFORE_ALL, PENDING, last_instant, one_instant
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.both

PATIENCE = 60
"""How many seconds a thread may take to come to where it is waited for."""


@pytest.fixture
def editor(db):
    return UserFactory(username="editor", administrator=True)


@contextmanager
def under_way(work):
    """Run `work`, given a function that it calls to wait, in a thread; it goes on to its end when the block ends."""
    waits, go_on = threading.Event(), threading.Event()

    def wait():
        waits.set()
        assert go_on.wait(PATIENCE)

    def run():
        try:
            work(wait)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        try:
            while not waits.wait(0.05):
                if future.done():
                    raise AssertionError("It never waited.") from future.exception()
            yield
        finally:
            go_on.set()
        future.result(PATIENCE)


def read(client, address):
    """The address that is answered with rows, and the rows."""
    response = client.get(address, follow=True)
    assert response.status_code == 200
    settled = response.redirect_chain[-1][0] if response.redirect_chain else address
    return settled, response.getvalue()


def at(address, instant):
    return f"{address}?known={instant.isoformat().replace('+00:00', 'Z')}"


def kept(transactions, write):
    """Work that writes and keeps its transaction, one of `transactions`, open while it waits."""

    def work(wait):
        with transactions():
            write()
            wait()

    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("transactions", [one_instant, transaction.atomic])
@pytest.mark.parametrize("what", ["development", "new party", "renaming"])
def test_what_was_read_while_a_write_was_open_stays_as_it_was(client, editor, what, transactions):
    client.force_login(editor)
    process, party = ProcessFactory(), PartyFactory(name="Ruritania")

    def write():
        if what == "development":
            recording.record(editor, new(process, party=party, headline="Written late"))
        elif what == "new party":
            recording.save(editor, Party(name="Written late", kind="state"))
        else:
            renamed = Party.objects.get(pk=party.pk)
            renamed.short_name = "Written late"
            recording.save(editor, renamed)

    address = {
        "development": "/developments.csv",
        "new party": "/parties.csv",
        "renaming": f"{party.get_absolute_url()}history/",
    }[what]
    with under_way(kept(transactions, write)):
        known = timezone.now()
        settled, before = read(client, at(address, known))
        assert b"Written late" not in before
    assert last_instant() > dt.datetime.fromisoformat(settled.rpartition("known=")[2].replace("%3A", ":"))
    # The page also has a token of its own in its forms, and says in the banner whether anything came later.
    again = read(client, settled)
    rows = [answer.partition(b"<main")[2] or answer for answer in (before, again[1])]
    assert again[0] == settled and rows[0] == rows[1]
    assert b"Written late" in read(client, at(address, last_instant()))[1]


def an_import(user, process, rows):
    """An import of so many developments of `process`, read and waiting to be written."""
    lines = [
        f"{process.ref},2025-02-18,report,Imported {number},{PartyFactory().ref},paraphrase"
        for number in range(rows)
    ]
    text = "\n".join(["process_id,occurred_on,kind,headline,party_id,basis", *lines])
    kind = BY_URL_NAME["development"]
    run = runs.begin(user, kind, "file.csv", [text.encode()])
    runs.work(run, kind)
    assert run.counts == {"created": rows}, [row.messages for row in run.rows.all()]
    run.state = ImportRun.State.WRITING
    run.save()
    return run, kind


@pytest.mark.django_db(transaction=True)
def test_a_slow_import_is_in_no_reading_before_its_end_and_holds_up_nobody(client, editor, monkeypatch):
    client.force_login(editor)
    process = ProcessFactory()
    run, kind = an_import(editor, process, 3)
    others = []
    sum_up = runs.sum_up

    def slowly(wait):
        monkeypatch.setattr(runs, "sum_up", lambda run, state: (wait(), sum_up(run, state)))
        runs.work(run, kind)

    before = read(client, at("/developments.csv", timezone.now()))
    with under_way(slowly):
        during = read(client, at("/developments.csv", timezone.now()))
        assert during == before
        # SQLite has but one writer at a time.
        if connection.vendor == "postgresql":
            others = [PartyFactory().recorded_at, recording.record(editor, new(process)).recorded_at]
            later = read(client, at("/developments.csv", timezone.now()))
            assert b"Imported" not in later[1] and b"New" in later[1]
    imported = Development.objects.filter(headline__startswith="Imported").order_by("pk")
    (instant,) = set(imported.values_list("recorded_at", flat=True))
    assert imported.count() == 3 and all(instant > other for other in others)
    assert last_instant() == instant == Process.objects.get().last_recorded_at
    assert read(client, before[0]) == before and b"Imported" not in before[1]
    assert not others or read(client, later[0]) == later
    assert b"Imported 2" in read(client, at("/developments.csv", instant))[1]
    run.refresh_from_db()
    run.state, run.undone_by = ImportRun.State.UNDOING, editor
    run.save()
    runs.work(run, kind)
    (undone,) = set(imported.values_list("ended_at", flat=True))
    assert undone == last_instant() > instant


@pytest.mark.django_db(transaction=True)
def test_of_two_open_writes_the_one_that_commits_last_is_the_later(editor):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time.")
    older, younger = ProcessFactory(), ProcessFactory()
    with under_way(kept(one_instant, lambda: recording.record(editor, new(older)))):
        recording.record(editor, new(younger))
        first = last_instant()
    instants = {row.process: row.recorded_at for row in Development.objects.select_related("process")}
    assert instants[younger] == first < instants[older] == last_instant()


@pytest.mark.django_db(transaction=True)
def test_every_recording_of_every_writer_has_an_instant_of_its_own(editor, clock):
    clock("2025-03-01T10:00+00:00")  # which stands still
    processes = [ProcessFactory() for _ in range(3)]

    def write(process):
        try:
            own = []
            for number in range(8):
                own.append(recording.record(editor, new(process, headline=f"{number}")).recorded_at)
                own.append(PartyFactory().recorded_at)
            return own
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(processes)) as pool:
        own = list(pool.map(write, processes))
    assert all(instants == sorted(instants) for instants in own)
    every = sorted(instant for instants in own for instant in instants)
    assert len(set(every)) == len(every) and every[-1] == last_instant()
    assert not Development.objects.filter(recorded_at=PENDING).exists()


@pytest.mark.fault
def test_instants_ascend_though_the_clock_is_set_back(editor, clock):
    instants = [last_instant()]
    assert instants == [BEFORE_ALL]
    process = ProcessFactory()
    for time in ("10:00", "09:56", "11:00"):
        clock(f"2035-03-01T{time}+00:00")
        instants.append(PartyFactory().recorded_at)
        instants.append(recording.record(editor, new(process)).recorded_at)
        assert instants[-2] in Change.objects.values_list("at", flat=True)
    assert instants == sorted(set(instants)) and last_instant() == instants[-1]


def test_what_is_recorded_after_others_were_restored_is_later_than_they(editor, clock):
    clock("2035-03-01T10:00+00:00")
    restored = timezone.now() + dt.timedelta(minutes=4)
    continue_from(restored)
    assert last_instant() == restored < PartyFactory().recorded_at == last_instant()
    last = last_instant()
    continue_from(restored)
    assert last_instant() == last


@pytest.mark.django_db
def test_of_two_who_record_the_very_first_at_once_both_take_their_instants_from_one_row(monkeypatch):
    rows, create = LastRecording.objects, LastRecording.objects.bulk_create
    rows.all().delete()

    first = [LastRecording(pk=1, at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC))]
    both = lambda new, **options: (create(first), create(new, **options))  # noqa: E731
    monkeypatch.setattr(rows, "bulk_create", both)
    continue_from(BEFORE_ALL)
    assert rows.get().at == last_instant() == dt.datetime(2025, 3, 1, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_all_that_one_transaction_records_bears_one_instant(editor):
    process, party, leaving = ProcessFactory(), PartyFactory(), PartyFactory()
    standing = DemandFactory(process=process, party=party)
    before = last_instant()
    with one_instant():
        demand = Demand(title="Neutrality", kind="demand", party=party)
        raising = recording.record(
            editor, new(process, party=party), [Effect(item=demand, status="open")], items=[(demand, {})]
        )
        demand.title = "Neutrality for good"
        recording.save(editor, demand)
        once = correct(raising, by=editor, headline="Once")
        twice = correct(once, by=editor, headline="Twice")
        recording.withdraw(editor, DevelopmentFactory(process=process), "Wrong.")
        correct(standing.effects.get().development, by=editor, headline="Older")
        recording.delete(editor, leaving)
        add_claims(
            [
                Claim(
                    dataset="ours",
                    release="1",
                    upstream_id="1",
                    row_hash="",
                    record_type="demand",
                    process=process,
                )
            ]
        )
        record_all(editor, [NewDevelopment(new(process), [Effect(item=demand, status="met")])])
    written = {
        *Development.objects.filter(recorded_at__gt=before).values_list("recorded_at", flat=True),
        *Development.objects.exclude(ended_at=None).values_list("ended_at", flat=True),
        *Effect.objects.filter(recorded_at__gt=before).values_list("recorded_at", flat=True),
        *Effect.objects.exclude(ended_at=None).values_list("ended_at", flat=True),
        *Citation.objects.filter(recorded_at__gt=before).values_list("recorded_at", flat=True),
        *Item.objects.filter(recorded_at__gt=before).values_list("recorded_at", flat=True),
        *Change.objects.filter(at__gt=before).values_list("at", flat=True),
        *Claim.objects.values_list("recorded_at", flat=True),
        Process.objects.get().last_recorded_at,
        demand.recorded_at, raising.recorded_at, twice.recorded_at, twice.first_recorded_at,
    }  # fmt: skip
    assert written == {last_instant()}
    assert [row.version for row in Development.objects.filter(ref=raising.ref, ended_at=None)] == [3]
    assert not list(development_mismatches(Development.objects.values_list("pk", flat=True)))
    assert not list(item_mismatches(Item.objects.values_list("pk", flat=True)))
    assert Demand.objects.get(pk=demand.pk).current_status == "met"
