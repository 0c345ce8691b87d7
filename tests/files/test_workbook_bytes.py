"""A workbook of the same rows is the same bytes, whenever it is asked for."""

from tests.factories import PartyFactory


def test_the_same_rows_are_the_same_bytes(client, carol, clock):
    client.force_login(carol)
    PartyFactory()
    clock("2027-02-01T10:00Z")
    first = b"".join(client.get("/parties.xlsx").streaming_content)
    clock("2027-02-02T11:30Z")
    assert b"".join(client.get("/parties.xlsx").streaming_content) == first
