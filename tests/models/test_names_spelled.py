"""Names are one where people spell a letter or a sign of them in two ways."""

import pytest

from tracker.text.folding import key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # The Armenian ligature, in capitals of the new spelling and of the old, and in two letters.
        ("Երևան", "ԵՐԵՎԱՆ"),
        ("Երևան", "ԵՐԵՒԱՆ"),
        ("Երևան", "Երեւան"),
        # The dot that Hindi and Punjabi letters have for sounds of other languages.
        ("फ़ारूक़", "फारूक"),
        ("ਸ਼ਾਹ", "ਸਾਹ"),
        ("50 % Party", "50%\u00a0party"),
        ("№5", "No 5"),
    ],
)
def test_these_are_one_name_as_well(one, other):
    assert key(one) == key(other)


def test_letters_that_only_look_like_the_ligature_are_told_apart():
    assert key("Պետրու") != key("Պետրով")
