"""JSON and workbooks that leave the database: in constant memory, from the first byte, and never cut."""

import json
import tracemalloc

import pytest
from django.db import transaction

from tests.files.test_csv import issues, many_issues
from tracker.files.export import xlsx
from tracker.files.export.expressions import Plain
from tracker.files.export.json import stream_json
from tracker.models import Issue
from tracker.register import ISSUE

pytestmark = pytest.mark.both


@pytest.mark.django_db
def test_memory_stays_the_same_however_long_the_export():
    many_issues(50_000)
    rows = Issue.objects.order_by("pk").values_list("ref", "name", Plain("description"))
    total = longest = 0
    tracemalloc.start()
    for chunk in stream_json(["id", "name", "description"], rows):
        total, longest = total + len(chunk), max(longest, len(chunk))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 4_000_000
    assert longest < 200_000
    assert peak < 1_000_000


@pytest.mark.django_db
def test_what_cannot_match_is_an_empty_array():
    found = b"".join(stream_json(["id"], Issue.objects.none().values_list("ref")))
    assert json.loads(found) == []
    assert json.loads(b"".join(stream_json(["id"], Issue.objects.values_list("ref")))) == []


@pytest.mark.django_db(transaction=True)
def test_the_connection_serves_on_after_a_reader_goes_away_halfway():
    with transaction.atomic():
        many_issues(5_000)
    chunks = stream_json(["id", "name"], Issue.objects.order_by("pk").values_list("ref", "name"))
    assert next(chunks) == b"["
    assert next(chunks).startswith(b'\n{"id":"iss-1",')
    chunks.close()
    issues(["written after"])
    assert Issue.objects.filter(description="written after").exists()


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 2)
    columns = ISSUE.columns[:2]
    assert next(xlsx.stream_workbook("issues", columns, [("a", "b")] * 2)) == b""
    with pytest.raises(xlsx.CannotHold, match="holds 2 rows"):
        next(xlsx.stream_workbook("issues", columns, [("a", "b")] * 3))


@pytest.mark.parametrize(
    ("text", "is_held"), [("a" * 32_767, True), ("a" * 32_768, False), ("🕊" * 16_384, False)]
)
def test_a_text_is_held_whole_or_refused(text, is_held):
    book = xlsx.stream_workbook("issues", ISSUE.columns[:1], [(text,)])
    if is_held:
        assert next(book) == b""
    else:
        with pytest.raises(xlsx.CannotHold, match="Row 1, id: .* has 32,768"):
            next(book)
