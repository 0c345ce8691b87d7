"""Developments, and how a timeline lists them."""

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import GreaterThan

from tracker.clocks import Clocks
from tracker.forms.developments import DevelopmentForm
from tracker.models import Citation, Development, Issue, Item, Party, Person, Process, Source, Talk
from tracker.models.base import RecordQuerySet
from tracker.models.developments import LAG_DAYS, LATE_AFTER_DAYS
from tracker.models.vocabularies import Basis, DevelopmentKind, SpeechAct, Strength
from tracker.register.columns import LATEST, RECORDED, code, date, flag, number, process, relation, text
from tracker.register.day_filters import since, until
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter, YesNoFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields


class TimelineFilters(RecordFilters):
    """Filters of a timeline."""

    process = ReferenceFilter(Process, "process", "Process")
    party = ReferenceFilter(Party, "party", "Party")
    speaker = ReferenceFilter(Person, "speaker", "Speaker")
    issue = ReferenceFilter(Issue, "effects__item__issues", "Issue", many=True)
    talk = ReferenceFilter(Talk, "talk", "Talk")
    item = ReferenceFilter(Item, "effects__item", "Item", many=True)
    kind = CodeFilter(DevelopmentKind, "Type")
    since = since("occurred_on", "Occurred from", ends="recorded_on")
    until = until("occurred_on", "Occurred to", ends="recorded_on")
    late = YesNoFilter("Recorded late", GreaterThan(LAG_DAYS, LATE_AFTER_DAYS))


class ProcessTimelineFilters(TimelineFilters):
    """Filters of the timeline of one process."""

    process = None  # type: ignore[assignment]  # removes the base class's filter


class DevelopmentFilters(TimelineFilters):
    """Filters of developments."""

    source = ReferenceFilter(Source, "citations__source", "Source", many=True)
    speech_act = CodeFilter(SpeechAct, "Speech act")
    strength = CodeFilter(Strength, "Strength")
    basis = CodeFilter(Basis, "Basis")
    occurred_inferred = YesNoFilter("Date inferred", Q(occurred_inferred=True))
    lacks_source = YesNoFilter("Unsourced", Q(sourced=False))
    unfound = YesNoFilter(
        "Quotes words not found", Exists(Citation.objects.filter(development=OuterRef("pk"), found=False))
    )


def with_lag(developments: RecordQuerySet, clocks: Clocks) -> QuerySet:
    """The developments in force at `clocks`, annotated with `lag`: days from happening to first recording."""
    return developments.at(clocks).annotate(lag=LAG_DAYS)


COLUMNS = (
    Column("id", "Id", "ref"),
    number("version", "Version"),
    *date("occurred_on", "Occurred", precision="occurred_precision", listed=True, order=LATEST),
    flag("occurred_inferred", "Date inferred"),
    Column("headline", "Headline", kind=Kind.LINK, listed=True, ref="ref"),
    code("kind", "Type", DevelopmentKind, listed=True),
    *relation("party", "Party", listed=True),
    *relation("speaker", "Speaker", listed=True),
    code("speech_act", "Speech act", SpeechAct),
    code("strength", "Strength", Strength),
    code("basis", "Basis", Basis, listed=True),
    text("detail", "Detail"),
    *relation("talk", "Talk", shown="title"),
    flag("sourced", "Has a source", listed=True),
    *process(listed=True),
    Column("first_recorded_at", "First recorded", kind=Kind.INSTANT, order=("first_recorded_at",)),
    RECORDED,
    text("recorded_by", "Recorded by", "recorded_by__username"),
)
WITHIN_THE_DAY = (
    Column("occurred_time", "Time of day", kind=Kind.TIME),
    text("occurred_zone", "Time zone"),
    text("follows", "Comes after"),
)
"""What is told of the order within the day."""

DEVELOPMENT = RecordType(
    model=Development,
    url_name="development",
    path="developments",
    columns=(*COLUMNS, *WITHIN_THE_DAY),
    filterset=DevelopmentFilters,
    sort="-occurred_on",
    empty="Record what happened or was said, on which day, and by whom.",
    form=DevelopmentForm,
    # A time without a zone is recorded with that of the installation, so the file need not have one.
    identity=tuple(name for name in Development.CONTENT if name != "occurred_zone"),
    distinguished_by=("occurred_zone",),
    lookup_fields=("process", "happened_key", "headline"),
    search=SearchFields(
        parties=("party",),
        day="occurred_on",
        ends="recorded_on",
        shown=("occurred_on", "occurred_precision"),
    ),
    admin_group="Developments",
    analysts_change=True,
)


TIMELINE = replace(
    DEVELOPMENT,
    path="timeline",
    columns=(*COLUMNS, number("lag_days", "Days until recorded", path="lag"), *WITHIN_THE_DAY),
    filterset=TimelineFilters,
    reading=with_lag,
)
"""Developments as a timeline lists them. Another list of the same type, not a type of its own."""
