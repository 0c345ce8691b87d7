"""Effects: the changes that a development makes to an item."""

from tracker.forms.developments import EffectForm
from tracker.models import Development, Effect, Item, Party, Process
from tracker.models.vocabularies import Firmness, ItemKind, ItemStatus, Stance, TalkOutcome
from tracker.register.columns import LATEST, RECORDED, code, date, due_phrase, number, process, relation, text
from tracker.register.day_filters import since, until
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter
from tracker.register.types import Column, RecordType, SearchFields


class EffectFilters(RecordFilters):
    """Filters of effects."""

    process = ReferenceFilter(Process, "development__process", "Process")
    development = ReferenceFilter(Development, "development__ref", "Development", by="ref")
    item = ReferenceFilter(Item, "item", "Item")
    party = ReferenceFilter(Party, "party", "Party")
    item_kind = CodeFilter(ItemKind, "Item type")
    status = CodeFilter(ItemStatus, "Status")
    stance = CodeFilter(Stance, "Stance")
    firmness = CodeFilter(Firmness, "Firmness")
    outcome = CodeFilter(TalkOutcome, "Outcome")
    due_since = since("due_on", "Due from")
    due_until = until("due_on", "Due to")
    since = since("occurred_on", "Occurred from", ends="latest_on")
    until = until("occurred_on", "Occurred to", ends="latest_on")


EFFECT = RecordType(
    model=Effect,
    url_name="effect",
    path="effects",
    columns=(
        Column("id", "Id", "ref"),
        *date("occurred_on", "Occurred", precision="occurred_precision", listed=True, order=LATEST),
        *relation("development", "Development", shown="headline", listed=True),
        number("development_version", "Version", path="development__version"),
        *relation("item", "Item", shown="title", listed=True, order=("item__title",)),
        code("item_kind", "Item type", ItemKind, listed=True),
        *relation("party", "Party", listed=True),
        code("status", "Status", ItemStatus, listed=True),
        code("stance", "Stance", Stance, badge="stance", listed=True),
        code("firmness", "Firmness", Firmness, badge="firmness", listed=True),
        code("outcome", "Outcome", TalkOutcome, badge="outcome"),
        *date("due_on", "Due", precision="due_precision", listed=True),
        due_phrase("Due, in words"),
        *date("review_on", "Review on"),
        text("wording", "Wording"),
        *process("development__process"),
        RECORDED,
        text("wording_language", "Language of the wording"),
    ),
    filterset=EffectFilters,
    sort="-occurred_on",
    empty="Effects are recorded with the development that has them.",
    has_pages=False,
    form=EffectForm,
    identity=("development", "item", "party", "wording_language"),
    search=SearchFields(
        parties=("party", "development__party"),
        day="occurred_on",
        ends="latest_on",
        shown=("occurred_on", "occurred_precision"),
        about="item",
    ),
    admin_group="Developments",
    analysts_change=True,
)
