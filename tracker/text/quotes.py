"""Finds quoted words in a text as a reader sees them, and never by likeness.

Typography does not matter: case, blanks, line breaks, invisible characters, the kinds of apostrophes, quotation marks
and hyphens, ligatures, the marks of footnotes, points that Arabic and Hebrew letters can be without, entities of HTML.
Words do: none may be changed, added or left out, but for what the quote itself says with an ellipsis or with brackets.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tracker.text.folding import LETTER, character_class, of_categories, with_places
from tracker.text.marks import CHARACTER, JOINER, NOTE, POINTED, POINTS, RAISED, SPELLED, VOWELS, as_compared
from tracker.text.words import BLANKLESS, NO_WORD

Place = tuple[int, int]

_LETTER = rf"[^{NO_WORD}]"
_WORD = rf"{_LETTER}+(?:[.'-]+{_LETTER}+)*\.?"
_DASH = "\u2013"
"""Stands in a plain text for a dash, which parts words; a hyphen within a word stays one."""
_BROKEN = "\n"
"""Stands in a plain text for a hyphen at the end of a line, which may be a part of the word or not."""
_WRAPPED = "\r"
"""Stands in a plain text for a blank in a script without blanks, and for a JOINER: a blank, or nothing."""
_FIXED = {"-": f"[-{_DASH}{_BROKEN}]", _DASH: f"[-{_DASH}]", _BROKEN: f"[-{_BROKEN}]?"} | {
    " ": f"[ {_WRAPPED}]", _WRAPPED: f"[ {_WRAPPED}]?", '"': f'"(?:{NOTE} ?)?',
} | SPELLED  # fmt: skip
"""What a text may have for a character of a quote, as a regular expression."""
_CLAUSE = character_class(set(of_categories("P")) - {*"\"'-", _DASH})
"""Punctuation, without quotation marks and dashes, around which blanks do not matter."""
_PARTS = re.compile(
    rf"(?P<broken>(?=[-\xad¬])(?<={_LETTER})[-\xad¬]+[^\S\n]*\n\s*(?={_LETTER}))"
    rf"|(?P<wrapped>(?=\s)(?:(?<=[{BLANKLESS}])\s+(?=[{BLANKLESS}{_CLAUSE}])"
    rf"|(?<=[{_CLAUSE}])\s+(?=[{BLANKLESS}]))|(?<={_LETTER}){JOINER}+(?={_LETTER}))"
    rf"|(?P<hyphen>(?<=\S)-(?={_LETTER}))"
    rf"|(?P<apostrophe>(?<={_LETTER})'(?={_LETTER}))"
    r"|(?P<mark>\s*[\"'](?:[\"']|\s+(?=[\"']))*\s*)"
    r"|(?P<dash>\s*[-\u2013]+\s*)"
    rf"|(?P<nothing>[\xad{JOINER}]+|(?<=\d)\s+(?=[%‰])|(?<=\b\w\.)\s+(?=\w\.))"
    r"|(?P<blank>\s+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_PLAIN = {
    "broken": _BROKEN,
    "wrapped": _WRAPPED,
    "apostrophe": "'",
    "mark": '"',
    "dash": _DASH,
    "nothing": "",
    "blank": " ",
}
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
    for part in parts_of(quote):
        match = _search(part, plain, position)
        if match is None:
            return []
        first, position = match
        found.append((origins[first][0], origins[position - 1][1]))
    return found


@dataclass(frozen=True)
class Element:
    """A piece of a quote: a text can have one of the `spellings` there, or some words, or nothing."""

    spellings: tuple[re.Pattern, ...]
    first_word: re.Pattern | None = None
    next_word: re.Pattern | None = None
    last: re.Pattern | None = None
    """What comes before, between and after the words."""
    count: int = 0
    """How many words there can be at most."""
    otherwise: re.Pattern | None = None
    """What a text has there without any words."""

    def ends(self, plain: str, position: int) -> Iterator[int]:
        """Where the piece can end in `plain` if it begins at `position`, the likeliest first."""
        for spelling in self.spellings:
            if match := spelling.match(plain, position):
                yield match.end()
        ends, end = [], position
        for number in range(self.count):
            match = (self.next_word if number else self.first_word).match(plain, end)  # type: ignore[union-attr]
            if match is None:
                break
            end = match.end()
            ends.append(end)
        for end in reversed(ends):
            if match := self.last.match(plain, end):  # type: ignore[union-attr]  # with the words
                yield match.end()
        if self.otherwise and (match := self.otherwise.match(plain, position)):
            yield match.end()


def parts_of(quote: str) -> list[list[Element]]:
    """The pieces of each part of `quote`, between ellipses, in which there is a word."""
    plain, _ = _plain(quote)
    parts = [_stripped(part) for part in _ELLIPSIS.split(plain)]
    with_words = [part for part in parts if re.search(f"{_LETTER}|[{RAISED}]", _BRACKETS.sub("", part))]
    return [_elements(part) for part in with_words]


def _search(part: list[Element], plain: str, position: int) -> Place | None:
    """The first place of `part` in `plain` from `position`.

    Each element is tried once at each position at most, so the time grows with their number and with the text alone.
    """
    failed: set[tuple[int, int]] = set()
    begins = re.compile("|".join(spelling.pattern for spelling in part[0].spellings))
    while match := begins.search(plain, position):
        if (end := _match(part, plain, match.start(), failed)) is not None:
            return match.start(), end
        position = match.start() + 1
    return None


def _match(part: list[Element], plain: str, start: int, failed: set[tuple[int, int]]) -> int | None:
    """The end of `part` in `plain` if it begins at `start`; adds to `failed` where the rest of it does not follow."""
    states, tried = [(0, start)], [part[0].ends(plain, start)]
    while tried:
        end = next(tried[-1], None)
        if end is None:
            failed.add(states.pop())
            tried.pop()
        elif len(tried) == len(part):
            return end
        elif (state := (len(tried), end)) not in failed:
            states.append(state)
            tried.append(part[len(tried)].ends(plain, end))
    return None


def _plain(text: str) -> tuple[str, list[Place]]:
    """`text` without what does not matter, and for each character where in `text` it comes from."""
    letters, origins = with_places(text, as_compared, CHARACTER if "&" in text else LETTER)
    plain, places = [], []
    for match in _PARTS.finditer(letters):
        part = _PLAIN.get(match.lastgroup or "", match[0])
        plain.append(part)
        if part:
            places.append((origins[match.start()][0], origins[match.end() - 1][1]))
    return "".join(plain), places


_plain_text = lru_cache(2)(_plain)
"""For many quotes in one text, which may be long."""


def _stripped(part: str) -> str:
    """`part` without the marks around it, and without words of the editor at its ends."""
    part = part.strip(' "')
    while (start := _FIRST.match(part)) or (
        part.endswith("]") and (start := _LAST.match(part, part.rfind(" [")))
    ):
        part = (part[start.end() :] if start.start() == 0 else part[: start.start()]).strip(' "')
    return part


def _start(first: str) -> str:
    if not re.match(_LETTER, first) or re.match(f"[{BLANKLESS}]", first):
        return ""
    within_number = r"(?<!\d[.,'])" if first.isdigit() else ""
    return rf"(?<![^{NO_WORD}{BLANKLESS}])(?<![-{_BROKEN}]){within_number}"


def _end(last: str) -> str:
    if not re.match(_LETTER, last):
        return ""
    if re.match(f"[{BLANKLESS}]", last):
        return f"(?![{_MARKS}])"
    within_number = r"(?![.,]\d)" if last.isdigit() else ""
    raised = f"(?=(?:{NOTE})?(?![{RAISED}]))"
    return rf"(?![^{NO_WORD}{BLANKLESS}]|[-{_BROKEN}]|'{_LETTER}){within_number}{raised}"


def _elements(part: str) -> list[Element]:
    """The pieces of `part`: its words and, between them, what is in brackets."""
    elements, position = [], 0
    for match in _BRACKETS.finditer(part):
        if literal := part[position : match.start()]:
            elements.append(_spelled(_literal(literal), position == 0 and literal[0]))
        position = match.end()
        before, after = part[: match.start()][-1:], part[match.end() :][:1]
        editorial = _editorial(match["words"], match["left"], match["right"], before, after)
        # Words of the editor's at the beginning may be left out.
        if elements or not editorial.otherwise:
            elements.append(editorial)
    if literal := part[position:]:
        begins = not elements and literal[0]
        elements.append(_spelled(_literal(literal), begins, literal[-1]))
    return elements


def _spelled(pattern: str, begins: str | bool = "", ends: str = "") -> Element:
    """What a text has as `pattern`, at the beginning or the end of a quote if its first or last letter is given."""
    return Element((re.compile(f"{_start(begins) if begins else ''}{pattern}{_end(ends) if ends else ''}"),))


def _editorial(words: str, left: str, right: str, before: str, after: str) -> Element:
    """What can stand in a text for `words` in brackets, with the blanks and the characters before and after them."""
    literal = _literal(words)
    follows_letter, precedes_letter = (re.match(_LETTER, text) is not None for text in (before, after))
    if not left and follows_letter:
        letters = (f"{_LETTER}{{{number}}}" for number in range(_CHANGED, -1, -1))
        return _any_of(f"{spelling}{right}" for spelling in (rf"\[{literal}\]", literal, *letters))
    if not right and precedes_letter:
        start = "" if before else _start(words[0])
        return _any_of((rf"{start}{left}\[{literal}\]", rf"{start}{left}{literal}"))
    opens, closes = ('[ "]' if blank else '"?' for blank in (left, right))
    return Element(
        (re.compile(rf"{left}\[{literal}\]{right}"),),
        re.compile(f"{opens}{_WORD}"),
        re.compile(f'[ "]{_WORD}'),
        re.compile(closes),
        0 if words == "sic" else len(words.split()),
        re.compile(" " if left and right else ""),
    )


def _any_of(patterns: Iterable[str]) -> Element:
    return Element(tuple(map(re.compile, patterns)))


def _literal(text: str) -> str:
    """The regular expression for `text`, in which words of the other text may be broken at the end of a line."""
    pieces, letters = [], [*POINTED.finditer(text)]
    for match, following in pairwise([*letters, None]):
        pieces.append(_pointed(match) if match["letter"] else _FIXED.get(match[0], re.escape(match[0])))
        if following is None:
            continue
        in_word = [re.match(_LETTER, each) is not None for each in (match[0], following[0])]
        if all(in_word):
            pieces.append(f"[{_BROKEN}{_WRAPPED}]?")
        elif any(in_word) or match[0] in ".,;:?!":
            pieces.append(f"(?:{NOTE})?")
        if _is_run_on(match[0], following[0]):
            pieces.append(f"{_WRAPPED}?")
    return "".join(pieces)


def _pointed(match: re.Match[str]) -> str:
    """A letter with points, of which a text may lack all or have more, but have no other vowels."""
    letter, points = match["letter"], match["points"]
    if not re.search(f"[{VOWELS}]", points):
        return f"{letter}[{POINTS}]*"
    return f"{letter}(?:(?![{VOWELS}])[{POINTS}]|[{points}])*"


def _is_run_on(first: str, following: str) -> bool:
    """Whether a line may end between two characters of a script without blanks."""
    without = [re.match(f"[{BLANKLESS}]", each) is not None for each in (first, following)]
    other = following if without[0] else first
    return all(without) or (any(without) and re.match(f"[{_CLAUSE}]", other) is not None)
