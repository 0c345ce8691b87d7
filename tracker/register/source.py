"""Sources: the documents that records cite."""

from django.db.models import Q

from tracker.forms.sources import SourceForm
from tracker.models import Process, Source
from tracker.models.vocabularies import Reliability, SourceKind
from tracker.register.columns import ALIASES, WRITTEN, code, date, flag, own, relation, text
from tracker.register.day_filters import since, until
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter, YesNoFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields, Section


class SourceFilters(RecordFilters):
    """Filters of sources."""

    kind = CodeFilter(SourceKind, "Type")
    reliability = CodeFilter(Reliability, "Reliability")
    since = since("published_on", "Published from")
    until = until("published_on", "Published to")
    published_inferred = YesNoFilter("Date inferred", Q(published_inferred=True))
    taken_from = ReferenceFilter(Source, "taken_from", "Taken from")
    kept_to = ReferenceFilter(Process, "process", "Kept to")
    has_text = YesNoFilter("Text stored", ~Q(text=""))


SOURCE = RecordType(
    model=Source,
    url_name="source",
    path="sources",
    columns=(
        *own("title", "Title"),
        text("publisher", "Publisher", listed=True, order=("publisher",)),
        text("authors", "Authors", listed=True),
        *date(
            "published_on", "Published", precision="published_precision", listed=True, order=("published_on",)
        ),
        flag("published_inferred", "Date inferred"),
        code("kind", "Type", SourceKind, listed=True, order=("kind",)),
        text("language", "Language"),
        code("reliability", "Reliability", Reliability, listed=True, order=("reliability",)),
        Column("url", "URL", kind=Kind.URL),
        *date("retrieved_on", "Retrieved"),
        *WRITTEN,
        *relation("taken_from", "Taken from", shown="title"),
        *relation("process", "Kept to", shown="title"),
        ALIASES,
    ),
    filterset=SourceFilters,
    sort="title",
    empty="Add the documents that the record rests on.",
    sections=(
        Section("citation", "source", "Cited by"),
        Section("assessment", "source", "Assessments in it"),
    ),
    development_field="source",
    form=SourceForm,
    identity=("publisher", "title", "published_on"),
    distinguished_by=("url",),
    search=SearchFields(
        day="published_on",
        shown=("published_on", "published_precision"),
    ),
    admin_group="Actors and sources",
)
