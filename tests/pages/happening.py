"""What the tests of the timelines share: making something happen, and reading what a timeline tells of it."""

import datetime as dt

from tests import factories as make
from tests.pages.reading import Page


def happened(process, headline, day=dt.date(2025, 2, 18), precision="day", **values):
    return make.DevelopmentFactory(
        process=process, headline=headline, occurred_on=day, occurred_precision=precision, **values
    )


def headlines(client, address):
    return Page(client, address).texts(".timeline .headline")


def both(process):
    """The address of every timeline that `process` is in."""
    return ("/timeline/", f"/processes/{process.ref}/timeline/")
