"""The ledger of follow-ups: overdue, blocked, and slipped due dates."""

from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Lag

from tracker.clocks import Clocks
from tracker.domain.deadlines import (
    BLOCKED,
    ENDED,
    IS_OPEN,
    awaited_status,
    due_by,
    for_review,
    overdue,
    today,
)
from tracker.domain.standing import ASPECTS, stand
from tracker.models import Effect
from tracker.models.date_columns import DaysBetween, last_day
from tracker.models.effects import GIVEN_UP
from tracker.models.order import LATEST_FIRST
from tracker.models.vocabularies import Urgency


class Slips(Subquery):
    """How often a due date moved to a later day, or to a phrase without a date.

    The queryset selects (last, old, phrase).
    """

    output_field = IntegerField()
    expressions = {"sqlite": "count(*)", "postgresql": "count(*)"}
    template = (
        "(WITH moves(last, old, phrase) AS (%(subquery)s) SELECT %(expression)s FROM moves"
        f" WHERE last > old OR (last IS NULL AND old IS NOT NULL AND phrase <> '{GIVEN_UP}'))"
    )

    def as_sql(self, compiler, connection):
        return super().as_sql(compiler, connection, expression=self.expressions[connection.vendor])


class SlippedDays(Slips):
    """By how many days it slipped in all, counting slips between two known days; NULL if there is none."""

    expressions = {
        "sqlite": "sum(CAST(julianday(last) - julianday(old) AS INTEGER))",
        "postgresql": "sum(last - old)",
    }


def owed(rows: QuerySet, clocks: Clocks) -> QuerySet:
    """The follow-ups `rows` as they stood at `clocks`, annotated with the columns of the ledger.

    `overdue`: the latest day that its due date can mean has passed, `overdue_days` (int or None) days ago.
    `for_review`: the review date of a due phrase without a date has passed. `blocked`: the item it waits for has not
    come about. All three are false once it has reached a final status. `slips`, `slipped_days`: how often its due
    date has slipped, and by how many days in all (None if no slip can be counted in days).
    """
    day = today(clocks)
    rows = stand(rows, clocks).annotate(
        is_open=IS_OPEN,
        due_by=due_by(clocks),
        waits=_flag(Q(waits_for__isnull=False)),
        awaited_status=awaited_status(clocks, "waits_for"),
    )
    late = overdue(day)
    return rows.annotate(
        overdue=_flag(late),
        overdue_days=Case(When(late, then=DaysBetween(Value(day), F("due_by")))),
        for_review=_flag(for_review(day)),
        blocked=_flag(BLOCKED),
        slips=Slips(_moves(clocks)),
        slipped_days=SlippedDays(_moves(clocks)),
    )


_URGENCY = {
    Urgency.CLOSED: Q(status__in=ENDED),
    Urgency.OVERDUE: Q(overdue=True),
    Urgency.FOR_REVIEW: Q(for_review=True),
    Urgency.BLOCKED: Q(blocked=True),
    Urgency.TO_COME: Q(due_on__isnull=False),
    Urgency.BY_PHRASE: Q(review_on__isnull=False),
}
"""The first condition that holds decides the urgency."""


def by_urgency(rows: QuerySet, clocks: Clocks) -> QuerySet:
    """`owed(rows)` annotated with `urgency`, a code of Urgency, and `pressing` (int), lowest for the most urgent."""
    rank = {code: number for number, code in enumerate(Urgency)}
    return owed(rows, clocks).annotate(
        urgency=Case(
            *(When(holds, then=Value(code.value)) for code, holds in _URGENCY.items()),
            default=Value(Urgency.UNDATED.value),
        ),
        pressing=Case(
            *(When(holds, then=Value(rank[code])) for code, holds in _URGENCY.items()),
            default=Value(rank[Urgency.UNDATED]),
        ),
    )


def _flag(condition: Q) -> Case:
    """`condition` as a boolean that is never NULL."""
    return Case(When(condition, then=True), default=False)


def _moves(clocks: Clocks) -> QuerySet:
    """The latest day of each due date of the outer query's item, that of the one before, and its phrase."""
    in_order = [F(name.removeprefix("-")).asc() for name in LATEST_FIRST]
    before = Window(Lag(last_day()), order_by=in_order)
    dues = Effect.objects.at(clocks).filter(ASPECTS["due"], item=OuterRef("pk"))
    return dues.order_by().annotate(last=last_day(), old=before).values("last", "old", "due_phrase")
