"""A PostgreSQL server that takes connections and answers none, as when its machine is overwhelmed or it was stopped."""

import contextlib
import socket
import threading
import time

import pytest
from django.db import OperationalError, connection

from tracker import hung_server
from tracker.outage import Outage, outage_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.postgres]


class Line:
    """A line to the server of `connection`, which can be cut without either side hearing of it."""

    def __init__(self, held):
        self.held, self.is_cut = held, threading.Event()
        self.listener = held.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self):
        given = connection.settings_dict
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection((given["HOST"], given["PORT"]))
                for ends in ((near, far), (far, near)):
                    self.held.enter_context(ends[0])
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, giver, taker):
        with contextlib.suppress(OSError):
            while given := giver.recv(65536):
                if not self.is_cut.is_set():
                    taker.sendall(given)


@pytest.fixture
def line():
    with contextlib.ExitStack() as held:
        yield Line(held)


@pytest.fixture
def over_the_line(line):
    """A connection over the line, as one that answers pages has it."""
    over = connection.copy()
    over.settings_dict = over.settings_dict | {
        "HOST": "127.0.0.1",
        "PORT": line.port,
        "OPTIONS": over.settings_dict["OPTIONS"] | {"connect_timeout": 2},
    }
    over.ensure_connection()
    hung_server.give_up_if_hung(over)
    yield over
    over.close()


def test_what_takes_long_is_waited_for_and_a_server_that_hangs_is_not(line, over_the_line, monkeypatch):
    monkeypatch.setattr(hung_server, "SILENCE", 0.2)
    with over_the_line.cursor() as cursor:
        cursor.execute("SELECT 'late' FROM pg_sleep(0.8)")
        assert cursor.fetchone() == ("late",)
        line.is_cut.set()
        # Who would wait without end does not wait here.
        threading.Timer(20, line.held.close).start()
        begun = time.monotonic()
        with pytest.raises(OperationalError) as raised:
            cursor.execute("SELECT 1")
    assert outage_of(raised.value) is Outage.AWAY
    assert time.monotonic() - begun < 15
    assert not over_the_line.is_usable()
