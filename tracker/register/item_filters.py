"""Filters of the four kinds of item, and of delegations and delegates."""

from django.db.models import Q

from tracker.models import Delegation, Issue, Party, Person, Process, Talk
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
)
from tracker.register.filters import (
    CodeFilter,
    RecordFilters,
    ReferenceFilter,
    YesNoFilter,
    since,
    until,
)


class ItemFilters(RecordFilters):
    """Filters that all kinds of item have; the dates are those of the last movement."""

    process = ReferenceFilter(Process, "process", "Process")
    issue = ReferenceFilter(Issue, "issues", "Issue")
    since = since(label="Moved from")
    until = until(label="Moved to")


class TalkFilters(ItemFilters):
    """Filters of talks."""

    status = CodeFilter(TalkStatus, "Status")
    outcome = CodeFilter(TalkOutcome, "Outcome")
    form = CodeFilter(TalkFormat, "Form")
    level = CodeFilter(TalkLevel, "Level")
    party = ReferenceFilter(Party, "delegations__party", "Party")


class PrincipleFilters(ItemFilters):
    """Filters of principles."""

    status = CodeFilter(PrincipleStatus, "Status")
    party = ReferenceFilter(Party, "parties", "Party")
    talk = ReferenceFilter(Talk, "talk", "Talk")


class DemandFilters(ItemFilters):
    """Filters of demands."""

    status = CodeFilter(DemandStatus, "Status")
    kind = CodeFilter(DemandKind, "Kind")
    firmness = CodeFilter(Firmness, "Firmness")
    party = ReferenceFilter(Party, "party", "By")
    addressed_to = ReferenceFilter(Party, "addressed_to", "Of")
    talk = ReferenceFilter(Talk, "talk", "Talk")


class FollowUpFilters(ItemFilters):
    """Filters of follow-ups."""

    status = CodeFilter(FollowUpStatus, "Status")
    kind = CodeFilter(FollowUpKind, "Kind")
    owner = ReferenceFilter(Party, "owner", "Owner")
    promised_to = ReferenceFilter(Party, "promised_to", "Promised to")
    talk = ReferenceFilter(Talk, "talk", "Talk")
    due_since = since("due_on", "Due from")
    due_until = until("due_on", "Due to")
    overdue = YesNoFilter("Overdue", Q(overdue=True))
    for_review = YesNoFilter("To be looked at again", Q(for_review=True))
    blocked = YesNoFilter("Blocked", Q(blocked=True))
    slipped = YesNoFilter("Slipped", Q(slips__gt=0))


class DelegationFilters(RecordFilters):
    """Filters of delegations."""

    process = ReferenceFilter(Process, "talk__process", "Process")
    talk = ReferenceFilter(Talk, "talk", "Talk")
    party = ReferenceFilter(Party, "party", "Party")
    role = CodeFilter(TableRole, "At the table")
    lacks_source = YesNoFilter("Lacks a source", Q(source__isnull=True))


class DelegateFilters(RecordFilters):
    """Filters of delegates."""

    process = ReferenceFilter(Process, "delegation__talk__process", "Process")
    talk = ReferenceFilter(Talk, "delegation__talk", "Talk")
    delegation = ReferenceFilter(Delegation, "delegation", "Delegation")
    party = ReferenceFilter(Party, "delegation__party", "Party")
    person = ReferenceFilter(Person, "person", "Person")
    capacity = CodeFilter(Capacity, "Capacity")
