"""The filters of a calendar: one process, and one party."""

from django.db.models import Q, QuerySet

from tracker.models import Delegation, FollowUp, Party, Process, Talk
from tracker.register.filters import RecordFilters, ReferenceFilter


class DueToFilter(ReferenceFilter):
    """Follow-ups that a party owes or is owed, and talks that it attends or asked to attend."""

    def filter(self, rows: QuerySet, value: Party) -> QuerySet:
        concerned = (
            FollowUp.objects.filter(owner=value),
            FollowUp.objects.filter(promised_to=value),
            Talk.objects.filter(host=value),
            Talk.objects.filter(
                pk__in=Delegation.objects.at(self.parent.clocks).filter(party=value).values("talk")
            ),
        )
        return rows.filter(
            Q(*(Q(pk__in=some.order_by().values("pk")) for some in concerned), _connector=Q.OR)
        )


class CalendarFilters(RecordFilters):
    """Filters of the calendar."""

    process = ReferenceFilter(Process, "process", "Process")
    party = DueToFilter(Party, "party", "Party")
