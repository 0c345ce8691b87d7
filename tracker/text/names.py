"""Comparison keys of names: case, accents, spaces, quotes and invisible characters do not matter."""

import re
import sys
import unicodedata

MOST = 200
"""A key is cut after so many characters, so that every database can index it."""

_SAME = str.maketrans(
    {
        # Letters that no decomposition takes apart.
        **dict(zip("łøđðıŧħœæþ", ("l", "o", "d", "d", "i", "t", "h", "oe", "ae", "th"), strict=True)),
        # Arabic and Persian keyboards write the same names with different letters.
        **dict(zip("یىئېٱكکھەۀةۃ", "يييياککههههه", strict=True)),
        **dict.fromkeys("ـ", ""),
        **dict.fromkeys("‘’‚‛ʼʹʻʽˈ´`′׳＇ꞌ", "'"),
        **dict.fromkeys("“”„‟«»″״＂", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃﹣－־", "-"),
    }
)
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
                    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]")  # fmt: skip
"""The marks of Latin, Greek, Cyrillic, Hebrew and Arabic letters; in other scripts marks tell letters apart."""
_INVISIBLE = re.compile(
    "[{}\ufe00-\ufe0f\u115f\u1160\u3164\uffa0]".format(
        "".join(
            re.escape(chr(code))
            for code in range(sys.maxunicode + 1)
            if unicodedata.category(chr(code)) == "Cf"
        )
    )
)
"""Formatting characters: soft hyphens, zero-width signs, the marks that turn the direction of writing."""
_DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеѕіјкорсухһԛԝӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρι",
    "ABESIJKMHOPCTYX3aesijkopcyxhqwlABEZHIKMNOPTYXoavpi",
)
"""Cyrillic and Greek letters, and the Latin ones that look like them."""


def visible(text: str) -> str:
    """`text` without invisible signs, with single blanks between its words and none around them."""
    return " ".join(_INVISIBLE.sub("", text).split())


def key(text: str, most: int | None = MOST) -> str:
    """What two spellings of one name share, at most `most` characters; empty only where there is nothing to read.

    Dots count between digits only ("U.S." is "US"), and a leading "the" not at all.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_SAME))).translate(_SAME)
        text = unicodedata.normalize("NFC", text)
        text = re.sub(r"\d", lambda digit: str(unicodedata.decimal(digit[0])), text)
    words = _DOT.sub("", text.casefold()).split()
    words = words[1:] if words[:1] == ["the"] and len(words) > 1 else words
    folded = " ".join(words)
    return (folded.strip(" ,;:\"'") or folded or text.strip())[:most]


def look(text: str) -> str:
    """The key of what `text` looks like to somebody who takes every letter for a Latin one."""
    return key(unicodedata.normalize("NFKC", text).translate(_ALIKE))


def foreign_letters(text: str, name: str) -> list[tuple[str, str]]:
    """The letters of `text` that `name`, which looks the same, does not have, each with the name of its alphabet."""
    known = name.casefold()
    letters = [
        letter for letter in dict.fromkeys(text) if letter.isalpha() and letter.casefold() not in known
    ]
    return [(letter, unicodedata.name(letter, "unknown").split()[0].capitalize()) for letter in letters]
