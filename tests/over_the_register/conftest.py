"""Who reads, in the tests of the register."""

import pytest
from django.db import transaction

from tests.factories import UserFactory
from tests.over_the_register.makers import several
from tracker.register import BY_URL_NAME


@pytest.fixture
def reader(client):
    """A client signed in as a viewer."""
    client.force_login(UserFactory(viewer=True))
    return client


@pytest.fixture(scope="class", params=BY_URL_NAME)
def three(request, django_db_setup, django_db_blocker):
    """The name of a record type; three records of it are there for all tests of the class, and no others but theirs."""
    with django_db_blocker.unblock(), transaction.atomic():
        several(request.param, 3)
        yield request.param
        transaction.set_rollback(True)
