"""Quotes that an earlier release did not find are looked up again by the upgrade, and are found from then on."""

import datetime as dt

import pytest
from django.db.models.signals import post_migrate

from tests import factories as make
from tests.corrections import correct
from tests.files.packages import empty, packed
from tracker import recording
from tracker.files.data_package.restoring import restore
from tracker.models import Citation, DerivedText, Source
from tracker.models.base import writes_allowed
from tracker.models.past import reading
from tracker.recording import looked_up_again
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db
MOMENT = dt.timedelta(microseconds=1)


def as_by_an_earlier_release():
    """No quote has been found, by rules of which nothing is known."""
    with writes_allowed():
        Citation.objects.filter(found=True).update(found=False, found_in=None)
    DerivedText.objects.filter(name=looked_up_again.NAME).delete()


def migrate():
    """What `manage.py migrate` does at its end; returns whether something was recorded."""
    before = last_instant()
    looked_up_again.install()
    return last_instant() > before


@pytest.mark.both
def test_what_the_upgrade_finds_is_found_from_then_on_and_was_not_before(alice, bob):
    source = make.SourceFactory(by=alice, text="They met¹ again.")
    replaced = make.SourceFactory(by=alice, text="A treaty&#8217;s end.")
    quoted = [make.CitationFactory(source=source, quote=quote) for quote in ("They met again", "They parted")]
    quoted.append(make.CitationFactory(source=replaced, quote="treaty's end"))
    ended = make.CitationFactory(source=source, quote="met again")
    correct(ended.development, by=bob, citations=[])
    replaced.text = "Nothing."
    recording.save(bob, replaced)
    as_by_an_earlier_release()
    before = last_instant()

    def proofs():
        rows = Citation.objects.filter(pk__in=[each.pk for each in quoted]).order_by("pk")
        return [*rows.values_list("found", "found_in__number", "found_at")]

    assert migrate()
    upgraded = last_instant()
    now = [(True, 1, upgraded), (False, None, None), (True, 1, upgraded)]
    assert proofs() == now
    for known, expected in ((before, [(False, None, None)] * 3), (upgraded, now)):
        with reading(known):
            assert proofs() == expected
    assert Citation.objects.get(pk=ended.pk).found is False
    assert not migrate(), "by the same rules nothing is looked up twice"


def test_a_package_of_an_earlier_release_is_looked_up_once_restored(alice, tmp_path):
    source = make.SourceFactory(by=alice, text="They met¹ again.")
    make.CitationFactory(source=source, quote="They met again")
    as_by_an_earlier_release()
    exported = last_instant()
    (file := tmp_path / "record.zip").write_bytes(packed())
    empty()
    told = []
    restore(file, told.append)
    assert told[-1] == "1 quote is found that the release of the package did not find."
    with reading(exported):
        assert not Citation.objects.get().found
    assert Citation.objects.get().found_at == last_instant() > exported


def test_nothing_is_found_in_a_text_that_the_recorder_may_not_read(alice, bob, restricted_process):
    source = make.SourceFactory(by=alice, text="They met.", process=restricted_process)
    source.text, source.process = "Nothing.", None
    recording.save(alice, source)
    for by in (alice, bob):
        cited = [Citation(source=Source.objects.get(), quote="they met")]
        make.DevelopmentFactory(by=by, citations=cited)
    as_by_an_earlier_release()
    assert looked_up_again.look_up_again() == 1
    assert Citation.objects.get(found=True).development.recorded_by == alice


def test_what_somebody_changes_meanwhile_stays_as_it_is(alice, monkeypatch):
    source = make.SourceFactory(by=alice, text="They met¹ again.")
    citation = make.CitationFactory(source=source, quote="They met again")
    as_by_an_earlier_release()
    write = looked_up_again._write

    def written_late(found):
        with writes_allowed():
            Citation.objects.filter(pk=citation.pk).update(found=True, found_at=None)
        return write(found)

    monkeypatch.setattr(looked_up_again, "_write", written_late)
    assert looked_up_again.look_up_again() == 0
    assert Citation.objects.get().found_at is None


def test_every_migration_asks_for_it_and_a_clock_that_is_behind_leaves_it_to_the_next(alice, monkeypatch):
    source = make.SourceFactory(by=alice, text="They met¹ again.")
    make.CitationFactory(source=source, quote="They met again")
    as_by_an_earlier_release()
    with monkeypatch.context() as patched:
        patched.setattr("tracker.recording.timestamps.AHEAD", dt.timedelta(days=-1))
        assert not migrate()
    app = Citation._meta.app_config
    post_migrate.send(sender=app, app_config=app, using="default", plan=[], verbosity=0)
    assert Citation.objects.get().found
