"""CSV that leaves the database: every text comes back exact, in constant memory, whatever the reader does."""

import csv
import datetime as dt
import io
import tracemalloc

import pytest
from django.db import connection, transaction
from django.db.models import BooleanField, F, OuterRef, Q, TextField, Value
from django.db.models.expressions import ExpressionWrapper, RawSQL
from django.db.models.functions import Cast
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.examples import part
from tracker.files.export.csv import stream_csv
from tracker.files.export.expressions import (
    BooleanExpression,
    CodeExpression,
    Guarded,
    IsoDate,
    IsoInstant,
    Joined,
    JsonJoined,
)
from tracker.models import Issue, Party, Source
from tracker.models.base import writes_allowed

pytestmark = pytest.mark.both

AWKWARD = [
    "plain", "", " ", "comma, comma", 'say "yes"', '"', "line\nbreak", "line\r\nbreak", "\r", "\n", "\t", "end ",
    "=1+1", "+1", "-1", "@SUM(A1)", "'", "''", "'=1", "\t=1", "\n=1", "\r=1", "=a,\"b\"\nc", "%s", "%", "\\", "\\.",
    "🕊️ peace", "🕊", "سلام", "\u202eright to left", "Зеленский", "é", "e\u0301", "\ufeffmark", "a;b", "\x01", "\x7f",
    "x" * 30_000, ",\n\"'" * 7_500,
]  # fmt: skip


def read(chunks) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(chunks).decode(), newline="")))


def unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell


def split(cell: str) -> list[str]:
    """The texts of a cell that holds several, as `tracker.files.export.expressions` describes it."""
    texts, escaped = [""], False
    for sign in unguarded(cell):
        if escaped or sign not in "\\;":
            texts[-1] += sign
            escaped = False
        elif sign == "\\":
            escaped = True
        else:
            texts.append("")
    return [texts[0], *(text.removeprefix(" ") for text in texts[1:])]


def issues(texts) -> None:
    with writes_allowed():
        Issue.objects.bulk_create(
            Issue(ref=f"iss-{number:06}", name=f"issue {number}", description=text)
            for number, text in enumerate(texts)
        )


