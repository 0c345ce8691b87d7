"""Each reason for which a row, or a whole file, cannot be taken is told where it can be mended."""

import os
import time

import pytest

from tests import factories as make
from tests.files.test_importing import as_file, brought_in, said
from tracker import recording
from tracker.files.importing import resolve
from tracker.files.importing.runs import begin, work
from tracker.files.importing.uploads import upload
from tracker.models import ImportRun, Party, Process
from tracker.register import BY_URL_NAME
from tracker.write_lock import work_folder

pytestmark = pytest.mark.django_db

SAID = {
    "process": "River talks", "occurred_on": "2025-02-18", "headline": "Said", "kind": "report", "party": "Graustark",
    "basis": "paraphrase",
}  # fmt: skip
DEMANDED = {
    "process": "River talks", "title": "Grain", "kind": "demand", "party": "Graustark", "development_kind": "report",
    "development_occurred_on": "2025-02-18", "development_basis": "paraphrase",
}  # fmt: skip


@pytest.fixture
def editor():
    """In whose name files come in; there is a process with a talk, and a party, a person and a source."""
    process = make.ProcessFactory(title="River talks")
    make.TalkFactory(process=process, title="First round")
    make.PartyFactory(name="Graustark", iso_code="GK")
    make.PersonFactory(name="Rudolf", party=None, affiliation="Court")
    make.SourceFactory(title="Gazette")
    return make.UserFactory(editor=True)


def told(run):
    """(Column, rule) of each message of the only row."""
    return [(message["column"], message["rule"]) for message in run.rows.get().messages]


@pytest.mark.parametrize(
    ("url_name", "row", "column", "rule"),
    [
        ("delegate", {"talk": "First round", "party": "Graustark", "person": "Rudolf"}, "party",
         "Graustark has no delegation at “First round”: record that first."),
        ("delegate", {"talk": "First round", "person": "Rudolf"}, "party",
         "A delegation is named by its id, or by talk and party."),
        ("delegate", {"party": "Graustark", "person": "Rudolf"}, "talk",
         "A delegation is named by its id, or by talk and party."),
        ("development", SAID | {"effect_stance": "affirms"}, "effect_item", "An effect names its item."),
        ("development", SAID | {"citation_quote": "No."}, "citation_source", "A citation names its source."),
        ("demand", DEMANDED | {"citation_quote": "No."}, "citation_source", "A citation names its source."),
        ("demand", DEMANDED | {"addressed_to": ";"}, "addressed_to", "It names nobody."),
    ],
)  # fmt: skip
def test_what_a_new_record_lacks_is_told_at_the_column_to_fill_in(editor, url_name, row, column, rule):
    run = brought_in(editor, BY_URL_NAME[url_name], as_file([row]))
    assert run.counts == {"wrong": 1} and told(run) == [(column, rule)]


def test_a_number_has_at_most_nine_digits(editor):
    talk = make.TalkFactory()
    for minutes, outcome in (("999999999", "changed"), ("1000000000", "wrong"), ("٣", "wrong")):
        run = brought_in(editor, BY_URL_NAME["talk"], as_file([{"id": talk.ref, "minutes": minutes}]))
        assert run.counts == {outcome: 1}, minutes


def test_a_delegation_that_is_not_there_is_told_at_the_id_of_its_party_if_that_was_given(editor):
    row = {"talk": "First round", "party_id": Party.objects.get(name="Graustark").ref, "person": "Rudolf"}
    ((column, rule),) = told(brought_in(editor, BY_URL_NAME["delegate"], as_file([row])))
    assert column == "party_id" and rule.endswith("record that first.")


def test_what_cannot_be_read_of_a_delegation_is_told_once(editor):
    row = {"talk": "Frist round", "party": "Graustrk", "person": "Rudolf"}
    columns = [column for column, _ in told(brought_in(editor, BY_URL_NAME["delegate"], as_file([row])))]
    assert sorted(columns) == ["party", "talk"]


def test_a_development_with_its_effect_and_citation_comes_in_whole(editor):
    row = SAID | {"effect_item": "First round", "effect_status": "held", "citation_source": "Gazette"}
    run = brought_in(editor, BY_URL_NAME["development"], as_file([row]), then="writing")
    assert run.state == "done", said(run)
    development = Process.objects.get().developments.get(headline="Said")
    assert [effect.status for effect in development.effects.all()] == ["held"]
    assert development.citations.get().source.title == "Gazette"


