"""Many new developments that tell of their order within a day are placed as those of a short file."""

import datetime as dt

import pytest

from tests import factories as make
from tests.files.ahead import DEVELOPMENT, meanwhile, require_sound, written
from tests.files.test_importing import as_file, said
from tracker.clocks import PRESENT
from tracker.files.importing import ahead, runs
from tracker.models import Development


def of_a_day(process, times):
    """An import of developments of one day at `times`, shown to its author; `after N` comes after row N."""
    make.PartyFactory(name="Ruritania")
    rows = [
        {
            "process": process.title, "occurred_on": "2025-03-03", "headline": f"Said {number}", "kind": "statement",
            "speech_act": "states", "basis": "paraphrase", "party": "Ruritania",
            "occurred_time": "" if time.startswith("after") else time,
            "follows": f"Said {time[6:]}" if time.startswith("after") else "",
        }
        for number, time in enumerate(times)
    ]  # fmt: skip
    run = runs.begin(make.UserFactory(administrator=True), DEVELOPMENT, "file.csv", [as_file(rows).encode()])
    runs.work(run, DEVELOPMENT)
    run.refresh_from_db()
    assert run.counts == {"created": len(rows)}, said(run)
    return run


def in_order():
    """The headlines on record, in their order."""
    rows = Development.objects.at(PRESENT).order_by("happened_key", "placed_at", "place")
    return list(rows.values_list("headline", flat=True))


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("batch", [500, 2])
def test_they_are_placed_by_their_times_and_by_what_they_follow(many, monkeypatch, batch):
    run = of_a_day(make.ProcessFactory(title="Talks"), ["14:00", "", "09:00", "after 2", "08:00", "16:00"])
    monkeypatch.setattr(runs, "BATCH", batch)
    run = written(run)
    assert run.state == "done", said(run)
    timed = [name for name in in_order() if name != "Said 1"]
    assert timed == ["Said 4", "Said 2", "Said 3", "Said 0", "Said 5"]
    require_sound()


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "attempts"), [(3, 2), (4, 1)])
def test_they_are_made_ready_again_only_for_what_is_recorded_of_their_day(many, monkeypatch, day, attempts):
    process = make.ProcessFactory(title="Talks")
    run = of_a_day(process, ["14:00", "", "09:00", "08:00"])
    meanwhile(
        monkeypatch, lambda: make.DevelopmentFactory(process=process, occurred_on=dt.date(2025, 3, day))
    )
    made, record = [], ahead.Stage.record

    def recorded(*args, **options):
        made.append(1)
        record(*args, **options)

    monkeypatch.setattr(ahead.Stage, "record", recorded)
    assert written(run).state == "done" and len(made) == attempts
    require_sound()
