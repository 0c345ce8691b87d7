"""Reading the drawing of a path, and moving what it is about."""

import csv
import datetime as dt
import io

from tests import factories as make
from tracker.models import Effect


def lanes(page, under="main"):
    """{label: lane} of the drawing under `under`, each a list of the titles of its segments and of its marks."""
    found = {}
    for lane in page.soup.select(f"{under} svg.lane"):
        titles = [[shape.title.get_text() for shape in lane.select(kind)] for kind in (".block", ".dot")]
        found.setdefault(lane["aria-label"], titles)
    return found


def lines(client, address, **query):
    """The lines of the file of the path at `address`, as dictionaries."""
    response = client.get(address.rstrip("/") + ".csv", query)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def says_the_same(page):
    """Whether the tables have as many marks and segments as the drawings, and lead where these lead."""
    drawn, told = page.soup.select("svg.lane .dot"), page.soup.select(".words tr.marked")
    assert len(drawn) == len(told) > 0
    assert len(page.soup.select("svg.lane .block")) == len(page.soup.select(".words .held")) > 0
    single = [link["href"] for link in drawn if not link.select_one("text")]
    assert set(single) <= {link["href"] for link in page.soup.select(".words a")}
    return True


def move(item, day, precision="day", **effect):
    """A development of 2025 that sets `effect` of `item`; `day` is the month and the day."""
    values = {name: effect.pop(name) for name in ("party", "headline", "occurred_inferred") if name in effect}
    return make.DevelopmentFactory(
        process=item.process, occurred_on=dt.date(2025, *day), occurred_precision=precision,
        effects=[Effect(item=item, **effect)], **values,
    )  # fmt: skip


def of(item, query=""):
    return f"{item.get_absolute_url()}path/{query}"
