"""The loader of MEND, the mediation event and negotiators database; a row is a round of talks."""

from tracker.loaders.loading import Dataset
from tracker.loaders.mend.matching import match
from tracker.loaders.mend.reading import REQUIRED, reader
from tracker.models import Source
from tracker.models.vocabularies import SourceKind


def source() -> Source:
    """The dataset as a source."""
    return Source(
        publisher="Harvard Dataverse",
        title="MEND: mediation events and negotiators database",
        authors="Peter; Badanjak; D'Amico; Houghton",
        published_on="2025-01-01",
        published_precision="year",
        url="https://doi.org/10.7910/DVN/PYRHS6",
        kind=SourceKind.DATASET,
    )


MEND = Dataset("MEND", "med_event_ID", REQUIRED, source, reader, match, frozenset({"", "0"}), rules=2)
