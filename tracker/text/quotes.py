"""Finds quoted words in a text as a reader sees them, and never by likeness.

Typography does not matter: case, blanks, line breaks, invisible characters, the kinds of apostrophes, quotation marks
and hyphens, ligatures. Words do: none may be changed, added or left out, but for what the quote itself says with an
ellipsis or with brackets.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from tracker.text.folding import INVISIBLE, SIGNS, character_class, of_categories, with_places
from tracker.text.words import BLANKLESS, NO_WORD

Place = tuple[int, int]

_HYPHENS = "-\u2010\u2011\ufe63\uff0d"
_DASHES = str.maketrans(
    {dash: "\u2013" for dash in of_categories("Pd") if dash not in _HYPHENS} | {"\u2212": "\u2013"}
)
_LETTER = rf"[^{NO_WORD}]"
_WORD = rf"{_LETTER}+(?:[.'-]+{_LETTER}+)*\.?"
_BROKEN = "\n"
"""Stands in a plain text for a hyphen at the end of a line, which may be a part of the word or not."""
_PARTS = re.compile(
    rf"(?P<broken>(?<={_LETTER})[-\xad]+[^\S\n]*\n\s*(?={_LETTER}))"
    rf"|(?P<apostrophe>(?<={_LETTER})'(?={_LETTER}))"
    r"|(?P<mark>\s*[\"'](?:[\"']|\s+(?=[\"']))*\s*)"
    r"|(?P<dash>\s*[-\u2013]+\s*)"
    r"|(?P<nothing>\xad+)"
    r"|(?P<blank>\s+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_PLAIN = {"broken": _BROKEN, "apostrophe": "'", "mark": '"', "dash": "-", "nothing": "", "blank": " "}
_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*\.(?:\s?\.)+\s*[\])]|\.(?:\s?\.){2,})\s*")
_BRACKETS = re.compile(r"(?P<left> ?)\[(?P<words>[^\[\]]+)\](?P<right> ?)")
_FIRST, _LAST = re.compile(r"\[[^\[\]]+\](?= )"), re.compile(r" \[[^\[\]]+\]$")
_MARKS = character_class(of_categories("M"))
_CHANGED = 4
"""How many letters a bracket within a word may stand for."""


def places(quote: str, text: str) -> list[Place]:
    """Where `quote` is in `text`: start and end of each of its parts, which an ellipsis separates; none if it is not.

    The parts follow one another in the text. A part starts and ends with a word, except in scripts without blanks. A
    hyphen at the end of a line may be a part of the word or not. Words in brackets are the editor's: they stand for as
    many words of the text or for fewer; letters in brackets after others, for other letters.
    """
    plain, origins = _plain_text(text)
    found, position = [], 0
    for pattern in patterns(quote):
        match = re.compile(pattern).search(plain, position)
        if match is None:
            return []
        position = match.end()
        found.append((origins[match.start()][0], origins[match.end() - 1][1]))
    return found


def patterns(quote: str) -> list[str]:
    """A regular expression over plain text for each part of `quote` in which there is a word."""
    plain, _ = _plain(quote)
    parts = [_stripped(part) for part in _ELLIPSIS.split(plain)]
    with_words = [part for part in parts if re.search(_LETTER, _BRACKETS.sub("", part))]
    return [_bounded(part) for part in with_words]


def _plain(text: str) -> tuple[str, list[Place]]:
    """`text` without what does not matter, and for each character where in `text` it comes from."""
    letters, origins = with_places(text, _letter)
    plain, places = [], []
    for match in _PARTS.finditer(letters):
        part = _PLAIN.get(match.lastgroup or "", match[0])
        plain.append(part)
        if part:
            places.append((origins[match.start()][0], origins[match.end() - 1][1]))
    return "".join(plain), places


_plain_text = lru_cache(2)(_plain)
"""For many quotes in one text, which may be long."""


def _letter(letter: str) -> str:
    """One letter as it is compared; a soft hyphen stays, for it may end a line."""
    if letter.isascii():
        return letter.lower().replace("`", "'")
    bare = INVISIBLE.sub("", letter).translate(_DASHES).translate(SIGNS | _DASHES)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
    return folded + "\xad" * letter.endswith("\xad")


def _stripped(part: str) -> str:
    """`part` without the marks around it, and without words of the editor at its ends."""
    part = part.strip(' "')
    while (start := _FIRST.match(part)) or (
        part.endswith("]") and (start := _LAST.match(part, part.rfind(" [")))
    ):
        part = (part[start.end() :] if start.start() == 0 else part[: start.start()]).strip(' "')
    return part


def _bounded(part: str) -> str:
    first, last = part[0], part[-1]
    return f"{_start(first)}{''.join(_elements(part))}{_end(last)}"


def _start(first: str) -> str:
    if not re.match(_LETTER, first) or re.match(f"[{BLANKLESS}]", first):
        return ""
    within_number = r"(?<!\d[.,'])" if first.isdigit() else ""
    return rf"(?<![^{NO_WORD}{BLANKLESS}])(?<!{_BROKEN}){within_number}"


def _end(last: str) -> str:
    if not re.match(_LETTER, last):
        return ""
    if re.match(f"[{BLANKLESS}]", last):
        return f"(?![{_MARKS}])"
    within_number = r"(?![.,]\d)" if last.isdigit() else ""
    return rf"(?![^{NO_WORD}{BLANKLESS}]|{_BROKEN}|'{_LETTER}){within_number}"


def _elements(part: str) -> Iterator[str]:
    """The regular expression for `part`, piece by piece."""
    position = 0
    for match in _BRACKETS.finditer(part):
        yield _literal(part[position : match.start()])
        position = match.end()
        before, after = part[: match.start()][-1:], part[match.end() :][:1]
        yield _editorial(match["words"], match["left"], match["right"], before, after)
    yield _literal(part[position:])


def _editorial(words: str, left: str, right: str, before: str, after: str) -> str:
    """The regular expression for `words` in brackets, with the blanks and characters before and after them."""
    literal = _literal(words)
    is_after, is_before = (re.match(_LETTER, text) is not None for text in (before, after))
    if not left and is_after:
        return f"(?:\\[{literal}\\]|{literal}|{_LETTER}{{0,{_CHANGED}}}){right}"
    if not right and is_before:
        return f"{left}(?:\\[{literal}\\]|{literal})"
    count = len(words.split())
    most = 0 if words == "sic" else count
    any_words = rf"\[{literal}\]|{_WORD}(?: {_WORD}){{0,{count - 1}}}"
    if left and right:
        return rf"(?: (?:{any_words})){{0,{min(most, 1)}}} "
    return rf"(?:{left}(?:{any_words}){right}){{0,{min(most, 1)}}}"


def _literal(text: str) -> str:
    """The regular expression for `text`, in which words of the other text may be broken at the end of a line."""
    pieces = []
    for character, following in pairwise([*text, ""]):
        pieces.append({"-": f"[-{_BROKEN}]", _BROKEN: f"[-{_BROKEN}]?"}.get(character, re.escape(character)))
        if re.match(_LETTER, character) and following and re.match(_LETTER, following):
            pieces.append(f"{_BROKEN}?")
    return "".join(pieces)
