"""The page of a talk."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tracker.charts.lanes import path_of
from tracker.charts.layout import AT_A_GLANCE
from tracker.charts.timeline_chart import chart_context
from tracker.clocks import Clocks
from tracker.models import Effect, Talk
from tracker.models.vocabularies import DatePrecision, TableRole, TalkStatus
from tracker.pages.base import PageView
from tracker.pages.item import breadcrumbs_of
from tracker.queries.agreements import AgreementCount
from tracker.queries.delegations import TOOK_PLACE
from tracker.queries.evidence import with_claims
from tracker.queries.omitted_since import process_of, with_hidden
from tracker.queries.talk_detail import delegations_of, talk_record
from tracker.register.types import RecordType


def status_label(status: Effect | None, clocks: Clocks) -> str:
    """The label of the status of a talk at `clocks`: on a day while it lasts, a talk is being held."""
    if status is None:
        return ""
    occurred = status.development.occurred
    is_over = occurred.precision != DatePrecision.LASTED or occurred.last <= (
        clocks.on or timezone.localdate()
    )
    return status.status_label if status.status != TalkStatus.HELD or is_over else "Being held"


class TalkPage(PageView):
    """One talk: attendance, statements, principles, demands and follow-ups, with quotes and sources."""

    template_name = "talk/detail.html"
    record_type: RecordType = None

    def get_context_data(self, ref, **context):
        clocks = self.clocks
        talks = with_hidden(Talk.objects.visible_to(self.request.user).at(clocks), clocks, "process")
        talks = with_claims(talks, clocks)
        self.shown = talk = get_object_or_404(talks.select_related("process", "host", "predecessor"), ref=ref)
        self.process = process_of(talk)
        record = talk_record(talk, clocks)
        if record is None:
            raise Http404
        delegations = delegations_of([talk], clocks)
        sides = [delegation.party for delegation in delegations if TableRole.PRINCIPAL in delegation.roles]
        query = urlencode({"talk": ref, **clocks.query})
        return super().get_context_data(
            talk=talk,
            predecessor=talk.predecessor,
            standing=record.standing,
            status_label=status_label(record.standing.status, clocks),
            took_place=record.standing.status is not None and record.standing.status.status in TOOK_PLACE,
            when=record.standing.item.when,
            doubt=record.doubt,
            record=record,
            accounts=record.accounts({delegation.party for delegation in delegations if delegation.in_room}),
            entries=record.history,
            quoted=record.quoted,
            in_room=[delegation for delegation in delegations if delegation.in_room],
            not_in_room=[delegation for delegation in delegations if not delegation.in_room],
            principles=[
                {"standing": row, "sides": self.sides(row, sides, summed), "sum": summed}
                for row in record.principles
                for summed in [record.agreement_counts[row.item.pk]]
            ],
            query=query,
            item_query=urlencode({"item": ref, **clocks.query}),
            chart=chart_context([path_of(talk, clocks)], clocks, most=AT_A_GLANCE),
            breadcrumbs=breadcrumbs_of(talk, clocks),
            **context,
        )

    @staticmethod
    def sides(standing, principals, summed: AgreementCount) -> list[dict]:
        """The stances of all parties on a point, and the parties at the table that have stated none."""
        parties = sorted({*standing.stances, *principals}, key=lambda party: party.sort_key)
        return [
            {"party": party, "effect": effect, "counts": summed.outranking(effect)}
            for party in parties
            for effect in [standing.stances.get(party)]
        ]
