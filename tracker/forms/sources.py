"""Forms of sources."""

from django import forms

from tracker.forms.base import PageMeta, RecordForm
from tracker.forms.fields import ALIASES_HELP, NamesField, SpanField
from tracker.models import Source

LONGEST_TEXT = 20_000
"""The longest stored text, in characters, that stands among the other fields of its source."""


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


class SourceWithoutTextForm(SourceForm):
    """A source whose text is left as it is."""

    class Meta(SourceForm.Meta):
        fields = tuple(name for name in SourceForm.Meta.fields if name != "text")


class SourceTextForm(RecordForm):
    """The text of a source alone."""

    class Meta(PageMeta):
        model = Source
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 30})}


def is_apart(request, source: Source | None) -> bool:
    """Whether the form of `source` (None: a new one) has no field for its text; a form that is sent says so itself."""
    if request.method == "POST":
        return source is not None and "text" not in request.POST
    return source is not None and len(source.text) > LONGEST_TEXT
