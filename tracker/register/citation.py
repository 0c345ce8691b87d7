"""Citations: the passages in sources that support developments."""

from django.db.models import QuerySet

from tracker.forms.developments import CitationForm
from tracker.models import Citation, Development, Process, Source
from tracker.models.vocabularies import Credibility
from tracker.register.columns import RECORDED, code, flag, number, process, relation, text
from tracker.register.filters import ChoiceFilter, CodeFilter, RecordFilters, ReferenceFilter
from tracker.register.types import Column, RecordType, SearchFields


class FoundFilter(ChoiceFilter):
    """Citations by whether their quote is found in the stored text; "unknown" if no text is stored."""

    conditions = {"true": {"found": True}, "false": {"found": False}, "unknown": {"found__isnull": True}}

    def __init__(self, label: str):
        choices = [("true", "Yes"), ("false", "No"), ("unknown", "No text to look in")]
        super().__init__(label=label, choices=choices, empty_label="Any")

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(**self.conditions[value])


class CitationFilters(RecordFilters):
    """Filters of citations."""

    process = ReferenceFilter(Process, "development__process", "Process")
    development = ReferenceFilter(Development, "development__ref", "Development", by="ref")
    source = ReferenceFilter(Source, "source", "Source")
    credibility = CodeFilter(Credibility, "Credibility")
    found = FoundFilter("Words found in the text")


CITATION = RecordType(
    model=Citation,
    url_name="citation",
    path="citations",
    columns=(
        Column("id", "Id", "ref"),
        *relation("development", "Development", shown="headline", listed=True),
        number("development_version", "Version", path="development__version"),
        text("quote", "Quote", listed=True),
        *relation("source", "Source", shown="title", listed=True, order=("source__title",)),
        text("place", "Location in source", listed=True),
        code("credibility", "Credibility", Credibility, listed=True, order=("credibility",)),
        flag("found", "Words found", listed=True),
        *process("development__process"),
        RECORDED,
    ),
    filterset=CitationFilters,
    sort="-recorded_at",
    empty="Citations are recorded with the development that rests on them.",
    has_pages=False,
    form=CitationForm,
    identity=("development", "source", "quote", "place"),
    search=SearchFields(
        parties=("development__party",),
        day="development__occurred_on",
        ends="development__recorded_on",
        shown=("development__occurred_on", "development__occurred_precision"),
        about="development",
    ),
    admin_group="Developments",
    analysts_change=True,
)
