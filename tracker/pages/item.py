"""The page of a principle, a demand or a follow-up."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control

from tracker.charts.lanes import path_of
from tracker.charts.layout import AT_A_GLANCE
from tracker.charts.timeline_chart import chart_context
from tracker.clocks import Clocks
from tracker.domain.deadlines import awaited_status, due_in
from tracker.domain.doubt import doubts, own
from tracker.models import Development, FollowUp, Item, Principle
from tracker.pages.base import PageView
from tracker.pages.pagination import SortKey, keyset_page, require_turns
from tracker.queries.agreements import AgreementCount, count_agreement
from tracker.queries.evidence import developments_of, standing_and_history, with_claims, with_deciding
from tracker.queries.omitted_since import process_of, with_hidden
from tracker.register.types import RecordType
from tracker.templatetags.reading import at

NEWEST_FIRST = [
    SortKey(name, descending=True, nullable=False) for name in ("happened_key", "placed_at", "place", "pk")
]


def breadcrumbs_of(item: Item, clocks: Clocks) -> list[dict]:
    """Breadcrumbs: the list of processes, the item's process, and its kind there."""
    model = type(item)
    query = urlencode({"process": item.process.ref, **clocks.query})
    return [
        {"label": "Processes", "url": reverse("process:list")},
        {"label": item.process.title, "url": at(item.process, clocks)},
        {
            "label": model._meta.verbose_name_plural.capitalize(),
            "url": f"{reverse(f'{model.url_name}:list')}?{query}",
        },
        {"label": item.title},
    ]


# Browsers give back what was typed, when one goes back, only on pages that they may keep.
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class ItemPage(PageView):
    """One item: its standing, fields and history."""

    record_type: RecordType = None

    def get_template_names(self):
        return ["item/_history.html" if self.wants_fragment else "item/detail.html"]

    def get_context_data(self, ref, **context):
        clocks, parameters, model = self.clocks, self.request.GET, self.record_type.model
        require_turns(parameters, Development)
        rows = with_deciding(model.objects.visible_to(self.request.user).at(clocks), clocks)
        rows = with_claims(rows if clocks.is_present else with_hidden(rows, clocks, "process"), clocks)
        if model is FollowUp:
            rows = rows.annotate(awaited_status=awaited_status(clocks, "waits_for"))
        related = [
            field.name for field in model._meta.concrete_fields if field.many_to_one and field.editable
        ]
        rows = rows.select_related(*related)
        rows = rows.prefetch_related(*(field.name for field in model._meta.many_to_many))
        self.shown = item = get_object_or_404(rows, ref=ref)
        self.process = item.process if clocks.is_present else process_of(item)
        page = keyset_page(
            developments_of(item, clocks),
            NEWEST_FIRST,
            parameters.get("after", ""),
            parameters.get("before", ""),
        )
        standing, entries = standing_and_history(item, page.keys, clocks)
        summed = count_agreement(item, clocks) if model is Principle else None
        in_doubt = doubts([item.pk], clocks).get(item.pk, {})
        waits_for = item.waits_for if model is FollowUp else None
        context = super().get_context_data(
            item=item,
            type_label=self.record_type.label.capitalize(),
            edit_name=f"{self.record_type.url_name}:edit",
            history_name=f"{self.record_type.url_name}:history",
            update_name=f"{self.record_type.url_name}:update",
            facts_template=f"item/_{item.item_kind}_facts.html",
            query=urlencode({"item": item.ref, **clocks.query}),
            standing=standing,
            sides=self.sides(item, standing, summed, in_doubt),
            doubt=own(in_doubt),
            summed=summed,
            talk=item.talk,
            waits_for=waits_for,
            when=due_in(standing, waits_for, clocks) if model is FollowUp else None,
            entries=entries,
            later_url=self.turned(before=entries[0].development.ref) if page.has_previous and entries else "",
            earlier_url=self.turned(after=entries[-1].development.ref) if page.has_next and entries else "",
            breadcrumbs=breadcrumbs_of(item, clocks),
            **context,
        )
        if not self.wants_fragment:
            context["chart"] = chart_context([path_of(item, clocks)], clocks, most=AT_A_GLANCE)
        return context

    @staticmethod
    def sides(item: Item, standing, summed: AgreementCount | None, in_doubt: dict) -> list[dict]:
        """The stances of all parties; for a principle also the parties it would bind that have stated none."""
        bound = item.parties.all() if isinstance(item, Principle) else []
        parties = sorted({*standing.stances, *bound}, key=lambda party: party.sort_key)
        return [
            {
                "party": party,
                "effect": effect,
                "counts": summed and summed.outranking(effect),
                "doubt": in_doubt.get(("stance", party.pk)),
            }
            for party in parties
            for effect in [standing.stances.get(party)]
        ]

    def turned(self, **turn_to) -> str:
        """The URL of another page of the history, at the same clocks."""
        name, ref = turn_to.popitem()
        return at(f"{self.request.path}?{name}={ref}", self.clocks)
