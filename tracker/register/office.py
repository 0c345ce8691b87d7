"""Offices that people held."""

from django.db.models import Q, QuerySet

from tracker.forms.actors import OfficeForm
from tracker.models import Office, Party, Person
from tracker.models.dates import Span
from tracker.models.vocabularies import DatePrecision
from tracker.register.columns import ALIASES, WRITTEN, code, flag, relation, text
from tracker.register.day_filters import since, since_condition, until, until_condition
from tracker.register.filters import DateFilter, RecordFilters, ReferenceFilter, YesNoFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields


class HeldOnFilter(DateFilter):
    """Offices that can have been held on a day, or on one of a period; one without an end is held still."""

    began, ended = until("held_from"), since("ended_on")

    def filter(self, rows: QuerySet, value: Span) -> QuerySet:
        """The offices of `rows` that can have been held on a day of `value` (Span)."""
        began = until_condition(value, "held_from", self.began.precision_in(rows))
        ended = since_condition(value, "ended_on", self.ended.precision_in(rows))
        return rows.filter(began | Q(held_from__isnull=True), ended | Q(ended_on__isnull=True))

    def outside(self, rows: QuerySet, value: Span) -> Q:
        """The condition that an office can also have begun after `value`, or have ended before."""
        unknown = Q(held_from__isnull=True)
        return unknown | self.began.outside(rows, value) | self.ended.outside(rows, value)


class OfficeFilters(RecordFilters):
    """Filters of offices."""

    person = ReferenceFilter(Person, "person", "Person")
    party = ReferenceFilter(Party, "party", "Party")
    inferred = YesNoFilter("Dates inferred", Q(inferred=True))
    held_on = HeldOnFilter("held_from", "Held on")
    began_since = since("held_from", "Began from")
    began_until = until("held_from", "Began to")
    ended_since = since("ended_on", "Ended from")
    ended_until = until("ended_on", "Ended to")


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
        ALIASES,
    ),
    filterset=OfficeFilters,
    sort="person",
    empty="Offices are recorded on the page of the person who held them.",
    has_pages=False,
    form=OfficeForm,
    identity=("person", "title", "held_from"),
    distinguished_by=("party", "organisation"),
    search=SearchFields(parties=("party",), about="person"),
    admin_group="Actors and sources",
)
