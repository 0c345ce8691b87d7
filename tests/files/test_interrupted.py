"""An import whose process was ended goes on by itself, unless that has happened too often."""

import datetime as dt
from unittest.mock import Mock

import pytest
from django.utils import timezone

from tests import factories as make
from tracker.files.importing import uploads
from tracker.files.importing.interrupted import go_on
from tracker.files.importing.runs import begin, work
from tracker.jobs import background
from tracker.jobs.background import ATTEMPTS, PATIENCE
from tracker.models import ImportRun, Party
from tracker.register import BY_URL_NAME

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
PARTY = BY_URL_NAME["party"]
LATE = PATIENCE + dt.timedelta(seconds=1)


@pytest.fixture
def started(monkeypatch):
    """The commands for which a process was started."""
    commands = []
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **options: commands.append(command) or Mock()
    )
    return commands


def interrupted(state="reading", attempts=1, since=LATE):
    """An import in this state whose step was begun `since`, and at which nobody works."""
    run = begin(make.UserFactory(editor=True), PARTY, "parties.csv", [b"name,kind\nRuritania,state\n"])
    at = timezone.now() - since
    ImportRun.objects.filter(pk=run.pk).update(
        state=state, attempts=attempts, attempted_at=at if attempts else None, begun_at=at
    )
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("state", ["reading", "writing", "undoing"])
@pytest.mark.parametrize("attempts", [0, 1, ATTEMPTS - 1])
def test_a_process_is_started_for_it(started, state, attempts):
    run = interrupted(state, attempts)
    assert go_on() == [run.ref]
    assert [command[2:4] for command in started] == [["import_run", run.ref]]


@pytest.mark.parametrize("state", ["ready", "done", "undone", "refused", "dropped"])
def test_none_is_started_for_what_is_finished_or_waits_for_people(started, state):
    interrupted(state)
    assert go_on() == [] == started


def test_none_is_started_after_too_many_attempts_or_too_early(started):
    interrupted(attempts=ATTEMPTS)
    interrupted(since=PATIENCE - dt.timedelta(seconds=2))
    interrupted(attempts=0, since=PATIENCE - dt.timedelta(seconds=2))
    assert go_on() == [] == started


def test_none_is_started_while_another_process_works_at_it(started):
    run = interrupted()
    with uploads.at_work(run):
        assert go_on() == [] == started
    assert go_on() == [run.ref]


def test_each_step_counts_how_often_it_was_begun(client):
    run = interrupted(attempts=0)
    work(run, PARTY)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("ready", 1) and run.attempted_at
    client.force_login(run.by)
    client.post(run.get_absolute_url(), {"do": "all"})
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("done", 1) and Party.objects.filter(name="Ruritania").exists()


def test_its_page_says_what_comes_next(client):
    run = interrupted()
    client.force_login(run.by)
    assert "starts again by itself" in client.get(run.get_absolute_url()).content.decode()
    ImportRun.objects.update(attempts=ATTEMPTS)
    said = client.get(run.get_absolute_url()).content.decode()
    assert "starts again" not in said and "discard it, or restart it" in said
