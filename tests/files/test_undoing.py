"""An import is undone as a whole or not at all: what was done with its rows since is named, and stays."""

import datetime as dt

import pytest

from tests import factories as make
from tests.corrections import correct
from tests.files.test_importing import as_file, brought_in, said
from tracker import recording
from tracker.files.importing import undo
from tracker.files.importing.runs import work
from tracker.models import (
    Citation,
    Demand,
    Development,
    Effect,
    ImportRun,
    LastRecording,
    Office,
    Party,
    Person,
)
from tracker.recording.merging import merge
from tracker.recording.moving import move
from tracker.register import BY_URL_NAME

pytestmark = pytest.mark.django_db

RAISED = {
    "development_kind": "report",
    "development_occurred_on": "2025-02-18",
    "development_basis": "paraphrase",
    "development_party": "Graustark",
}


@pytest.fixture
def editor():
    """In whose name files come in; there is a party."""
    make.PartyFactory(name="Graustark")
    return make.UserFactory(administrator=True)


def written(user, url_name, *rows):
    """An import of `rows` that was written."""
    run = brought_in(user, BY_URL_NAME[url_name], as_file(rows), then="writing", reason="recoded")
    assert run.state == "done", said(run)
    return run


def undone(run):
    """`run`, after somebody asked that it be undone."""
    run.undone_by, run.state = run.by, ImportRun.State.UNDOING
    run.save()
    work(run, BY_URL_NAME[run.record_type])
    run.refresh_from_db()
    return run


def require_kept(run, *problems):
    """That `run` is not undone, for `problems`."""
    run = undone(run)
    assert (run.state, run.undone_at) == ("done", None)
    assert run.problems == list(problems)


def test_what_was_made_is_gone_and_what_was_changed_is_as_before(editor):
    old = make.PartyFactory(name="Ruritania", short_name="R.")
    run = written(
        editor,
        "party",
        {"id": old.ref, "name": "", "kind": "", "short_name": "Rur."},
        {"id": "", "name": "Syldavia", "kind": "state", "short_name": ""},
    )
    run = undone(run)
    assert (run.state, run.problems, run.undone_by) == ("undone", [], editor)
    assert run.undone_at >= run.written_at
    assert sorted(Party.objects.values_list("name", "short_name")) == [("Graustark", ""), ("Ruritania", "R.")]


def test_what_was_deleted_or_changed_since_is_not_undone_nor_is_the_rest(editor):
    run = written(
        editor, "party", *({"name": name, "kind": "state"} for name in ("Ruritania", "Syldavia", "Borduria"))
    )
    recording.delete(editor, Party.objects.get(name="Ruritania"))
    changed = Party.objects.get(name="Syldavia")
    changed.short_name = "S."
    recording.save(editor, changed)
    require_kept(run, "Row 3: it has been changed since.", "Row 2: it has been deleted since.")
    assert Party.objects.filter(name="Borduria").exists()


@pytest.mark.parametrize("since", ["moved", "moved here first", "merged"])
def test_an_item_that_was_moved_or_merged_since_is_said_to_be_that(editor, since):
    item = make.DemandFactory(title="Withdrawal")
    if since == "moved here first":
        item = move(editor, item, make.ProcessFactory(), "Filed by mistake.")
    run = written(editor, "demand", {"id": item.ref, "note": "Anew"})
    item.refresh_from_db()
    if since == "moved":
        move(editor, item, make.ProcessFactory(), "Filed by mistake.")
        require_kept(run, "Row 2: it has been moved to another process since.")
    else:
        merge(editor, item, make.DemandFactory(process=item.process), "The same")
        require_kept(run, "Row 2: it has been merged into another record since.")


@pytest.mark.parametrize("since", ["moved to another process", "merged into another record"])
def test_what_an_import_recorded_is_said_to_be_moved_or_merged_since(editor, since):
    process = make.ProcessFactory(title="Talks")
    row = {"process": "Talks", "title": "Grain", "party": "Graustark", "kind": "demand"}
    item_run = written(editor, "demand", row | RAISED)
    item = Demand.objects.get()
    row = {"process": "Talks", "occurred_on": "2025-02-18", "kind": "report", "party": "Graustark"}
    row |= {"headline": "Met", "basis": "paraphrase", "effect_item": item.ref, "effect_status": "met"}
    run = written(editor, "development", row)
    if since.startswith("moved"):
        move(editor, item, make.ProcessFactory(), "Filed by mistake.")
        require_kept(run, "Row 2: its development has been moved to another process since.")
    else:
        merge(editor, item, make.DemandFactory(process=process), "The same")
        require_kept(run, "Row 2: its development has been corrected or withdrawn since.")
    require_kept(item_run, f"Row 2: it has been {since} since.")


