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
    """Whether `quote` is found in `text`; None where either is empty, so that there is nothing to find.

    An ellipsis in the quote (… or [...]) stands for words left out: the parts must follow one another in the text.
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
