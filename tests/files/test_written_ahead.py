"""Many new developments are made ready first, and then recorded at once: all of them, or none."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.corrections import correct
from tests.files.ahead import ROWS, previewed, require_sound, spoken, written
from tests.files.test_importing import said
from tests.files.test_undoing import undone
from tracker.clocks import Clocks
from tracker.files.importing import ahead, runs
from tracker.models import Citation, Development, Effect, ImportRun, User
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


def test_all_are_recorded_at_one_instant_and_move_their_item(demand):
    before = last_instant()
    run = written(previewed(demand))
    assert run.state == "done" and run.counts == {"created": ROWS}, said(run)
    (instant,) = set(spoken().values_list("recorded_at", flat=True))
    assert before < instant == last_instant()
    assert set(spoken().values_list("first_recorded_at", "placed_at", "sourced")) == {
        (instant, instant, True)
    }
    assert set(Effect.objects.filter(development__in=spoken()).values_list("recorded_at", flat=True)) == {
        instant
    }
    assert Citation.objects.filter(development__in=spoken(), recorded_at=instant).count() == ROWS
    demand.refresh_from_db()
    assert str(demand.current_changed_on) == f"2025-03-0{ROWS}" and demand.process.last_recorded_at == instant
    assert [row.current_stance for row in demand.stances.all()] == ["rejects"]
    require_sound()


def test_they_are_as_those_that_are_recorded_one_by_one(demand, monkeypatch, client):
    written(previewed(demand))
    client.force_login(User.objects.get(pk=spoken()[0].recorded_by_id))
    columns = [
        field.name for field in Development._meta.concrete_fields
        if field.name not in ("id", "ref", "recorded_at", "first_recorded_at", "placed_at", "recorded_by")
    ]  # fmt: skip
    ahead_of = list(spoken().order_by("sequence").values_list(*columns))
    run = undone(ImportRun.objects.get())
    assert run.state == "undone" and not spoken().exists()
    monkeypatch.setattr(runs, "SMALL_ROWS", 1000)
    written(previewed(demand))
    assert list(spoken().order_by("sequence").values_list(*columns)) == ahead_of


def test_search_has_them_at_once_and_not_at_an_earlier_instant(demand, client):
    run = previewed(demand)
    before = last_instant()
    written(run)
    client.force_login(run.by)
    found = client.get("/search/", {"q": "orchards"}).content.decode()
    assert f"time {ROWS - 1}" in found
    earlier = client.get(
        "/search/", {"q": "orchards", "known": before.isoformat()}, follow=True
    ).content.decode()
    assert "time 1" not in earlier


def test_what_the_database_refuses_leaves_nothing_behind(demand, monkeypatch):
    run = previewed(demand)
    record = ahead.Stage.record

    def broken(stage, *args, **options):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE staged_tracker_development SET speech_act = ''")
        record(stage, *args, **options)

    monkeypatch.setattr(ahead.Stage, "record", broken)
    run = written(run)
    # They are written one by one then, in which nothing is wrong.
    assert run.state == "done" and set(spoken().values_list("speech_act", flat=True)) == {"states"}
    require_sound()


def test_recording_takes_as_many_statements_for_few_as_for_many(demand, monkeypatch):
    counted = []
    record = ahead.Stage.record

    def counting(*args, **options):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            record(*args, **options)
        counted.append(len(queries))

    monkeypatch.setattr(ahead.Stage, "record", counting)
    for number in (5, 20):
        written(previewed(demand, number))
        undone(ImportRun.objects.latest("pk"))
    assert counted[0] == counted[1]


def test_an_import_of_many_is_undone_at_one_instant(demand):
    run = written(previewed(demand))
    known = last_instant()
    run = undone(run)
    assert run.state == "undone" and not spoken().exists()
    rows = Development.objects.filter(headline__contains="orchards")
    assert set(rows.values_list("ended_at", "ended_as")) == {(last_instant(), "withdrawn")}
    assert set(Effect.objects.filter(development__in=rows).values_list("ended_at", flat=True)) == {
        last_instant()
    }
    demand.refresh_from_db()
    assert [row.current_stance for row in demand.stances.all()] in ([], [None], ["demands"])
    assert rows.at(Clocks(known=known)).count() == ROWS
    require_sound()


def test_an_import_of_many_stays_whole_if_one_of_them_was_corrected(demand):
    run = written(previewed(demand))
    correct(spoken().get(headline__endswith="time 3"), headline="Ruritania spoke of orchards again")
    run = undone(run)
    assert run.state == "done" and run.problems == [
        "Row 5: its development has been corrected or withdrawn since."
    ]
    assert spoken().count() == ROWS
    require_sound()
