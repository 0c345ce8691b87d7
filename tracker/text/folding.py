"""Folds text for comparison: case and accents, in any script. Punctuation only separates words."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_QUERY = 300
MOST_WORDS = 12
"""What is looked for is cut there: more would be more conditions than help anybody."""
NEAR = 0.7
"""How alike a text and a name must be (difflib's ratio, 1 if they are the same) for the name to be offered instead."""
SNIPPET = 180
"""About as many characters of a text are shown around the words found."""

FOLDED = dict(
    zip(
        "ЁёЙйЇїЎўЃѓЌќΆάΈέΉήΊίΌόΎύΏώΪϊΫϋΐΰŁłØøĐđıİ",
        "ЕеИиІіУуГгКкΑαΕεΗηΙιΟοΥυΩωΙιΥυιυLlOoDdiI",
        strict=True,
    )
)
"""Letters that no database folds by itself, and what they are taken for."""
_TABLE = str.maketrans(FOLDED)
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")


def fold(text: str) -> str:
    """`text` without case and accents."""
    return _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_TABLE))).lower()


def nearest_code(text: str, codes: Iterable[str]) -> str | None:
    """The nearest to `text` of `codes` (or headers, ids, titles), if it is near enough; else None.

    Case does not matter, nor whether words are separated by blanks or underscores.
    """
    by_fold = {_spelling(str(code)): str(code) for code in codes}
    near = difflib.get_close_matches(_spelling(text[:100]), by_fold, n=1, cutoff=NEAR)
    return by_fold[near[0]] if near else None


def nearest_hint(text: str, codes: Iterable[str], otherwise: str = "") -> str:
    """A sentence, after a blank, that names the nearest to `text` of `codes`; `otherwise` if none is near enough."""
    near = nearest_code(text, codes)
    hint = f"Nearest: {near}." if near else otherwise
    return f" {hint}" if hint else ""


def _spelling(code: str) -> str:
    return code.strip().casefold().replace(" ", "_")


def words_of(query: str) -> list[str]:
    """The folded words that `query` asks for, at most MOST_WORDS; every other sign only parts them."""
    words = (fold(word) for word in _WORD.findall(query[:LONGEST_QUERY]))
    return [word for word in words if word][:MOST_WORDS]


def marked(text: str, words: Sequence[str], whole: bool = False) -> SafeString | None:
    """`text`, safe for a page, with `words` in <mark>, the last also where it only begins one; cut unless `whole`.

    None where none of them stands in it.
    """
    spans = []
    for match in _WORD.finditer(text):
        word = fold(match[0])
        if word in words or (words and word.startswith(words[-1])):
            spans.append(match.span())
            if len(spans) == 50:
                break
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
