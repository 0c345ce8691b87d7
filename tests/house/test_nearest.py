"""A misspelt code, header, id or title is met everywhere by the same question: which is the nearest, if one is near."""

import re
from pathlib import Path

import pytest

from tracker.text.folding import nearest_code

ROOT = Path(__file__).resolve().parents[2]

COMPARES_TEXTS = {
    "tracker.text.folding",
    # The names of records, by their keys, and the words of two versions.
    "tracker.queries.record_lookup",
    "tracker.queries.word_diff",
}


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("stat", "state"),
        ("STATE", "state"),
        (" armed group ", "armed_group"),
        ("armed_gruop", "armed_group"),
        ("talks in riyad", "Talks in Riyadh"),
        ("st", None),
        ("bloc", None),
        ("", None),
    ],
)
def test_the_nearest_is_named_only_if_it_is_near(text, nearest):
    assert nearest_code(text, ["state", "armed_group", "Talks in Riyadh"]) == nearest


def test_nothing_is_near_to_nothing():
    assert nearest_code("state", []) is None


def test_no_other_module_compares_texts_by_itself():
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "tracker").rglob("*.py")
        if re.search(r"^(import|from) difflib", path.read_text(), re.M)
    }
    assert modules <= COMPARES_TEXTS
