"""Filling a position matrix, and reading it as a page and as a file."""

import csv
import datetime as dt
import io

from tests import factories as make
from tests.pages.reading import Page
from tracker.models import Citation, Effect


def say(item, party, stance=None, day=18, words="", **values):
    """`party` takes a stance on `item` in February 2025; `effect` says what else it sets."""
    effect = Effect(item=item, party=party if stance else None, stance=stance, **values.pop("effect", {}))
    citations = [Citation(source=make.SourceFactory(publisher="The Gazette"), quote=words)] if words else []
    return make.DevelopmentFactory(
        process=item.process, party=party, occurred_on=dt.date(2025, 2, day), effects=[effect],
        citations=citations, **values,
    )  # fmt: skip


def demand(process, party, title="Access", day=1, **values):
    """A stated demand of `party`, raised on a day of February 2025."""
    raised = {"party": party, "occurred_on": dt.date(2025, 2, day)}
    return make.DemandFactory(process=process, party=party, title=title, development=raised, **values)


def matrix(client, process, query=""):
    """{item: {party: words of the cell}}, of the cells that have any; the page itself under None."""
    page = Page(client, f"{process.get_absolute_url()}positions/{query}")
    rows = {}
    for row in page.soup.select(".matrix tbody tr:has(td)"):
        cells = {cell["data-label"]: " ".join(cell.get_text(" ").split()) for cell in row("td")}
        rows[row.th.a.get_text()] = {party: words for party, words in cells.items() if words}
    return {None: page} | rows


def lines(client, process, query=""):
    response = client.get(f"{process.get_absolute_url().rstrip('/')}/positions.csv{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def titles(found):
    return [title for title in found if title is not None]
