"""Queues of background work: of each, one process does what waits, in the order in which it was asked for."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import F, QuerySet
from django.utils import timezone

from tracker.files.importing.uploads import upload
from tracker.jobs.background import ATTEMPTS, hand_over
from tracker.models import DatasetLoad, Job, PreparedFile, User
from tracker.models.queued import Queued
from tracker.outage import outage_of
from tracker.recording.renewal import Tell
from tracker.recording.timestamps import ClockBehind
from tracker.write_lock import Busy, holding, is_held, is_locked_out, publish, work_folder

State = Queued.State
Do = Callable[[Any, Tell], None]
"""Does some work and ends it; its Tell hears how far it is, and raises Cancelled if it is no longer wanted.

Raises ValidationError with what speaks against it.
"""

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised in the middle of work that is no longer wanted, so that nothing of it is kept."""


@dataclass(frozen=True)
class Queue:
    """Work of several `models` that waits for one process."""

    name: str
    """What the process that works through it has locked."""
    command: str
    """The management command of that process."""
    models: tuple[type[Queued], ...]

    def first(self) -> Queued | None:
        """What is to be done next."""
        waiting = (waiting_of(model).order_by("begun_at", "pk").first() for model in self.models)
        return min(filter(None, waiting), key=lambda work: work.begun_at, default=None)

    def number_before(self, work: Queued) -> int:
        """How much of what waits comes before `work`."""
        return sum(waiting_of(model).filter(begun_at__lt=work.begun_at).count() for model in self.models)

    def begin(self) -> bool:
        """Start a process if something waits and none is at it; return whether it was started."""
        if not any(waiting_of(model).exists() for model in self.models):
            return False
        try:
            hand_over(self.name, self.command)
        except Busy:
            return False
        return True

    def work_through(self, do: Mapping[type[Queued], Do], handle: int | None = None) -> None:
        """Do all that waits, each as `do` says for its model; raises Busy if another process is at it.

        `handle`: the file descriptor if this process has the lock of the queue already.
        """
        with holding(self.name, handle):
            while work := self.first():
                _do(work, do[type(work)])


CHANGES = Queue("jobs", "run_jobs", (Job, DatasetLoad))
"""What is written to the record."""
FILES = Queue("files", "prepare_files", (PreparedFile,))
"""What is read for files; it stands in nobody's way, so it has a process of its own."""
QUEUES = (CHANGES, FILES)


def begin() -> None:
    """Start a process for each queue in which something waits, and none is at it."""
    for queue in QUEUES:
        queue.begin()


def waiting_of(model: type[Queued]) -> QuerySet:
    """The work of one `model` that waits, or is being done."""
    return model._default_manager.filter(state=State.WAITING)


def cancel(work: Queued) -> None:
    """Let `work` not be done, or be rolled back; what is done stays done.

    The process that is at it may hold the write lock of SQLite, so it is told by a file.
    """
    _unwanted(work).touch(mode=0o600)
    if not is_at_work(work):
        try:
            end(work, State.CANCELLED)
        except OperationalError as error:
            # Where other work holds the lock, the process finds the file when it comes to this one.
            if not is_locked_out(error):
                raise


def is_at_work(work: Queued) -> bool:
    """Whether a process is at `work`."""
    return work.is_waiting and is_held(work.ref)


def is_unwanted(work: Queued) -> bool:
    """Whether `work` was cancelled, and its process has not heard of it yet."""
    return work.is_waiting and _unwanted(work).exists()


def asker(work: Queued) -> User:
    """Who asked for `work`, with the rights of now; raises ValidationError if the account was closed."""
    user = User.objects.get(pk=work.by_id)
    if not user.is_active:
        raise ValidationError("The account that asked for it has been closed.")
    return user


def end(work: Queued, state: str, problems: list[str] | None = None, **values: Any) -> bool:
    """Say what became of `work`, with `values` of its fields; return whether it waited for that still."""
    # PostgreSQL keeps no NUL character, and they may repeat what was sent.
    kept = [problem.replace("\0", "\ufffd") for problem in problems or []]
    values = {"problems": kept, "hidden": sorted(work.by.hidden_process_ids)} | values
    rows = waiting_of(type(work)).filter(pk=work.pk)
    ended = rows.update(state=state, ended_at=timezone.now(), **values)
    _unwanted(work).unlink(missing_ok=True)
    if ended and state != State.DONE:
        # Nobody can begin it any more.
        upload(work).unlink(missing_ok=True)
    return bool(ended)


def _do(work: Queued, do: Do) -> None:
    with holding(work.ref, what=work.announcement) as handle:
        if is_unwanted(work):
            end(work, State.CANCELLED)
            return
        if work.attempts >= ATTEMPTS:
            why = f"It was begun {work.attempts} times, and its process ended each time. Nothing of it was kept."
            end(work, State.REFUSED, [why])
            return
        waiting_of(type(work)).filter(pk=work.pk).update(attempts=F("attempts") + 1)
        try:
            do(work, _telling(work, handle))
        except Cancelled:
            end(work, State.CANCELLED)
        except (ValidationError, ClockBehind) as error:
            end(work, State.REFUSED, error.messages)
        except Exception as error:
            if isinstance(error, OperationalError) or outage_of(error):
                # It is begun anew, when the database answers, or the disk has room.
                raise
            log.exception("Background work failed: %s", work.ref)
            end(work, State.REFUSED, ["It failed for a reason that the log of the server tells."])


def _telling(work: Queued, handle: int) -> Tell:
    def tell(done: int) -> None:
        publish(handle, done)
        if is_unwanted(work):
            raise Cancelled

    return tell


def _unwanted(work: Queued) -> Path:
    """The file that says that `work` is no longer wanted."""
    return work_folder() / f"{work.ref}.unwanted"
