"""Others record while many developments are made ready: nobody waits, and what they change is heeded."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tests import factories as make
from tests.files.ahead import ROWS, meanwhile, previewed, require_sound, spoken, written
from tests.files.test_importing import said
from tracker import recording
from tracker.files.importing import ahead, runs
from tracker.models import ImportRun
from tracker.models.vocabularies import UserRole
from tracker.recording.merging import merge
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


def demote(role):
    """Let the author of the import have only this role."""
    by = ImportRun.objects.get().by
    by.role = role
    by.save()


def record_one_of_them(demand, place=1):
    """Record by hand what a row of the file says."""
    make.DevelopmentFactory(
        process=demand.process,
        party=demand.party,
        occurred_on=dt.date(2025, 3, place + 1),
        headline=f"Ruritania spoke of orchards, time {place}",
        kind="statement",
        speech_act="states",
        basis="paraphrase",
    )


def merge_the_party(demand):
    """Merge the party that all rows name."""
    merge(make.UserFactory(administrator=True), demand.party, make.PartyFactory(name="Graustark"), "")


def rename_the_party(demand):
    """Give the party that all rows name another name."""
    demand.party.name = "Strelsau"
    recording.save(make.UserFactory(administrator=True), demand.party)


def take_the_right_away(demand):
    """Let the author of the import only read."""
    demote(UserRole.VIEWER)


def hide_the_process(demand):
    """Restrict the process of all rows to others."""
    demote(UserRole.EDITOR)
    demand.process.restricted = True
    recording.save(make.UserFactory(administrator=True), demand.process)


@pytest.mark.django_db(transaction=True)
def test_others_record_between_any_two_parts_of_them(demand, monkeypatch):
    run, make_ready = previewed(demand), ahead._make_ready
    others = []
    monkeypatch.setattr(runs, "BATCH", 2)

    def save():
        try:
            if connection.vendor == "sqlite":
                connection.ensure_connection()
                connection.connection.execute("PRAGMA busy_timeout = 0")
            others.append(make.PartyFactory().recorded_at)
            others.append(make.DevelopmentFactory(process_id=demand.process_id).recorded_at)
        finally:
            connections.close_all()

    def made_ready(*args):
        make_ready(*args)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(save).result()

    monkeypatch.setattr(ahead, "_make_ready", made_ready)
    run = written(run)
    assert run.state == "done", said(run)
    (instant,) = set(spoken().values_list("recorded_at", flat=True))
    assert len(others) == 2 * 4 and max(others) < instant == last_instant()
    require_sound()


@pytest.mark.parametrize(
    "change", [record_one_of_them, rename_the_party, take_the_right_away, hide_the_process]
)
def test_what_changed_meanwhile_is_shown_before_anything_is_written(demand, monkeypatch, change):
    run = previewed(demand)
    already = spoken().count()
    meanwhile(monkeypatch, lambda: change(demand))
    run = written(run)
    assert run.state == "ready" and "changed after this was shown" in run.problems[0]
    assert run.counts != {"created": ROWS}, "The preview shows what has changed."
    by_hand = change is record_one_of_them
    assert spoken().count() == already + by_hand
    require_sound()


def test_what_was_merged_meanwhile_is_followed_to_its_survivor(demand, monkeypatch):
    run = previewed(demand)
    meanwhile(monkeypatch, lambda: merge_the_party(demand))
    run = written(run)
    survivors = set(spoken().values_list("party__name", flat=True))
    assert survivors <= {"Graustark"} and (run.state == "ready" or spoken().count() == ROWS)
    require_sound()


def test_rows_that_the_others_made_wrong_can_be_left_out(demand, monkeypatch):
    run = previewed(demand)
    meanwhile(monkeypatch, lambda: record_one_of_them(demand))
    run = written(run, only_valid=True)
    assert run.state == "done" and run.count("created") == ROWS - 1 and spoken().count() == ROWS
    require_sound()


def test_a_development_of_another_day_or_process_changes_nothing(demand, monkeypatch):
    run = previewed(demand)
    meanwhile(
        monkeypatch,
        lambda: (
            make.DevelopmentFactory(process=demand.process),
            make.DevelopmentFactory(),
            make.PartyFactory(),
        ),
    )
    attempts = []
    record = ahead.Stage.record
    monkeypatch.setattr(
        ahead.Stage, "record", lambda *args, **options: (attempts.append(1), record(*args, **options))
    )
    assert written(run).state == "done" and attempts == [1]
    require_sound()


def test_an_import_is_given_up_while_its_rows_are_made_ready(demand, client, monkeypatch):
    run = previewed(demand)
    client.force_login(run.by)
    meanwhile(monkeypatch, lambda: client.post(run.get_absolute_url(), {"do": "drop"}))
    run = written(run)
    assert run.state == "ready" and not spoken().exists()
    require_sound()
