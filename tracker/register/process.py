"""Processes: one negotiation with one aim each."""

from django.db.models import Q

from tracker.forms.processes import ProcessForm
from tracker.models import Process
from tracker.register.columns import WRITTEN, flag, many, own, text
from tracker.register.filters import RecordFilters, YesNoFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields


class ProcessFilters(RecordFilters):
    """Filters of processes."""

    restricted = YesNoFilter("Restricted", Q(restricted=True))


PROCESS = RecordType(
    model=Process,
    url_name="process",
    path="processes",
    columns=(
        *own("title", "Process"),
        text("aim", "Aim", listed=True),
        text("summary", "Summary", is_undated=True),
        flag("restricted", "Restricted", listed=True),
        *many("members", "Members", shown="username")[1:],
        Column(
            "last_recorded_at", "Last recorded", kind=Kind.INSTANT, listed=True, order=("last_recorded_at",)
        ),
        *WRITTEN,
    ),
    filterset=ProcessFilters,
    sort="title",
    empty="Open a process: one negotiation with one aim.",
    form=ProcessForm,
    identity=("title",),
    search=SearchFields(),
    admin_group="Processes and items",
)
