"""The words of a text as search compares them; what is indexed and what is asked for are both taken apart here.

A word is folded. Punctuation separates words, and is a word itself only where it stands alone; mathematical and other
symbols count. Scripts without blanks between words (Chinese, Japanese, Thai, ...) are taken apart into pairs of
characters, so that any part of them is found. Words joined by an apostrophe, a hyphen or a dot are found one by one
and as one: U.S. as US, co-operation as cooperation; and so are those between hyphens: U.S.-led as US led.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tracker.text.folding import INVISIBLE, character_class, fold, of_categories, with_places

LONGEST_QUERY = 300
MOST_WORDS = 12
"""What is looked for is cut there: more would be more conditions than help anybody."""
LONGEST_WORD = 60
"""Of a longer word so many characters are compared."""
SNIPPET = 180
"""About as many characters of a text are shown around the words found."""
MOST_MARKS = 50

_SYMBOLS = character_class([*of_categories("Sm", "Sc", "So"), *"#%‰‱"])
NO_WORD = character_class(of_categories("P", "Z", "S", "Cc"))
"""All that is no part of a word, as ranges."""
_COMPOUND = re.compile(rf"[^{NO_WORD}]+(?:(?:-\s*|['\".])[^{NO_WORD}]+)*|[{_SYMBOLS}]+")
_UNHYPHENED = re.compile(r"[^-]+")
_PART = re.compile(rf"[^{NO_WORD}]+")
BLANKLESS = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf"  # Thai to Tai Viet
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\U00017000-\U00018dff"
    "\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""The scripts that set no blanks between words, as ranges."""
# Hangul has blanks, but its particles follow the noun without one.
_NO_BLANKS = f"{BLANKLESS}\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_RUN = re.compile(rf"[{_NO_BLANKS}]")
_PIECE = re.compile(rf"[{_NO_BLANKS}]+|[^{_NO_BLANKS}]+")
_BROKEN = re.compile(r"(?<=[-‐\xad])[^\S\n]*\n\s*(?=\S)")
_BETWEEN_BLANKS = re.compile(r"\S+(?:(?<=[-‐\xad])[^\S\n]*\n\s*\S+)*")


class Word(NamedTuple):
    """A folded word that is asked for."""

    text: str
    is_begun: bool = False
    """Whether words that begin so are meant as well."""

    def matches(self, word: str) -> bool:
        """Whether the folded `word` of a text is meant."""
        return word.startswith(self.text) if self.is_begun else word == self.text


Term = tuple[tuple[Word, ...], ...]
"""One word as it was typed: any of these alternatives, and of that all words."""


def words(text: str) -> Iterator[str]:
    """The folded words of `text`, in their order, as they are indexed."""
    if "\n" in text:
        text = _BROKEN.sub("", text)
    for chunk in text.split():
        yield from _indexed(chunk) if len(chunk) <= LONGEST_WORD else _indexed.__wrapped__(chunk)


@lru_cache(20_000)
def _indexed(chunk: str) -> tuple[str, ...]:
    """The words of a text without blanks."""
    folded = _fold(chunk)
    found = tuple(word for _, _, word in _spans(folded))
    return found or (
        (alone,) if (alone := (folded.strip() or INVISIBLE.sub("", chunk))[:LONGEST_WORD]) else ()
    )


def _fold(text: str) -> str:
    # Without a blank it would be one word with the number that follows.
    return fold(text.replace("№", "№ "))


def _spans(folded: str) -> Iterator[tuple[int, int, str]]:
    """The words of a folded text, each with the place where it starts and ends."""
    for match in _COMPOUND.finditer(folded):
        start = match.start()
        parts = [(start + part.start(), part[0]) for part in _PART.finditer(match[0])] or [(start, match[0])]
        for place, part in parts:
            for piece in _PIECE.finditer(part):
                if not _is_run(piece[0]):
                    yield place + piece.start(), place + piece.end(), piece[0][:LONGEST_WORD]
                    continue
                for first in range(piece.start(), piece.end()):
                    last = min(first + 2, piece.end())
                    yield place + first, place + last, part[first:last]
        if joined := _joined([part for _, part in parts]):
            yield start, match.end(), joined
        yield from _between_hyphens(match[0], start)


