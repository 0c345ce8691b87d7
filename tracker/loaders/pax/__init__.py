"""The loader of PA-X, the Peace Agreements Database; a row is an agreement."""

from tracker.loaders.loading import Dataset
from tracker.loaders.pax.matching import match
from tracker.loaders.pax.reading import REQUIRED, reader
from tracker.models import Source
from tracker.models.vocabularies import SourceKind


def source() -> Source:
    """The dataset as a source."""
    return Source(
        publisher="University of Edinburgh",
        title="PA-X Peace Agreements Database and Dataset",
        authors="Christine Bell; Sanja Badanjak",
        url="https://www.peaceagreements.org/",
        kind=SourceKind.DATASET,
    )


PAX = Dataset("PA-X", "AgtId", REQUIRED, source, reader, match, rules=3)
