"""The shared records: parties, people with their offices, sources, issues."""

from tracker.models import Issue, Office, Party, Person, Source
from tracker.models.vocabularies import DatePrecision, PartyKind, Reliability, SourceKind
from tracker.register.actor_filters import (
    IssueFilters,
    OfficeFilters,
    PartyFilters,
    PersonFilters,
    SourceFilters,
)
from tracker.register.columns import WRITTEN, code, date, flag, own, relation, text
from tracker.register.types import Column, Kind, RecordType, Section

ISSUE = RecordType(
    model=Issue,
    url_name="issue",
    path="issues",
    columns=(
        *own("name", "Name"),
        text("description", "Description", listed=True, is_undated=True),
        *WRITTEN,
    ),
    filterset=IssueFilters,
    sort="name",
    empty="Name the subjects that positions are about, such as sanctions or the status of a territory.",
    sections=(
        Section("principle", "issue", "Principles"),
        Section("demand", "issue", "Demands"),
        Section("follow-up", "issue", "Follow-ups"),
        Section("talk", "issue", "Talks"),
    ),
)

PARTY = RecordType(
    model=Party,
    url_name="party",
    path="parties",
    columns=(
        *own("name", "Name"),
        text("short_name", "Short name", listed=True),
        code("kind", "Kind", PartyKind, listed=True, order=("kind",)),
        text("iso_code", "ISO code", listed=True, order=("iso_code",)),
        Column("aliases", "Aliases", kind=Kind.NAMES, listed=True),
        text("description", "Description", is_undated=True),
        *WRITTEN,
    ),
    filterset=PartyFilters,
    sort="name",
    empty="Add the states, alliances and bodies that take positions.",
    sections=(Section("person", "party", "Who speaks for it"),),
    told_by="party",
)

PERSON = RecordType(
    model=Person,
    url_name="person",
    path="people",
    columns=(
        *own("name", "Name"),
        Column("aliases", "Aliases", kind=Kind.NAMES, listed=True),
        *relation("party", "Party", listed=True, order=("party__name",)),
        text("affiliation", "Affiliation", listed=True, order=("affiliation",)),
        text("description", "Description", is_undated=True),
        *WRITTEN,
    ),
    filterset=PersonFilters,
    sort="name",
    empty="Add those who speak, and those who sit in delegations.",
    told_by="speaker",
)

OFFICE = RecordType(
    model=Office,
    url_name="office",
    path="offices",
    columns=(
        Column("id", "Id", "ref"),
        *relation("person", "Person", listed=True, order=("person__name",)),
        text("title", "Office", listed=True, order=("title",)),
        *relation("party", "Party", listed=True, order=("party__name",)),
        text("organisation", "Organisation", listed=True),
        Column(
            "held_from",
            "From",
            kind=Kind.DATE,
            precision="held_from_precision",
            listed=True,
            order=("held_from",),
        ),
        code("held_from_precision", "From: precision", DatePrecision),
        Column(
            "held_to",
            "To",
            "ended_on",
            kind=Kind.DATE,
            precision="ended_precision",
            listed=True,
            order=("ended_on",),
        ),
        code("held_to_precision", "To: precision", DatePrecision, "ended_precision"),
        flag("inferred", "Dates inferred"),
        *WRITTEN,
    ),
    filterset=OfficeFilters,
    sort="person",
    empty="Offices are recorded on the page of the person who held them.",
    has_pages=False,
)

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
        flag("published_inferred", "Published: inferred"),
        code("kind", "Kind", SourceKind, listed=True, order=("kind",)),
        text("language", "Language"),
        code("reliability", "Reliability", Reliability, listed=True, order=("reliability",)),
        Column("url", "URL", kind=Kind.URL),
        *date("retrieved_on", "Retrieved"),
        *WRITTEN,
    ),
    filterset=SourceFilters,
    sort="title",
    empty="Add the documents that the record rests on.",
    sections=(
        Section("citation", "source", "What rests on it"),
        Section("assessment", "source", "Judgements in it"),
    ),
    told_by="source",
)
