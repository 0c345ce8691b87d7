"""What every test may ask for."""

import gc
import os

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

pytest_plugins = ["tests.fixtures"]

# The browser's driver runs an event loop in the thread of the tests, which Django would take for its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# On a busy machine time says nothing of correctness; a counterexample is printed so that it can be run again.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
# Fewer examples, the same each time, and no search for a smaller one: enough to catch a fault that was put there.
hypothesis.settings.register_profile(
    "short",
    hypothesis.settings.get_profile("suite"),
    max_examples=20,
    derandomize=True,
    database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile("suite")


def pytest_collection_finish():
    """What is loaded by now stays to the end, and need not be gone through again for what tests leave behind."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _fresh_counts():
    """Failed sign-ins of one test do not lock the next one out."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Django's test database, of which PostgreSQL lets go only when the last thread of a server has."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
