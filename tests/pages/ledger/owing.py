"""Follow-ups that are due and that slip, and reading what the ledger tells of them."""

import datetime as dt

from tests import factories as make
from tests.over_the_register.reading import read_csv
from tests.pages.reading import Page
from tracker.models import Effect
from tracker.models.dates import Span
from tracker.models.effects import GIVEN_UP


def due(text):
    """The fields of an effect that sets `text` as due date (a partial date, or else a phrase)."""
    try:
        date = Span.parse(text)
    except ValueError:
        return {"due_phrase": text, "review_on": None if text == GIVEN_UP else dt.date(2025, 4, 1)}
    return {"due_on": date.day, "due_precision": date.precision, "due_last": date.end}


def owe(text="soon", status="promised", **values):
    """A follow-up that is due as `text` says."""
    return make.FollowUpFactory(effect={"status": status, **due(text)}, **values)


def slip(item, text, day=19, **values):
    """A development of `day` February 2025 after which `item` is due as `text` says."""
    effects = [Effect(item=item, **due(text))]
    return make.DevelopmentFactory(effects=effects, occurred_on=dt.date(2025, 2, day), **values)


def rows(client, query=""):
    """The words of each row, by the item's id and the head of the column."""
    page, found = Page(client, f"/follow-ups/{query}"), {}
    heads = page.texts(".table thead th")
    for row in page.soup.select(".table tbody tr"):
        cells = {
            cell["data-label"]: " ".join(cell.get_text(" ").split()) for cell in row.select("td[data-label]")
        }
        assert list(cells) == heads[1:]
        ref = row.th.a["href"].partition("?")[0].rstrip("/").rpartition("/")[2]
        found[ref] = {heads[0]: " ".join(row.th.get_text(" ").split())} | cells
    return found


def row(client, item, query=""):
    """The words of the row of `item`, by the head of the column."""
    return rows(client, query)[item.ref]


def lines(client, query=""):
    """The lines of the file, by the item's id."""
    return {line["id"]: line for line in read_csv(client, f"/follow-ups.csv{query}")}


def line(client, item, query=""):
    """The line of `item` in the file."""
    return lines(client, query)[item.ref]