@pytest.mark.parametrize(("reason", "cells"), [("recoded", {}), ("", {"correction_reason": "recoded"})])
def test_a_correction_says_why_for_the_whole_import_or_in_its_row(editor, reason, cells):
    development = make.DevelopmentFactory()
    row = {"id": development.ref, "headline": "Otherwise"}
    refused = brought_in(editor, BY_URL_NAME["development"], as_file([row]))
    assert told(refused) == [(
        "correction_reason",
        "A correction says why: choose from world_misread, new_information, source_changed, recoded, wrong_process, "
        "here or for the whole import.",
    )]  # fmt: skip
    for options in ({"note": "Read again"}, {}):
        row["headline"] += "!"
        run = brought_in(
            editor,
            BY_URL_NAME["development"],
            as_file([row | cells]),
            then="writing",
            reason=reason,
            **options,
        )
        assert run.state == "done", said(run)
        ended = (
            type(development).objects.filter(ref=development.ref, ended_at__isnull=False).latest("version")
        )
        assert ended.ended_reason == "recoded"
        assert ended.ended_note == options.get("note", f"Import {run.ref}")


def test_nobody_shuts_themselves_out_of_a_process_but_administrators(editor, dave):
    row = {"title": "Back channel", "aim": "Peace.", "restricted": "true", "members": ""}
    kind, rule = BY_URL_NAME["process"], "You would shut yourself out: name yourself too."
    assert told(brought_in(editor, kind, as_file([row]))) == [("members", rule)]
    assert told(brought_in(editor, kind, as_file([row | {"members": "dave"}]))) == [("members", rule)]
    assert brought_in(dave, kind, as_file([row])).counts == {"created": 1}
    named = as_file([row | {"members": editor.username}])
    run = brought_in(editor, kind, named, then="writing")
    assert (run.state, run.counts) == ("done", {"created": 1}), said(run)
    process = Process.objects.get(title="Back channel")
    assert [*process.members.all()] == [editor]
    assert told(brought_in(editor, kind, as_file([{"id": process.ref, "members": "dave"}]))) == [
        ("members", rule)
    ]
    assert brought_in(editor, kind, as_file([{"id": process.ref, "aim": "Trade."}])).counts == {"changed": 1}
    assert brought_in(
        editor, kind, as_file([{"id": process.ref, "restricted": "false", "members": "dave"}])
    ).counts == {"changed": 1}


@pytest.mark.parametrize(
    ("version", "rule"),
    [
        ("1", "It has been changed since: version 2 is on record. Take a fresh copy."),
        ("3", "The record is at version 2."),
        ("two", "The record is at version 2."),
        ("2", None),
        ("", None),
    ],
)
def test_the_version_of_a_row_is_the_one_on_record(editor, version, rule):
    party = Party.objects.get(name="Graustark")
    party.description = "A duchy."
    recording.save(editor, party)
    row = {"id": party.ref, "version": version, "short_name": "G."}
    run = brought_in(editor, BY_URL_NAME["party"], as_file([row]))
    assert told(run) == ([("version", rule)] if rule else [])
    outcome = "changed" if rule is None else "conflicting" if version == "1" else "wrong"
    assert run.counts == {outcome: 1}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("messages\nNearest\n", "No column says anything of parties."),
        ("name,kind\n", "There are no rows below the header."),
        ("", "There are no rows below the header."),
    ],
)
def test_a_file_that_says_nothing_is_refused(editor, text, problem):
    run = brought_in(editor, BY_URL_NAME["party"], text)
    assert run.state == "refused" and run.rows.count() == 0
    assert text == "" or run.problems == [problem]


def test_a_file_that_is_gone_is_asked_for_again(editor):
    kind = BY_URL_NAME["party"]
    run = begin(editor, kind, "file.csv", [b"name,kind\nRuritania,state\n"])
    upload(run).unlink()
    work(run, kind)
    assert run.state == "refused"
    assert run.problems == ["The uploaded file is gone: upload it again."]


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def turn(path):
    path.write_bytes(path.read_bytes().replace(b"Ruritania", b"Ruritaria"))


@pytest.mark.parametrize("change", [cut, turn])
def test_a_file_that_is_not_as_it_was_sent_is_asked_for_again(editor, change):
    kind = BY_URL_NAME["party"]
    run = begin(editor, kind, "file.csv", [b"name,kind\nRuri", b"tania,state\n"])
    change(upload(run))
    work(run, kind)
    assert run.state == "refused" and run.rows.count() == 0
    assert "is not the one that was sent" in run.problems[0]


