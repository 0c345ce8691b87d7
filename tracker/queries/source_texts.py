"""The stored texts of a source: its versions with what differs between them, and the quotes in one of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.functions import Length

from tracker.clocks import Clocks
from tracker.models import Citation, Source, SourceText, User
from tracker.queries.word_diff import Pieces, differing
from tracker.text.quotes import Place, places

MOST_COMPARED = 10
"""How many of the newest versions are compared with the ones before."""
MOST_DIFFERING = 15_000
"""How many characters of differences are shown of all versions together."""
AROUND = 80
"""How many characters of what is the same stay on each side of a difference."""
MOST_QUOTES = 200
"""How many different quotes are looked for in a text."""


@dataclass(frozen=True)
class TextVersion:
    """One version of a text: `stored` (without its words), their `length`, and what differs from the one before."""

    stored: SourceText
    length: int
    differences: Pieces
    """Empty if there is none before, or too much differs."""

    @property
    def length_text(self) -> str:
        """The length, for display."""
        return f"{self.length:,} character{'' if self.length == 1 else 's'}"


def text_versions(source: Source, user: User) -> list[TextVersion]:
    """The versions of the text of `source` that `user` may see, the newest first. Two queries."""
    rows = SourceText.objects.visible_to(user).of(source)
    listed = rows.defer("text").select_related("recorded_by").annotate(length=Length("text"))
    words = dict(rows.values_list("number", "text")[: MOST_COMPARED + 1])
    versions, left = [], MOST_DIFFERING
    for stored in listed:
        pieces: Pieces = []
        if stored.number in words and stored.number - 1 in words:
            pieces = shortened(differing(words[stored.number - 1], words[stored.number]))
        size = sum(len(text) for _, text in pieces)
        if size > left:
            pieces = []
        else:
            left -= size
        versions.append(TextVersion(stored, stored.length, pieces))
    return versions


def shortened(pieces: Pieces) -> Pieces:
    """`pieces` with only the words around the differences of what is the same."""
    last = len(pieces) - 1
    return [
        (sort, _cut(text, bool(place), place < last) if sort == "same" else text)
        for place, (sort, text) in enumerate(pieces)
    ]


def _cut(text: str, follows: bool, precedes: bool) -> str:
    """What is the same, as far as it stands around a difference before it (`follows`) or after it (`precedes`)."""
    if len(text) <= AROUND * (follows + precedes) + 1:
        return text
    start = text[:AROUND].rsplit(None, 1)[0] if follows else ""
    end = text[-AROUND:].split(None, 1)[-1] if precedes else ""
    return f"{start} … {end}"


def quoted_places(source: Source, text: str, user: User, clocks: Clocks) -> list[Place]:
    """Where in `text` the quotes stand of the citations of `source` that `user` sees at `clocks`: start and end."""
    if not text:
        # To make ready what is looked for takes longer than to look.
        return []
    citations = Citation.objects.visible_to(user).at(clocks).filter(source=source.pk).exclude(quote="")
    quotes = citations.order_by().values_list("quote", flat=True).distinct()[:MOST_QUOTES]
    return merged(place for quote in quotes for place in places(quote, text))


def merged(found: Iterable[Place]) -> list[Place]:
    """Places in their order, those that overlap as one."""
    merged_places: list[Place] = []
    for start, end in sorted(found):
        if merged_places and start <= merged_places[-1][1]:
            merged_places[-1] = (merged_places[-1][0], max(end, merged_places[-1][1]))
        else:
            merged_places.append((start, end))
    return merged_places
