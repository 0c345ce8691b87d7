"""The data package: all that a reader may see, as any tool reads it, and the whole record out and in again."""

import csv
import io
import json
import threading
import tracemalloc

import frictionless
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from tests import factories as make
from tests.files.packages import described, empty, members, packed, repacked, rows
from tests.files.test_csv import many_issues
from tracker.files.data_package.contents import NOT_THE_RECORD
from tracker.files.data_package.restoring import restore
from tracker.files.data_package.version_tables import all_tables
from tracker.files.data_package.writing import stream_package
from tracker.models import Change, Citation, Development, Effect, LastRecording, Party, Process, User
from tracker.queries.record_lookup import find
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


def test_every_model_is_in_it_or_said_not_to_be_of_the_record():
    models = apps.get_app_config("tracker").get_models(include_auto_created=True)
    names = {model.__name__ for model in models}
    assert {table.model.__name__ for table in all_tables()} == names - NOT_THE_RECORD
    assert names >= NOT_THE_RECORD


@pytest.mark.both
@pytest.mark.parametrize("accounts", ["new", pytest.param("kept", marks=pytest.mark.prove)])
def test_what_is_restored_goes_out_as_the_same_bytes(record, file, accounts, capsys):
    package, twice = packed(), Party.everything.get(name="Bb entered twice")
    call_command("export_package", file, verbosity=0)
    assert file.read_bytes() == package
    assert file.stat().st_mode & 0o077 == 0
    before = User.objects.get(username="clerk")
    empty()
    make.UserFactory(username="somebody else")
    if accounts == "kept":
        make.UserFactory(username="clerk", viewer=True)
    call_command("import_package", file)
    assert packed() == package
    call_command("check_standing")
    # Whatever is worked out from the texts, as well: what search, lists and look-ups go by, now and at every instant.
    call_command("rebuild_search", check=True)
    clerk = User.objects.get(username="clerk")
    assert clerk.pk != before.pk
    if accounts == "new":
        assert not clerk.is_active and not clerk.has_usable_password() and clerk.role == "viewer"
        assert "clerk" in capsys.readouterr().out
    else:
        assert clerk.is_active and clerk.check_password(make.PASSWORD)
    assert find(Party.objects.all(), twice.ref) == find(Party.objects.all(), "Bb entered twice")
    # And the record goes on.
    make.DemandFactory(process=Process.objects.get(title="Process"), party=find(Party.objects.all(), "AA"))
    assert Development.objects.order_by("-pk")[0].version == 1


def test_the_order_in_which_things_were_said_stays(record, file):
    def order():
        told = (
            (Effect, ["ref"]),
            (Citation, ["ref"]),
            (Development, ["ref", "version"]),
            (Change, ["note", "changes"]),
        )
        return [list(model.objects.order_by("pk").values_list(*names)) for model, names in told]

    file.write_bytes(packed())
    before, last = order(), last_instant()
    empty()
    LastRecording.objects.all().delete()
    restore(file)
    assert (order(), last_instant()) == (before, last)


def test_an_installation_with_a_record_takes_no_other(record, file):
    file.write_bytes(packed())
    with pytest.raises(CommandError, match="Nothing was restored. .*already"):
        call_command("import_package", file)


def test_an_older_package_lacks_what_came_later(record, file):
    files = members(packed())
    about = described(files)
    about["resources"] = [
        one for one in about["resources"] if one["path"] != "watch-phrases-whose-people.csv"
    ]
    del files["watch-phrases-whose-people.csv"]
    for one in about["resources"]:
        if one["path"] == "processes.csv":
            lines = list(csv.reader(io.StringIO(files["processes.csv"].decode(), newline="")))
            place = lines[0].index("summary")
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows([*row[:place], *row[place + 1 :]] for row in lines)
            files["processes.csv"] = out.getvalue().encode()
            del one["schema"]["fields"][place]
    files["datapackage.json"] = json.dumps(about).encode()
    file.write_bytes(repacked(files))
    empty()
    restore(file)
    assert Process.objects.get(title="Process").summary == ""


def test_a_reader_takes_out_what_they_may_see(record, restricted_process, alice, bob, client, file):
    make.DemandFactory(process=restricted_process, title="Secret demand")
    make.ProcessLinkFactory(from_process=record, to_process=restricted_process, note="Secret link")
    taken = {}
    for user in (alice, bob):
        client.force_login(user)
        response = client.get("/package.zip")
        assert (
            response["Content-Type"] == "application/zip" and "attachment" in response["Content-Disposition"]
        )
        taken[user] = response.getvalue()
    assert any(b"Secret" in content for content in members(taken[alice]).values())
    assert not any(b"Secret" in content for content in members(taken[bob]).values())
    assert restricted_process.ref.encode() not in b"".join(members(taken[bob]).values())
    assert described(members(taken[bob]))["tracker"]["reader"] == "bob"
    call_command("export_package", file, reader="bob", verbosity=0)
    assert file.read_bytes() == taken[bob]
    assert frictionless.validate(str(file), type="package").valid
    with pytest.raises(CommandError, match="only a whole one is restored"):
        empty() or call_command("import_package", file)


@pytest.mark.fault
def test_a_file_that_cannot_be_written_leaves_what_was_there(record, file, monkeypatch):
    file.write_bytes(b"the last one")

    def broken(reader):
        yield b"half"
        raise OSError("disk full")

    monkeypatch.setattr("tracker.management.commands.export_package.stream_package", broken)
    with pytest.raises(OSError, match="disk full"):
        call_command("export_package", file)
    assert file.read_bytes() == b"the last one" and list(file.parent.iterdir()) == [file]
    with pytest.raises(CommandError, match="no user"):
        call_command("export_package", file, reader="nobody")


def test_memory_does_not_grow_with_the_record():
    many_issues(40_000)
    tracemalloc.start()
    try:
        size = sum(map(len, stream_package()))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 200_000 and most < 8 * 1024 * 1024


@pytest.mark.django_db(transaction=True)
def test_it_is_one_state_and_nobody_waits_for_it(file):
    make.PartyFactory(name="Before")

    def write():
        make.PartyFactory(name="Meanwhile")
        connection.close()

    pieces = stream_package()
    first = next(pieces)
    writer = threading.Thread(target=write)
    writer.start()
    writer.join(15)
    assert not writer.is_alive()
    package = first + b"".join(pieces)
    assert [row["name"] for row in rows(package, "parties.csv")] == ["Before"]
    assert len(rows(package, "changes.csv")) == 1
    assert Party.objects.filter(name="Meanwhile").exists()
    # Whoever stops reading lets go of the database.
    pieces = stream_package()
    next(pieces)
    pieces.close()
    make.PartyFactory(name="After")
    assert [row["name"] for row in rows(packed(), "parties.csv")] == ["Before", "Meanwhile", "After"]
