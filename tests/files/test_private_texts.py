"""The stored texts of sources stay with those who may read them, whatever leaves the application or is shown."""

import csv
import io
import json
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from tests import factories as make
from tests.files.packages import empty, members, packed, repacked, rows
from tracker import recording
from tracker.files.data_package.restoring import restore
from tracker.models import Change, EarlierText, Source
from tracker.models.base import writes_allowed
from tracker.models.changes import digest
from tracker.recording import audit

pytestmark = pytest.mark.django_db

FIRST = "The envoy whispered about the aubergine."
SECOND = "The envoy shouted about the artichoke."
WORDS = ("aubergine", "artichoke", "whispered", "shouted")


@pytest.fixture
def source(alice):
    """A source whose text alice stored, and then replaced."""
    source = make.SourceFactory(by=alice, title="Cable", text=FIRST)
    source.text = SECOND
    recording.save(alice, source)
    return source


def as_before(source):
    """The trail of `source` as earlier releases wrote it: with the words, and nowhere else those replaced."""
    created, changed = Change.objects.filter(record_ref=source.ref).order_by("pk")
    with writes_allowed():
        EarlierText.objects.all().delete()
        for entry, old, new in ((created, "", FIRST), (changed, FIRST, SECOND)):
            for one in entry.changes:
                if one["field"] == "text":
                    one["old"], one["new"] = old, new
            entry.save()


def leaks(content: bytes) -> list[str]:
    """The words of the texts that stand in `content`."""
    return [word for word in WORDS if word.encode() in content]


def require_withheld(source):
    """The trail says that the text changed and which it was; what was replaced is kept apart from it."""
    said = [
        (one["old"], one["new"])
        for entry in Change.objects.filter(record_ref=source.ref).order_by("pk")
        for one in entry.changes
        if one["field"] == "text"
    ]
    assert said == [("", digest(FIRST)), (digest(FIRST), digest(SECOND))]
    assert digest(FIRST).startswith("40 characters, SHA-256 ")
    assert list(EarlierText.objects.values_list("record_ref", "field", "text")) == [
        (source.ref, "text", FIRST)
    ]


@pytest.mark.parametrize("role", ["viewer", "analyst", "editor", "administrator"])
def test_no_member_of_a_package_of_any_reader_has_a_word_of_a_text(source, role):
    package = packed(make.UserFactory(**{role: True}))
    assert "changes.csv" in members(package) and len(rows(package, "changes.csv")) > 1
    assert {name: leaks(content) for name, content in members(package).items() if leaks(content)} == {}
    assert json.loads(members(package)["datapackage.json"])["tracker"]["source_texts"] is False


def test_the_whole_package_has_the_text_and_what_it_replaced(source):
    package = packed()
    assert rows(package, "sources.csv")[0]["text"] == SECOND
    assert [row["text"] for row in rows(package, "earlier-texts.csv")] == [FIRST]
    assert leaks(members(package)["changes.csv"]) == []


def test_the_trail_has_the_digest_of_a_text_and_its_words_are_kept_apart(source, alice):
    require_withheld(source)
    source.title = "Dispatch"
    recording.save(alice, source)
    assert EarlierText.objects.count() == 1  # the text did not change
    recording.delete(alice, source, "Entered twice")
    last = Change.objects.filter(record_ref=source.ref).first()
    assert [one["old"] for one in last.changes if one["field"] == "text"] == [digest(SECOND)]
    assert list(EarlierText.objects.values_list("text", flat=True)) == [FIRST, SECOND]


def test_an_empty_text_leaves_nothing(alice):
    source = make.SourceFactory(by=alice)
    source.text = FIRST
    recording.save(alice, source)
    assert not EarlierText.objects.exists()
    assert digest("") == "" and digest("x").startswith("1 character, ")
    assert digest(digest(FIRST)) == digest(FIRST)


def test_entries_of_earlier_releases_are_mended(source):
    as_before(source)
    migration = import_module("tracker.migrations.0011_earlier_texts")
    with writes_allowed():
        migration.move_words(apps, connection.schema_editor())
        require_withheld(source)
        migration.move_words(apps, connection.schema_editor())
    require_withheld(source)


def test_a_package_of_an_earlier_release_is_restored_without_words_in_its_trail(source, tmp_path):
    as_before(source)
    files = members(packed())
    assert leaks(files["changes.csv"])
    about = json.loads(files["datapackage.json"])
    about["resources"] = [one for one in about["resources"] if one["path"] != "earlier-texts.csv"]
    files = {name: content for name, content in files.items() if name != "earlier-texts.csv"}
    files["datapackage.json"] = json.dumps(about).encode()
    (file := tmp_path / "record.zip").write_bytes(repacked(files))
    empty()
    said = []
    restore(file, said.append)
    assert any(line.startswith("2 entries of the audit trail held texts of sources") for line in said)
    require_withheld(Source.objects.get())
    assert not any(leaks(content) for content in members(packed(make.UserFactory(viewer=True))).values())
    with writes_allowed():
        assert audit.withhold() == 0


def test_nothing_that_a_viewer_opens_has_a_word_of_a_text(source, carol):
    client = Client()
    client.force_login(carol)
    for address in (
        f"/sources/{source.ref}/", f"/sources/{source.ref}/history/", "/sources/", "/sources.csv", "/sources.json",
        "/sources.csv?profile=tools", "/search/?q=cable", "/search.csv?q=cable", "/search.json?q=cable",
        "/search/?q=aubergine", "/search/suggestions/?q=cable", "/options/source/?q=cable", "/timeline.csv",
    ):  # fmt: skip
        response = client.get(address)
        assert response.status_code == 200, address
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert leaks(content.replace(b"q=aubergine", b"").replace(b'value="aubergine"', b"")) == [], address
    assert client.get(f"/sources/{source.ref}/text/").status_code == 403
    assert client.get("/sources/?columns=text").status_code == 400
    assert list(csv.reader(io.StringIO(client.get("/search.csv?q=aubergine").getvalue().decode())))[1:] == []
