"""What differs between two wordings: told word by word, without losing any, and soon enough for a page."""

import time

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from tracker.queries.word_diff import differing

# Few words and marks, so that two texts often share some; a word may also be a sign of a script without blanks.
texts = st.lists(
    st.sampled_from(["a", "the", "pass", ",", "«", "-", "和", "मि", "  ", "\n"]), max_size=30
).map(" ".join)


def words(pieces, *sorts):
    """The text of the pieces of `sorts`, blanks folded away."""
    return "".join("".join(text for sort, text in pieces if sort in sorts).split())


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("They refuse to leave.", "They hesitate to leave.",
         [("same", "They "), ("old", "refuse "), ("new", "hesitate "), ("same", "to leave.")]),
        ("They leave the valley.", "They leave.", [("same", "They leave"), ("old", " the valley"), ("same", ".")]),
        ("They leave.", "They leave the valley.", [("same", "They leave "), ("new", "the valley"), ("same", ".")]),
        ("He spoke of Russia, as it is", "She asked of France, as it is",
         [("old", "He spoke of Russia "), ("new", "She asked of France"), ("same", ", as it is")]),
        ("Yes", "Never", [("old", "Yes "), ("new", "Never")]),
        ("和谈将继续", "和谈不继续", [("same", "和谈"), ("old", "将 "), ("new", "不"), ("same", "继续")]),
        ("as it was", "as  it was", [("same", "as  it was")]),
        ("", "said", [("new", "said")]),
        ("said", "", [("old", "said")]),
        ("", "", []),
    ],
)  # fmt: skip
def test_it_is_told_word_by_word(old, new, pieces):
    assert differing(old, new) == pieces


@given(texts, texts)
def test_both_texts_are_whole_in_the_pieces(old, new):
    pieces = differing(old, new)
    assert words(pieces, "same", "old") == "".join(old.split())
    assert words(pieces, "same", "new") == "".join(new.split())
    assert all(text for _, text in pieces)
    if old.split() == new.split():
        assert not {"old", "new"} & {sort for sort, _ in pieces}


def test_a_change_far_inside_a_long_text_is_still_told_by_its_words():
    before, after = "one two three " * 1000, " four five six" * 1000
    pieces = differing(f"{before}yes{after}", f"{before}no{after}")
    assert [piece for piece in pieces if piece[0] != "same"] == [("old", "yes "), ("new", "no ")]


def test_long_texts_with_little_in_common_do_not_hold_up_a_page():
    began = time.perf_counter()
    for unit, other in (("a b ", "b a "), ("a b c ", "d e f "), ("x", "y")):
        pieces = differing(f"first {unit * 30_000}", f"last {other * 30_000}")
        assert [sort for sort, _ in pieces] == ["old", "new"]
    assert time.perf_counter() - began < 5


def test_it_is_shown_as_struck_and_underlined_words():
    pieces = differing("They refuse <b>", "They refuse, twice <b>")
    assert render_to_string("parts/_difference.html", {"pieces": pieces}) == (
        "They refuse<ins>, twice </ins>&lt;b&gt;"
    )
