"""Starts processes that work in the background, and goes on with what has lost its process."""

import datetime as dt
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connections

from tracker.write_lock import hold

EVERY = 5
"""The seconds between two looks."""
PATIENCE = dt.timedelta(seconds=10)
"""How long work may have begun without a process: the one that was asked for it is about to begin."""
ATTEMPTS = 3
"""How often work is begun before it is left to people: what ends its process may be the work itself."""

log = logging.getLogger(__name__)


def hand_over(ref: str, *command: str) -> None:
    """Start `manage.py command` in a process that inherits the lock of `ref`, so that it never appears interrupted.

    Raises Busy if another process has it.
    """
    held = hold(ref)
    try:
        process = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command, f"--held={held}"],
            pass_fds=[held],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        # Once it has ended, it stays in the table of processes until its parent asks how.
        threading.Thread(target=process.wait, daemon=True, name="end of background work").start()
    finally:
        os.close(held)


def watch(*looks: Callable[[], object]) -> None:
    """Call each of `looks` every few seconds for as long as this process lives, in a thread of its own."""
    threading.Thread(target=_watch, args=looks, daemon=True, name="background work").start()


def _watch(*looks: Callable[[], object]) -> None:
    while True:
        time.sleep(EVERY)
        try:
            for look in looks:
                look()
        except (DatabaseError, OSError) as error:
            log.warning("Interrupted work could not be looked for: %s", error)
        finally:
            connections.close_all()
