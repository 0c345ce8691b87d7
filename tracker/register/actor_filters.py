"""Filters of the shared records."""

from django.db.models import Exists, OuterRef, Q

from tracker.models import Item, Party, Person
from tracker.models.vocabularies import PartyKind, Reliability, SourceKind
from tracker.register.filters import (
    CodeFilter,
    RecordFilters,
    ReferenceFilter,
    YesNoFilter,
    since,
    until,
)


class UsedFilter(YesNoFilter):
    """Issues that an item is about, of those items that the reader may see."""

    def filter(self, rows, value):
        """The rows of `rows` that are used for "true", and the others for "false"."""
        items = Item.objects.visible_to(self.parent.user).at(self.parent.clocks).filter(issues=OuterRef("pk"))
        self.condition = Q(Exists(items))
        return super().filter(rows, value)


class IssueFilters(RecordFilters):
    """Filters of issues."""

    used = UsedFilter("Used by an item", Q())


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
