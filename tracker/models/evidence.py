"""Whether quoted words occur in a text."""

from tracker.text.quotes import patterns, places


def stands_in(quote: str, text: str) -> bool | None:
    """Whether `quote` is found in `text`; None where either is empty, so that there is nothing to find."""
    if not text.strip() or not patterns(quote):
        return None
    return bool(places(quote, text))
