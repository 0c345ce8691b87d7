"""When the ledger is read, and by whom."""

import pytest
from django.test import TestCase


@pytest.fixture
def turn(client, alice, clock):
    """Turns the clock, and lets an analyst sign in anew: turn("2025-03-10T12:00Z")."""

    def to(instant):
        clock(instant)
        client.force_login(alice)

    return to


@pytest.fixture(autouse=True)
def _in_march(request):
    """All is read by an analyst on 10 March 2025, unless the clock is turned."""
    if not issubclass(request.cls or object, TestCase):
        request.getfixturevalue("turn")("2025-03-10T12:00Z")
