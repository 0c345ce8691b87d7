"""The developments of a timeline, with their effects, and counts by month."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Prefetch, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from tracker.clocks import Clocks
from tracker.models import Development, Effect, Office
from tracker.models.dates import YEARS, Span
from tracker.models.order import LATEST_FIRST
from tracker.queries.evidence import ItemDevelopment, steps, with_preceding
from tracker.queries.home import CITED


def item_developments(keys: Sequence[int], clocks: Clocks) -> list[ItemDevelopment]:
    """The developments with the primary keys `keys`, in that order, with old and new values of their effects.

    Four queries, including citations and the speakers' offices.
    """
    effects = with_preceding(Effect.objects.select_related("party", "item").order_by("pk"), clocks)
    developments = (
        Development.objects.filter(pk__in=keys)
        .order_by()
        .select_related("process", "party", "speaker", "talk")
        .prefetch_related(
            CITED,
            Prefetch("effects", effects, to_attr="done"),
            Prefetch("speaker__offices", Office.objects.at(clocks)),
        )
        .in_bulk()
    )
    return [
        ItemDevelopment(
            developments[key], [step for effect in developments[key].done for step in steps(effect)]
        )
        for key in keys
        if key in developments
    ]


@dataclass
class Year:
    """One year of a timeline; `count` is None if not counted."""

    number: int
    count: int | None = None
    unplaced: int = 0
    """How many are dated only to the year."""
    months: dict[int, int] = field(default_factory=dict)
    """{month: number of the others}"""


@dataclass(frozen=True)
class Spread:
    """The distribution of developments over the years, earliest first."""

    years: list[Year]
    days: list[tuple[dt.date, str, int]] | None = None
    """(day, precision, count); None if there are too many to count."""

    def total(self, since: Span | None = None, until: Span | None = None) -> int | None:
        """The number between two dates; None if not counted."""
        if self.days is None:
            return None
        return sum(
            count
            for day, _, count in self.days
            if (since is None or day >= since.day) and (until is None or day <= (until.last or day))
        )


def spread(developments: QuerySet) -> Spread:
    """The distribution of `developments` over time, with counts by day. One query."""
    days = list(
        developments.order_by("occurred_on", "occurred_precision")
        .values_list("occurred_on", "occurred_precision")
        .annotate(Count("pk"))
    )
    years: dict[int, Year] = {}
    for day, precision, count in days:
        year = years.setdefault(day.year, Year(day.year, 0))
        year.count += count
        if precision in YEARS:
            year.unplaced += count
        else:
            year.months[day.month] = year.months.get(day.month, 0) + count
    return Spread(list(years.values()), days)


def spanned(developments: QuerySet) -> Spread:
    """The years from the first to the last of `developments`, without counts, for large numbers. One query."""
    earliest = developments.order_by(*(name.removeprefix("-") for name in LATEST_FIRST))
    ends = (
        developments.order_by(*LATEST_FIRST)
        .annotate(first=Subquery(earliest.values(year=ExtractYear("occurred_on"))[:1]), last=F("occurred_on"))
        .values_list("first", "last")
        .first()
    )
    return Spread([Year(number) for number in range(ends[0], ends[1].year + 1)] if ends else [])
