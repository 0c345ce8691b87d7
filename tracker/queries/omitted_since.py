"""What a view of the past omits: records added and corrected since."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tracker.clocks import Clocks
from tracker.models import Development, Process, Record
from tracker.models.date_columns import happened_by


@dataclass(frozen=True)
class OmittedSince:
    """How many developments and corrections a view at `clocks` omits."""

    developments: int
    """Developments in force now that happened after `on` or were first recorded after `known`."""
    corrections: int
    """Versions in force at `known` that have been corrected or withdrawn since."""
    clocks: Clocks

    def __str__(self):
        """A sentence for readers, also if nothing is omitted."""
        counts = ((self.developments, *self._later), (self.corrections, "correction", "corrections"))
        hidden = " and ".join(
            f"{number:,} {singular if number == 1 else many}" for number, singular, many in counts if number
        )
        if hidden:
            return f"Not shown: {hidden}."
        by = "Nothing later has happened" if self.clocks.on else ""
        since = "no development has been recorded or corrected since" if self.clocks.known else ""
        sentence = ", and ".join(filter(None, [by, since]))
        return f"{sentence[0].upper()}{sentence[1:]}."

    @property
    def _later(self) -> tuple[str, str]:
        if self.clocks.known is None:
            return "later development", "later developments"
        if self.clocks.on is None:
            return "development recorded since", "developments recorded since"
        return (
            "development that is later or was recorded since",
            "developments that are later or were recorded since",
        )


def with_hidden(rows: QuerySet, clocks: Clocks, process: str = "pk") -> QuerySet:
    """`rows` annotated with the counts that `hidden` needs at `clocks`, which saves a query.

    If `rows` are not processes, `process` is the field that refers to theirs; `process_of` then returns it.
    """
    if clocks.is_present:
        return rows
    later = corrected = Q()
    if clocks.on is not None:
        happened = happened_by(clocks.on, "happened_key")
        later |= ~happened
        corrected &= happened
    if clocks.known is not None:
        later |= Q(first_recorded_at__gt=clocks.known)
        corrected &= Q(recorded_at__lte=clocks.known, ended_at__gt=clocks.known)
    return rows.annotate(
        hidden_developments=_count(later & Q(ended_at__isnull=True), process),
        # As known now, nothing is left to be corrected.
        hidden_corrections=_count(corrected, process) if clocks.known else Value(0),
    )


def process_of(record: Record) -> Process:
    """The process of `record`, which comes from `with_hidden`, with the counts that `hidden` needs."""
    for name in ("hidden_developments", "hidden_corrections"):
        if hasattr(record, name):
            setattr(record.process, name, getattr(record, name))
    return record.process


def hidden(process: Process, clocks: Clocks) -> OmittedSince:
    """What a view of `process` at `clocks` omits. One query, unless `process` comes from `with_hidden`."""
    if not hasattr(process, "hidden_developments"):
        process = with_hidden(Process.objects.filter(pk=process.pk), clocks).get()
    return OmittedSince(process.hidden_developments, process.hidden_corrections, clocks)


def _count(condition: Q, process: str) -> Coalesce:
    counted = Development.objects.filter(condition, process=OuterRef(process)).order_by().values("process")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)
