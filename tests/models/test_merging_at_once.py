"""A merge, or its undoing, while another connection writes: one of the two is told, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connections, transaction

from tests import factories as make
from tests.corrections import correct
from tracker import recording
from tracker.models import Development, Party
from tracker.recording.merging import HandOver, merge
from tracker.recording.unmerging import BuiltOn, unmerge

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"),
        reason="SQLite lets one write at a time",
    ),
]


@pytest.fixture
def editor():
    return make.UserFactory(username="ed", editor=True)


@contextmanager
def meanwhile(task):
    """Run `task` in a connection of its own, which commits a second after the block has begun."""
    done, committed = threading.Event(), threading.Event()

    def run():
        try:
            with transaction.atomic():
                task()
                done.set()
                committed.wait(1)
        finally:
            done.set()
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        assert done.wait(10)
        yield
        running.result()


def current(development):
    return Development.objects.get(ref=development.ref, ended_at=None)


def test_a_merge_is_told_of_a_correction_that_it_waited_for(editor):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    said = make.DevelopmentFactory(party=old)
    with (
        meanwhile(lambda: correct(said, by=editor, headline="Other words")),
        pytest.raises(recording.Outdated),
    ):
        merge(editor, old, new, "The same")
    assert current(said).headline == "Other words"
    new.refresh_from_db()
    merge(editor, old, new, "The same")
    assert current(said).party == new


def test_undoing_a_merge_is_told_of_a_correction_that_it_waited_for(editor):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")
    said = make.DevelopmentFactory(party=old)
    merge(editor, old, new, "The same")
    merged, renewed = Party.everything.get(pk=old.pk), current(said)
    with (
        meanwhile(lambda: correct(renewed, by=editor, headline="Other words")),
        pytest.raises(BuiltOn) as error,
    ):
        unmerge(editor, merged, "They are two")
    assert error.value.keys == {Development: {renewed.pk}}
    assert (current(said).headline, current(said).party) == ("Other words", new)


def test_a_merge_is_told_of_what_was_recorded_after_it_had_looked(editor, monkeypatch):
    old, new = make.PartyFactory(name="Old"), make.PartyFactory(name="New")

    def renew_late(self, renew=HandOver.renew):
        renew(self)
        with meanwhile(lambda: make.PersonFactory(name="Ann", party=old, by=editor)):
            pass

    with monkeypatch.context() as patched, pytest.raises(recording.Outdated):
        patched.setattr(HandOver, "renew", renew_late)
        merge(editor, old, new, "The same")
    assert Party.objects.get(pk=old.pk).people.get().name == "Ann"
