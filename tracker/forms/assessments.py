"""Forms of assessments and watch phrases."""

from tracker.forms.base import PageMeta, RecordForm
from tracker.forms.fields import NamesField, SpanField
from tracker.models import Assessment, WatchPhrase


class AssessmentForm(RecordForm):
    """An assessment by an expert or our own analyst."""

    made_on = SpanField(precision="made_precision")
    fixed = ("process",)
    places = {"assessment_has_one_author": "author", "assessment_judged_on_a_day": "judged_on"}
    sections = (
        (
            "The assessment",
            ("process", "item", "author", "author_name", "statement", "likelihood", "confidence", "made_on"),
        ),
        ("Outcome", ("judge_on", "turned_out", "judged_on", "judged_note")),
        ("Source", ("source", "quote", "place")),
    )

    class Meta(PageMeta):
        model = Assessment
        fields = (
            "process", "item", "author", "author_name", "statement", "likelihood", "confidence", "made_on",
            "judge_on", "turned_out", "judged_on", "judged_note", "source", "quote", "place",
        )  # fmt: skip
        labels = {"judge_on": "Check on", "turned_out": "Outcome", "place": "Location in source"}


class WatchPhraseForm(RecordForm):
    """A watch phrase."""

    variants = NamesField(help_text="Other forms and translations, one a line.")
    fixed = ("process",)

    class Meta(PageMeta):
        model = WatchPhrase
        fields = ("process", "phrase", "variants", "why", "whose_parties", "whose_people")
        labels = {"whose_parties": "Applies to parties", "whose_people": "Applies to people"}
