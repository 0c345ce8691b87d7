"""Jobs that are cancelled, or that lose the disk or their turn to write: nothing is lost, or half done."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import OperationalError, connection

from tests import factories as make
from tests.pages.reading import Page, Words
from tests.pages.test_jobs import asked, merge, pair, parties, started, work_through  # noqa: F401
from tests.pages.test_merging import assert_sound
from tracker import write_lock
from tracker.jobs import changes, queue
from tracker.models import Job
from tracker.recording.meanwhile import Overtaken

pytestmark = pytest.mark.django_db


def state(job):
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_one_that_is_cancelled_after_its_last_development_is_not_done(client, pair, monkeypatch):  # noqa: F811
    job, carry_out = merge(client, pair), changes.carry_out

    def cancelled(*args):
        carry_out(*args)
        client.post(job.get_absolute_url())
        page = Page(client, job.get_absolute_url())
        assert "It is being cancelled. Nothing will be changed." in page.text()
        assert not page.soup.select("#job form")

    monkeypatch.setattr(changes, "carry_out", cancelled)
    work_through()
    assert state(job) == "cancelled" and parties() == ["Kingdom of Ruritania"] * 2
    assert_sound()


def locked(*args):
    """Another process writes: no job can be changed."""
    error = OperationalError("locked")
    if connection.vendor == "sqlite":
        error.__cause__ = sqlite3.OperationalError("database is locked")
        error.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY
    else:
        error.__cause__ = psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")
    raise error


def test_one_that_waits_is_cancelled_while_another_is_done(client, pair, monkeypatch):  # noqa: F811
    job = merge(client, pair)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "end", locked)
        assert client.post(job.get_absolute_url()).status_code == 302
    assert "It is being cancelled." in Page(client, job.get_absolute_url()).text()
    monkeypatch.setattr(changes, "carry_out", None)
    work_through()
    assert state(job) == "cancelled" and not [*write_lock.work_folder().glob("job-*")]


@pytest.mark.parametrize(("times", "ended"), [(changes.TRIES - 1, "done"), (changes.TRIES, "refused")])
def test_one_that_others_overtake_is_made_ready_anew(client, pair, monkeypatch, times, ended):  # noqa: F811
    job, carry_out, overtaken = merge(client, pair), changes.carry_out, []

    def overtaking(*args):
        carry_out(*args)
        if len(overtaken) < times:
            overtaken.append(1)
            raise Overtaken

    monkeypatch.setattr(changes, "carry_out", overtaking)
    work_through()
    assert (
        state(job) == ended and parties() == ["Ruritania" if ended == "done" else "Kingdom of Ruritania"] * 2
    )
    told = "Others are recording so much at the moment that nothing was changed: ask for it again."
    assert (told in Page(client, job.get_absolute_url()).text()) == (ended == "refused")
    assert_sound()


def test_a_full_disk_of_the_locks_leaves_the_job_to_wait(client, pair, monkeypatch):  # noqa: F811
    job = merge(client, pair)

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "publish", full)
        with pytest.raises(OSError, match="No space"):
            work_through()
    assert state(job) == "waiting" and parties() == ["Kingdom of Ruritania"] * 2
    work_through()
    assert state(job) == "done" and parties() == ["Ruritania"] * 2


@pytest.mark.parametrize(("seen", "waits"), [(1, False), (2, True)])
def test_the_undoing_of_a_merge_counts_what_its_editor_sees(client, restricted_process, seen, waits):
    merged, survivor = make.PartyFactory(name="Graustark"), make.PartyFactory(name="Axphain")
    make.DevelopmentFactory.create_batch(seen, process=make.ProcessFactory(), party=merged)
    make.DevelopmentFactory.create_batch(3, process=restricted_process, party=merged)
    asked(client, merged, survivor)
    work_through()
    Job.objects.all().delete()
    client.post(f"/parties/{merged.ref}/unmerge/", {"note": "They are two"})
    assert list(Job.objects.values_list("total", flat=True)) == [2] * waits
    work_through()
    assert_sound()


def test_a_reason_that_each_record_would_keep_is_not_endless(client, pair):  # noqa: F811
    refused = asked(client, *pair, note="é" * 2_001)
    assert refused.status_code == 422 and "Say it in 2,000 characters" in Words(refused).text()
    assert not Job.objects.exists() and "é" * 2_001 in refused.text
    asked(client, *pair, note="é" * 2_000)
    work_through()
    assert parties() == ["Ruritania"] * 2
