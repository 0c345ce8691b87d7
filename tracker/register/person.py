"""People."""

from tracker.forms.actors import PersonForm
from tracker.models import Party, Person
from tracker.register.columns import WRITTEN, own, relation, text
from tracker.register.filters import RecordFilters, ReferenceFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields


class PersonFilters(RecordFilters):
    """Filters of people."""

    party = ReferenceFilter(Party, "party", "Party")


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
    development_field="speaker",
    form=PersonForm,
    identity=("name", "party"),
    distinguished_by=("affiliation",),
    search=SearchFields(parties=("party",)),
    admin_group="Actors and sources",
)
