"""The people and the secret that most tests need: a user of each role, and a process that few may know of."""

import datetime as dt
from unittest import mock

import pytest
from django.utils import timezone

from tests.factories import ProcessFactory, UserFactory


@pytest.fixture
def alice(db):
    """An analyst, and the only member of the restricted process."""
    return UserFactory(username="alice", analyst=True)


@pytest.fixture
def bob(db):
    """An editor."""
    return UserFactory(username="bob", editor=True)


@pytest.fixture
def carol(db):
    """A viewer."""
    return UserFactory(username="carol", viewer=True)


@pytest.fixture
def dave(db):
    """An administrator."""
    return UserFactory(username="dave", administrator=True)


@pytest.fixture
def restricted_process(alice):
    """A process that only alice, its member, and administrators may know of."""
    return ProcessFactory(secret=True, title="Secret channel", members=[alice])


@pytest.fixture
def clock():
    """Sets the application's clock: clock("2025-02-20T10:00Z"), until set again or the test ends."""
    with mock.patch("django.utils.timezone.now", wraps=timezone.now) as now:

        def turn(instant):
            now.side_effect = lambda: dt.datetime.fromisoformat(instant)

        yield turn
