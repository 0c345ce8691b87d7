"""The people and the secret that most tests need: a user of each role, and a process that few may know of."""

import contextlib
import datetime as dt
import sqlite3
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.factories import ProcessFactory, UserFactory
from tests.installation import fresh, started
from tracker.models import LastRecording

sqlite_alone = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"), reason="PostgreSQL locks single rows"
)


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
def dave_in(client, dave):
    """dave, signed in to the test's client."""
    client.force_login(dave)


@pytest.fixture
def bobs(bob):
    """A second client, with bob signed in."""
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def restricted_process(alice):
    """A process that only alice, its member, and administrators may know of."""
    return ProcessFactory(secret=True, title="Secret channel", members=[alice])


@contextlib.contextmanager
def turned_clock():
    """Yield what sets the application's clock until the block ends: turn("2025-02-20T10:00Z").

    The first time it may be turned back behind what was recorded so far, which is then taken for recorded by then.
    """
    with mock.patch("django.utils.timezone.now", wraps=timezone.now) as now:

        def turn(instant):
            if now.side_effect is None:
                # A test without a database has no recordings.
                with contextlib.suppress(RuntimeError):
                    LastRecording.objects.filter(at__gt=dt.datetime.fromisoformat(instant)).update(at=instant)
            now.side_effect = lambda: dt.datetime.fromisoformat(instant)

        yield turn


@pytest.fixture
def clock():
    """Sets the application's clock: clock("2025-02-20T10:00Z"), until set again or the test ends."""
    with turned_clock() as turn:
        yield turn


@pytest.fixture(scope="module")
def module_record(django_db_setup, django_db_blocker):
    """A transaction around the tests of a module: what its module-scoped fixtures record is there for each of them.

    Each test undoes only what it wrote itself. Only for what no test changes in memory, and for modules whose tests
    neither ask for transactions of their own nor restore packages: PostgreSQL keeps the sequences that these set.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """The environment of an installation that was started once and holds the worked example, and what it printed."""
    with fresh(tmp_path_factory.mktemp("var")) as environment:
        with started(environment) as printed:
            pass
        yield environment, printed


@pytest.fixture
def locked():
    """A context in which another program holds the write lock; on PostgreSQL, the rows of all processes and parties."""

    @contextlib.contextmanager
    def hold():
        given = connection.get_connection_params()
        with connection.cursor() as cursor:
            # Long enough to tell a wait from none, and short enough for a test.
            cursor.execute(
                "PRAGMA busy_timeout = 50" if connection.vendor == "sqlite" else "SET lock_timeout = '50ms'"
            )
        if connection.vendor == "sqlite":
            with contextlib.closing(sqlite3.connect(given["database"], isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                yield
                other.execute("ROLLBACK")
        else:
            said = connection.settings_dict
            address = {name.lower(): said[name] for name in ("HOST", "PORT", "USER", "PASSWORD")}
            with psycopg.connect(**address, dbname=said["NAME"]) as other:
                other.execute("SELECT 1 FROM tracker_process FOR UPDATE")
                other.execute("SELECT 1 FROM tracker_party FOR UPDATE")
                yield
                other.rollback()

    yield hold
    connection.close()
