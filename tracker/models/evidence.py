"""Whether quoted words occur in a text, ignoring quotation marks, dashes and line breaks."""

import re
import unicodedata

_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "..."}
)


def _plain(words: str) -> str:
    folded = unicodedata.normalize("NFKC", words.translate(_SAME)).casefold().replace("--", "-")
    return re.sub(r"\s+", " ", folded).strip()


def stands_in(quote: str, text: str) -> bool | None:
    """Whether `quote` is found in `text`; None if either is empty.

    An ellipsis in the quote (… or [...]) stands for omitted words: its parts must occur in this order.
    """
    if not quote.strip() or not text.strip():
        return None
    plain, position = _plain(text), 0
    for part in re.split(r"\s*(?:\[\.\.\.\]|\.\.\.)\s*", _plain(quote)):
        position = plain.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return True
