"""Parties: states, alliances and bodies."""

from tracker.forms.actors import PartyForm
from tracker.models import Party
from tracker.models.vocabularies import PartyKind
from tracker.register.columns import WRITTEN, code, own, text
from tracker.register.filters import CodeFilter, RecordFilters
from tracker.register.types import Column, Kind, RecordType, SearchFields, Section


class PartyFilters(RecordFilters):
    """Filters of parties."""

    kind = CodeFilter(PartyKind, "Type")


PARTY = RecordType(
    model=Party,
    url_name="party",
    path="parties",
    columns=(
        *own("name", "Name"),
        text("short_name", "Short name", listed=True),
        code("kind", "Type", PartyKind, listed=True, order=("kind",)),
        text("iso_code", "ISO code", listed=True, order=("iso_code",)),
        Column("aliases", "Aliases", kind=Kind.NAMES, listed=True),
        text("description", "Description", is_undated=True),
        *WRITTEN,
    ),
    filterset=PartyFilters,
    sort="name",
    empty="Add the states, alliances and bodies that take positions.",
    sections=(Section("person", "party", "Who speaks for it"),),
    development_field="party",
    form=PartyForm,
    identity=("name",),
    search=SearchFields(parties=("pk",)),
    admin_group="Actors and sources",
)
