"""Who reads, in the tests of the register."""

import pytest

from tests.factories import UserFactory


@pytest.fixture
def reader(client):
    """A client signed in as a viewer."""
    client.force_login(UserFactory(viewer=True))
    return client
