"""What every test may ask for."""

import gc
import os

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import SimpleTestCase

from tests.copying import copy_plainly
from tests.emptying import empty_quickly
from tests.turns import take_turns

pytest_plugins = ["tests.fixtures"]

# The browser's driver runs an event loop in the thread of the tests, which Django would take for its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PROFILE = os.environ.get("TEST_PROFILE", "dev")
"""How much is tried: dev while one works, ci in `make test` where CI is set, prove in `make prove`."""
# On a busy machine time says nothing of correctness; a counterexample is printed so that it can be run again.
for name, examples in (("dev", 10), ("ci", 20), ("prove", 500)):
    hypothesis.settings.register_profile(name, deadline=None, print_blob=True, max_examples=examples)
# Fewer examples, the same each time, and no search for a smaller one: enough to catch a fault that was put there.
hypothesis.settings.register_profile(
    "short",
    hypothesis.settings.get_profile("dev"),
    max_examples=20,
    derandomize=True,
    database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile(PROFILE)
# The proof is of Django as it is.
if PROFILE != "prove":
    copy_plainly()
    empty_quickly()


def asks_for_database(item):
    """Whether a test asks for the database of the tests."""
    return bool(
        item.get_closest_marker("django_db")
        or {"db", "transactional_db", "django_db_setup"} & set(item.fixturenames)
        or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    )


def pytest_collection_modifyitems(config, items):
    """Mark which suite runs what; leave what is marked `prove` to `make prove`, or to whoever asks for it."""
    for item in items:
        if not (asks_for_database(item) or item.get_closest_marker("installation")):
            item.add_marker(pytest.mark.once)
    take_turns(items)
    is_named = any("::" in argument for argument in config.args)
    asks = any(mark in config.option.markexpr for mark in ("prove", "fault"))
    if PROFILE == "prove" or asks or is_named:
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("prove")])
    items[:] = [item for item in items if not item.get_closest_marker("prove")]


def pytest_collection_finish():
    """What is loaded by now stays to the end, and need not be gone through again for what tests leave behind."""
    gc.collect()
    gc.freeze()
    # A request leaves some thousands of objects, most of which go without being looked for.
    gc.set_threshold(50_000, 20, 50)


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
