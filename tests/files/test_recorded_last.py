"""What others do between the writing of many developments and their instant, on PostgreSQL, is heeded too."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.corrections import correct
from tests.files.ahead import ROWS, previewed, require_sound, spoken, written
from tests.files.test_importing import said
from tests.files.test_undoing import undone
from tests.files.test_written_meanwhile import (
    hide_the_process,
    merge_the_party,
    record_one_of_them,
    rename_the_party,
    take_the_right_away,
)
from tracker.files.importing import ahead, undo
from tracker.models import ImportRun, LastRecording
from tracker.recording import booking, timestamps
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def elsewhere(do, *args):
    """Do it in another connection, and wait until it is done."""

    def done():
        try:
            return do(*args)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


@pytest.fixture
def waiting(monkeypatch):
    """What `do` another connection does once, while what is written waits for its instant."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite nobody else writes by then")

    def arrange(do, *args):
        left = [1]
        for module in (ahead, undo):
            wait = module.wait_for

            def wait_for(*given, wait=wait):
                if left:
                    left.pop()
                    elsewhere(do, *args)
                wait(*given)

            monkeypatch.setattr(module, "wait_for", wait_for)

    return arrange


@pytest.mark.parametrize(
    "change", [record_one_of_them, rename_the_party, take_the_right_away, hide_the_process]
)
def test_what_changes_at_the_last_moment_is_shown_before_anything_is_written(demand, waiting, change):
    run = previewed(demand)
    already = spoken().count()
    waiting(change, demand)
    run = written(run)
    assert run.state == "ready" and "changed after this was shown" in run.problems[0]
    assert spoken().count() == already + (change is record_one_of_them)
    require_sound()


def test_what_is_merged_at_the_last_moment_is_followed_to_its_survivor(demand, waiting):
    run = previewed(demand)
    waiting(merge_the_party, demand)
    run = written(run)
    assert run.state == "done" and set(spoken().values_list("party__name", flat=True)) == {"Graustark"}
    require_sound()


def drop(run):
    """Give up whatever is done with `run`, as its page does."""
    client = Client()
    client.force_login(run.by)
    client.post(run.get_absolute_url(), {"do": "drop"})
    run.refresh_from_db()
    assert run.state in ("ready", "done")


def test_it_can_be_given_up_until_the_last_moment(demand, waiting):
    run = previewed(demand)
    waiting(drop, ImportRun.objects.get())
    assert written(run).state == "ready" and not spoken().exists()
    require_sound()


def test_undoing_can_be_given_up_until_the_last_moment(demand, waiting):
    run = written(previewed(demand))
    waiting(drop, ImportRun.objects.get())
    assert undone(run).state == "done" and spoken().count() == ROWS
    require_sound()


def test_what_is_given_up_when_others_were_quicker_is_not_begun_anew(demand, waiting, monkeypatch):
    run = previewed(demand)
    renew = ahead.renew

    def given_up(run, state):
        drop(ImportRun.objects.get())
        renew(run, state)

    monkeypatch.setattr(ahead, "renew", given_up)
    waiting(record_one_of_them, demand)
    assert written(run, only_valid=True).state == "ready" and spoken().count() == 1


@pytest.fixture
def meddled(monkeypatch):
    """Another connection records a party whenever a function of a module has been at it for a while."""

    def arrange(module, name):
        do = getattr(module, name)

        def slow(*args, **options):
            time.sleep(0.5)
            elsewhere(make.PartyFactory)
            return do(*args, **options)

        monkeypatch.setattr(module, name, slow)

    return arrange


@pytest.mark.parametrize(("module", "name"), [(timestamps, "refresh_items"), (ahead, "write")])
def test_what_takes_longer_than_usual_is_given_more_time(demand, waiting, meddled, module, name):
    run = previewed(demand)
    meddled(module, name)
    run = written(run)
    assert run.state == "done", said(run)
    require_sound()


def test_a_correction_in_the_last_moment_before_it_is_undone_is_named(demand, waiting, monkeypatch):
    run = written(previewed(demand))
    left, withdraw_all = [spoken().get(headline__endswith="time 3")], undo.withdraw_all

    def overtaken(*args):
        if left:
            elsewhere(lambda: correct(left.pop(), headline="Ruritania spoke of orchards again"))
        withdraw_all(*args)

    monkeypatch.setattr(undo, "withdraw_all", overtaken)
    run = undone(run)
    assert run.state == "done" and run.problems == [
        "Row 5: its development has been corrected or withdrawn since."
    ]
    assert spoken().count() == ROWS
    require_sound()


@pytest.mark.fault
def test_nothing_waits_for_a_clock_that_was_set_back(demand, monkeypatch):
    run = previewed(demand)
    LastRecording.objects.update(at=timezone.now() + dt.timedelta(minutes=2))
    monkeypatch.setattr(booking.time, "sleep", lambda seconds: pytest.fail(f"It waits for {seconds} s."))
    last = last_instant()
    run = written(run)
    assert run.state == "done" and last < last_instant() < last + dt.timedelta(seconds=1)
