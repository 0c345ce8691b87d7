"""Import by command: all or nothing, only the valid, as a rehearsal; and killed half-way, nothing is half there."""

import io
import os
import signal
import subprocess
import time

import pytest
from django.core.management import CommandError, call_command

from tests import factories as make
from tests.files.in_parts import between
from tests.installation import ROOT, SECONDS, ask, command, fresh
from tests.killing import require_sound, until
from tracker.files.importing import parts
from tracker.models import Citation, Development, Effect, ImportRun, Party
from tracker.write_lock import SECONDS_EACH

ROWS = "name,kind\nRuritania,state\nSyldavia,{kind}\n"


@pytest.fixture
def administrator(db):
    """In whose name it is unless somebody is named."""
    return make.UserFactory(username="root", administrator=True)


@pytest.fixture
def file(tmp_path):
    """Writes a file, and says where it is."""

    def write(text, name="file.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def called(*arguments, **options):
    """What the command prints."""
    out = io.StringIO()
    call_command("import_csv", *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def test_a_file_is_written_whole_or_not_at_all(administrator, file):
    with pytest.raises(CommandError, match="Nothing was written"):
        called("party", file(ROWS.format(kind="stat")))
    assert not Party.objects.exists()
    said = called("parties", file(ROWS.format(kind="state")))
    assert "created             2" in said and "Written." in said
    assert Party.objects.count() == 2
    assert "unchanged           2" in called("party", file(ROWS.format(kind="state")))


def test_only_the_valid_rows_where_that_is_asked(administrator, file, capsys):
    said = called("party", file(ROWS.format(kind="stat")), only_valid=True)
    assert "row 3, kind: “stat” is not a code of this column. Nearest: state." in said
    assert [party.name for party in Party.objects.all()] == ["Ruritania"]


def test_a_rehearsal_writes_nothing(administrator, file):
    said = called("party", file(ROWS.format(kind="state")), dry_run=True)
    assert "created             2" in said and not Party.objects.exists()
    assert ImportRun.objects.get().state == "dropped"


def test_it_is_in_the_name_of_whoever_is_named_and_may(administrator, file):
    make.UserFactory(username="ana", analyst=True)
    make.UserFactory(username="vic", viewer=True)
    path = file(ROWS.format(kind="state"))
    for name, why in (("nobody", "no active account"), ("vic", "may not record parties")):
        with pytest.raises(CommandError, match=why):
            called("party", path, by=name)
    called("party", path, by="ana")
    assert ImportRun.objects.get().by.username == "ana"
    with pytest.raises(CommandError, match="Nearest: parties"):
        called("partie", path)
    with pytest.raises(CommandError, match="cannot be read"):
        called("party", path.with_name("none.csv"))


def test_raw_cells_are_read_as_they_are_where_the_name_or_the_profile_says_so(administrator, file):
    text = "name,kind,description\n{name},state,'=1\n"
    called("party", file(text.format(name="A")))
    called("party", file(text.format(name="B"), "file.tools.csv"))
    called("party", file(text.format(name="C")), profile="tools")
    found = {party.name: party.description for party in Party.objects.all()}
    assert found == {"A": "=1", "B": "'=1", "C": "'=1"}


def test_effects_and_citations_of_one_development_are_one_correction_of_it(administrator, file):
    process = make.ProcessFactory()
    demands = [make.DemandFactory(process=process) for _ in range(3)]
    development = make.DevelopmentFactory(
        process=process, effects=[Effect(item=demands[0], stance="rejects")]
    )
    source = make.SourceFactory()
    rows = "".join(f"{development.ref},{demand.ref},affirms\n" for demand in demands[1:])
    called(
        "effect",
        file(f"development_id,item_id,stance\n{rows}"),
        reason="new_information",
        note="The minutes.",
    )
    versions = Development.objects.filter(ref=development.ref).order_by("version")
    assert [version.ended_as for version in versions] == ["corrected", ""]
    assert versions[0].ended_reason == "new_information" and versions[0].ended_note == "The minutes."
    assert versions[1].effects.count() == 3
    with pytest.raises(CommandError):
        called("citation", file(f"development_id,source_id\n{development.ref},{source.ref}\n"))
    called(
        "citation",
        file(f"development_id,source_id,correction_reason\n{development.ref},{source.ref},recoded\n"),
    )
    assert Citation.objects.get().development.version == 3


def test_a_row_of_another_version_of_the_development_conflicts(administrator, file):
    development = make.DevelopmentFactory()
    demand = make.DemandFactory(process=development.process)
    path = file(
        f"development_id,development_version,item_id,stance\n{development.ref},0,{demand.ref},affirms\n"
    )
    with pytest.raises(CommandError):
        called("effect", path, reason="recoded")
    assert ImportRun.objects.get().counts == {"conflicting": 1}


def test_a_file_is_written_in_parts_where_that_is_asked(administrator, file, monkeypatch):
    monkeypatch.setattr(parts, "PAUSE", 0)
    monkeypatch.setattr(parts, "PIECE", 1)
    monkeypatch.setattr(parts, "PART_SECONDS", SECONDS_EACH)
    assert "Written, in 2 parts." in called("party", file(ROWS.format(kind="state")), in_parts=True)
    assert len(set(Party.objects.values_list("recorded_at", flat=True))) == 2
    assert ImportRun.objects.get().parts == [1, 1]


def test_what_is_not_written_of_a_file_in_parts_is_said(administrator, file, monkeypatch):
    monkeypatch.setattr(parts, "PIECE", 1)
    monkeypatch.setattr(parts, "PART_SECONDS", SECONDS_EACH)
    between(monkeypatch, lambda: make.PartyFactory(name="Syldavia"))
    with pytest.raises(CommandError, match="Only 1 of 2 parts were written"):
        called("party", file(ROWS.format(kind="state")), in_parts=True)
    assert sorted(Party.objects.values_list("name", flat=True)) == ["Ruritania", "Syldavia"]


@pytest.mark.installation
@pytest.mark.prove
@pytest.mark.fault
def test_killed_between_two_parts_it_goes_on_and_writes_no_row_twice(first_start, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("name,kind\n" + "".join(f"Party {number},state\n" for number in range(900)))
    with fresh(tmp_path / "var", like=first_start[0]) as environment:
        before = ask(environment, "SELECT count(*) FROM tracker_party")

        def parts_written():
            return ask(environment, "SELECT max(parts_written) FROM tracker_importrun") or 0

        arguments = command("import_csv", "party", str(path), "--in-parts")
        begun = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        until(lambda: parts_written() >= 2, "It never comes to the third part.")
        os.kill(begun.pid, signal.SIGKILL)
        begun.communicate(timeout=SECONDS)
        written = ask(environment, "SELECT count(*) FROM tracker_party") - before
        assert written == 250 * parts_written() < 900
        ref = ask(environment, "SELECT ref FROM tracker_importrun")
        said = gone_on_with(environment, ref)
        assert "written" in said.stdout, said.stderr
        names = "SELECT count(DISTINCT name) FROM tracker_party WHERE name LIKE 'Party %'"
        assert (
            ask(environment, names) == 900 == ask(environment, "SELECT count(*) FROM tracker_party") - before
        )
        require_sound(environment)


@pytest.mark.installation
@pytest.mark.prove
@pytest.mark.fault
def test_killed_half_way_nothing_is_half_there_and_one_can_go_on(first_start, tmp_path):
    path = tmp_path / "many.csv"
    # Its progress is told for every 500 rows.
    path.write_text("name,kind\n" + "".join(f"Party {number},state\n" for number in range(600)))
    with fresh(tmp_path / "var", like=first_start[0]) as environment:

        def counts(*tables):
            return [ask(environment, f"SELECT count(*) FROM tracker_{table}") for table in tables]

        before = counts("party", "change")
        begun = subprocess.Popen(
            command("import_csv", "party", str(path)), cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        told = tmp_path / "var" / "imports"
        deadline = time.monotonic() + SECONDS
        while not any(int(one.read_text() or 0) >= 500 for one in told.glob("*.progress")):
            assert time.monotonic() < deadline and begun.poll() is None
            time.sleep(0.02)
        os.kill(begun.pid, signal.SIGKILL)
        begun.communicate(timeout=SECONDS)
        assert counts("party", "change", "importrow") == [*before, 0]
        ref = ask(environment, "SELECT ref FROM tracker_importrun")
        said = gone_on_with(environment, ref)
        assert "waits for your word" in said.stdout, said.stderr
        assert ask(environment, "SELECT CAST(counts AS text) FROM tracker_importrun") == '{"created": 600}'


def gone_on_with(environment, ref):
    """What the command says that goes on with the import `ref`."""
    return subprocess.run(
        command("import_run", ref),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
