"""Search for the commonest word and for a rare one, against the least that finds them: the index alone."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import F

from tests.bench.pages import reader
from tests.bench.timing import Line, side_by_side
from tracker.models import SearchEntry
from tracker.models.search_entries import entry_types, searched_models
from tracker.text.words import asked

SAMPLE = 2_000
"""In about so many records, of all types, it is counted how common words are."""


def measure() -> Iterator[Line]:
    """The lines about search."""
    client = reader()
    words = Counter(word for entry in _sample() for word in entry if word.isalpha())
    for what, word in (("commonest", words.most_common(1)[0][0]), ("a rare", min(words, key=words.get))):
        hits = SearchEntry.objects.filter(index__words__holds=asked(word))
        url = f"/search/?q={word}"
        assert client.get(url).status_code == 200, url
        best = side_by_side(
            {"page": lambda url=url: client.get(url), "count": lambda hits=hits: hits.count()}
        )
        yield Line(
            f"search for {what} word", "counting its hits in the index", {}, best["page"], best["count"],
            f"{hits.count():,} hits",
        )  # fmt: skip


def _sample() -> Iterator[set[str]]:
    """The words of every so many-th record."""
    step = max(SearchEntry.objects.count() // SAMPLE, 1)
    for model in searched_models():
        kind = entry_types(model)[-1]
        rows = model._base_manager.annotate(left=F("pk") % step).filter(left=0)
        for values in rows.values_list(*kind.names, *kind.texts):
            title, body = kind.words(values)
            yield {*title, *body}
