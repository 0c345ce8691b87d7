"""A long import that is written in parts: each is whole, others save between them, and it stays one import."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tests import factories as make
from tests.corrections import correct
from tests.files.ahead import DEVELOPMENT, ROWS, previewed, require_sound, spoken, written
from tests.files.in_parts import SIZES, Killed, between
from tests.files.test_ahead_in_order import in_order, of_a_day
from tests.files.test_importing import as_file, said
from tests.files.test_undoing import undone
from tests.files.test_written_meanwhile import record_one_of_them, take_the_right_away
from tracker.clocks import PRESENT, Clocks
from tracker.files.importing import parts, runs
from tracker.models import Demand, Development, Effect, ImportRun, Party, Principle
from tracker.recording.timestamps import last_instant
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db


def instants():
    """The instants at which rows of the file were recorded, each with how many, the earliest first."""
    rows = spoken().order_by("recorded_at").values_list("recorded_at", flat=True)
    return {instant: list(rows).count(instant) for instant in rows}


def as_written():
    """What is on record of the file, but for when it was recorded, and where its demand stands."""
    names = [
        field.name for field in Development._meta.concrete_fields
        if not field.name.endswith(("id", "ref", "recorded_at", "placed_at", "recorded_by", "sequence", "place"))
    ]  # fmt: skip
    demand = Demand.objects.get()
    stances = demand.stances.values_list("party__name", "current_stance")
    rows = spoken().order_by("headline")
    citations = rows.values_list("headline", "citations__found", "effects__stance")
    return [*rows.values_list(*names)], [*citations], [*stances], str(demand.current_changed_on)


def written_in_parts(kind, rows, **options):
    """An import of `rows` of a record type other than developments, in parts."""
    by = make.UserFactory(administrator=True)
    run = runs.begin(by, kind, "file.csv", [as_file(rows).encode()], **options)
    runs.work(run, kind)
    ImportRun.objects.filter(pk=run.pk).update(state="writing", parts=[])
    runs.work(run, kind)
    run.refresh_from_db()
    return run


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_in_parts_is_on_record_what_is_written_at_once(demand, of_three):
    written(previewed(demand))
    at_once = as_written()
    assert undone(ImportRun.objects.get()).state == "undone"
    before = last_instant()
    run = written(previewed(demand), parts=[])
    assert run.state == "done" and run.counts == {"created": ROWS}, said(run)
    assert run.parts == SIZES and run.parts_written == len(SIZES) and run.rows_written == ROWS
    assert list(instants().values()) == SIZES and min(instants()) > before
    assert as_written() == at_once
    for part, instant in enumerate(instants(), start=1):
        assert spoken().filter(recorded_at=instant).count() == SIZES[part - 1]
        assert Development.objects.at(Clocks(known=instant)).count() == 1 + sum(SIZES[:part])
    require_sound()


@pytest.mark.parametrize("in_parts", [False, True])
def test_rows_find_the_one_that_they_follow_and_their_place_within_the_day(of_three, monkeypatch, in_parts):
    process = make.ProcessFactory(title="Talks")
    make.DevelopmentFactory(process=process, headline="Said long ago")
    monkeypatch.setattr(runs, "BATCH", 2)
    monkeypatch.setattr(parts, "PART_SECONDS", 0.0001)
    run = of_a_day(process, ["14:00", "", "after 3", "09:00", "08:00", "16:00"])
    # Of a batch that was read together rows may be left out, here the first.
    run.rows.filter(number=2).update(outcome="wrong")
    run = written(run, parts=[] if in_parts else None, only_valid=True)
    assert run.state == "done" and run.parts == ([1, 2, 2] if in_parts else None), said(run)
    timed = [name for name in in_order() if name not in ("Said 1", "Said long ago")]
    assert timed == ["Said 4", "Said 3", "Said 2", "Said 5"]
    require_sound()


def test_a_row_follows_one_of_its_own_part_and_not_its_namesake_in_an_earlier_one(of_three, monkeypatch):
    process = make.ProcessFactory(title="Talks")
    monkeypatch.setattr(runs, "BATCH", 2)
    monkeypatch.setattr(parts, "PART_SECONDS", 0.0001)
    kinds = [("Met", "report", ""), ("A", "report", "Met"), ("Met", "statement", ""), ("B", "report", "Met")]
    rows = [
        {"process": "Talks", "occurred_on": "2025-03-03", "headline": headline, "kind": kind, "follows": follows}
        | {"speech_act": "states" if kind == "statement" else "", "basis": "paraphrase", "party": "Ruritania"}
        for headline, kind, follows in kinds
    ]  # fmt: skip
    make.PartyFactory(name="Ruritania")
    run = runs.begin(make.UserFactory(administrator=True), DEVELOPMENT, "file.csv", [as_file(rows).encode()])
    runs.work(run, DEVELOPMENT)
    assert written(run, parts=[]).state == "done", said(run)
    met = {row.kind: row.ref for row in process.developments.filter(headline="Met")}
    assert process.developments.get(headline="A").follows == met["report"]
    assert process.developments.get(headline="B").follows == met["statement"]


def test_a_row_of_a_later_part_does_not_mean_the_record_of_an_earlier_one(of_three):
    make.ProcessFactory(title="Talks")
    make.PartyFactory(name="Ruritania")
    raised = {"development_kind": "report", "development_occurred_on": "2025-02-18"}
    raised |= {"development_basis": "paraphrase", "development_party": "Ruritania"}
    raised |= {"process": "Talks", "title": "Grain", "parties": "Ruritania"}
    rows = [raised | {"number": number} for number in ("1", "")]
    run = written_in_parts(BY_URL_NAME["principle"], rows)
    assert (run.state, run.parts) == ("done", [1, 1]), said(run)
    assert set(Principle.objects.values_list("title", "number")) == {("Grain", None), ("Grain", 1)}


def test_changes_to_one_development_are_one_correction_in_one_part(of_three):
    process = make.ProcessFactory()
    items = [make.DemandFactory(process=process) for _ in range(4)]
    ones = [make.DevelopmentFactory(process=process, headline=name) for name in ("one", "other")]
    rows = [
        {"development_id": one.ref, "item_id": item.ref, "stance": "rejects"}
        for item in items
        for one in ones
    ]
    run = written_in_parts(BY_URL_NAME["effect"], rows, reason="recoded")
    assert (run.state, run.parts) == ("done", [4, 4]), said(run)
    for one in ones:
        now = Development.objects.at(PRESENT).get(ref=one.ref)
        assert now.version == 2 and now.effects.filter(stance="rejects").count() == 4
    assert undone(run).state == "undone", run.problems
    assert not Effect.objects.at(PRESENT).filter(development__ref__in=[one.ref for one in ones]).exists()


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_others_save_between_two_parts_and_their_instants_are_in_order(demand, of_three, monkeypatch):
    run, others, renew = previewed(demand), [], parts.renew

    def save():
        try:
            if connection.vendor == "sqlite":
                connection.ensure_connection()
                connection.connection.execute("PRAGMA busy_timeout = 0")
            others.append(make.DevelopmentFactory(process_id=demand.process_id).recorded_at)
        finally:
            connections.close_all()

    def renewed(*args):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(save).result()
        assert sum(instants().values()) == sum(SIZES[: len(others)])
        renew(*args)

    monkeypatch.setattr(parts, "renew", renewed)
    assert written(run, parts=[]).state == "done"
    first, second, third = instants()
    assert first < others[0] < second < others[1] < third
    require_sound()


@pytest.mark.fault
@pytest.mark.parametrize("moment", ["in the first", "in the second", "between"])
def test_killed_it_goes_on_where_it_was_and_writes_no_row_twice(demand, of_three, monkeypatch, moment):
    run, part_written = previewed(demand), runs.part_written

    def killed(*_):
        raise Killed

    def killed_within(run, part, skipped):
        part_written(run, part, skipped)
        if part == (1 if moment == "in the first" else 2):
            raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        if moment == "between":
            between(patched, lambda: killed(), after=2)
        else:
            patched.setattr(runs, "part_written", killed_within)
        written(run, parts=[])
    run.refresh_from_db()
    done = {"in the first": 0, "in the second": 1, "between": 2}[moment]
    assert (run.state, run.parts_written, run.attempts) == ("writing", done, 0 if done else 2)
    assert list(instants().values()) == SIZES[:done]
    earlier = set(spoken().values_list("pk", flat=True))
    runs.work(run, DEVELOPMENT)
    assert run.state == "done" and list(instants().values()) == SIZES
    assert earlier <= set(spoken().values_list("pk", flat=True)) and run.parts == SIZES
    assert sorted(spoken().values_list("ref", flat=True)) == sorted(run.rows.values_list("ref", flat=True))
    require_sound()


def test_it_is_undone_as_one_or_not_at_all(demand, of_three):
    run = written(previewed(demand), parts=[])
    correct(spoken().get(headline__endswith="time 3"), headline="Ruritania spoke of orchards again")
    run = undone(run)
    assert run.state == "done" and run.problems == [
        "Row 5: its development has been corrected or withdrawn since."
    ]
    assert spoken().count() == ROWS
    require_sound()


def test_undone_it_is_at_one_instant(demand, of_three):
    run = written(previewed(demand), parts=[])
    run = undone(run)
    assert run.state == "undone" and not spoken().exists()
    rows = Development.objects.filter(headline__contains="orchards")
    assert set(rows.values_list("ended_at", "ended_as")) == {(last_instant(), "withdrawn")}
    require_sound()


@pytest.mark.parametrize("only_valid", [False, True])
def test_what_others_made_wrong_in_a_later_part_is_shown_or_left_out(
    demand, of_three, monkeypatch, only_valid
):
    run = previewed(demand)
    # The fifth row, of the second part.
    between(monkeypatch, lambda: record_one_of_them(demand, 4))
    run = written(run, parts=[], only_valid=only_valid)
    if only_valid:
        assert run.state == "done" and run.parts == [3, 2, 1]
        assert list(run.rows.exclude(outcome="created").values_list("number", "part")) == [(6, None)]
    else:
        assert run.state == "ready" and "no more was written" in run.problems[0]
        assert (run.parts_written, run.rows_written) == (1, 3) and list(instants().values())[:1] == [3]
        run = written(run, parts=run.parts[:1], only_valid=True)
        assert run.state == "done" and run.parts == [3, 3]
    assert spoken().count() == ROWS
    require_sound()


def test_whose_right_is_taken_away_between_two_parts_writes_no_more(demand, of_three, monkeypatch):
    run = previewed(demand)
    between(monkeypatch, lambda: take_the_right_away(demand))
    run = written(run, parts=[], only_valid=True)
    assert run.parts_written == 3 and run.rows_written == 3 == spoken().count()
    assert run.counts == {"created": 3, "wrong": 4}


def test_records_of_any_type_are_written_in_parts_and_undone_together(of_three):
    rows = [{"name": f"Party {number}", "kind": "state"} for number in range(5)]
    run = written_in_parts(BY_URL_NAME["party"], rows)
    assert run.state == "done" and run.parts == [1] * 5
    assert len(set(Party.objects.values_list("recorded_at", flat=True))) == 5
    assert undone(run).state == "undone" and not Party.objects.exists()
