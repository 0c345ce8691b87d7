"""Search for the commonest word and for a rare one, against the least that finds them: the index alone."""

from collections import Counter
from collections.abc import Iterator

from tests.bench.pages import reader
from tests.bench.timing import Line, side_by_side
from tracker.models import SearchEntry

SAMPLE = 2_000
"""In about so many records, of all types, it is counted how common words are."""


def measure() -> Iterator[Line]:
    """The lines about search."""
    client = reader()
    last = SearchEntry.objects.latest("pk").pk
    spread = range(1, last + 1, max(last // SAMPLE, 1))
    bodies = SearchEntry.objects.filter(pk__in=spread).values_list("title", "body")
    words = Counter(word for texts in bodies for word in set(" ".join(texts).split()) if word.isalpha())
    for what, word in (("commonest", words.most_common(1)[0][0]), ("a rare", min(words, key=words.get))):
        hits = SearchEntry.objects.filter(index__words__holds=[word])
        url = f"/search/?q={word}"
        assert client.get(url).status_code == 200, url
        best = side_by_side(
            {"page": lambda url=url: client.get(url), "count": lambda hits=hits: hits.count()}
        )
        yield Line(
            f"search for {what} word", "counting its hits in the index", {}, best["page"], best["count"],
            f"{hits.count():,} hits",
        )  # fmt: skip
