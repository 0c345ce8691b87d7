"""Word-by-word differences between two texts."""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import accumulate

from tracker.models.wordings import Text, Wording

LONGEST = 100_000
"""Two texts of more characters than this together are not compared."""

MOST = 40_000
"""How many pairs of equal words two texts may have to be compared; the time that it takes grows by their number."""

_MARKS = r"!-/:-@\[-`{-~¡-¿‐-⁞、-〟"
_SIGNS = "぀-ヿ㐀-鿿"
# Scripts without spaces between words are compared character by character.
_TOKEN = re.compile(rf"(?:[{_SIGNS}{_MARKS}]|[^\s{_MARKS}{_SIGNS}]+)\s*")

Pieces = list[tuple[str, str]]
Change = tuple[int, int, int, int]
"""Where some words of the one text begin and end, and where those of the other that took their place."""


def differing(old: str, new: str) -> Pieces:
    """Pairs of a sort ("same", "old" or "new") and a non-empty text, in reading order.

    "same" and "new" pieces joined give `new`; "same" and "old" ones give `old`, except for white space: an old piece
    before a new one always ends in a space, so that their words do not run together.

    The common beginning and end are split off in one pass. If the rest exceeds LONGEST or MOST, it is not compared
    but returned whole, once as old and once as new; this keeps the worst case at about 70 ms.
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
            # The common word before these lost its trailing space together with them.
            removed = " " + removed
        pieces += [("same", "".join(after[position:k])), ("old", removed), ("new", "".join(after[k:m]))]
        position = m
    return _joined([*pieces, ("same", "".join(after[position:]))])


def texts_differing(old: Wording, new: Wording) -> list[tuple[Text, Pieces]]:
    """Each text of `new` with what differs from that of `old` in its language, then the texts that only `old` has.

    Texts of one language are compared; so are the only two that are left if the language of one is not known.
    """
    before = {text.language: text for text in old.texts}
    pairs = [(before.pop(text.language, None), text) for text in new.texts]
    alone = [text for text in new.texts if (None, text) in pairs]
    if len(alone) == len(before) == 1 and "" in (alone[0].language, *before):
        pairs[pairs.index((None, alone[0]))] = (before.popitem()[1], alone[0])
    changed = [(text, differing(was.words if was else "", text.words)) for was, text in pairs]
    return changed + [(text, differing(text.words, "")) for text in before.values()]


def _tokens(text: str) -> list[str]:
    """The words and punctuation marks of `text`, each with the white space after it."""
    tokens = _TOKEN.findall(text)
    if tokens:
        tokens[0] = text[: len(text) - len(text.lstrip())] + tokens[0]
    return tokens


def _ends_blank(text: str) -> bool:
    return text != text.rstrip()


def _shared(words: list[str], others: list[str]) -> int:
    """The number of words that both begin with."""
    least = min(len(words), len(others))
    return next((n for n in range(least) if words[n] != others[n]), least)


def _changes(words: list[str], others: list[str]) -> list[Change]:
    """The ranges of `words` replaced by ranges of `others`; a single change if there are too many to compare.

    A few unchanged words between larger changes are merged into them, which is easier to read.
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
    """`pieces` without empty ones and with neighbours of the same sort merged."""
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
