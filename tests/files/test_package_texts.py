"""Any text, list or object goes out in the data package and in again unchanged."""

import tempfile
from pathlib import Path

import pytest
from django.db.models import JSONField
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.examples import part
from tests.files.packages import empty, packed
from tests.files.test_csv import AWKWARD as TEXTS
from tests.files.test_csv import issues
from tests.files.test_csv import read as read_csv
from tracker.files.data_package.cells import CodeCodec, TextCodec, reader_of, type_of
from tracker.files.data_package.restoring import restore
from tracker.files.export.csv import stream_csv
from tracker.models import Issue
from tracker.recording.earlier_versions import begin_all

pytestmark = pytest.mark.both


def test_lists_and_objects_in_json_are_told_apart():
    cells, names = JSONField(default=dict), JSONField(default=list)
    assert (type_of(cells), type_of(names)) == ("object", "array")
    assert reader_of(cells)('{"bb": "x\\u0416", "a": {"c": 1}}') == '{"a": {"c": 1}, "bb": "xЖ"}'
    assert reader_of(names)('["b", "a"]') == '["b", "a"]'
    # A backslash and u0000 are a text, what they stand for without the first backslash is none.
    assert reader_of(names)(r'["\\u0000"]') == r'["\\u0000"]'
    no_texts = [(names, text) for text in ("[NaN]", r'["\u0000"]', r'["\\\u0000"]', r'["\ud800"]')]
    for field, text in (*no_texts, (cells, "[]"), (names, "{}"), (cells, "{"), (names, '"x"')):
        with pytest.raises(ValueError, match="it must be an? (object|list) in JSON"):
            reader_of(field)(text)


class TestTexts(TestCase):
    """Any text goes out and in again unchanged."""

    @part(1 / 2)
    @given(
        st.lists(
            st.one_of(
                st.sampled_from(TEXTS),
                st.text("\\N\"\n\r,;=' ", max_size=6),
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40),
            ),
            min_size=1,
            max_size=30,
        )
    )
    def test_any_text(self, texts):
        issues(texts)
        rows = Issue.objects.order_by("ref").values_list(CodeCodec("ref"), TextCodec("description"))
        _, *lines = read_csv(stream_csv(["id", "description"], rows))
        value = reader_of(Issue._meta.get_field("description"))
        assert [value(cell) for _, cell in lines] == texts

    @part(1 / 10)
    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1))
    def test_any_text_through_the_whole(self, texts):
        issues(texts)
        begin_all()
        package = packed()
        empty()
        with tempfile.TemporaryDirectory() as folder:
            (file := Path(folder) / "record.zip").write_bytes(package)
            restore(file)
        assert list(Issue.objects.order_by("ref").values_list("description", flat=True)) == texts
        assert packed() == package
