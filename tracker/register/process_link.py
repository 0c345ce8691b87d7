"""Links between processes."""

from tracker.forms.processes import ProcessLinkForm
from tracker.models import Process, ProcessLink, Source
from tracker.models.vocabularies import ProcessLinkKind
from tracker.register.columns import WRITTEN, code, relation, text
from tracker.register.filters import CodeFilter, RecordFilters, ReferenceFilter
from tracker.register.types import Column, RecordType, SearchFields


class ProcessLinkFilters(RecordFilters):
    """Filters of links between processes."""

    process = ReferenceFilter(Process, "from_process", "Process")
    to_process = ReferenceFilter(Process, "to_process", "Other process")
    kind = CodeFilter(ProcessLinkKind, "Type")
    source = ReferenceFilter(Source, "source", "Source")


PROCESS_LINK = RecordType(
    model=ProcessLink,
    url_name="process-link",
    path="process-links",
    columns=(
        Column("id", "Id", "ref"),
        *relation("from_process", "Process", shown="title", listed=True, order=("from_process__title",)),
        code("kind", "Has as", ProcessLinkKind, listed=True, order=("kind",)),
        *relation("to_process", "Other process", shown="title", listed=True, order=("to_process__title",)),
        text("note", "Note", listed=True, is_undated=True),
        *relation("source", "Source", shown="title"),
        text("quote", "Quote"),
        *WRITTEN,
    ),
    filterset=ProcessLinkFilters,
    sort="from_process",
    empty="Link a process to its precedents and parallels in the admin.",
    has_pages=False,
    form=ProcessLinkForm,
    identity=("from_process", "to_process", "kind"),
    search=SearchFields(about="from_process"),
    admin_group="Processes and items",
)
