"""What the tests of the timelines share: making something happen, and reading what a timeline tells of it."""

import datetime as dt

from tests import factories as make
from tests.pages.reading import Page
from tracker.models import VERSIONS, Development
from tracker.models.base import writes_allowed
from tracker.models.known import EVER


def happened(process, headline, day=dt.date(2025, 2, 18), precision="day", **values):
    return make.DevelopmentFactory(
        process=process, headline=headline, occurred_on=day, occurred_precision=precision, **values
    )


def headlines(client, address):
    return Page(client, address).texts(".timeline .headline")


def both(process):
    """The address of every timeline that `process` is in."""
    return ("/timeline/", f"/processes/{process.ref}/timeline/")


def recorded_on(days):
    """Developments of 18 February 2025, {headline: day}, recorded at noon of their days; keyed in the order given."""
    for headline, day in days.items():
        row = make.DevelopmentFactory(headline=headline, occurred_on=dt.date(2025, 2, 18))
        noon = dt.datetime.fromisoformat(f"{day}T12:00Z")
        with writes_allowed():
            Development.objects.filter(pk=row.pk).update(
                recorded_at=noon, first_recorded_at=noon, recorded_on=noon.date()
            )
    # What they name was on record before.
    for version in VERSIONS.values():
        version.objects.update(known_from=EVER)
