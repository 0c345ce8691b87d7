"""The alphabetical order of texts in all scripts: the Unicode Collation Algorithm in its root order (DUCET)."""

import unicodedata
from functools import cache, lru_cache
from itertools import chain
from struct import pack

from pyuca.collator import Collator_10_0_0

LONGEST = 200
"""So many characters of a text are compared; the databases index no longer keys."""
PRIMARY, SECONDARY, TERTIARY = range(3)
"""Letters, then accents, then case."""
_LEAST = {SECONDARY: 0x20, TERTIARY: 0x02}
"""The weights of letters without an accent, and of small ones; where only these follow, they are left out."""


def collation_key(text: str) -> bytes:
    """The key of `text`: keys that are compared byte by byte are in the alphabetical order of the texts."""
    words = unicodedata.normalize("NFD", text[:LONGEST]).split(" ")
    elements = [*chain.from_iterable(map(_elements, words))]
    levels = []
    for level in (PRIMARY, SECONDARY, TERTIARY):
        weights = [element[level] for element in elements if element[level]]
        while weights and weights[-1] == _LEAST.get(level):
            weights.pop()
        levels.append(pack(f">{len(weights)}H", *weights))
    return b"\0\0".join(levels)


@lru_cache(20_000)
def _elements(word: str) -> list[tuple[int, ...]]:
    """The weights of a word and of the blank behind it, with which none of its letters is sorted as one."""
    return [tuple(element[:3]) for element in _collator().collation_elements(f"{word} ")]


@cache
def _collator() -> Collator_10_0_0:
    """Read from its table, which takes a moment, when the first key is asked for."""
    return Collator_10_0_0()
