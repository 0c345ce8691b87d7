"""Word-by-word differences of two wordings."""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import accumulate

LONGEST = 100_000
"""Two texts of more characters than this together are not compared."""

MOST = 40_000
"""How many pairs of equal words two texts may have to be compared; the time that it takes grows by their number."""

_MARKS = r"!-/:-@\[-`{-~¡-¿‐-⁞、-〟"
_SIGNS = "぀-ヿ㐀-鿿"
# What is written without blanks between its words is told apart sign by sign.
_TOKEN = re.compile(rf"(?:[{_SIGNS}{_MARKS}]|[^\s{_MARKS}{_SIGNS}]+)\s*")

Pieces = list[tuple[str, str]]
Change = tuple[int, int, int, int]
"""Where some words of the one text begin and end, and where those of the other that took their place."""


def differing(old: str, new: str) -> Pieces:
    """The pieces of both texts in order, pairs of a sort ("same", "old" or "new") and a text that is not empty.

    The same and the new ones make up `new`, the same and the old ones `old`, which may have had other blanks: an old
    one that a new one follows ends in one, so that their words do not run into each other.

    What both begin and end with is found in one pass and never counts. Where the rest is beyond LONGEST or MOST it is
    given as a whole, once old and once new. An article of 1,600 words taken apart and put together anew takes some
    70 ms, and nothing takes much longer.
    """
    if len(old) + len(new) > LONGEST:
        return _joined([("same", new)] if old == new else [("old", old), ("new", new)])
    before, after = _tokens(old), _tokens(new)
    words, others = [token.strip() for token in before], [token.strip() for token in after]
    start = _shared(words, others)
    end = _shared(words[start:][::-1], others[start:][::-1])
    changes = _changes(words[start : len(words) - end], others[start : len(others) - end])
    pieces, position = [], 0
    for i, j, k, m in ((start + i, start + j, start + k, start + m) for i, j, k, m in changes):
        removed = "".join(before[i:j])
        if removed and i and _ends_blank(before[i - 1]) and not _ends_blank(after[k - 1]):
            # The word ahead of these, which is the same, has lost the blank after it with them.
            removed = " " + removed
        pieces += [("same", "".join(after[position:k])), ("old", removed), ("new", "".join(after[k:m]))]
        position = m
    return _joined([*pieces, ("same", "".join(after[position:]))])


def _tokens(text: str) -> list[str]:
    """The words and marks of `text`, each with the blanks after it, the first with those before it."""
    tokens = _TOKEN.findall(text)
    if tokens:
        tokens[0] = text[: len(text) - len(text.lstrip())] + tokens[0]
    return tokens


def _ends_blank(text: str) -> bool:
    return text != text.rstrip()


def _shared(words: list[str], others: list[str]) -> int:
    """How many words both begin with."""
    least = min(len(words), len(others))
    return next((n for n in range(least) if words[n] != others[n]), least)


def _changes(words: list[str], others: list[str]) -> list[Change]:
    """What of `words` gave way to what of `others`; all of it where there are too many to compare.

    Few words that stayed between greater changes are taken as changed with them: they would only break up the reading.
    """
    often = Counter(others)
    if sum(often[word] for word in words) > MOST:
        return [(0, len(words), 0, len(others))]
    at, there = ([0, *accumulate(map(len, text))] for text in (words, others))

    def size(change: Change) -> int:
        i, j, k, m = change
        return max(at[j] - at[i], there[m] - there[k])

    changes: list[Change] = []
    for done, *ranges in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        change = tuple(ranges)
        if done == "equal":
            continue
        while changes and at[change[0]] - at[changes[-1][1]] <= min(size(changes[-1]), size(change)):
            i, _, k, _ = changes.pop()
            change = (i, change[1], k, change[3])
        changes.append(change)
    return changes


def _joined(pieces) -> Pieces:
    """`pieces` without the empty ones, neighbours of one sort in one piece, old and new ones apart."""
    joined: Pieces = []
    for sort, text in pieces:
        last, piece = joined[-1] if joined else ("", "")
        if text and last == sort:
            joined[-1] = (sort, piece + text)
        elif text:
            if (last, sort) == ("old", "new") and not _ends_blank(piece):
                joined[-1] = (last, piece + " ")
            joined.append((sort, text))
    return joined
