"""The steps of an import: how far it is, what is done together, and who on the machine may look."""

import stat

import pytest

from tests import factories as make
from tests.files.test_importing import as_file, brought_in, said
from tests.files.test_undoing import undone, written
from tracker import recording, write_lock
from tracker.files.importing import runs, uploads
from tracker.models import Development, ImportRun, Party
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    """In whose name files come in."""
    return make.UserFactory(administrator=True)


@pytest.fixture
def told(monkeypatch):
    """The numbers of rows of which it is told that they are done; each row is a batch of its own."""
    numbers = []
    monkeypatch.setattr(uploads.Progress, "tell", lambda progress, done: numbers.append(done))
    monkeypatch.setattr(runs, "BATCH", 1)
    return numbers


def test_it_tells_how_far_it_is_in_each_step(editor, told):
    parties = [make.PartyFactory(name=f"Party {number}") for number in range(3)]
    rows = [{"id": party.ref, "short_name": "New"} for party in parties]
    run = brought_in(editor, BY_URL_NAME["party"], as_file(rows))
    assert told == [1, 2, 3]
    parties[0].short_name = "Theirs"
    recording.save(editor, parties[0])
    for state in ("ready", "done"):
        told.clear()
        run.state = ImportRun.State.WRITING
        run.save()
        runs.work(run, BY_URL_NAME["party"])
        # The first time it is shown again what would change, once it is found that something else would.
        assert (run.state, told) == (state, [1, 2, 3])
    told.clear()
    assert undone(run).state == "undone"
    assert told == [1, 2, 3]
    assert set(Party.objects.values_list("short_name", flat=True)) == {"Theirs", ""}


def test_all_parts_of_one_development_make_one_correction_wherever_they_stand(editor, told):
    developments = [make.DevelopmentFactory(process=make.ProcessFactory()) for _ in range(2)]
    rows = [
        {"development_id": one.ref, "item_id": make.DemandFactory(process=one.process).ref, "status": "met"}
        for one in (*developments, *developments)
    ]
    written(editor, "effect", *rows)
    now = Development.objects.filter(ref__in=[one.ref for one in developments], ended_at=None)
    assert [(one.version, one.effects.count()) for one in now] == [(2, 2)] * 2


def test_nobody_else_on_the_machine_may_look_at_it(editor):
    run = brought_in(editor, BY_URL_NAME["party"], "name,kind\nRuritania,state\n")
    assert not write_lock.is_held(run.ref) and not uploads.upload(run).exists()
    assert write_lock.rows_done(run.ref) == 0
    with uploads.at_work(run) as progress:
        assert write_lock.is_held(run.ref)
        assert write_lock.rows_done(run.ref) == 0
        progress.tell(12)
        assert write_lock.rows_done(run.ref) == 12
        (file,) = write_lock.work_folder().glob(f"{run.ref}*")
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (write_lock.work_folder(), file)]
        assert modes == [0o700, 0o600]
        with pytest.raises(write_lock.Busy), uploads.at_work(run):
            pass
    assert not write_lock.is_held(run.ref) and not [*write_lock.work_folder().glob(f"{run.ref}*")]


def test_a_long_text_is_told_by_its_beginning(editor):
    party = make.PartyFactory()
    row = {"id": party.ref, "kind": "x" * 600}
    (message,) = brought_in(editor, BY_URL_NAME["party"], as_file([row])).rows.get().messages
    assert message["value"] == "x" * 500 and f"“{'x' * 100}”" in message["rule"]


def test_what_is_wrong_and_conflicts_too_is_wrong_with_both_reasons(editor):
    party = make.PartyFactory()
    party.short_name = "P."
    recording.save(editor, party)
    row = {"id": party.ref, "version": "1", "kind": "stat"}
    run = brought_in(editor, BY_URL_NAME["party"], as_file([row]))
    assert [message["column"] for message in run.rows.get().messages] == ["version", "kind"]
    assert run.counts == {"wrong": 1}, said(run)
