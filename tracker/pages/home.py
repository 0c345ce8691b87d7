"""The start page, and the codebook."""

from django.views.generic import TemplateView

from tracker.models.vocabularies import TITLES, UserRole
from tracker.pages.base import PageView
from tracker.queries.dues import dues
from tracker.queries.home import moving, recorded_last, unsourced

PROCESSES = 20
DUES = 12
DEVELOPMENTS = 8


class HomePage(PageView):
    """Recently changed processes, due follow-ups, unsourced developments, and the latest recordings."""

    template_name = "pages/home.html"

    def get_context_data(self, **context):
        user, clocks = self.request.user, self.clocks
        # Fetch one more than is shown, to see whether there are more.
        processes = moving(user, clocks, PROCESSES + 1)
        lacking = unsourced(user, clocks, DEVELOPMENTS + 1)
        late, coming = dues(user, clocks, DUES)
        return super().get_context_data(
            processes=processes[:PROCESSES],
            has_more_processes=len(processes) > PROCESSES,
            late=late,
            coming=coming,
            unsourced=lacking[:DEVELOPMENTS],
            has_more_unsourced=len(lacking) > DEVELOPMENTS,
            recent=recorded_last(user, clocks, DEVELOPMENTS),
            **context,
        )


BADGES = {
    "TalkStatus": "status",
    "PrincipleStatus": "status",
    "DemandStatus": "status",
    "FollowUpStatus": "status",
    "TalkOutcome": "outcome",
    "Firmness": "firmness",
    "Stance": "stance",
    "TableRole": "role",
    "TalkLevel": "level",
    "DevelopmentKind": "kind",
    "Agreement": "agreement",
    "Movement": "movement",
}
"""{vocabulary: badge family}, for vocabularies whose codes have marks."""


class Codebook(TemplateView):
    """All codes of all vocabularies, with label and codebook sentence."""

    template_name = "pages/codebook.html"

    def get_context_data(self, **context):
        vocabularies = [
            {
                "anchor": title.lower().replace(" ", "-"),
                "title": title,
                "about": " ".join((vocabulary.__doc__ or "").split()),
                "badge": BADGES.get(vocabulary.__name__, ""),
                "codes": list(vocabulary),
            }
            for vocabulary, title in TITLES.items()
            if vocabulary is not UserRole
        ]
        return super().get_context_data(vocabularies=vocabularies, **context)
