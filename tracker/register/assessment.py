"""Assessments: the expectations of an expert or our own analyst."""

from tracker.forms.assessments import AssessmentForm
from tracker.models import Assessment, Item, Person, Process, Source
from tracker.models.vocabularies import AssessmentOutcome, Confidence, Likelihood
from tracker.register.columns import WRITTEN, code, date, own, process, relation, text
from tracker.register.day_filters import since, until
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter
from tracker.register.types import RecordType, SearchFields


class AssessmentFilters(RecordFilters):
    """Filters of assessments."""

    process = ReferenceFilter(Process, "process", "Process")
    item = ReferenceFilter(Item, "item", "About")
    author = ReferenceFilter(Person, "author", "Expert")
    source = ReferenceFilter(Source, "source", "Source")
    likelihood = CodeFilter(Likelihood, "Likelihood")
    confidence = CodeFilter(Confidence, "Confidence")
    turned_out = CodeFilter(AssessmentOutcome, "Outcome", field_name="outcome")
    check_since = since("judge_on", "Check from")
    check_until = until("judge_on", "Check to")
    since = since("made_on", "Made from")
    until = until("made_on", "Made to")


ASSESSMENT = RecordType(
    model=Assessment,
    url_name="assessment",
    path="assessments",
    columns=(
        *own("statement", "Statement", order=()),
        *relation("author", "Expert", listed=True, order=("author__name",)),
        text("author_name", "Our analyst", listed=True),
        *date("made_on", "Made", precision="made_precision", listed=True, order=("made_key",)),
        code("likelihood", "Likelihood", Likelihood, listed=True),
        code("confidence", "Confidence", Confidence, listed=True),
        *date("judge_on", "Check on", listed=True, order=("judge_on",)),
        code("turned_out", "Outcome", AssessmentOutcome, path="outcome", listed=True, order=("outcome",)),
        *date("judged_on", "Judged on", path="outcome_on"),
        text("judged_note", "What showed it", path="outcome_note"),
        *relation("item", "About", shown="title"),
        *relation("source", "Source", shown="title"),
        text("quote", "Quote"),
        text("place", "Location in source"),
        *process(listed=True),
        *WRITTEN,
    ),
    filterset=AssessmentFilters,
    sort="-made_on",
    empty="Record an expert's assessment, or our own; it is never counted as a party's position.",
    form=AssessmentForm,
    identity=("process", "author", "author_name", "statement", "made_on"),
    distinguished_by=("item", "source"),
    search=SearchFields(
        day="made_on",
        shown=("made_on", "made_precision"),
        along=("author",),
    ),
    admin_group="Processes and items",
    analysts_change=True,
)
