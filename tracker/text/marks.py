"""How a printed text writes its letters, and what it has beside them: marks of footnotes, points, entities of HTML."""

import html
import re
import unicodedata
from html.entities import html5

from tracker.text.folding import INVISIBLE, LETTER, SIGNS, of_categories

RAISED = "".join(map(chr, range(0x2E00, 0x2E0A)))
"""Stand in a plain text for the raised digits."""
STARS = "\u2e0a\u2e0b\u2e0c"
_AS_MARKS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹*†‡", RAISED + STARS)
# A raised digit can also be an exponent, or the 2 or 3 of a unit of measurement.
_NO_UNIT = r"(?<!\bm)(?<!\b[a-z]m)(?<!\b(?:ft|in|mi|yd|co))(?<!\bм)(?<!\b[а-я]м)"
NOTE = (
    rf"(?:[{STARS}]|(?:(?<!\d)|(?<=\d{{4}}))[{RAISED[:2]}{RAISED[4:]}]|(?<!\d){_NO_UNIT}[{RAISED}]"
    rf"|(?<=[{RAISED}])[{RAISED}]| ?\[(?:note )?(?:\d{{1,3}}|[a-z])\]){{1,6}}"
)
"""The marks of footnotes, of a text whose quote may leave them out."""
VOWELS = "\u064b-\u0650\u0652\u0656-\u065f\u0670\u05b0-\u05bb\u05c7"
POINTS = (
    rf"{VOWELS}\u0651\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0591-\u05af\u05bc\u05bd\u05bf\u05c1\u05c2"
    r"\u05c4\u05c5"
)
"""The points of Arabic and Hebrew letters, which most texts leave out."""
POINTED = re.compile(
    rf"(?P<letter>[\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3])(?P<points>[{POINTS}]*)|.", re.DOTALL
)


def _bare(letter: str) -> str:
    """The capital of a Greek `letter`, without an accent, but with the dots that tell a vowel from a pair of them."""
    letter, *marks = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", letter.upper() + "\u0308" * ("\u0308" in marks))


_GREEK = [chr(code) for block in (range(0x386, 0x3CF), range(0x1F00, 0x1FFF)) for code in block]
_CAPITALS = frozenset("ΑΕΗΙΟΥΩΪΫ")
"""Greek vowels that may be written for others with an accent, which capitals go without."""
SPELLED = {form: f"[{digit}{raised}]" for digit, raised in enumerate(RAISED) for form in (str(digit), raised)}
"""{a digit or a Greek vowel of a quote: what a text may have for it, as a regular expression}."""
for _capital in _CAPITALS:
    _small = [letter for letter in _GREEK if letter.islower() and _bare(letter) == _capital]
    SPELLED |= {_capital: f"[{_capital}{''.join(_small)}]"} | {
        letter: f"[{letter}{_capital}]" for letter in _small
    }
JOINER = "\u200c"
"""Parts the letters of Persian words, where others set a blank, or nothing."""
_HYPHENS = "-\u2010\u2011\ufe63\uff0d"
_DASHES = str.maketrans(
    {dash: "\u2013" for dash in of_categories("Pd") if dash not in _HYPHENS} | {"\u2212": "\u2013"}
)
_PRINTED = _AS_MARKS | str.maketrans("\u06a9\u06cc", "\u0643\u064a", "\u0640")
"""Marks of footnotes, letters that Arabic and Persian keyboards write differently, the stroke that lengthens words."""
_ASCII = str.maketrans("`*", f"'{STARS[0]}")
"""The same of ASCII."""
CHARACTER = re.compile(
    rf"&(?:#\d{{1,7}}|#[xX][\da-fA-F]{{1,6}}|[A-Za-z][A-Za-z\d]{{1,31}});|{LETTER.pattern}", re.DOTALL
)
"""A letter, or an entity of HTML, which a browser shows as one."""


def as_compared(letter: str) -> str:
    """One `letter`, or entity of HTML, as quotes and texts are compared.

    A soft hyphen stays, for it may end a line, and so does a JOINER.
    """
    if letter.startswith("&") and letter[1:] in html5 or letter.startswith("&#"):
        letter = html.unescape(letter)
    if letter.isascii():
        return letter.lower().translate(_ASCII)
    bare = INVISIBLE.sub("", letter).translate(_DASHES).translate(SIGNS | _DASHES | _PRINTED)
    folded = bare
    if bare not in _CAPITALS:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
        # Of a capital İ the dot stays beside the small letter, and ı is the small letter of I.
        folded = folded.replace("i\u0307", "i").replace("ı", "i").replace("⁄", "/")
    if folded.isdecimal():
        folded = "".join(str(unicodedata.decimal(digit)) for digit in folded)
    ends = next((sign for sign in ("\xad", JOINER) if letter.endswith(sign)), "")
    return folded + ends
