"""What was public by a day is what rests on a source surely published by then."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from tests.models.test_date_columns import holds
from tests.models.test_dates import spans
from tracker.clocks import Clocks
from tracker.domain.standing import derive, stand, standings
from tracker.models import Citation, Demand, Effect
from tracker.models.date_columns import surely_by
from tracker.models.past import reading
from tracker.models.vocabularies import DemandStatus
from tracker.recording.timestamps import last_instant

START = dt.date(2025, 1, 1)


@given(spans(), st.integers(-800, 800))
def test_a_day_is_sure_once_nothing_later_can_be_meant(date, offset):
    if not 1500 < date.day.toordinal() < 3_600_000:
        return
    edge = date.day + dt.timedelta(days=offset)
    values = {"on": date.day, "on_precision": date.precision, "on_last": date.end}
    sure = date.latest is not None and date.latest <= edge
    assert holds(surely_by(edge, "on", "on_precision"), values) == sure


days = st.integers(0, 40).map(lambda days: START + dt.timedelta(days=days))
sources = st.lists(st.tuples(st.none() | days, st.none() | days), max_size=2)
histories = st.lists(st.tuples(days, st.sampled_from(DemandStatus.values), sources), min_size=1, max_size=5)


@pytest.mark.django_db
@given(histories, days, st.booleans())
def test_the_standing_is_that_of_the_public_developments_alone(history, day, at_last):
    demand = make.DemandFactory()
    for occurred_on, status, cited in history:
        make.DevelopmentFactory(
            occurred_on=occurred_on,
            effects=[Effect(item=demand, status=status)],
            citations=[Citation(source=source(*dates)) for dates in cited],
        )
    public = [
        (occurred_on, place, status)
        for place, (occurred_on, status, cited) in enumerate(history)
        if occurred_on <= day
        and any(published and published <= day for dates in cited for published in dates)
    ]
    clocks = Clocks(public=day, known=last_instant() if at_last else None)
    with reading(clocks.known, clocks.public):
        found = standings(Demand.objects.filter(pk=demand.pk), clocks).get(demand.pk)
        listed = list(stand(Demand.objects.filter(pk=demand.pk), clocks).values_list("status", flat=True))
        whole = derive(Demand.objects.filter(pk=demand.pk), clocks).get()
    assert whole.status == (found.status.status if found else None)
    assert listed == ([found.status.status] if found else []) == ([max(public)[-1]] if public else [])


def source(published_on, origin_published_on):
    """A source, taken from another one if that has a date."""
    origin = origin_published_on and published(origin_published_on)
    return published(published_on, taken_from=origin)


def published(day, **values):
    """A source of `day`, or without a date."""
    return make.SourceFactory(published_on=day, published_precision="day" if day else "", **values)
