"""Filters of processes, developments with their effects and citations, judgements and watch phrases."""

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import GreaterThan

from tracker.models import Citation, Development, Issue, Item, Party, Person, Process, Source, Talk
from tracker.models.developments import LAG_DAYS, LATE_AFTER_DAYS
from tracker.models.vocabularies import (
    AssessmentOutcome,
    Basis,
    Credibility,
    DevelopmentKind,
    Firmness,
    ItemKind,
    Likelihood,
    ProcessLinkKind,
    SpeechAct,
    Stance,
    Strength,
)
from tracker.register.filters import (
    CodeFilter,
    RecordFilters,
    ReferenceFilter,
    YesNoFilter,
    since,
    until,
)


class ProcessFilters(RecordFilters):
    """Filters of processes."""

    restricted = YesNoFilter("Restricted", Q(restricted=True))


class ProcessLinkFilters(RecordFilters):
    """Filters of links between processes."""

    process = ReferenceFilter(Process, "from_process", "Process")
    kind = CodeFilter(ProcessLinkKind, "Kind")


class TimelineFilters(RecordFilters):
    """Filters of a timeline: what somebody who follows the course of things asks for."""

    process = ReferenceFilter(Process, "process", "Process")
    party = ReferenceFilter(Party, "party", "Party")
    speaker = ReferenceFilter(Person, "speaker", "Speaker")
    issue = ReferenceFilter(Issue, "effects__item__issues", "Issue", many=True)
    talk = ReferenceFilter(Talk, "talk", "Talk")
    item = ReferenceFilter(Item, "effects__item", "Item", many=True)
    kind = CodeFilter(DevelopmentKind, "Kind")
    since = since("happened_key", "Occurred from")
    until = until("happened_key", "Occurred to")
    late = YesNoFilter("Recorded late", GreaterThan(LAG_DAYS, LATE_AFTER_DAYS))


class ProcessTimelineFilters(TimelineFilters):
    """Filters of the timeline of one process."""

    process = None


class DevelopmentFilters(TimelineFilters):
    """Filters of developments."""

    source = ReferenceFilter(Source, "citations__source", "Source", many=True)
    speech_act = CodeFilter(SpeechAct, "Speech act")
    strength = CodeFilter(Strength, "Strength")
    basis = CodeFilter(Basis, "Basis")
    lacks_source = YesNoFilter("Lacks a source", Q(sourced=False))
    unfound = YesNoFilter(
        "Quotes words not found", Exists(Citation.objects.filter(development=OuterRef("pk"), found=False))
    )


class EffectFilters(RecordFilters):
    """Filters of effects."""

    process = ReferenceFilter(Process, "development__process", "Process")
    development = ReferenceFilter(Development, "development__ref", "Development", by="ref")
    item = ReferenceFilter(Item, "item", "Item")
    party = ReferenceFilter(Party, "party", "Party")
    item_kind = CodeFilter(ItemKind, "Item kind")
    stance = CodeFilter(Stance, "Stance")
    firmness = CodeFilter(Firmness, "Firmness")
    since = since("happened_key", "Occurred from")
    until = until("happened_key", "Occurred to")


class FoundFilter(django_filters.ChoiceFilter):
    """Citations by whether their words are found in the stored text; where there is no text nobody can tell."""

    conditions = {"true": {"found": True}, "false": {"found": False}, "unknown": {"found__isnull": True}}

    def __init__(self, label: str):
        choices = [("true", "Yes"), ("false", "No"), ("unknown", "No text to look in")]
        super().__init__(label=label, choices=choices, empty_label="Either")

    def filter(self, rows, value):
        """The rows of `rows` of the choice `value`; all where it is empty."""
        return rows.filter(**self.conditions[value]) if value else rows


class CitationFilters(RecordFilters):
    """Filters of citations."""

    process = ReferenceFilter(Process, "development__process", "Process")
    development = ReferenceFilter(Development, "development__ref", "Development", by="ref")
    source = ReferenceFilter(Source, "source", "Source")
    credibility = CodeFilter(Credibility, "Credibility")
    found = FoundFilter("Words found in the text")


class AssessmentFilters(RecordFilters):
    """Filters of assessments."""

    process = ReferenceFilter(Process, "process", "Process")
    item = ReferenceFilter(Item, "item", "About")
    author = ReferenceFilter(Person, "author", "Expert")
    source = ReferenceFilter(Source, "source", "Source")
    likelihood = CodeFilter(Likelihood, "Likelihood")
    turned_out = CodeFilter(AssessmentOutcome, "Turned out", field_name="outcome")
    since = since("made_on", "Made from")
    until = until("made_on", "Made to")


class WatchPhraseFilters(RecordFilters):
    """Filters of watch phrases."""

    process = ReferenceFilter(Process, "process", "Process")
    party = ReferenceFilter(Party, "whose_parties", "Whose use counts")
