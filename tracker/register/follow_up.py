"""Follow-ups: what was promised or is expected next, and their ledger."""

from dataclasses import replace

from django.db.models import Q

from tracker.forms.follow_ups import FollowUpForm
from tracker.models import FollowUp, Item, Party, Person, Talk
from tracker.models.vocabularies import FollowUpKind, FollowUpStatus, ItemKind, Urgency
from tracker.queries.ledger import by_urgency, owed
from tracker.register.columns import by_title, code, date, due_phrase, flag, many, number, own, relation, text
from tracker.register.day_filters import since, until
from tracker.register.filters import CodeFilter, ReferenceFilter, YesNoFilter
from tracker.register.item import CHANGED, IDENTITY, PROCESS, SHARED, ItemFilters, status
from tracker.register.types import RecordType, SearchFields


class FollowUpFilters(ItemFilters):
    """Filters of follow-ups."""

    status = CodeFilter(FollowUpStatus, "Status")
    kind = CodeFilter(FollowUpKind, "Type")
    owner = ReferenceFilter(Party, "owner", "Owner")
    promised_to = ReferenceFilter(Party, "promised_to", "Promised to")
    person = ReferenceFilter(Person, "person", "Appointed")
    waits_for = ReferenceFilter(Item, "waits_for", "Waits for")
    talk = ReferenceFilter(Talk, "talk", "Talk")
    due_since = since("due_on", "Due from")
    due_until = until("due_on", "Due to")
    overdue = YesNoFilter("Overdue", Q(overdue=True))
    for_review = YesNoFilter("Review due", Q(for_review=True))
    blocked = YesNoFilter("Blocked", Q(blocked=True))
    slipped = YesNoFilter("Slipped", Q(slips__gt=0))


DUE = (
    # Those with a date come first, then those with a phrase by their review date, then those without either.
    *date("due_on", "Due", precision="due_precision", listed=True, order=("due_on", "review_on")),
    due_phrase("Due, in words", listed=True),
    *date("review_on", "Review on", listed=True, order=("review_on",)),
)


FOLLOW_UP = RecordType(
    model=FollowUp,
    url_name="follow-up",
    path="follow-ups",
    columns=(
        *own("title", "Follow-up", indexed=by_title(ItemKind.FOLLOW_UP)),
        text("wording", "Wording"),
        code("kind", "Type", FollowUpKind, listed=True, order=("kind",)),
        *relation("owner", "Owner", listed=True, order=("owner__name",)),
        *many("promised_to", "Promised to", listed=True),
        *status(FollowUpStatus),
        *DUE,
        flag("overdue", "Overdue"),
        number("overdue_days", "Days overdue", order=("overdue_days",)),
        flag("for_review", "Review due"),
        *relation("waits_for", "Waits for", shown="title", listed=True),
        text("waits_for_phrase", "Waits for, in words"),
        flag("blocked", "Blocked"),
        number("slips", "Slips", order=("slips",)),
        number("slipped_days", "Days slipped", order=("slipped_days",)),
        text("office", "Office"),
        *relation("person", "Appointed"),
        *relation("talk", "Talk", shown="title"),
        *PROCESS,
        *SHARED,
    ),
    filterset=FollowUpFilters,
    sort="due_on",
    reading=owed,
    empty="Record what was promised or is expected next, together with who said so.",
    form=FollowUpForm,
    identity=IDENTITY,
    distinguished_by=("owner", "talk"),
    search=SearchFields(
        parties=("owner", "promised_to"),
        **CHANGED,
    ),
    admin_group="Processes and items",
    analysts_change=True,
)


LEDGER = replace(
    FOLLOW_UP,
    columns=(code("urgency", "How pressing", Urgency), *FOLLOW_UP.columns),
    reading=by_urgency,
)
"""The follow-ups of one process, most urgent first. Another list of the same type, not a type of its own."""