@pytest.mark.parametrize("is_soon", [True, False])
@pytest.mark.parametrize("name", ["party", "source"])
def test_a_development_does_not_name_again_what_was_merged_since(editor, is_soon, name):
    factory = make.PartyFactory if name == "party" else make.SourceFactory
    old, new, other = (factory() for _ in range(3))
    if name == "party":
        run = written(
            editor, "development", {"id": make.DevelopmentFactory(party=old).ref, "party_id": other.ref}
        )
    else:
        cited = make.DevelopmentFactory(citations=[Citation(source=old)]).citations.get()
        run = written(editor, "citation", {"id": cited.ref, "source_id": other.ref})
    merge(editor, old, new, "The same")
    if not is_soon:
        LastRecording.objects.update(merged_at=None)
    require_kept(run, f"Row 2: its earlier {name} has been merged or moved since.")


def test_no_more_reasons_are_looked_for_than_are_shown(editor, monkeypatch):
    monkeypatch.setattr(undo, "SHOWN", 2)
    run = written(editor, "party", *({"name": f"Party {number}", "kind": "state"} for number in range(4)))
    for party in Party.objects.exclude(name="Graustark"):
        recording.delete(editor, party)
    require_kept(run, *(f"Row {number}: it has been deleted since." for number in (5, 4)))


def test_a_delegation_that_others_have_joined_is_not_undone(editor):
    talk = make.TalkFactory(title="First round")
    run = written(editor, "delegation", {"talk": talk.ref, "party": "Graustark", "role": "host"})
    make.DelegateFactory(delegation=talk.delegations.get())
    require_kept(run, "Row 2: people have been entered in it since.")


def test_a_value_is_restored_unless_that_very_value_was_changed_since(editor):
    party = make.PartyFactory(name="Ruritania", short_name="R.")
    run = written(editor, "party", {"id": party.ref, "short_name": "Rur."})
    party.refresh_from_db()
    party.short_name, party.description = "Ruri", "A kingdom."
    recording.save(editor, party)
    require_kept(run, "Row 2: its short name has been changed since.")
    party.short_name = "Rur."
    recording.save(editor, party)
    assert undone(run).state == "undone"
    party.refresh_from_db()
    assert (party.short_name, party.description) == ("R.", "A kingdom.")


@pytest.mark.parametrize("before", ["Graustark", ""])
def test_a_relation_and_a_date_are_restored_also_to_nothing(editor, before):
    make.PartyFactory(name="Ruritania")
    party = Party.objects.filter(name=before).first()
    person = make.PersonFactory(party=party, affiliation="Court")
    day = {"held_from": "2024-05-01", "held_from_precision": "day"} if before else {}
    office = make.OfficeFactory(person=person, **day)
    runs = [
        written(editor, "person", {"id": person.ref, "party": "Ruritania"}),
        written(editor, "office", {"id": office.ref, "held_from": "2025-02"}),
    ]
    assert Person.objects.get().party.name == "Ruritania"
    assert Office.objects.get().held_from_precision == "month"
    for run in runs:
        assert undone(run).state == "undone", run.problems
    assert Person.objects.get().party == party
    office = Office.objects.get()
    assert (str(office.held_from or ""), office.held_from_precision) == (
        ("2024-05-01", "day") if before else ("", "")
    )


@pytest.mark.parametrize("before", [[], ["Graustark"]])
def test_several_related_records_are_restored_in_whichever_order_they_come(editor, before):
    parties = [make.PartyFactory(name=name) for name in ("Ruritania", "Aland")]
    named = list(Party.objects.filter(name__in=before))
    demand = make.DemandFactory(addressed_to=named)
    run = written(editor, "demand", {"id": demand.ref, "addressed_to": "Ruritania; Aland"})
    demand = Demand.objects.get()
    recording.save(editor, demand, {"addressed_to": parties[:1]})
    require_kept(run, "Row 2: its addressed to has been changed since.")
    recording.save(editor, demand, {"addressed_to": parties[::-1]})
    assert undone(run).state == "undone", run.problems
    assert list(demand.addressed_to.all()) == named


