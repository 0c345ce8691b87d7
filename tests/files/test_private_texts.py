"""The stored texts of sources stay with those who may read them, whatever leaves the application or is shown."""

import csv
import io
import json

import pytest
from django.test import Client

from tests import factories as make
from tests.files.packages import empty, members, packed, repacked, rows
from tracker import recording
from tracker.files.data_package.restoring import restore
from tracker.models import Change, Citation, Source, SourceText
from tracker.models.base import writes_allowed
from tracker.models.changes import digest

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
        SourceText.objects.all().delete()
        for entry, old, new in ((created, "", FIRST), (changed, FIRST, SECOND)):
            for one in entry.changes:
                if one["field"] == "text":
                    one["old"], one["new"] = old, new
            entry.save()


def of_earlier_release(files, earlier):
    """The `files` of a package as a release before 0030 wrote them, with a row of `earlier` texts."""
    about = json.loads(files["datapackage.json"])
    resources = {one["path"]: one for one in about["resources"]}
    added = {"citations.csv": ("found_in_source_ref", "found_in_number"), "sources.csv": ("process_id",)}
    for path, columns in added.items():
        table = list(csv.reader(io.StringIO(files[path].decode(), newline="")))
        kept = [place for place, name in enumerate(table[0]) if name not in columns]
        files[path] = written([[row[place] for place in kept] for row in table])
        schema = resources[path]["schema"]
        schema["fields"] = [field for field in schema["fields"] if field["name"] not in columns]
    texts = resources["source-texts.csv"]
    del files["source-texts.csv"]
    if earlier:
        files["earlier-texts.csv"] = written([list(earlier), list(earlier.values())])
        texts |= {
            "path": "earlier-texts.csv",
            "rows": 1,
            "schema": {"fields": [{"name": name} for name in earlier]},
        }
    else:
        about["resources"].remove(texts)
    return files | {"datapackage.json": json.dumps(about).encode()}


def written(table):
    """A file with the rows of `table`."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(table)
    return lines.getvalue().encode()


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
    assert kept() == [(source.ref, 1, FIRST), (source.ref, 2, SECOND)]


def kept():
    """All texts that are kept, each with its source and number."""
    return list(SourceText.objects.values_list("source_ref", "number", "text"))


@pytest.mark.parametrize("role", ["viewer", "analyst", "editor", "administrator"])
def test_no_member_of_a_package_of_any_reader_has_a_word_of_a_text(source, role):
    package = packed(make.UserFactory(**{role: True}))
    assert "changes.csv" in members(package) and len(rows(package, "changes.csv")) > 1
    assert {name: leaks(content) for name, content in members(package).items() if leaks(content)} == {}
    assert json.loads(members(package)["datapackage.json"])["tracker"]["source_texts"] is False


def test_the_whole_package_has_the_text_and_what_it_replaced(source):
    package = packed()
    assert rows(package, "sources.csv")[0]["text"] == SECOND
    texts = rows(package, "source-texts.csv")
    assert [(row["source_ref"], row["recorded_by"], row["text"]) for row in texts] == [
        (source.ref, "alice", FIRST), (source.ref, "alice", SECOND)
    ]  # fmt: skip
    assert "text" not in rows(package, "sources-versions.csv")[0]
    assert leaks(members(package)["changes.csv"]) == []


def test_the_trail_has_the_digest_of_a_text_and_its_words_are_kept_apart(source, alice):
    require_withheld(source)
    source.title = "Dispatch"
    recording.save(alice, source)
    assert SourceText.objects.count() == 2  # the text did not change
    recording.delete(alice, source, "Entered twice")
    last = Change.objects.filter(record_ref=source.ref).first()
    assert [one["old"] for one in last.changes if one["field"] == "text"] == [digest(SECOND)]
    assert kept() == [(source.ref, 1, FIRST), (source.ref, 2, SECOND)]


def test_a_package_of_an_earlier_release_is_restored_without_words_in_its_trail(source, tmp_path):
    as_before(source)
    files = of_earlier_release(members(packed()), {})
    assert leaks(files["changes.csv"])
    (file := tmp_path / "record.zip").write_bytes(repacked(files))
    empty()
    said = []
    restore(file, said.append)
    assert any(line.startswith("2 entries of the audit trail held texts of sources") for line in said)
    require_withheld(Source.objects.get())
    assert not any(leaks(content) for content in members(packed(make.UserFactory(viewer=True))).values())


def test_the_texts_that_a_package_of_an_earlier_release_has_apart_are_kept(source, tmp_path, alice):
    make.CitationFactory(source=source, quote="whispered about")
    with writes_allowed():
        Citation.objects.update(found=True)
    changed = Change.objects.filter(record_ref=source.ref).latest("at")
    earlier = {
        "number": "1",
        "record_ref": source.ref,
        "field": "text",
        "until": f"{changed.at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "text": FIRST,
    }
    files = of_earlier_release(members(packed()), earlier)
    (file := tmp_path / "record.zip").write_bytes(repacked(files))
    empty()
    restore(file)
    require_withheld(Source.objects.get())
    assert SourceText.objects.get(number=2).recorded_at == changed.at
    assert Citation.objects.get().found_in.number == 1


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
