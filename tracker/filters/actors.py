"""Filters of the shared records."""

from django.db.models import Exists, OuterRef, Q

from tracker.filters.base import CodeFilter, RecordFilters, ReferenceFilter, YesNoFilter, since, until
from tracker.models import Item, Party, Person
from tracker.models.vocabularies import PartyKind, Reliability, SourceKind


class IssueFilters(RecordFilters):
    """Filters of issues."""

    used = YesNoFilter("Used by an item", Exists(Item.objects.filter(issues=OuterRef("pk"))))


class PartyFilters(RecordFilters):
    """Filters of parties."""

    kind = CodeFilter(PartyKind, "Kind")


class PersonFilters(RecordFilters):
    """Filters of people."""

    party = ReferenceFilter(Party, "party", "Party")


class OfficeFilters(RecordFilters):
    """Filters of offices."""

    person = ReferenceFilter(Person, "person", "Person")
    party = ReferenceFilter(Party, "party", "Party")


class SourceFilters(RecordFilters):
    """Filters of sources."""

    kind = CodeFilter(SourceKind, "Kind")
    reliability = CodeFilter(Reliability, "Reliability")
    since = since("published_on", "Published from")
    until = until("published_on", "Published to")
    has_text = YesNoFilter("Text stored", ~Q(text=""))
