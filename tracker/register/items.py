"""The four kinds of item, with their standing, and who sat where."""

from dataclasses import replace

from tracker.domain.standing import stand
from tracker.models import Delegate, Delegation, Demand, FollowUp, Principle, Talk
from tracker.models.vocabularies import (
    Capacity,
    DemandKind,
    DemandStatus,
    Firmness,
    FollowUpKind,
    FollowUpStatus,
    PrincipleStatus,
    TableRole,
    TalkFormat,
    TalkLevel,
    TalkOutcome,
    TalkStatus,
    Urgency,
)
from tracker.queries.ledger import by_urgency, owed
from tracker.register.columns import WRITTEN, code, date, flag, many, number, own, relation, text
from tracker.register.item_filters import (
    DelegateFilters,
    DelegationFilters,
    DemandFilters,
    FollowUpFilters,
    PrincipleFilters,
    TalkFilters,
)
from tracker.register.types import Column, RecordType, Section

PROCESS = relation("process", "Process", shown="title", listed=True, order=("process__title",))
WORDING = text("wording", "Wording", listed=True)
DUE = (
    # What is due by a phrase alone follows what has a date, by when to look again; what is not due at all comes last.
    *date("due_on", "Due", precision="due_precision", listed=True, order=("due_on", "review_on")),
    text("due_phrase", "Due, in words", listed=True),
    *date("review_on", "Review on", listed=True, order=("review_on",)),
)


def status(vocabulary) -> tuple[Column, ...]:
    """The standing's status, out of the ladder of the kind, and since when."""
    return (
        code("status", "Status", vocabulary, badge="status", listed=True, order=("status",)),
        *date("status_on", "Since", precision="status_precision", order=("status_on",)),
    )


SHARED = (
    *many("issues", "Issues"),
    text("note", "Note", is_undated=True),
    *date("raised_on", "Raised", precision="raised_precision"),
    *date("changed_on", "Last moved", precision="changed_precision", listed=True, order=("changed_key",)),
    *WRITTEN,
)
"""What every item has besides."""

TALK = RecordType(
    model=Talk,
    url_name="talk",
    path="talks",
    columns=(
        *own("title", "Talk"),
        *status(TalkStatus),
        code("outcome", "Outcome", TalkOutcome, badge="outcome", listed=True, order=("outcome",)),
        code("form", "Form", TalkFormat, listed=True, order=("form",)),
        code("level", "Level", TalkLevel, listed=True, order=("level",)),
        text("place", "Place", listed=True, order=("place",)),
        *relation("host", "Host"),
        *date("due_on", "Planned for", precision="due_precision", listed=True, order=("due_on",)),
        text("due_phrase", "Planned, in words"),
        *date("review_on", "Review on"),
        text("wording", "Wording"),
        number("minutes", "Minutes", is_undated=True),
        text("length_phrase", "Length, in words", is_undated=True),
        *relation("predecessor", "Predecessor", shown="title"),
        *PROCESS,
        *SHARED,
    ),
    filterset=TalkFilters,
    sort="-changed_on",
    reading=stand,
    empty="Record a meeting, call or round, held or only proposed, together with the report of it.",
)

PRINCIPLE = RecordType(
    model=Principle,
    url_name="principle",
    path="principles",
    columns=(
        *own("title", "Principle"),
        WORDING,
        *status(PrincipleStatus),
        *many("parties", "Parties", listed=True),
        *relation("talk", "Talk", shown="title", listed=True, order=("talk__title",)),
        number("number", "Number"),
        *PROCESS,
        *SHARED,
    ),
    filterset=PrincipleFilters,
    sort="-changed_on",
    reading=stand,
    empty="Record a point that somebody says was agreed, together with who says so.",
)

DEMAND = RecordType(
    model=Demand,
    url_name="demand",
    path="demands",
    columns=(
        *own("title", "Demand"),
        WORDING,
        *relation("party", "By", listed=True, order=("party__name",)),
        *many("addressed_to", "Of", listed=True),
        code("kind", "Kind", DemandKind, listed=True, order=("kind",)),
        *status(DemandStatus),
        code("firmness", "Firmness", Firmness, badge="firmness", listed=True, order=("firmness",)),
        *relation("talk", "Talk", shown="title"),
        *PROCESS,
        *SHARED,
    ),
    filterset=DemandFilters,
    sort="-changed_on",
    reading=stand,
    empty="Record what one party wants of others, together with the statement that raised it.",
)

FOLLOW_UP = RecordType(
    model=FollowUp,
    url_name="follow-up",
    path="follow-ups",
    columns=(
        *own("title", "Follow-up"),
        text("wording", "Wording"),
        code("kind", "Kind", FollowUpKind, listed=True, order=("kind",)),
        *relation("owner", "Owner", listed=True, order=("owner__name",)),
        *many("promised_to", "Promised to", listed=True),
        *status(FollowUpStatus),
        *DUE,
        flag("overdue", "Overdue"),
        number("overdue_days", "Days overdue", order=("overdue_days",)),
        flag("for_review", "To be looked at again"),
        *relation("waits_for", "Waits for", shown="title", listed=True),
        text("waits_for_phrase", "Waits for, in words"),
        flag("blocked", "Blocked"),
        number("slips", "Slips", order=("slips",)),
        number("slipped_days", "Days slipped", order=("slipped_days",)),
        text("office", "Office"),
        *relation("person", "Appointed"),
        *relation("talk", "Talk", shown="title"),
        *PROCESS,
        *SHARED,
    ),
    filterset=FollowUpFilters,
    sort="due_on",
    reading=owed,
    empty="Record what was promised or is expected next, together with who said so.",
)

LEDGER = replace(
    FOLLOW_UP,
    columns=(code("urgency", "How pressing", Urgency), *FOLLOW_UP.columns),
    reading=by_urgency,
)
"""The follow-ups of one process, the most pressing first: not a type of its own, but another way to list one."""

DELEGATION = RecordType(
    model=Delegation,
    url_name="delegation",
    path="delegations",
    columns=(
        Column("id", "Id", "ref"),
        *relation("talk", "Talk", shown="title", listed=True, order=("talk__title",)),
        *relation("party", "Party", listed=True, order=("party__name",)),
        code("role", "At the table", TableRole, badge="role", listed=True, order=("role",)),
        *many("delegates", "People", shown="person__name", listed=True),
        text("note", "Note", listed=True, is_undated=True),
        *relation("source", "Source", shown="title"),
        text("quote", "Quote"),
        *relation("process", "Process", path="talk__process", shown="title"),
        *WRITTEN,
    ),
    filterset=DelegationFilters,
    sort="talk",
    empty="Record who was at the table of a talk, and who was not.",
    sections=(Section("delegate", "delegation", "People"),),
)

DELEGATE = RecordType(
    model=Delegate,
    url_name="delegate",
    path="delegates",
    columns=(
        Column("id", "Id", "ref"),
        *relation("person", "Person", listed=True, order=("person__name",)),
        code("capacity", "Capacity", Capacity, listed=True, order=("capacity",)),
        *relation("office", "Office that day", shown="title", listed=True),
        *relation(
            "talk",
            "Talk",
            path="delegation__talk",
            shown="title",
            listed=True,
            order=("delegation__talk__title",),
        ),
        *relation("party", "For", path="delegation__party", listed=True, order=("delegation__party__name",)),
        text("delegation_id", "Delegation: id", "delegation__ref"),
        *WRITTEN,
    ),
    filterset=DelegateFilters,
    sort="person",
    empty="People are recorded on the page of their delegation.",
    has_pages=False,
)
