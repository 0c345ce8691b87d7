"""Others record while the new versions of a large merge, its undoing or a move are made ready: nothing is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from tests import factories as make
from tests.corrections import correct
from tests.models.renewals import Merging, MergingItems, MergingSources, Moving, Unmerging, current
from tracker import recording
from tracker.models import Citation, Development, Effect, Item, ItemStance, User
from tracker.models.vocabularies import UserRole
from tracker.recording import booking, renewed_ahead
from tracker.recording.meanwhile import Overtaken
from tracker.recording.timestamps import PENDING, last_instant
from tracker.recording.unmerging import BuiltOn

# Where others record meanwhile; `make prove` tries all of it on SQLite too.
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

KINDS = [Merging, Unmerging, Moving]


@pytest.fixture(autouse=True)
def near(monkeypatch):
    """The instant of a recording is taken a moment ahead."""
    monkeypatch.setattr(booking, "MARGIN", booking.MARGIN / 5)
    monkeypatch.setattr(booking, "SHORTLY", booking.SHORTLY / 2)


@pytest.fixture
def editor():
    return make.UserFactory(username="ed", editor=True)


@pytest.fixture
def one_by_one(monkeypatch):
    """Each development is made ready on its own."""
    monkeypatch.setattr(renewed_ahead, "in_batches", lambda values: [[value] for value in values])


def said():
    """All that is recorded, but for what is another one each time: primary keys, ids and instants of the renewal."""
    instant, news = last_instant(), ("ref", "recorded_at")

    def row(record, *names, without=()):
        values = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
        return {
            name: "now" if value == instant else value
            for name, value in values.items()
            if name not in (*names, *without, "id", "development_id")
        }

    items = {item.pk: (item.title, item.process_id) for item in Item.everything.all()}
    for development in Development.objects.order_by("ref", "version"):
        yield row(development)
        for effect in development.effects.order_by("pk"):
            yield row(effect, *news, "item_id") | {"item": items[effect.item_id]}
        for citation in development.citations.order_by("pk"):
            yield row(citation, *news, "found_in_id") | {
                "found_in": citation.found_in and citation.found_in.text
            }
    for item in Item.everything.order_by("title", "process"):
        yield row(item, "ref", "recorded_at", "merged_into_id")
    for stance in ItemStance.objects.order_by("item__title", "item__process", "party"):
        yield row(stance, "item_id")


@pytest.mark.parametrize("kind", [*KINDS, MergingItems, MergingSources])
def test_what_was_made_ready_is_what_would_be_written_otherwise(editor, kind, one_by_one):
    change = kind(editor)
    with transaction.atomic():
        change.write()
        expected = list(said())
        transaction.set_rollback(True)
    told = []
    change.write(change.ready(told.append))
    assert list(said()) == expected
    assert told[0] == 0 and told[-1] >= len(change.said)
    assert Development.objects.filter(ended_at=last_instant()).count() >= len(change.said)


@pytest.mark.parametrize("kind", [Merging, Moving])
def test_what_others_do_to_the_developments_meanwhile_is_kept(editor, kind):
    change = kind(editor)
    gone = change.record("They wait")
    ahead = change.ready()
    first, second = change.said
    correct(first, by=editor, headline="They come at last")
    recording.withdraw(editor, gone, "Not so")
    third = change.record("They return", follows=second.ref)
    change.write(ahead)
    assert [current(row).headline for row in (first, second, third)] == [
        "They come at last",
        "They go",
        "They return",
    ]
    assert all(change.is_done_to(row) for row in (first, second, third)) and current(gone) is None


def test_what_is_recorded_or_corrected_meanwhile_is_made_ready_in_another_round(editor, monkeypatch):
    monkeypatch.setattr(renewed_ahead, "FEW", 0)
    change, more = Merging(editor), []

    def record(done):
        # Which are to be renewed was asked already.
        if not more:
            more.append(change.record("They return"))
            more.append(correct(change.said[0], by=editor, headline="They come at last"))

    ahead = change.ready(record)
    assert ahead.pairs.all().keys() == {row.pk for row in (change.said[1], *more)}
    change.write(ahead)
    assert current(change.said[0]).headline == "They come at last"


def test_what_was_built_on_a_merge_meanwhile_is_not_undone(editor):
    change = Unmerging(editor)
    ahead = change.ready()
    later = make.DevelopmentFactory(party=change.new)
    correct(change.said[0], by=editor, headline="They come at last")
    with pytest.raises(BuiltOn), transaction.atomic():
        change.write(ahead)
    correct(current(change.said[0]), by=editor, headline="They come")
    change.write(change.ready())
    assert all(map(change.is_done_to, change.said)) and current(later).party == change.new


@pytest.mark.parametrize("kind", KINDS)
def test_a_quote_that_was_found_meanwhile_stays_found(editor, kind):
    change = kind(editor)
    ahead = change.ready()
    change.source.text = "They came."
    recording.save(editor, change.source)
    change.write(ahead)
    found = Citation.objects.filter(development__ended_at=None, development__ref=change.said[0].ref)
    assert list(found.values_list("found", "found_in__text")) == [(True, "They came.")]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_made_ready_anew_where_its_author_may_see_less(editor, kind):
    change = kind(editor)
    ahead = change.ready()
    User.objects.filter(pk=editor.pk).update(role=UserRole.ANALYST)
    with pytest.raises(Overtaken), transaction.atomic():
        change.write(ahead)
    assert not any(map(change.is_done_to, change.said))


def test_it_is_made_ready_anew_where_others_record_on_a_day_that_it_is_moved_to(editor):
    change = Moving(editor)
    ahead = change.ready()
    make.DevelopmentFactory(process=change.there)
    with pytest.raises(Overtaken), transaction.atomic():
        change.write(ahead)
    change.write(change.ready())
    assert all(map(change.is_done_to, change.said))


def in_another_connection(do):
    """Do it there, at once or not at all."""

    def run():
        try:
            if connection.vendor == "sqlite":
                connection.ensure_connection()
                connection.connection.execute("PRAGMA busy_timeout = 0")
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_others_save_between_any_two_parts_of_what_is_made_ready(editor, kind, one_by_one):
    change, others = kind(editor), []

    def save(done):
        others.append(in_another_connection(lambda: make.DevelopmentFactory(process=change.process)))

    change.write(change.ready(save))
    assert all(map(change.is_done_to, change.said)) and len(others) > len(change.said)
    assert max(row.recorded_at for row in others) < last_instant()
    assert not any(model.objects.filter(recorded_at=PENDING) for model in (Development, Effect, Citation))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.parametrize("kind", [Merging, Moving])
def test_others_record_while_it_is_written_and_that_moves_too(editor, kind, monkeypatch):
    change, others = kind(editor), []
    ahead = change.ready()

    def wait_for(*args):
        day = change.said[0].occurred_on.replace(day=3)
        others.append(in_another_connection(lambda: change.record("They return", occurred_on=day)))
        booking.wait_for(*args)

    monkeypatch.setattr(renewed_ahead, "wait_for", wait_for)
    change.write(ahead)
    assert all(map(change.is_done_to, (*change.said, *others)))
    assert others[0].recorded_at < last_instant()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
def test_a_text_that_is_stored_while_it_is_written_is_not_lost(editor, monkeypatch):
    change = Merging(editor)
    ahead = change.ready()
    change.source.text = "They came."

    def wait_for(*args):
        in_another_connection(lambda: recording.save(editor, change.source))

    monkeypatch.setattr(renewed_ahead, "wait_for", wait_for)
    with pytest.raises(Overtaken):
        change.write(ahead)
    assert not any(map(change.is_done_to, change.said))
