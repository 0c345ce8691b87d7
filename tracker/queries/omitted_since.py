"""What a view of the past omits: records added and corrected since."""

from dataclasses import dataclass, replace

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.text import get_text_list

from tracker.clocks import Clocks
from tracker.models import Citation, Development, Process, Record
from tracker.models.date_columns import happened_by
from tracker.models.past import reading
from tracker.models.public import published_by


@dataclass(frozen=True)
class Unpublished:
    """How many developments a view of what was public omits, by what their sources tell."""

    later: int = 0
    """All their dated sources were published later."""
    doubtful: int = 0
    """A source may have been published by then, or later."""
    undated: int = 0
    """None of their sources has a date."""


@dataclass(frozen=True)
class OmittedSince:
    """How many developments and corrections a view at `clocks` omits."""

    developments: int
    """Developments in force now that happened after `on` or were first recorded after `known`."""
    corrections: int
    """Versions in force at `known` that have been corrected or withdrawn since."""
    clocks: Clocks
    unpublished: Unpublished = Unpublished()

    def __str__(self):
        """A sentence for readers, also if nothing is omitted."""
        one, many = self._later
        counts = (
            (self.developments, one, many),
            (self.corrections, "correction", "corrections"),
            (self.unpublished.later, *_developments("not yet public")),
            (self.unpublished.doubtful, *_developments("that may have been public")),
            (self.unpublished.undated, *_developments("without a dated source")),
        )
        hidden = [f"{number:,} {one if number == 1 else many}" for number, one, many in counts if number]
        if hidden:
            return f"Not shown: {get_text_list(hidden, 'and')}."
        by = "Nothing later has happened" if self.clocks.on else ""
        public = "all of it was public" if self.clocks.public else ""
        since = "no development has been recorded or corrected since" if self.clocks.known else ""
        sentence = ", and ".join(filter(None, [by, public, since]))
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

    If `rows` are not processes, `process` is the field that refers to theirs; `process_of` then returns it. Where what
    was public is read, `hidden` counts by itself, since what these rows are read among leaves out what was not.
    """
    return rows if clocks.is_present or clocks.public else _counted(rows, clocks, process)


def _counted(rows: QuerySet, clocks: Clocks, process: str = "pk") -> QuerySet:
    later, corrected = Q(pk__in=[]), Q()
    if clocks.on is not None:
        happened = happened_by(clocks.on, "happened_key")
        later |= ~happened
        corrected &= happened
    if clocks.known is not None:
        # The second condition follows from the first, and an index has it.
        later |= Q(first_recorded_at__gt=clocks.known, recorded_at__gt=clocks.known)
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
        with reading(clocks.known):  # what was not public is counted by the other clocks as well
            process = _counted(Process.objects.filter(pk=process.pk), clocks).get()
    counts = process.hidden_developments, process.hidden_corrections
    return OmittedSince(*counts, clocks, _unpublished(process, clocks) if clocks.public else Unpublished())


def _unpublished(process: Process, clocks: Clocks) -> Unpublished:
    cited = Citation.objects.filter(development=OuterRef("pk"))
    dated = Q(source__published_on__isnull=False) | Q(source__taken_from__published_on__isnull=False)
    rows = Development.objects.filter(process=process).at(replace(clocks, public=None)).order_by()
    happened = happened_by(clocks.public, "happened_key")
    with reading(clocks.known):
        return Unpublished(
            **rows.exclude(happened, Exists(cited.filter(published_by(clocks.public, "source__"))))
            .annotate(
                may_be=Case(
                    When(
                        happened,
                        then=Exists(cited.filter(published_by(clocks.public, "source__", surely=False))),
                    ),
                    default=Value(False),
                ),
                is_dated=Exists(cited.filter(dated)),
            )
            .aggregate(
                later=Count("pk", filter=Q(may_be=False, is_dated=True)),
                doubtful=Count("pk", filter=Q(may_be=True)),
                undated=Count("pk", filter=Q(is_dated=False)),
            )
        )


def _count(condition: Q, process: str) -> Coalesce:
    counted = Development.objects.filter(condition, process=OuterRef(process)).order_by().values("process")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)


def _developments(which: str) -> tuple[str, str]:
    return f"development {which}", f"developments {which}"
