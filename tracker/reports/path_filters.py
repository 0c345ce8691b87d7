"""The filters of a process's path chart."""

from tracker.charts.item_paths import concerning
from tracker.models import Issue, Party
from tracker.models.vocabularies import ItemKind
from tracker.register.filters import ChoiceFilter, CodeFilter, RecordFilters, ReferenceFilter


class TouchingFilter(ReferenceFilter):
    """Items that a party demands, owes, or has taken a stance on."""

    def filter(self, rows, value):
        return concerning(rows, value, self.parent.clocks)


class ShownFilter(ChoiceFilter):
    """A display option in the filter form, which leaves the rows unchanged."""

    def __init__(self, label: str):
        super().__init__(label=label, choices=[("no", "Left out")], empty_label="Drawn")

    def filter(self, rows, value):
        return rows


class LaneFilters(RecordFilters):
    """Filters of a process's path chart."""

    issue = ReferenceFilter(Issue, "issues", "Issue")
    party = TouchingFilter(Party, "party", "Party")
    kind = CodeFilter(ItemKind, "Type", "item_kind")
    parties = ShownFilter("Lanes of the parties")
