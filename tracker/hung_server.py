"""A PostgreSQL server that has stopped answering: pages do not wait for it without end."""

import time
from collections.abc import Generator

import psycopg

SILENCE = 2
"""Seconds without a word from the server, after which another connection asks whether it still answers anybody."""


def give_up_if_hung(connection, **signal) -> None:
    """Let statements of a new connection fail once the server answers nobody; for the processes that answer pages.

    A statement that only takes long is waited for. What fails raises OperationalError, without a code.
    """
    if connection.vendor != "postgresql":
        return
    driver = connection.connection
    wait = driver.wait
    driver.wait = lambda steps, *arguments, **options: wait(
        _watched(steps, connection), *arguments, **options
    )


def _watched(steps: Generator, connection) -> Generator:
    """The `steps` of psycopg, which are told several times a second what is ready, if anything is."""
    heard = time.monotonic()
    try:
        wanted = next(steps)
        while True:
            ready = yield wanted
            if ready:
                heard = time.monotonic()
            elif time.monotonic() - heard > SILENCE:
                _require_answer(connection)
                heard = time.monotonic()
            wanted = steps.send(ready)
    except StopIteration as ended:
        return ended.value


def _require_answer(connection) -> None:
    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.errors.ConnectionTimeout as error:
        # Whatever it was asked, nobody takes the answer any more.
        connection.connection.pgconn.finish()
        raise psycopg.OperationalError("The server has stopped answering.") from error
    except psycopg.Error:
        # A refusal is an answer too.
        pass
