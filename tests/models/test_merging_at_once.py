"""A merge, or its undoing, while another connection writes: one of the two is told, and nothing is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connections, transaction

from tests import factories as make
from tests.corrections import correct
from tracker import recording
from tracker.models import Delegation, Development, Effect, FollowUp, Party, Source
from tracker.recording.meanwhile import NamedMeanwhile
from tracker.recording.merging import HandOver, merge
from tracker.recording.moving import move
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


def test_two_items_are_not_made_a_circle_by_an_edit_at_the_same_time(editor):
    process = make.ProcessFactory()
    old, new, third = (
        make.FollowUpFactory(process=process, title=title) for title in ("Old", "New", "Third")
    )
    third.waits_for = old.item
    recording.save(editor, third)
    new.waits_for = third.item
    with meanwhile(lambda: recording.save(editor, new)), pytest.raises(recording.Outdated):
        merge(editor, old, FollowUp.objects.get(pk=new.pk), "The same")
    with pytest.raises(ValidationError, match="would wait, in the end, for itself"):
        merge(editor, old, FollowUp.objects.get(pk=new.pk), "The same")


def test_two_merges_at_once_do_not_make_a_circle_of_talks(editor):
    process = make.ProcessFactory()

    def row(*titles):
        """Talks of which each follows the next."""
        talks = [make.TalkFactory(process=process, title=titles[-1])]
        for title in reversed(titles[:-1]):
            talks.append(make.TalkFactory(process=process, title=title, predecessor=talks[-1]))
        return talks

    third, _, first = row("First", "Second", "Third")
    sixth, _, fourth = row("Fourth", "Fifth", "Sixth")
    with meanwhile(lambda: merge(editor, sixth, first, "The same")), pytest.raises(ValidationError) as error:
        merge(editor, third, fourth, "The same")
    assert error.value.messages == [
        "“Fourth” would follow itself in the end: change first what “Fifth” follows."
    ]


def test_two_sources_are_not_taken_from_each_other_at_once(editor):
    first, second, third = (make.SourceFactory(title=title) for title in ("First", "Second", "Third"))
    second.taken_from, third.taken_from, first.taken_from = first, second, third
    recording.save(editor, third)
    with (
        meanwhile(lambda: recording.save(editor, second)),
        pytest.raises(ValidationError, match="in the end"),
    ):
        recording.save(editor, first)


def test_a_move_takes_along_what_is_recorded_while_it_works_or_is_told_of_it(editor):
    item, process = make.DemandFactory(), make.ProcessFactory()
    said = []

    def record():
        effects = [Effect(item=item, status="met")]
        said.append(make.DevelopmentFactory(process=item.process, by=editor, effects=effects))

    with meanwhile(record):
        there = move(editor, item, process, "Filed by mistake")
    assert current(said[0]).process == process and current(said[0]).effects.get().item_id == there.pk
    there.refresh_from_db()
    assert there.current_status == "met"


def test_what_is_recorded_of_an_item_that_was_moved_meanwhile_is_refused(editor):
    item, process = make.DemandFactory(), make.ProcessFactory()
    with meanwhile(lambda: move(editor, item, process, "Filed by mistake")), pytest.raises(NamedMeanwhile):
        make.DevelopmentFactory(process=item.process, effects=[Effect(item=item, status="met")])
    assert not Effect.objects.filter(item=item.pk, ended_at=None).exists()


@pytest.mark.parametrize("is_cited_first", [True, False])
def test_a_source_is_not_kept_to_a_process_and_cited_elsewhere_at_once(editor, is_cited_first):
    source, seat = make.SourceFactory(), make.DelegationFactory()
    seat.source = Source.objects.get(pk=source.pk)
    source.process = make.ProcessFactory()
    keep, cite = (partial(recording.save, editor, record) for record in (source, seat))
    first, then = (cite, keep) if is_cited_first else (keep, cite)
    with meanwhile(first), pytest.raises(NamedMeanwhile) as error:
        then()
    told = (
        "It is cited outside of this process already"
        if is_cited_first
        else f"{source.ref} was kept to another"
    )
    assert told in error.value.messages[0]
    assert Delegation.objects.filter(source=source).exists() is is_cited_first


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
