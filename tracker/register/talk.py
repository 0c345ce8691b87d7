"""Talks: meetings, calls and rounds, held or proposed."""

from tracker.domain.standing import stand
from tracker.forms.talks import TalkForm
from tracker.models import Party, Talk
from tracker.models.vocabularies import ItemKind, TalkFormat, TalkLevel, TalkOutcome, TalkStatus
from tracker.register.columns import by_title, code, date, due_phrase, number, own, relation, text
from tracker.register.filters import CodeFilter, ReferenceFilter
from tracker.register.item import CHANGED, IDENTITY, PROCESS, SHARED, ItemFilters, status
from tracker.register.types import RecordType, SearchFields


class TalkFilters(ItemFilters):
    """Filters of talks."""

    status = CodeFilter(TalkStatus, "Status")
    outcome = CodeFilter(TalkOutcome, "Outcome")
    form = CodeFilter(TalkFormat, "Form")
    level = CodeFilter(TalkLevel, "Level")
    host = ReferenceFilter(Party, "host", "Host")
    party = ReferenceFilter(Party, "delegations__party", "Party")
    predecessor = ReferenceFilter(Talk, "predecessor", "Predecessor")


TALK = RecordType(
    model=Talk,
    url_name="talk",
    path="talks",
    columns=(
        *own("title", "Talk", indexed=by_title(ItemKind.TALK)),
        *status(TalkStatus),
        code("outcome", "Outcome", TalkOutcome, badge="outcome", listed=True, order=("outcome",)),
        code("form", "Form", TalkFormat, listed=True, order=("form",)),
        code("level", "Level", TalkLevel, listed=True, order=("level",)),
        text("place", "Place", listed=True, order=("place",)),
        *relation("host", "Host"),
        *date("due_on", "Planned for", precision="due_precision", listed=True, order=("due_on",)),
        due_phrase("Planned, in words"),
        *date("review_on", "Review on"),
        text("wording", "Wording"),
        number("minutes", "Duration (min)", is_undated=True),
        text("length_phrase", "Duration as reported", is_undated=True),
        *relation("predecessor", "Predecessor", shown="title"),
        *PROCESS,
        *SHARED,
    ),
    filterset=TalkFilters,
    sort="-changed_on",
    reading=stand,
    empty="Record a meeting, call or round, held or only proposed, together with the report of it.",
    form=TalkForm,
    identity=IDENTITY,
    distinguished_by=("place", "host"),
    search=SearchFields(parties=("delegations__party",), **CHANGED),
    admin_group="Processes and items",
    analysts_change=True,
)