def many_issues(number: int) -> None:
    """Issues straight into the table, as many as no test would make one by one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracker_issue (ref, recorded_at, name, sort_key, description, aliases) "
            "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < %s) "
            "SELECT 'iss-' || n, CURRENT_TIMESTAMP, 'issue ' || n, '', '=text, with \"quotes\" ' || n, '[]' "
            "FROM series",
            [number],
        )
        if connection.vendor == "postgresql":
            # It plans by what it counted before, perhaps when there was nothing, until it counts again by itself.
            cursor.execute("ANALYZE tracker_issue")


@pytest.mark.django_db
def test_awkward_texts_come_back_exact():
    issues(AWKWARD)
    rows = Issue.objects.order_by("ref").values_list("ref", Guarded("description"))
    header, *lines = read(stream_csv(["id", "description"], rows))
    assert header == ["id", "description"]
    assert [unguarded(text) for _, text in lines] == AWKWARD
    assert not [text for _, text in lines if text[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}]


class AnyText(TestCase):
    @part(1 / 2)
    @given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=5))
    def test_comes_back_exact(self, texts):
        issues(texts)
        rows = Issue.objects.order_by("ref").values_list("ref", Guarded("description"))
        assert [unguarded(text) for _, text in read(stream_csv(["id", "description"], rows))[1:]] == texts

    @part(1 / 2)
    @given(
        st.lists(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=5
        )
    )
    def test_comes_back_exact_out_of_a_joined_cell(self, texts):
        issues(texts)
        with writes_allowed():
            Party.objects.bulk_create([Party(ref="pty-1", name="Arland", kind="state", aliases=texts)])
        described = Issue.objects.order_by("ref").values_list("description")
        rows = Party.objects.values_list(Joined(described), JsonJoined("aliases"))
        _, (joined, aliases) = read(stream_csv(["described", "aliases"], rows))
        assert split(joined) == split(aliases) == texts


@pytest.mark.django_db
def test_the_bytes_are_the_same_on_either_database():
    with writes_allowed():
        Source.objects.bulk_create(
            [
                Source(
                    ref="src-1", publisher='The "Post", daily', title="=1+1", kind="news_report",
                    retrieved_on=dt.date(2025, 2, 18), published_on=dt.date(2025, 2, 1),
                    published_precision="month", published_inferred=True,
                    recorded_at=dt.datetime(2025, 2, 18, 17, 30, 0, 120, tzinfo=dt.UTC),
                ),
                Source(
                    ref="src-2", publisher="Wire", title="'quoted'", kind="transcript",
                    published_on=dt.date(2025, 1, 1), published_precision="year",
                    recorded_at=dt.datetime(2025, 2, 18, 17, 30, tzinfo=dt.UTC),
                ),
                Source(
                    ref="src-3", publisher="a\nb", title="c", kind="other",
                    recorded_at=dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
                ),
            ]
        )  # fmt: skip
    rows = Source.objects.order_by("ref").values_list(
        "ref", Guarded("publisher"), Guarded("title"), CodeExpression("kind"),
        IsoDate("published_on", "published_precision"),
        IsoDate("retrieved_on"), BooleanExpression("published_inferred"), IsoInstant("recorded_at"),
        BooleanExpression(ExpressionWrapper(Q(retrieved_on__gte=dt.date(2025, 1, 1)), BooleanField())),
        Guarded("authors"),
    )  # fmt: skip
    header = "id publisher title kind published_on retrieved_on inferred recorded_at recent authors".split()
    assert b"".join(stream_csv(header, rows)) == (
        b"id,publisher,title,kind,published_on,retrieved_on,inferred,recorded_at,recent,authors\n"
        b'"src-1","The ""Post"", daily","\'=1+1",news_report,2025-02,2025-02-18,true,'
        b'2025-02-18T17:30:00.000120Z,true,""\n'
        b'"src-2","Wire","\'\'quoted\'",transcript,2025,,false,2025-02-18T17:30:00.000000Z,,""\n'
        b'"src-3","a\nb","c",other,,,false,2024-02-29T00:00:00.000000Z,,""\n'
    )


@pytest.mark.django_db
def test_many_valued_cells_keep_their_order_and_are_empty_where_there_is_nothing():
    issues(["b", "=a; \\", "c, d"])
    with writes_allowed():
        Party.objects.bulk_create(
            [
                Party(ref="pty-1", name="iss-000001", kind="state", aliases=["=b", "a;b"]),
                Party(ref="pty-2", name="none", kind="state"),
            ]
        )
    later = Issue.objects.filter(ref__gte=OuterRef("name")).order_by("-ref").values_list("description")
    rows = Party.objects.order_by("ref").values_list(F("ref"), Joined(later), JsonJoined("aliases"))
    assert read(stream_csv(["id", "issues", "aliases"], rows))[1:] == [
        ["pty-1", "c, d; =a\\; \\\\", "'=b; a\\;b"],
        ["pty-2", "", ""],
    ]


@pytest.mark.django_db
def test_a_query_that_cannot_match_gives_the_header():
    assert b"".join(stream_csv(["id"], Issue.objects.none().values_list("ref"))) == b"id\n"


@pytest.mark.django_db
def test_filters_slices_and_plain_columns_go_through():
    issues(["100%", "b", "c"])
    rows = (
        Issue.objects.filter(description__contains="%")
        .order_by("-pk")
        .values_list("ref", Value(7), "description")[:2]
    )
    assert read(stream_csv(["id", "seven", "description"], rows))[1:] == [["iss-000000", "7", "100%"]]


@pytest.mark.django_db
def test_memory_stays_the_same_however_long_the_export():
    many_issues(60_000)
    rows = Issue.objects.order_by("pk").values_list(
        "ref", "name", Guarded("description"), IsoInstant("recorded_at")
    )
    total = longest = 0
    tracemalloc.start()
    for chunk in stream_csv(["id", "name", "description", "recorded_at"], rows):
        total, longest = total + len(chunk), max(longest, len(chunk))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total > 4_500_000
    assert longest < 200_000
    assert peak < 1_000_000


@pytest.mark.django_db(transaction=True)
def test_the_connection_serves_on_after_a_reader_goes_away_halfway():
    with transaction.atomic():
        many_issues(5_000)
    chunks = stream_csv(
        ["id", "description"], Issue.objects.order_by("pk").values_list("ref", Guarded("description"))
    )
    assert next(chunks) == b"id,description\n"
    assert next(chunks).startswith(b'"iss-1",')
    chunks.close()
    assert not connection.in_atomic_block
    issues(["written after"])
    assert Issue.objects.filter(description="written after").exists()


@pytest.mark.django_db(transaction=True)
def test_a_query_that_fails_halfway_says_so_and_leaves_the_connection_usable():
    with transaction.atomic():
        many_issues(3_000)
    wrong = "CASE WHEN id % 2000 = 1999 THEN {} ELSE name END".format(
        "(1 / (id - id))::text" if connection.vendor == "postgresql" else "json(description)"
    )
    rows = Issue.objects.order_by("pk").values_list("ref", Cast(RawSQL(wrong, ()), TextField()))
    with pytest.raises(Exception, match="zero|JSON"):
        list(stream_csv(["id", "wrong"], rows))
    assert Issue.objects.count() == 3_000
