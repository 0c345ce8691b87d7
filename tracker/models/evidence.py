"""Whether quoted words occur in a text."""

from tracker.text.quotes import parts_of, places


def stands_in(quote: str, text: str) -> bool | None:
    """Whether `quote` is found in `text`; None if either is empty.

    An ellipsis in the quote (… or [...]) stands for omitted words: its parts must occur in this order.
    """
    if not text.strip() or not parts_of(quote):
        return None
    return bool(places(quote, text))
