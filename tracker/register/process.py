"""Processes: one negotiation with one aim each."""

from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from tracker.clocks import Clocks
from tracker.forms.processes import ProcessForm
from tracker.models import Development, Process
from tracker.models.base import RecordQuerySet, first_of
from tracker.register.columns import WRITTEN, flag, many, own, text
from tracker.register.filters import RecordFilters, YesNoFilter
from tracker.register.types import Column, Kind, RecordType, SearchFields


class ProcessFilters(RecordFilters):
    """Filters of processes."""

    restricted = YesNoFilter("Restricted", Q(restricted=True))


def with_last_recorded(processes: RecordQuerySet, clocks: Clocks) -> QuerySet:
    """The processes recorded by `clocks`, annotated with `last_recorded`: the last recording in each by then."""
    if clocks.known is None:
        return processes.annotate(last_recorded=F("last_recorded_at"))
    versions = Development.objects.filter(process=OuterRef("pk"), recorded_at__lte=clocks.known)
    recorded = first_of(versions.order_by("-recorded_at"), "recorded_at")
    ended = first_of(versions.filter(ended_at__lte=clocks.known).order_by("-ended_at"), "ended_at")
    # On SQLite Greatest is NULL if one of the two is.
    return processes.at(clocks).annotate(last_recorded=Greatest(recorded, Coalesce(ended, recorded)))


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
            "last_recorded_at",
            "Last recorded",
            "last_recorded",
            kind=Kind.INSTANT,
            listed=True,
            order=("last_recorded",),
        ),
        *WRITTEN,
    ),
    filterset=ProcessFilters,
    sort="title",
    reading=with_last_recorded,
    empty="Open a process: one negotiation with one aim.",
    form=ProcessForm,
    identity=("title",),
    search=SearchFields(),
    admin_group="Processes and items",
)
