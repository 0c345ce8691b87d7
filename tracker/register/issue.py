"""Issues: the subjects of positions."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker.forms.processes import IssueForm
from tracker.models import Issue, Item
from tracker.register.columns import ALIASES, WRITTEN, own, text
from tracker.register.filters import RecordFilters, YesNoFilter
from tracker.register.types import RecordType, SearchFields, Section


class UsedFilter(YesNoFilter):
    """Issues with at least one item that the reader may see."""

    def filter(self, rows: QuerySet, value: str) -> QuerySet:
        items = Item.objects.visible_to(self.parent.user).at(self.parent.clocks).filter(issues=OuterRef("pk"))
        self.condition = Q(Exists(items))
        return super().filter(rows, value)


class IssueFilters(RecordFilters):
    """Filters of issues."""

    used = UsedFilter("Used by an item", Q())


ISSUE = RecordType(
    model=Issue,
    url_name="issue",
    path="issues",
    columns=(
        *own("name", "Name"),
        text("description", "Description", listed=True, is_undated=True),
        *WRITTEN,
        ALIASES,
    ),
    filterset=IssueFilters,
    sort="name",
    empty="Name the subjects that positions are about, such as sanctions or the status of a territory.",
    sections=(
        Section("principle", "issue", "Principles"),
        Section("demand", "issue", "Demands"),
        Section("follow-up", "issue", "Follow-ups"),
        Section("talk", "issue", "Talks"),
    ),
    form=IssueForm,
    identity=("name",),
    search=SearchFields(),
    admin_group="Processes and items",
)
