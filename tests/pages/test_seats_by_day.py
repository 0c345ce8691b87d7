"""A delegation and its people are there from the day on which their talk came up, in lists, filters and files."""

import datetime as dt

import pytest

from tests import factories as make
from tests.over_the_register.reading import read_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(client, alice):
    """A delegation with one person, to a talk that was announced on 17 February 2025."""
    client.force_login(alice)
    talk = make.TalkFactory(development__occurred_on=dt.date(2025, 2, 17))
    return make.DelegateFactory(delegation__talk=talk, person__name="Ana Envoy")


@pytest.mark.parametrize("path", ["delegations", "delegates"])
def test_it_is_listed_from_the_day_of_its_talk_on(client, seat, path):
    assert read_csv(client, f"/{path}.csv?on=2025-02-16") == []
    assert len(read_csv(client, f"/{path}.csv?on=2025-02-17")) == len(read_csv(client, f"/{path}.csv")) == 1
    assert "Ana Envoy" not in client.get(f"/{path}/?on=2025-02-16").content.decode()
    assert "Ana Envoy" in client.get(f"/{path}/?on=2025-02-17").content.decode()


def test_the_page_of_a_day_before_leads_to_that_day(client, seat):
    response = client.get(f"/delegations/{seat.delegation.ref}/?on=2025-02-16")
    assert response.status_code == 404
    assert "on=2025-02-17" in response.content.decode()
    assert client.get(f"/delegations/{seat.delegation.ref}/?on=2025-02-17").status_code == 200
