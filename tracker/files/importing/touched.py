"""The processes of the rows of an import: only users who may see all of them see the import."""

from django.db.models import Q, QuerySet

from tracker.files.importing.row_result import RowResult
from tracker.models import Process

BATCH = 500
PROCESS_COLUMNS = ("process_id", "from_process_id", "to_process_id")
"""The columns with the process of a record."""


class TouchedProcesses:
    """Collects the processes of rows."""

    def __init__(self) -> None:
        self.keys: set[int] = set()
        self.refs: set[str] = set()
        self.talks: set[str] = set()

    def add(self, results: list[RowResult]) -> None:
        """Add the processes of `results`."""
        for result in results:
            if result.process_id:
                self.keys.add(result.process_id)
            if result.present:
                is_process = result.present["id"].startswith(Process.prefix)
                for name in ("id",) if is_process else PROCESS_COLUMNS:
                    if ref := result.present.get(name):
                        self.refs.add(ref)
                if talk := result.present.get("talk_id"):
                    self.talks.add(talk)

    def processes(self) -> QuerySet[Process]:
        """The collected processes."""
        items = Q()
        refs = sorted(self.talks)
        for start in range(0, len(refs), BATCH):
            items |= Q(items__ref__in=refs[start : start + BATCH])
        wanted = Q(pk__in=self.keys) | Q(ref__in=self.refs)
        return Process.objects.filter(wanted | items if refs else wanted).distinct()
