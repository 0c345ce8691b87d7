"""The events of a calendar: due dates, planned talks, and phrases to review."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, Value
from django.db.models.functions import Abs, Coalesce

from tracker.clocks import Clocks
from tracker.domain.deadlines import still_owed, today
from tracker.domain.standing import latest, stand
from tracker.models import Development, Effect, Item, Party
from tracker.models.date_columns import DaysBetween
from tracker.models.dates import Span
from tracker.models.vocabularies import LADDERS, FollowUpStatus, ItemKind, TalkStatus
from tracker.queries.home import CITED

CERTAIN = frozenset(
    {TalkStatus.SCHEDULED, TalkStatus.UNDER_WAY, FollowUpStatus.PROMISED, FollowUpStatus.IN_PROGRESS}
)
"""The statuses with which a date is certain; codes are unique across the ladders."""


@dataclass(frozen=True)
class Occasion:
    """One event of a calendar: an item on the possible days of its date."""

    item: Item
    """With `process`, and annotated with the current `status` and `due_phrase`."""
    due: Effect
    """The effect that decides the due date, with its development and citations."""
    owner: Party | None
    promised_to: list[Party]

    @property
    def on(self) -> Span | None:
        """Its date; None for a phrase without a date, which is shown on its review date."""
        return self.due.due

    @property
    def first(self) -> dt.date:
        """The first day of the event; for "before" a day, the last possible day, since the first is unknown."""
        if self.on is None:
            return self.due.review_on
        return self.on.counts_from

    @property
    def last(self) -> dt.date:
        """The last day of the event."""
        return self.on.last_known if self.on else self.due.review_on

    @property
    def is_certain(self) -> bool:
        """Whether it has a date, and a status in CERTAIN."""
        return self.on is not None and self.item.status in CERTAIN

    @property
    def status_label(self) -> str:
        """The label of the item's status; empty if none is recorded."""
        return LADDERS[self.item.item_kind](self.item.status).label if self.item.status else ""

    @property
    def kind_label(self) -> str:
        """The label of the type of follow-up or talk."""
        follow_up, talk = getattr(self.item, "as_follow_up", None), getattr(self.item, "as_talk", None)
        return follow_up.get_kind_display() if follow_up else talk.get_form_display() if talk else ""

    @property
    def development(self) -> Development:
        """The development that set the due date."""
        return self.due.development

    @property
    def is_talk(self) -> bool:
        """Whether it is a planned talk rather than a follow-up."""
        return self.item.item_kind == ItemKind.TALK


def occasions(items: QuerySet, clocks: Clocks, most: int) -> tuple[list[Occasion], bool]:
    """The follow-ups due and talks planned among `items` at `clocks`, by date, and whether there are more than `most`.

    If there are more, those nearest to the day of the view are returned. Five queries.
    """
    when = Coalesce("due_on", "review_on")
    near = still_owed(items, clocks).annotate(away=Abs(DaysBetween(when, Value(today(clocks)))))
    keys = list(near.order_by("away", "pk").values_list("pk", flat=True)[: most + 1])
    events = sorted(_described(keys[:most], clocks), key=lambda occasion: (occasion.first, occasion.item.ref))
    return events, len(keys) > most


def _described(keys: list[int], clocks: Clocks) -> Iterator[Occasion]:
    items = (
        stand(Item.objects.filter(pk__in=keys), clocks)
        .annotate(due_effect=latest(clocks, "due"))
        .select_related("process", "as_follow_up__owner", "as_talk")
        .prefetch_related("as_follow_up__promised_to")
    )
    items = list(items)
    effects = (
        Effect.objects.select_related("development__party", "development__speaker")
        .prefetch_related(Prefetch("development__citations", CITED.queryset))
        .in_bulk([item.due_effect for item in items])
    )
    for item in items:
        follow_up = getattr(item, "as_follow_up", None)
        owed_to = follow_up.promised_to.all() if follow_up else []
        yield Occasion(
            item=item,
            due=effects[item.due_effect],
            owner=follow_up and follow_up.owner,
            promised_to=list(owed_to),
        )
