"""Forms of sources."""

from tracker.forms.base import PageMeta, RecordForm
from tracker.forms.fields import SpanField
from tracker.models import Source


class SourceForm(RecordForm):
    """A source."""

    published_on = SpanField(precision="published_precision", required=False)

    class Meta(PageMeta):
        model = Source
        fields = (
            "publisher", "title", "authors", "kind", "published_on", "published_inferred", "url", "language",
            "reliability", "taken_from", "retrieved_on", "process", "text",
        )  # fmt: skip
