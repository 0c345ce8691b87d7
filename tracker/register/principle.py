"""Principles: points claimed to have been agreed."""

from tracker.domain.standing import stand
from tracker.forms.positions import PrincipleForm
from tracker.models import Party, Principle, Talk
from tracker.models.vocabularies import ItemKind, PrincipleStatus
from tracker.register.columns import by_title, many, number, own, relation
from tracker.register.filters import CodeFilter, ReferenceFilter
from tracker.register.item import CHANGED, IDENTITY, PROCESS, SHARED, WORDING, ItemFilters, status
from tracker.register.types import RecordType, SearchFields


class PrincipleFilters(ItemFilters):
    """Filters of principles."""

    status = CodeFilter(PrincipleStatus, "Status")
    party = ReferenceFilter(Party, "parties", "Party")
    talk = ReferenceFilter(Talk, "talk", "Talk")


PRINCIPLE = RecordType(
    model=Principle,
    url_name="principle",
    path="principles",
    columns=(
        *own("title", "Principle", indexed=by_title(ItemKind.PRINCIPLE)),
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
    form=PrincipleForm,
    identity=IDENTITY,
    distinguished_by=("talk", "number"),
    search=SearchFields(parties=("parties",), **CHANGED),
    admin_group="Processes and items",
    analysts_change=True,
)
