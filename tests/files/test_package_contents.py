"""What is in a data package: a record with every sort of thing in it, as any tool reads it."""

import csv
import hashlib
import io
import zipfile

import frictionless
import pytest

from tests.files.packages import AWKWARD, described, invented, members, packed, rows
from tests.fixtures import turned_clock
from tracker.files.data_package.version_tables import all_tables
from tracker.models import Change, Source, User

pytestmark = pytest.mark.django_db

TELLING = (
    "developments",
    "effects",
    "citations",
    "changes",
    "items",
    "parties",
    "sources",
    "item-stances",
    "users",
)
DIGEST = "f5426b5471607e8bd04fdd9828edffd8d7e4527d9ce0811ce224b164f1cad15b"
"""SHA-256 of the TELLING tables of the invented record: the same bytes on every database. New columns change it."""


@pytest.fixture(scope="module")
def record(module_record):
    with turned_clock() as turn:
        turn("2025-03-01T12:00:00.5Z")
        yield invented()


def test_it_is_valid_as_it_stands(record, tmp_path):
    file = tmp_path / "record.zip"
    file.write_bytes(packed())
    report = frictionless.validate(str(file), type="package")
    assert report.valid, report.flatten(["title", "message"])[:5]
    assert len(report.tasks) == len(all_tables()) + 1
    # Nor is it valid because nothing is looked at.
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path)
    with (tmp_path / "effects.csv").open("a") as effects:
        effects.write("eff-1," * 20 + "\n")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_the_description_tells_rows_bytes_hashes_and_clocks(record):
    files = members(packed())
    about = described(files)
    last = rows(packed(), "changes.csv")[-1]["at"]
    assert about["tracker"]["clocks"] == {"on": None, "known": last}
    for resource in about["resources"]:
        content = files[resource["path"]]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
        assert resource["rows"] == len(lines) - 1
        assert [field["name"] for field in resource["schema"]["fields"]] == lines[0]
    assert list(files)[-1] == "datapackage.json"


def test_all_versions_and_the_trail_are_in_it_and_nothing_that_signs_anybody_in(record):
    package = packed()
    versions = [
        (row["headline"], row["version"], row["ended_as"]) for row in rows(package, "developments.csv")
    ]
    assert versions[-2:] == [("It was refused.", "1", "corrected"), ("It was considered.", "2", "withdrawn")]
    assert len(rows(package, "changes.csv")) == Change.objects.count()
    assert rows(package, "users.csv") == [{"username": "clerk"}]
    user = User.objects.get()
    assert not any(user.password.encode() in content for content in members(package).values())


def test_texts_are_raw_and_empty_is_not_nothing(record):
    package = packed()
    assert rows(package, "issues.csv")[0]["description"] == AWKWARD
    party = rows(package, "parties.csv")[1]
    assert (party["short_name"], party["description"], party["iso_code"]) == (r"\\N", r"\\\N", "")
    wordings = {row["wording"] for row in rows(package, "effects.csv")}
    assert wordings == {r"\N", r"\\N"}


def test_the_same_record_is_the_same_bytes_on_every_database(record):
    files = members(packed())
    together = hashlib.sha256(b"".join(files[f"{name}.csv"] for name in TELLING))
    assert together.hexdigest() == DIGEST
    assert packed() == packed()


def test_the_texts_of_sources_leave_with_the_whole_record_alone(record, dave):
    assert Source.objects.get(title="Report").text.startswith("Words.")
    assert "text" in rows(packed(), "sources.csv")[0]
    assert "text" not in rows(packed(dave), "sources.csv")[0]
