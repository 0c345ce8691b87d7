"""Demands of one party on others."""

from tracker.domain.standing import stand
from tracker.forms.positions import DemandForm
from tracker.models import Demand, Party, Talk
from tracker.models.vocabularies import DemandKind, DemandStatus, Firmness, ItemKind
from tracker.register.columns import by_title, code, many, own, relation
from tracker.register.filters import CodeFilter, ReferenceFilter
from tracker.register.item import CHANGED, IDENTITY, PROCESS, SHARED, WORDING, ItemFilters, status
from tracker.register.types import RecordType, SearchFields


class DemandFilters(ItemFilters):
    """Filters of demands."""

    status = CodeFilter(DemandStatus, "Status")
    kind = CodeFilter(DemandKind, "Type")
    firmness = CodeFilter(Firmness, "Firmness")
    party = ReferenceFilter(Party, "party", "Made by")
    addressed_to = ReferenceFilter(Party, "addressed_to", "Addressed to")
    talk = ReferenceFilter(Talk, "talk", "Talk")


DEMAND = RecordType(
    model=Demand,
    url_name="demand",
    path="demands",
    columns=(
        *own("title", "Demand", indexed=by_title(ItemKind.DEMAND)),
        WORDING,
        *relation("party", "Made by", listed=True, order=("party__name",)),
        *many("addressed_to", "Addressed to", listed=True),
        code("kind", "Type", DemandKind, listed=True, order=("kind",)),
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
    form=DemandForm,
    identity=IDENTITY,
    distinguished_by=("party",),
    search=SearchFields(parties=("party", "addressed_to"), **CHANGED),
    admin_group="Processes and items",
    analysts_change=True,
)
