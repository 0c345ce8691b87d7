"""The page of a process: state of play, timeline, assessments and precedents."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse

from tracker.models import Process
from tracker.models.vocabularies import ItemKind
from tracker.pages.base import PageView
from tracker.pages.tabs import tabs
from tracker.queries import state_of_play
from tracker.queries.evidence import ItemDevelopment, with_claims
from tracker.queries.omitted_since import with_hidden
from tracker.register import ALL_TYPES
from tracker.register.types import RecordType
from tracker.templatetags.reading import at

ITEMS = 50
"""How many items of a kind are shown at most."""
LINES = 640
"""How many lines the items of all kinds take up at most, with the stances on them."""
DEVELOPMENTS = 30
ASSESSMENTS = 10

HEADS = {
    ItemKind.PRINCIPLE: ("Principles", "A principle is a point that somebody says was agreed."),
    ItemKind.DEMAND: ("Demands", "A demand is what one party wants of others."),
    ItemKind.FOLLOW_UP: ("Follow-ups", "A follow-up is something promised or expected next."),
    ItemKind.TALK: ("Talks", "A talk is a meeting, call or round, held or only proposed."),
}
"""The kinds of item in the order of the page."""

LINK_WORDS = {
    "precedent": ("Precedent", "Precedent of"),
    "parallel": ("Parallel", "Parallel"),
    "part_of": ("Part of", "Has as a part"),
    "follows": ("Follows", "Followed by"),
}
"""The label of a link as seen from its first process, and from its second."""

FILES = [
    record_type
    for record_type in ALL_TYPES
    if record_type.model.process_path and "process" in record_type.filterset.base_filters
]
"""The record types within a process, each with its own export."""


class ProcessPage(PageView):
    """One process: its state of play, latest developments, assessments, watch phrases and links."""

    template_name = "process/detail.html"
    record_type: RecordType = None

    def get_context_data(self, ref, **context):
        user, clocks = self.request.user, self.clocks
        processes = with_hidden(Process.objects.visible_to(user).at(clocks), clocks)
        self.process = self.shown = process = get_object_or_404(with_claims(processes, clocks), ref=ref)
        sections = {
            section.kind: section for section in state_of_play.state_of_play(process, clocks, ITEMS, LINES)
        }
        developments = state_of_play.timeline(process, clocks, DEVELOPMENTS + 1)
        assessments = state_of_play.assessments(process, clocks, ASSESSMENTS + 1)
        query = urlencode({"process": ref, **clocks.query})
        return super().get_context_data(
            process=process,
            may_edit=self.may("change_process", process),
            tabs=tabs(process, clocks, "detail"),
            sections=[
                {
                    "state": sections[kind],
                    "total": f"{sections[kind].total:,}",
                    "title": title,
                    "about": about,
                    "none": f"No {title.lower()} yet",
                    "first": f"Record the first {kind.label.lower()}",
                    "anchor": url_name,
                    "list_url": self.of_process(f"{url_name}:list", query),
                    "create_url": reverse(f"{url_name}:create"),
                }
                for kind, (title, about) in HEADS.items()
                for url_name in [kind.value.replace("_", "-")]
            ],
            entries=[ItemDevelopment(development) for development in developments[:DEVELOPMENTS]],
            has_more=len(developments) > DEVELOPMENTS,
            timeline_url=at(reverse("process:timeline", args=[ref]), clocks),
            assessments=assessments[:ASSESSMENTS],
            has_more_assessments=len(assessments) > ASSESSMENTS,
            assessments_url=self.of_process("assessment:list", query),
            watch_phrases=state_of_play.watched(process, clocks),
            links=[self.link(link, process) for link in state_of_play.links(user, process, clocks)],
            files=[(each.label_plural, self.of_process(f"{each.url_name}:csv", query)) for each in FILES],
            breadcrumbs=[{"label": "Processes", "url": reverse("process:list")}, {"label": process.title}],
            **context,
        )

    @staticmethod
    def of_process(name: str, query: str) -> str:
        """The URL called `name` with `query`, which has the process and the clocks."""
        return f"{reverse(name)}?{query}"

    @staticmethod
    def link(link, process) -> dict:
        """A link as seen from `process`."""
        outward = link.from_process_id == process.pk
        return {
            "words": LINK_WORDS[link.kind][0 if outward else 1],
            "process": link.to_process if outward else link.from_process,
            "link": link,
        }
