"""The queue of jobs: one process does them in the order in which they were asked for."""

import logging
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.db.models import F
from django.utils import timezone

from tracker.jobs.background import ATTEMPTS, hand_over
from tracker.jobs.changes import carry_out, make_ready
from tracker.models import Job, Record, User
from tracker.outage import outage_of
from tracker.recording.audit import Outdated
from tracker.recording.meanwhile import Overtaken
from tracker.recording.renewal import Tell
from tracker.recording.timestamps import ClockBehind, one_instant
from tracker.write_lock import Busy, holding, is_held, is_locked_out, publish, work_folder

QUEUE = "jobs"
"""What the process that works through the queue has locked."""

SECONDS_EACH = 0.0004
"""How long SQLite is locked for each record of a job, as decision 36 measured."""
TRIES = 3
"""How often it is made ready anew if others keep recording what matters to it."""

log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Raised in the middle of a job that is no longer wanted, so that nothing of it is kept."""


def ask(by: User, work: Job.Work, record: Record, other: Record, **asked) -> Job:
    """Put the `work` at the end of the queue, and return it; where `record` has a job already, that one.

    `asked`: record_type, seen, note, total and choices of the Job.
    """
    job, _ = Job.objects.get_or_create(
        record_ref=record.ref,
        state=Job.State.WAITING,
        defaults=asked | {"by": by, "work": work, "other_ref": other.ref},
    )
    begin()
    return job


def begin() -> bool:
    """Start a process for the queue if jobs wait and none is at it; return whether it was started."""
    if not _waiting().exists():
        return False
    try:
        hand_over(QUEUE, "run_jobs")
    except Busy:
        return False
    return True


def cancel(job: Job) -> None:
    """Let `job` not be done, or be rolled back; what is done stays done.

    The process that is at it may hold the write lock of SQLite, so it is told by a file.
    """
    _unwanted(job).touch(mode=0o600)
    if not is_at_work(job):
        try:
            _end(job, Job.State.CANCELLED)
        except OperationalError as error:
            # Where another job holds the lock, the process finds the file when it comes to this one.
            if not is_locked_out(error):
                raise


def seconds_locked(total: int) -> int:
    """For about how many seconds a job that changes `total` records keeps others from saving; 0 on PostgreSQL."""
    return round(total * SECONDS_EACH) if connection.vendor == "sqlite" else 0


def is_at_work(job: Job) -> bool:
    """Whether a process is at `job`."""
    return job.is_waiting and is_held(job.ref)


def is_unwanted(job: Job) -> bool:
    """Whether `job` was cancelled, and its process has not heard of it yet."""
    return job.is_waiting and _unwanted(job).exists()


def work_through(handle: int | None = None) -> None:
    """Do all jobs that wait; raises Busy if another process is at it.

    `handle`: the file descriptor if this process has the lock of the queue already.
    """
    with holding(QUEUE, handle):
        while job := _waiting().order_by("pk").first():
            _do(job)


def _waiting():
    return Job.objects.filter(state=Job.State.WAITING)


def _do(job: Job) -> None:
    with holding(job.ref, what=f"a {job.get_work_display()}") as handle:
        if is_unwanted(job):
            _end(job, Job.State.CANCELLED)
            return
        if job.attempts >= ATTEMPTS:
            why = (
                f"It was begun {job.attempts} times, and its process ended each time. Nothing of it was kept."
            )
            _end(job, Job.State.REFUSED, [why])
            return
        Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)
        try:
            _carry_out(job, _telling(job, handle))
        except Cancelled:
            _end(job, Job.State.CANCELLED)
        except Outdated:
            _end(job, Job.State.REFUSED, ["One of the records was changed in the meantime: look again."])
        except Overtaken:
            why = "Others are recording so much at the moment that nothing was changed: ask for it again."
            _end(job, Job.State.REFUSED, [why])
        except (ValidationError, ClockBehind) as error:
            _end(job, Job.State.REFUSED, error.messages)
        except Exception as error:
            if isinstance(error, OperationalError) or outage_of(error):
                # It is begun anew, when the database answers, or the disk has room.
                raise
            log.exception("A job failed: %s", job.ref)
            _end(job, Job.State.REFUSED, ["It failed for a reason that the log of the server tells."])


def _carry_out(job: Job, tell: Tell) -> None:
    """Do the work of `job`, and say that it is done, in one transaction, once most of it is ready to be written."""
    for attempt in range(1, TRIES + 1):
        ahead = make_ready(job, tell, attempt)
        try:
            with one_instant():
                carry_out(job, lambda more, ready=ahead.done: tell(ready + more), ahead)
                if is_unwanted(job) or not _end(job, Job.State.DONE):
                    raise Cancelled
            return
        except Overtaken:
            if attempt == TRIES:
                raise


def _telling(job: Job, handle: int) -> Tell:
    def tell(done: int) -> None:
        publish(handle, done)
        if is_unwanted(job):
            raise Cancelled

    return tell


def _end(job: Job, state: Job.State, problems: list[str] | None = None) -> bool:
    """Say what became of `job`; return whether it waited for that still."""
    values = {"problems": problems or [], "hidden": sorted(job.by.hidden_process_ids)}
    ended = _waiting().filter(pk=job.pk).update(state=state, ended_at=timezone.now(), **values)
    _unwanted(job).unlink(missing_ok=True)
    return bool(ended)


def _unwanted(job: Job) -> Path:
    """The file that says that `job` is no longer wanted."""
    return work_folder() / f"{job.ref}.unwanted"
