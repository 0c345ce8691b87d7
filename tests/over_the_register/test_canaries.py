"""What is withheld is withheld everywhere: words planted in it are looked for in every page, file, feed and log."""

from random import Random

import pytest
from django.test import Client

from tests import factories as make
from tests.files.packages import packed
from tests.over_the_register.fields import editable_fields, filled
from tests.over_the_register.later import CORRECTED, edit
from tests.over_the_register.makers import OF_A_PROCESS
from tests.over_the_register.past import addresses
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Token
from tracker.recording.timestamps import last_instant

pytestmark = [pytest.mark.django_db, pytest.mark.prove]

TYPES = [name for name in OF_A_PROCESS if name not in ("process", "process-link", "delegate")]
TEXTS = ("CharField", "TextField", "JSONField", "URLField")


def words_of(record):
    """The words that stand in the texts of `record`."""
    fields = [field for field in editable_fields(type(record)) if field.get_internal_type() in TEXTS]
    values = [getattr(record, field.name) for field in fields if not field.choices]
    return {
        str(value[0] if isinstance(value, list) else value)
        for value in values
        if value and "Words" in str(value)
    }


def everything(client, user, records, instants):
    """Each page, file, feed and package that `user` can take, now and at `instants`, by address."""
    for address in addresses(records):
        for known in ("", *(f"&known={known}" for known in instants)):
            yield f"{address}{known}".replace("?&", "?"), client.get(f"{address}{known}".replace("?&", "?"))
    _, secret = Token.make(user, "feed", "timeline.atom")
    yield "feed", Client().get(f"/feeds/{secret}/timeline.atom")
    yield "/calendar.ics", client.get("/calendar.ics")
    yield "package", packed(user)


@pytest.mark.parametrize("url_name", TYPES)
def test_nothing_of_a_restricted_process_reaches_a_stranger(url_name, clock, dave, bob, caplog):
    clock("2025-02-20T10:00Z")
    record, _ = filled(url_name)
    planted = words_of(record)
    opened = instant_iso(last_instant())
    process = record.of_process
    clock("2025-02-21T10:00Z")
    if url_name not in CORRECTED:
        edit(dave, Random(url_name), url_name)
        planted |= words_of(type(record).objects.get(pk=record.pk))
    process.restricted = True
    recording.save(dave, process)
    clock("2025-02-22T10:00Z")
    make.PartyFactory()
    assert planted
    client = Client()
    client.force_login(bob)
    caplog.clear()
    for address, answer in everything(client, bob, [process, record], [opened, instant_iso(last_instant())]):
        content = (answer if isinstance(answer, bytes) else answer.getvalue()).decode(errors="replace")
        assert {word for word in planted if word in content} == set(), address
        assert process.ref not in content or address.startswith("/processes/"), address
    assert not any(word in caplog.text for word in planted)


def test_no_text_that_a_source_has_or_had_reaches_a_viewer(clock, dave, carol):
    clock("2025-02-20T10:00Z")
    source = make.SourceFactory(title="Cable", text="Aubergine.")
    make.CitationFactory(source=source, quote="Aubergine")
    instants = [instant_iso(last_instant())]
    clock("2025-02-21T10:00Z")
    # What was quoted is for all to read, and nothing else.
    source.text = "Aubergine. Artichoke."
    recording.save(dave, source)
    clock("2025-02-22T10:00Z")
    source.text = "Asparagus."
    recording.save(dave, source)
    client = Client()
    client.force_login(carol)
    for address, answer in everything(client, carol, [source], [*instants, instant_iso(last_instant())]):
        content = (answer if isinstance(answer, bytes) else answer.getvalue()).decode(errors="replace")
        assert not {word for word in ("Artichoke", "Asparagus") if word in content}, address
