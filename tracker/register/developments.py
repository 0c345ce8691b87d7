"""Processes and how they are linked; developments with their effects and citations; judgements and watch phrases."""

from dataclasses import replace

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from tracker.models import Assessment, Citation, Development, Effect, Process, ProcessLink, WatchPhrase
from tracker.models.developments import LAG_DAYS
from tracker.models.vocabularies import (
    AssessmentOutcome,
    Basis,
    Confidence,
    Credibility,
    DevelopmentKind,
    Firmness,
    ItemKind,
    ItemStatus,
    Likelihood,
    ProcessLinkKind,
    SpeechAct,
    Stance,
    Strength,
    TalkOutcome,
)
from tracker.register.columns import (
    RECORDED,
    WRITTEN,
    code,
    date,
    flag,
    many,
    number,
    own,
    relation,
    text,
)
from tracker.register.development_filters import (
    AssessmentFilters,
    CitationFilters,
    DevelopmentFilters,
    EffectFilters,
    ProcessFilters,
    ProcessLinkFilters,
    TimelineFilters,
    WatchPhraseFilters,
)
from tracker.register.types import Column, Kind, RecordType

LATEST = ("happened_key", "first_recorded_at", "sequence")


def process(path: str = "process", **options) -> tuple[Column, ...]:
    """The process that a record belongs to."""
    return relation("process", "Process", path=path, shown="title", **options)


def with_last_recorded(processes, clocks):
    """The processes on record at `clocks`, annotated with `last_recorded`: when one was last written to by then."""
    if clocks.known is None:
        return processes.annotate(last_recorded=F("last_recorded_at"))
    versions = Development.objects.filter(process=OuterRef("pk"), recorded_at__lte=clocks.known)
    recorded = Subquery(versions.order_by("-recorded_at").values("recorded_at")[:1])
    ended = Subquery(versions.filter(ended_at__lte=clocks.known).order_by("-ended_at").values("ended_at")[:1])
    # SQLite knows no greatest where one of two is missing.
    return processes.at(clocks).annotate(last_recorded=Greatest(recorded, Coalesce(ended, recorded)))


def with_lag(developments, clocks):
    """The developments in force at `clocks`, annotated with `lag`: how many days later each was first recorded."""
    return developments.at(clocks).annotate(lag=LAG_DAYS)


PROCESS = RecordType(
    model=Process,
    url_name="process",
    path="processes",
    columns=(
        *own("title", "Process"),
        text("aim", "Aim", listed=True),
        text("summary", "Summary", is_undated=True),
        flag("restricted", "Restricted", listed=True),
        *many("members", "Members", shown="username")[1:],
        Column(
            "last_recorded_at",
            "Last recorded",
            "last_recorded",
            kind=Kind.INSTANT,
            listed=True,
            order=("last_recorded",),
        ),
        *WRITTEN,
    ),
    filterset=ProcessFilters,
    sort="title",
    reading=with_last_recorded,
    empty="Open a process: one negotiation with one aim.",
)

PROCESS_LINK = RecordType(
    model=ProcessLink,
    url_name="process-link",
    path="process-links",
    columns=(
        Column("id", "Id", "ref"),
        *relation("from_process", "Process", shown="title", listed=True, order=("from_process__title",)),
        code("kind", "Has as", ProcessLinkKind, listed=True, order=("kind",)),
        *relation("to_process", "Other process", shown="title", listed=True, order=("to_process__title",)),
        text("note", "Note", listed=True, is_undated=True),
        *relation("source", "Source", shown="title"),
        text("quote", "Quote"),
        *WRITTEN,
    ),
    filterset=ProcessLinkFilters,
    sort="from_process",
    empty="Link a process to its precedents and parallels in the admin.",
    has_pages=False,
)

