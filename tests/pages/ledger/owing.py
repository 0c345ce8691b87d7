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


def row(client, item, query=""):
    """The words of the row of `item`, by the head of the column."""
    page = Page(client, f"/follow-ups/{query}")
    found = page.soup.select_one(f'.table a[href^="{item.get_absolute_url()}"]').find_parent("tr")
    cells = {
        cell["data-label"]: " ".join(cell.get_text(" ").split()) for cell in found.select("td[data-label]")
    }
    heads = page.texts(".table thead th")
    assert list(cells) == heads[1:]
    return {heads[0]: " ".join(found.select_one("th").get_text(" ").split())} | cells


def line(client, item, query=""):
    """The line of `item` in the file."""
    return next(line for line in read_csv(client, f"/follow-ups.csv{query}") if line["id"] == item.ref)
