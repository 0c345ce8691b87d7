"""Forms of sources."""

from tracker.forms.base import PageMeta, RecordForm
from tracker.forms.fields import ALIASES_HELP, NamesField, SpanField
from tracker.models import Source


class SourceForm(RecordForm):
    """A source."""

    aliases = NamesField(help_text=ALIASES_HELP)
    published_on = SpanField(precision="published_precision", required=False)

    class Meta(PageMeta):
        model = Source
        fields = (
            "publisher", "title", "aliases", "authors", "kind", "published_on", "published_inferred", "url", "language",
            "reliability", "taken_from", "retrieved_on", "process", "text",
        )  # fmt: skip
