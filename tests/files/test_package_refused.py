"""Packages that are not whole, not sound or not ours: each is refused with the reason, and nothing is written."""

import csv
import io
import json
import re
import tracemalloc
import zipfile

import pytest
from django.db import transaction

from tests.files.packages import described, empty, invented, members, packed, repacked
from tests.fixtures import turned_clock
from tracker.files.data_package.checking import PackageRefused
from tracker.files.data_package.restoring import restore
from tracker.models import Party, User

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The files of a package; what it was made of is gone."""
    with django_db_blocker.unblock(), transaction.atomic(), turned_clock() as clock:
        clock("2025-03-01T12:00:00Z")
        invented()
        files = members(packed())
        transaction.set_rollback(True)
    return files


@pytest.fixture
def files(made, clock):
    """These files, and an empty database at the time when they were written."""
    clock("2025-03-01T12:00:00Z")
    empty()
    return made


def refused(tmp_path, package: bytes) -> str:
    """Why `package` is refused; nothing is left of it."""
    (tmp_path / "record.zip").write_bytes(package)
    with pytest.raises(PackageRefused) as caught:
        restore(tmp_path / "record.zip")
    assert not Party.objects.exists() and not User.objects.exists()
    return str(caught.value)


def redescribed(files, change) -> bytes:
    """A package whose description `change` has altered."""
    about = described(files)
    change(about)
    return repacked(files | {"datapackage.json": json.dumps(about).encode()}, describe=False)


def swapped(name, old, new, count=1):
    """A package in which, of the file `name`, `old` has been replaced, and which says so itself."""

    def change(files):
        assert old.encode() in files[name]
        return repacked(files | {name: files[name].replace(old.encode(), new.encode(), count)})

    return change


def with_member(name, content=b""):
    return lambda files: repacked(files | {name: content}, describe=False)


def twice(files):
    out = io.BytesIO(repacked(files))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("parties.csv", files["parties.csv"])
    return out.getvalue()


def bomb(files):
    out = io.BytesIO(repacked({name: files[name] for name in files if name != "sources.csv"}, describe=False))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("sources.csv", "w") as member,
    ):
        for _ in range(400):
            member.write(b"0" * 1024 * 256)
    return out.getvalue()


def of_resource(path, **values):
    def change(about):
        next(one for one in about["resources"] if one["path"] == path).update(values)

    return lambda files: redescribed(files, change)


def of_tracker(**values):
    return lambda files: redescribed(files, lambda about: about["tracker"].update(values))


HOSTILE = {
    "no zip": (lambda files: b"PK nothing of the sort", "cannot be opened as a ZIP file"),
    "cut short": (lambda files: repacked(files)[:-300], "cannot be opened as a ZIP file"),
    "no description": (lambda files: _zip({"parties.csv": b""}), "holds no datapackage.json"),
    "a description that is none": (
        lambda files: _zip({"datapackage.json": b"[1]"}),
        "not the description of a package of this tracker",
    ),
    "a description without end": (
        lambda files: _zip({"datapackage.json": b"[" * 100_000}),
        "not the description of a package of this tracker",
    ),
    "a path upwards": (with_member("../parties.csv"), "“../parties.csv”, which is no part of a package"),
    "a path from the root": (with_member("/etc/passwd"), "“/etc/passwd”, which is no part of a package"),
    "a path of another system": (with_member("..\\parties.csv"), "no part of a package"),
    "an unknown table": (with_member("partys.csv"), "“partys.csv”, which is no part .* Nearest: parties.csv"),
    "a table twice": (twice, "holds parties.csv more than once"),
    "a table that is not there": (
        lambda files: repacked({name: files[name] for name in files if name != "issues.csv"}, describe=False),
        "describes .*issues.csv.*; the package holds",
    ),
    "a bomb": (bomb, "more than 300 times its size"),
    "other bytes": (
        lambda files: repacked(
            files | {"parties.csv": files["parties.csv"].replace(b"Bb", b"Cc")}, describe=False
        ),
        "parties.csv is not the file that datapackage.json describes",
    ),
    "another codebook": (
        lambda files: repacked(files | {"codebook.csv": b"no codes"}, describe=False),
        "codebook.csv is not the file that datapackage.json describes",
    ),
    "another number of rows": (
        of_resource("parties.csv", rows=4),
        "parties.csv has 3 rows; datapackage.json says 4",
    ),
    "a later format": (of_tracker(format=2), "has the format 2; this release reads up to 1"),
    "of one reader": (of_tracker(reader="bob"), "only a whole one is restored"),
    "another column": (swapped("parties.csv", "short_name", "shortname"), "its columns are .*shortname"),
    "a ragged row": (
        swapped("issues.csv", '"Issue",', '"Issue",,'),
        "issues.csv, row 1: 8 cells, where there are 7",
    ),
    "a quotation mark too many": (
        swapped("issues.csv", '"', '"x"'),
        "issues.csv is not CSV as packages have it",
    ),
    "not UTF-8": (
        lambda files: repacked(files | {"issues.csv": files["issues.csv"].replace(b'"Issue"', b'"Iss\xff"')}),
        "issues.csv is not in UTF-8",
    ),
    "no such code": (
        swapped("parties.csv", ",state,", ",realm,"),
        "parties.csv, row 1, kind: “realm”: .*one of state",
    ),
    "no such day": (
        swapped("sources.csv", "2025-02-18", "2025-02-30"),
        "row 1, published_on: “2025-02-30”: .*a day",
    ),
    "no instant": (
        swapped("parties.csv", "2025-03-01T12:00:00.000000Z", "yesterday"),
        "row 1, recorded_at: “yesterday”: it must be an instant such as",
    ),
    "nothing where something must be": (
        swapped("parties.csv", ',"Aa",', r",\N,"),
        "row 1, name: .*must not be empty",
    ),
    "an unknown code of several": (
        swapped("delegations.csv", "mediator; host", "mediator; hots"),
        "delegations.csv, row 1, role: .*“hots” is not one of principal",
    ),
    "codes out of order": (
        swapped("delegations.csv", "mediator; host", "host; mediator"),
        "delegations.csv, row 1, role: .*in the order of the vocabulary",
    ),
    "too long a text": (swapped("parties.csv", ',"Aa",', f",{'A' * 201},"), "longer than 200 characters"),
    "a null character": (swapped("parties.csv", "Aa", "A\0a"), "null character"),
    "no list": (swapped("people.csv", "[]", "[}"), "people.csv, row 1, aliases: .*a list in JSON"),
    "no list of names": (
        swapped("people.csv", "[]", "[1]"),
        "row 1, aliases: .*Give a list of names, each a text",
    ),
    "no list at all": (swapped("people.csv", "[]", "{}"), "row 1, aliases: .*a list in JSON"),
    "no id": (swapped("issues.csv", "iss-", "iss_"), "row 1, id: .*A reference looks like"),
    "an address that runs": (
        swapped("sources.csv", ',false,"",', ",false,javascript:alert(1),"),
        "row 1, url: “javascript:alert\\(1\\)”: Enter a valid URL",
    ),
    "no user's name": (swapped("users.csv", "clerk", "<b>"), "users.csv: “<b>”: Enter a valid username"),
    "a broken rule": (
        swapped("sources.csv", ",day,", ",month,"),
        "The database refuses what the package holds",
    ),
    "two of one name": (
        swapped("parties.csv", '"Bb"', '"Aa"'),
        "The database refuses what the package holds",
    ),
}


def _zip(files):
    return repacked(files, describe=False)


@pytest.mark.parametrize("case", HOSTILE)
def test_it_is_refused_with_the_reason(files, tmp_path, case):
    make, reason = HOSTILE[case]
    said = refused(tmp_path, make(files))
    assert re.search(reason, said), said


@pytest.mark.parametrize("case", ["a bomb", "a description without end", "too long a text"])
def test_it_is_refused_before_it_fills_the_memory(files, tmp_path, case):
    make, _ = HOSTILE[case]
    package = make(files)
    tracemalloc.start()
    try:
        refused(tmp_path, package)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 48 * 1024 * 1024


def test_a_cell_without_end_is_refused(files, tmp_path, monkeypatch):
    monkeypatch.setattr("tracker.files.data_package.checking.MOST_CHARACTERS", 10_000)
    said = refused(tmp_path, swapped("parties.csv", '"Aa"', "A" * 10_001)(files))
    assert "parties.csv is not CSV as packages have it: field larger than field limit" in said
    # A text of that length is nothing to be afraid of elsewhere.
    assert len(next(csv.reader(["A" * 10_001]))[0]) == 10_001


def test_what_refers_to_nothing_is_refused(files, tmp_path):
    ref = files["issues.csv"].split(b"\n", 1)[1].split(b",", 1)[0].decode()
    said = refused(tmp_path, swapped("items-issues.csv", ref, "iss-nobody")(files))
    assert said == "items-issues.csv, row 1, issue_id: “iss-nobody”: there is no such row in issues.csv."


def test_what_is_there_twice_is_refused(files, tmp_path):
    first, second = (line.split(b",", 1)[0].decode() for line in files["parties.csv"].split(b"\npty")[1:3])
    said = refused(tmp_path, swapped("parties.csv", f"\npty{second}", f"\npty{first}")(files))
    assert said == f"parties.csv, row 2: pty{first} is there twice."


def test_a_talk_without_its_item_is_refused(files, tmp_path):
    ref = files["talks.csv"].split(b"\n")[1].split(b",", 1)[0].decode()
    said = refused(tmp_path, swapped("talks.csv", ref, "tlk-nobody")(files))
    assert said == "talks.csv, row 1: tlk-nobody goes on with a row that is not there."


def test_standings_that_the_rule_does_not_give_are_put_right(files, tmp_path):
    (tmp_path / "record.zip").write_bytes(swapped("items.csv", '"open"', '"met"')(files))
    lines = []
    restore(tmp_path / "record.zip", lines.append)
    assert "1 items were stored otherwise than the rule now gives, and have been put right." in lines
    assert members(packed())["items.csv"] == files["items.csv"]