def _between_hyphens(compound: str, start: int) -> Iterator[tuple[int, int, str]]:
    """What stands between the hyphens of a `compound`, where a dot or an apostrophe joins it: US in U.S.-Russia."""
    if "-" in compound:
        for piece in _UNHYPHENED.finditer(compound):
            if joined := _joined(_PART.findall(piece[0])):
                yield start + piece.start(), start + piece.end(), joined


def _is_run(piece: str) -> bool:
    """Whether a piece of a word is of a script that sets no blanks between its words."""
    return _RUN.match(piece) is not None


def _joined(parts: Sequence[str]) -> str:
    """The `parts` of a compound as one word; empty where there is one alone, and for numbers such as 1.5."""
    if len(parts) < 2 or any(_is_run(part) for part in parts):
        return ""
    if any(first[-1].isdigit() and then[0].isdigit() for first, then in pairwise(parts)):
        return ""
    return "".join(parts)[:LONGEST_WORD]


def asked(query: str) -> list[Term]:
    """What `query` asks for: all of these terms, at most MOST_WORDS; the last word may be incomplete."""
    folded = _fold(" ".join(_BROKEN.sub("", query[:LONGEST_QUERY]).split()))
    terms: list[list[list[Word]]] = []
    for match in _COMPOUND.finditer(folded):
        parts = _PART.findall(match[0])
        alternatives = [_one_by_one(parts) or [Word(match[0][:LONGEST_WORD])]]
        if joined := _joined(parts):
            alternatives.append([Word(joined)])
        if any(_between_hyphens(match[0], 0)):
            pieces = (_PART.findall(piece) for piece in match[0].split("-"))
            together = ([Word(_joined(piece))] if _joined(piece) else _one_by_one(piece) for piece in pieces)
            alternatives.append([*chain.from_iterable(together)])
        terms.append(alternatives)
    if not terms:
        terms = [[[Word(word)]] for chunk in query[:LONGEST_QUERY].split() for word in _indexed(chunk)]
    terms = terms[:MOST_WORDS]
    for alternative in terms[-1] if terms else ():
        alternative[-1] = alternative[-1]._replace(is_begun=True)
    return [tuple(map(tuple, term)) for term in terms]


def _one_by_one(parts: Iterable[str]) -> list[Word]:
    return [word for part in parts for word in _asked_in(part)]


def _asked_in(part: str) -> Iterator[Word]:
    for piece in _PIECE.findall(part):
        if not _is_run(piece):
            yield Word(piece[:LONGEST_WORD])
        elif len(piece) == 1:
            yield Word(piece, is_begun=True)
        else:
            yield from map(Word, map("".join, pairwise(piece)))


def marked(text: str, terms: Iterable[Term], whole: bool = False) -> SafeString | None:
    """`text`, safe for a page, with the words that `terms` ask for in <mark>; cut unless `whole`.

    None where none of them is in it.
    """
    spans = _found(text, [word for term in terms for alternative in term for word in alternative])
    if not spans:
        return None
    start, end = 0, len(text)
    if not whole:
        start = max(0, spans[0][0] - SNIPPET // 3)
        start = start and text.find(" ", start, spans[0][0]) + 1 or start
        end = min(len(text), max(start + SNIPPET, spans[0][1]))
    parts, reached = ["…"] if start else [], start
    for first, last in spans:
        if last > end:
            break
        parts += [escape(text[reached:first]), "<mark>", escape(text[first:last]), "</mark>"]
        reached = last
    parts += [escape(text[reached:end]), "…" if end < len(text) else ""]
    return mark_safe("".join(parts))  # noqa: S308


def _found(text: str, sought: Sequence[Word]) -> list[tuple[int, int]]:
    """Where words of `text` are among those `sought`, the first MOST_MARKS; what touches is one."""
    spans: list[tuple[int, int]] = []
    for chunk in _BETWEEN_BLANKS.finditer(text):
        if not any(word.matches(other) for other in words(chunk[0]) for word in sought):
            continue
        folded, places = with_places(chunk[0], _fold)
        matches = [
            (first, last)
            for first, last, other in _spans(folded)
            if any(word.matches(other) for word in sought)
        ]
        of_text = [(places[first][0], places[last - 1][1]) for first, last in sorted(matches)]
        for start, end in of_text or [(0, len(chunk[0]))]:
            start, end = chunk.start() + start, chunk.start() + end
            if spans and start <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((start, end))
        if len(spans) >= MOST_MARKS:
            break
    return spans