def test_of_a_file_that_breaks_off_nothing_is_kept(editor):
    def chunks():
        yield b"name,kind\n"
        raise OSError("No space left on device")

    before = set(work_folder().iterdir())
    with pytest.raises(OSError, match="No space"):
        begin(editor, BY_URL_NAME["party"], "file.csv", chunks())
    assert set(work_folder().iterdir()) == before and not ImportRun.objects.exists()


def test_what_was_never_received_whole_is_deleted_the_next_day(editor):
    for name, age in (("old.part", 25), ("new.part", 23)):
        path = work_folder() / name
        path.write_bytes(b"name")
        os.utime(path, (time.time() - age * 3600,) * 2)
    begin(editor, BY_URL_NAME["party"], "file.csv", [b"name,kind\n"])
    assert [path.name for path in work_folder().glob("*.part")] == ["new.part"]


def test_of_valid_rows_those_that_others_changed_meanwhile_are_left_out(editor):
    parties = [make.PartyFactory(name=f"Party {number}") for number in range(2)]
    rows = [{"id": party.ref, "short_name": "New"} for party in parties]
    run = brought_in(editor, BY_URL_NAME["party"], as_file(rows), only_valid=True)
    parties[0].short_name = "Theirs"
    recording.save(editor, parties[0])
    run.state = ImportRun.State.WRITING
    run.save()
    work(run, BY_URL_NAME["party"])
    assert (run.state, run.counts) == ("done", {"changed": 1, "conflicting": 1})
    assert run.rows.get(number=2).messages[0]["rule"] == "The record has changed since this was shown."
    names = ("Party 0", "Party 1")
    assert list(
        Party.objects.filter(name__in=names).order_by("name").values_list("short_name", flat=True)
    ) == [
        "Theirs",
        "New",
    ]


def test_of_very_many_unknown_names_the_nearest_is_looked_for_of_the_first_alone(editor, monkeypatch):
    monkeypatch.setattr(resolve, "EXPLAINED", 1)
    rows = [{"name": f"P{number}", "affiliation": "Court", "party": name} for number, name in enumerate(
        ("Graustrk", "Graustak", "Graustrk"))]  # fmt: skip
    run = brought_in(editor, BY_URL_NAME["person"], as_file(rows))
    rules = [row.messages[0]["rule"] for row in run.rows.all()]
    assert "Nearest: Graustark." in rules[0] and rules[2] == rules[0]
    assert rules[1] == "There is no party called “Graustak”, or more than one."


def test_the_causes_come_by_how_many_rows_they_hold_up_with_the_first_of_these(editor):
    rows = [{"name": f"One {number}", "kind": "stat"} for number in range(32)]
    rows += [{"name": f"Two {number}", "kind": f"unheard-of {number}"} for number in range(50)]
    run = brought_in(editor, BY_URL_NAME["party"], as_file(rows[::-1]))
    assert run.counts == {"wrong": 82} and len(run.causes) == 50
    assert run.causes[0] == {
        "column": "kind",
        "rule": run.rows.get(number=83).messages[0]["rule"],
        "rows": [*range(52, 82)],
        "count": 32,
    }
    assert [cause["rows"] for cause in run.causes[1:]] == [[number] for number in range(2, 51)]


def test_what_belongs_to_a_hidden_process_is_not_in_an_import_that_others_see(editor, dave, bob):
    """Nor is an import of nothing but open records hidden by it."""
    run = brought_in(editor, BY_URL_NAME["party"], "name,kind\nRuritania,state\n", then="writing")
    assert [*ImportRun.objects.visible_to(dave)] == [run] and run.count("created", "wrong") == 1
    assert not ImportRun.objects.visible_to(bob).exists()


def test_two_rows_that_contradict_each_other_in_one_development_are_both_refused_with_the_reason(editor):
    development = make.DevelopmentFactory(process=Process.objects.get(title="River talks"))
    item = make.DemandFactory(process=development.process, title="Grain")
    shared = {"development_id": development.ref, "item_id": item.ref, "stance": "affirms"}
    rows = [shared | {"party": make.PartyFactory().name, "status": status} for status in ("met", "rejected")]
    run = brought_in(editor, BY_URL_NAME["effect"], as_file(rows), reason="recoded")
    assert run.counts == {"wrong": 2}
    for row in run.rows.all():
        (message,) = row.messages
        assert (message["column"], message["rule"]) == (
            "",
            f"This development gives “{item}” two different values of status.",
        )