@pytest.mark.parametrize("since", [("corrected",), ("withdrawn",), ("corrected", "withdrawn")])
def test_a_development_that_was_corrected_or_withdrawn_since_is_not_undone(editor, since):
    process = make.ProcessFactory(title="Talks")
    row = {"process": "Talks", "occurred_on": "2025-02-18", "kind": "report", "party": "Graustark"}
    row |= {"headline": "They met", "basis": "paraphrase"}
    run = written(editor, "development", row)
    development = process.developments.get()
    if "corrected" in since:
        # It stands before its earlier version where it happened on an earlier day.
        development = correct(development, by=editor, occurred_on=dt.date(2025, 2, 10))
    if "withdrawn" in since:
        recording.withdraw(editor, development, "Not so.")
    require_kept(run, "Row 2: its development has been corrected or withdrawn since.")


def test_a_development_gets_its_place_within_the_day_again(editor):
    process, told = make.ProcessFactory(), {"occurred_on": dt.date(2025, 2, 18)}
    first = make.DevelopmentFactory(process=process, headline="first", **told)
    one, other = (
        make.DevelopmentFactory(process=process, headline=name, follows=first.ref, **told)
        for name in ("one", "other")
    )
    before = headlines(process)
    run = written(editor, "development", {"id": one.ref, "follows": other.ref})
    assert headlines(process) == ["first", "other", "one"]
    assert undone(run).state == "undone"
    assert headlines(process) == before == ["first", "one", "other"]


def test_a_place_before_what_is_told_to_come_first_is_not_taken_again(editor):
    process, told = make.ProcessFactory(), {"occurred_on": dt.date(2025, 2, 18)}
    noon = make.DevelopmentFactory(process=process, headline="noon", occurred_time=dt.time(12), **told)
    other = make.DevelopmentFactory(process=process, headline="other", **told)
    run = written(editor, "development", {"id": noon.ref, "follows": other.ref})
    make.DevelopmentFactory(process=process, headline="eleven", occurred_time=dt.time(11), **told)
    assert undone(run).state == "undone"
    assert headlines(process) == ["other", "eleven", "noon"]


def headlines(process):
    """The headlines of the process, in their order."""
    return [row.headline for row in process.developments.filter(ended_at=None).latest_first().reverse()]


def test_an_item_that_others_have_moved_since_is_not_undone(editor):
    process = make.ProcessFactory(title="Talks")
    run = written(
        editor,
        "demand",
        {"process": "Talks", "title": "Grain", "party": "Graustark", "kind": "demand"} | RAISED,
    )
    item = Demand.objects.get()
    make.DemandFactory(process=process)
    moving = make.DevelopmentFactory(process=process, effects=[Effect(item=item, status="met")])
    require_kept(run, "Row 2: other developments have moved it since.")
    recording.withdraw(editor, moving, "Not so.")
    assert undone(run).state == "undone", run.problems
    item.refresh_from_db()
    assert not Effect.objects.filter(item=item, ended_at=None).exists()


def test_the_parts_of_one_development_are_undone_by_one_correction(editor):
    development = make.EffectFactory(status="open").development
    items = [make.DemandFactory(process=development.process) for _ in range(2)]
    rows = [{"development_id": development.ref, "item_id": item.ref, "status": "met"} for item in items]
    run = written(editor, "effect", *rows)
    now = Development.objects.get(ref=development.ref, ended_at=None)
    assert (now.version, now.effects.count()) == (2, 3)
    assert undone(run).state == "undone", run.problems
    now = Development.objects.get(ref=development.ref, ended_at=None)
    assert (now.version, [effect.status for effect in now.effects.all()]) == (3, ["open"])
    before = Development.objects.get(ref=development.ref, version=2)
    assert before.ended_reason == "recoded" and run.ref in before.ended_note


def test_words_stay_proved_when_an_import_corrects_them_and_is_undone(editor):
    source = make.SourceFactory(by=editor, text="They met.")
    development = make.CitationFactory(source=source, quote="they met").development
    source.text = "They parted."
    recording.save(editor, source)
    run = written(editor, "development", {"id": development.ref, "headline": "They met at last"})
    assert undone(run).state == "undone"
    assert [row.found for row in Citation.objects.order_by("pk")] == [True, True, True]


def test_the_members_of_a_process_are_set_by_file_and_restored(editor, alice, bob):
    process = make.ProcessFactory(secret=True, members=[alice])
    run = written(editor, "process", {"id": process.ref, "members": "bob"})
    assert [*process.members.all()] == [bob]
    assert undone(run).state == "undone", run.problems
    assert [*process.members.all()] == [alice]
