"""What a printed text has beside its words: the marks of footnotes, the points of letters, entities of HTML."""

import re

from tracker.text.folding import LETTER

RAISED = "".join(map(chr, range(0x2E00, 0x2E0A)))
"""Stand in a plain text for the raised digits."""
STARS = "\u2e0a\u2e0b\u2e0c"
AS_MARKS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹*†‡", RAISED + STARS)
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
KEYBOARDS = str.maketrans("\u06a9\u06cc", "\u0643\u064a", "\u0640")
"""Letters that Arabic and Persian keyboards write differently, and the stroke that makes a word longer."""
CHARACTER = re.compile(
    rf"&(?:#\d{{1,7}}|#[xX][\da-fA-F]{{1,6}}|[A-Za-z][A-Za-z\d]{{1,31}});|{LETTER.pattern}", re.DOTALL
)
"""A letter, or an entity of HTML, which a browser shows as one."""
