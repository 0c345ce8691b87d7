"""What was known at an instant stays as it was, whichever field of whichever record is edited later."""

import pytest

from tests.over_the_register.fields import EDITS, editable_fields, filled, something
from tests.over_the_register.reading import path
from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import Record
from tracker.recording.timestamps import last_instant
from tracker.register import BY_URL_NAME

pytestmark = [pytest.mark.django_db, pytest.mark.both]
EDITED = [
    name for name, record_type in BY_URL_NAME.items() if name not in ("development", "effect", "citation")
]
"""Developments, with their effects and citations, are corrected instead."""


@pytest.fixture
def dave_in(client, dave):
    client.force_login(dave)
    return client


def files(client, known):
    """All lists at the instant `known`, as pages and files."""
    addresses = [path(url_name, ending) for url_name in BY_URL_NAME for ending in ("/", ".csv", ".json")]
    return {address: body(client.get(f"{address}?known={known}")) for address in addresses}


def body(response):
    assert response.status_code == 200, response.getvalue()
    text = response.getvalue().decode()
    return text.partition("<main")[2].partition("</main>")[0] or text


def edit(by, record: Record, number: int) -> None:
    """Give each field of `record` that can change another value, one after the other."""
    for field in editable_fields(type(record)):
        if field.name in ("process", "from_process", "to_process", "item", record.part_of):
            continue
        record = type(record).objects.get(pk=record.pk)
        value = something(field, record.of_process, number)
        related = {field.name: value} if field.many_to_many else {}
        if not related:
            setattr(record, field.name, value)
        try:
            recording.save(by, record, related)
        except Exception as error:
            print(type(record).__name__, field.name, error)


@pytest.mark.parametrize("url_name", EDITED)
def test_an_edit_changes_no_list_of_the_past(dave_in, dave, clock, url_name):
    clock("2025-02-20T10:00Z")
    record, _ = filled(url_name)
    clock("2025-02-21T10:00Z")
    known = instant_iso(last_instant())
    before = files(dave_in, known)
    edit(dave, record, EDITS)
    clock("2025-02-22T10:00Z")
    after = files(dave_in, known)
    assert {address: body for address, body in after.items() if body != before[address]} == {}