DEVELOPMENT = RecordType(
    model=Development,
    url_name="development",
    path="developments",
    columns=(
        Column("id", "Id", "ref"),
        number("version", "Version"),
        *date("occurred_on", "Occurred", precision="occurred_precision", listed=True, order=LATEST),
        flag("occurred_inferred", "Date inferred"),
        Column("headline", "Headline", kind=Kind.LINK, listed=True, ref="ref"),
        code("kind", "Kind", DevelopmentKind, listed=True),
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
    ),
    filterset=DevelopmentFilters,
    sort="-occurred_on",
    empty="Record what happened or was said, on which day, and by whom.",
)

TIMELINE = replace(
    DEVELOPMENT,
    path="timeline",
    columns=(*DEVELOPMENT.columns, number("lag_days", "Days until recorded", path="lag")),
    filterset=TimelineFilters,
    reading=with_lag,
)
"""Developments as a timeline has them: not a type of its own, but another way to list one."""

EFFECT = RecordType(
    model=Effect,
    url_name="effect",
    path="effects",
    columns=(
        Column("id", "Id", "ref"),
        *date("occurred_on", "Occurred", precision="occurred_precision", listed=True, order=LATEST),
        *relation("development", "Development", shown="headline", listed=True),
        number("development_version", "Version", path="development__version"),
        *relation("item", "Item", shown="title", listed=True, order=("item__title",)),
        code("item_kind", "Item kind", ItemKind, listed=True),
        *relation("party", "Party", listed=True),
        code("status", "Status", ItemStatus, listed=True),
        code("stance", "Stance", Stance, badge="stance", listed=True),
        code("firmness", "Firmness", Firmness, badge="firmness", listed=True),
        code("outcome", "Outcome", TalkOutcome, badge="outcome"),
        *date("due_on", "Due", precision="due_precision", listed=True),
        text("due_phrase", "Due, in words"),
        *date("review_on", "Review on"),
        text("wording", "Wording"),
        *process("development__process"),
        RECORDED,
    ),
    filterset=EffectFilters,
    sort="-occurred_on",
    empty="Effects are recorded with the development that has them.",
    has_pages=False,
)

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
        text("place", "Place", listed=True),
        code("credibility", "Credibility", Credibility, listed=True, order=("credibility",)),
        flag("found", "Words found", listed=True),
        *process("development__process"),
        RECORDED,
    ),
    filterset=CitationFilters,
    sort="-recorded_at",
    empty="Citations are recorded with the development that rests on them.",
    has_pages=False,
)

ASSESSMENT = RecordType(
    model=Assessment,
    url_name="assessment",
    path="assessments",
    columns=(
        *own("statement", "Judgement", order=()),
        *relation("author", "Expert", listed=True, order=("author__name",)),
        text("author_name", "Our analyst", listed=True),
        *date("made_on", "Made", precision="made_precision", listed=True, order=("made_key",)),
        code("likelihood", "Likelihood", Likelihood, listed=True),
        code("confidence", "Confidence", Confidence, listed=True),
        *date("judge_on", "To be judged on", listed=True, order=("judge_on",)),
        code("turned_out", "Turned out", AssessmentOutcome, path="outcome", listed=True, order=("outcome",)),
        *date("judged_on", "Judged on", path="outcome_on"),
        text("judged_note", "What showed it", path="outcome_note"),
        *relation("item", "About", shown="title"),
        *relation("source", "Source", shown="title"),
        text("quote", "Quote"),
        text("place", "Place"),
        *process(listed=True),
        *WRITTEN,
    ),
    filterset=AssessmentFilters,
    sort="-made_on",
    empty="Record an expert's judgement, or our own; it is never counted as a party's position.",
)

WATCH_PHRASE = RecordType(
    model=WatchPhrase,
    url_name="watch-phrase",
    path="watch-phrases",
    columns=(
        *own("phrase", "Phrase"),
        Column("variants", "Variants", kind=Kind.NAMES, listed=True),
        text("why", "Why", listed=True, is_undated=True),
        *many("whose_parties", "Parties whose use counts", listed=True),
        *many("whose_people", "People whose use counts", listed=True),
        *process(listed=True),
        *WRITTEN,
    ),
    filterset=WatchPhraseFilters,
    sort="phrase",
    empty="Record words whose return would mean something, and why.",
)
