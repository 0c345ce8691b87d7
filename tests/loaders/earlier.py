"""Loads rows as an earlier version of the loaders did, whose rules read them otherwise."""

from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

from tracker.loaders.countries import usual_name
from tracker.loaders.events import EventParty
from tracker.loaders.mend.parties import Parties
from tracker.management.commands import load_mend, load_pax


def _place(cell, country_cell, countries, notes):
    return f"{cell}, {usual_name(country_cell)}"


def _party(parties, name):
    return EventParty(name, "other")


@contextmanager
def rules():
    """Within it, places name their country again, each name is a party of its own, and nobody signs anything."""
    with (
        mock.patch.object(load_mend.Command, "dataset", replace(load_mend.Command.dataset, rules=1)),
        mock.patch.object(load_pax.Command, "dataset", replace(load_pax.Command.dataset, rules=1)),
        mock.patch("tracker.loaders.mend.reading.place_in", _place),
        mock.patch.object(Parties, "party", _party),
        mock.patch("tracker.loaders.pax.reading.signatories", lambda *args: ()),
        mock.patch("tracker.loaders.pax.reading.issuer", lambda part, _: EventParty(part, "other")),
    ):
        yield
