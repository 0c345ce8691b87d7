"""Who may see what is judged by the rights of now, whatever they were at the instant that is read."""

import pytest

from tests import factories as make
from tests.over_the_register.makers import MAKERS, OF_A_PROCESS
from tests.over_the_register.past import addresses, contents, plain
from tracker import recording
from tracker.clocks import instant_iso
from tracker.recording.timestamps import last_instant

pytestmark = pytest.mark.django_db


def refs_found(client, records, known):
    """The ids of those of `records` that any page or file shows at the instant `known`."""
    shown = contents(client, plain(addresses(records)), known).values()
    shown = [content.encode() if isinstance(content, str) else content for content in shown]
    return {record.ref for record in records if any(record.ref.encode() in content for content in shown)}


@pytest.fixture
def records(clock, alice):
    """A process that all may read, and a record of every type that belongs to one."""
    clock("2025-02-20T10:00Z")
    process = make.ProcessFactory(title="Words of an embassy", members=[alice])
    return [
        process,
        *(MAKERS[name](process) for name in OF_A_PROCESS if name not in ("process", "process-link")),
    ]


def test_what_is_restricted_today_is_hidden_at_every_instant_from_all_but_members_of_now(
    records, clock, client, bobs, alice, dave
):
    known = instant_iso(last_instant())
    client.force_login(alice)
    everything = refs_found(bobs, records, known)
    assert len(everything) > 10 and records[0].ref in everything
    clock("2025-03-20T10:00Z")
    process = records[0]
    process.restricted = True
    recording.save(dave, process)
    between = instant_iso(last_instant())
    for instant in (known, between):
        assert refs_found(bobs, records, instant) == set()
    assert refs_found(client, records, known) == everything
    # A member who was removed since sees as little, also of the instants of their membership.
    clock("2025-04-20T10:00Z")
    recording.save(dave, process, {"members": []})
    for instant in (between, instant_iso(last_instant())):
        assert refs_found(client, records, instant) == set()
