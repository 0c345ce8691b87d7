"""One address at one instant gives the same bytes while somebody writes: before, during and after."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections

from tests import factories as make
from tests.corrections import correct
from tests.over_the_register.past import addresses, contents, plain
from tests.over_the_register.test_same_bytes import differences
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Effect, Party
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

READ = (
    "/?",
    "/demands",
    "/developments",
    "/parties",
    "/timeline",
    "/processes/",
    "/search.csv",
    "/follow-ups/",
)
PATIENCE = 60


def test_what_is_read_twice_while_somebody_writes_is_the_same(client):
    dave = make.UserFactory(username="dave", administrator=True)
    client.force_login(dave)
    demand = make.DemandFactory()
    party, started, enough = demand.party, Event(), Event()
    read = [each for each in plain(addresses([demand, demand.process, party])) if each.startswith(READ)]

    def write():
        """Record, correct and rename until it has been read often enough; return how often."""
        try:
            for number in range(1_000):
                if enough.is_set():
                    return number
                said = make.DevelopmentFactory(
                    by=dave,
                    party=party,
                    headline=f"Word {number}",
                    effects=[Effect(item=demand, status="met")],
                )
                correct(said, by=dave, headline=f"Another word {number}")
                renamed = Party.objects.get(pk=party.pk)
                renamed.name = f"Name {number}"
                recording.save(dave, renamed)
                started.set()
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        try:
            assert started.wait(PATIENCE), writer.exception(0)
            known = instant_iso(last_instant())
            before = contents(client, read, known)
            written = last_instant()
            during = contents(client, read, known)
        finally:
            enough.set()
        assert writer.result(PATIENCE) > 1
    # Something was recorded between the two readings of each address.
    assert instant_iso(written) > known and last_instant() > written
    assert differences(before, during) == {}
    assert differences(before, contents(client, read, known)) == {}
