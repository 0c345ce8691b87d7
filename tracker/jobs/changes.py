"""What a job does to the record, with the rights that its user has by then."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import connection

from tracker.accounts.roles import refusal
from tracker.jobs.queue import CHANGES, Cancelled, asker, end, is_unwanted
from tracker.models import Item, Job, Process, Record, User
from tracker.models.mergeable import Mergeable
from tracker.queries import merging as merges
from tracker.queries import moving as moves
from tracker.recording.audit import Outdated
from tracker.recording.meanwhile import Overtaken
from tracker.recording.merging import merge, renewal_of_merge, require_alike
from tracker.recording.moving import move, renewal_of_move
from tracker.recording.renewal import Tell
from tracker.recording.renewed_ahead import Renewal, RenewedAhead
from tracker.recording.timestamps import one_instant
from tracker.recording.unmerging import BuiltOn, renewal_of_unmerge, unmerge
from tracker.register import BY_URL_NAME

GONE = "What it was about was deleted, merged or moved in the meantime, or you may no longer see it."
CHANGED = "It was changed in the meantime: look again at what would happen."

SECONDS_EACH = 0.0004
"""How long SQLite is locked for each record of a job, as decision 36 measured."""
TRIES = 3
"""How often it is made ready anew if others keep recording what matters to it."""


def ask(by: User, work: Job.Work, record: Record, other: Record, **asked) -> Job:
    """Put the `work` at the end of the queue, and return it; where `record` has a job already, that one.

    `asked`: record_type, seen, note, total and choices of the Job.
    """
    job, _ = Job.objects.get_or_create(
        record_ref=record.ref,
        state=Job.State.WAITING,
        defaults=asked | {"by": by, "work": work, "other_ref": other.ref},
    )
    CHANGES.begin()
    return job


def seconds_locked(total: int) -> int:
    """For about how many seconds a job that changes `total` records keeps others from saving; 0 on PostgreSQL."""
    return round(total * SECONDS_EACH) if connection.vendor == "sqlite" else 0


def do(job: Job, tell: Tell) -> None:
    """Do the work of `job`, and say that it is done, in one transaction, once most of it is ready to be written.

    `tell` hears how many records are renewed. Raises ValidationError with what speaks against it by now.
    """
    for attempt in range(1, TRIES + 1):
        try:
            ahead = make_ready(job, tell, attempt)
            with one_instant():
                carry_out(job, lambda more, ready=ahead.done: tell(ready + more), ahead)
                if is_unwanted(job) or not end(job, Job.State.DONE):
                    raise Cancelled
            return
        except Outdated:
            raise ValidationError("One of the records was changed in the meantime: look again.") from None
        except Overtaken:
            if attempt == TRIES:
                why = "Others are recording so much at the moment that nothing was changed: ask for it again."
                raise ValidationError(why) from None


def seen_of(*records: Record) -> str:
    """The versions of `records`, by which a form or a job says what was shown."""
    return " ".join(str(record.version) for record in records)


def make_ready(job: Job, tell: Tell, attempt: int) -> RenewedAhead:
    """Make the new versions of developments that `job` is to write ready while others record.

    `attempt`: the number, from 1, of times that it is tried. `tell` hears how many are ready. Raises as `carry_out`
    does.
    """
    check = {Job.Work.MERGE: _of_merge, Job.Work.UNMERGE: _of_unmerge, Job.Work.MOVE: _of_move}[
        Job.Work(job.work)
    ]
    ahead = RenewedAhead(check(asker(job), job), attempt)
    ahead.make_ready(tell)
    # Of those that were changed meanwhile, and made ready as they are now, it is asked whether they may be.
    check(asker(job), job)
    return ahead


def carry_out(job: Job, tell: Tell, ahead: RenewedAhead | None = None) -> None:
    """Do the work of `job`, with what is ready of it; `tell` hears how many developments are renewed besides.

    Raises ValidationError with what speaks against it by now, Outdated when a record was changed, Overtaken when it has
    to be made ready anew.
    """
    work = {Job.Work.MERGE: _merge, Job.Work.UNMERGE: _unmerge, Job.Work.MOVE: _move}[Job.Work(job.work)]
    work(asker(job), job, tell, ahead)


def _pair(user: User, job: Job) -> tuple[Mergeable, Mergeable]:
    """What is merged, and into what, as they were shown; raises ValidationError if they are not."""
    rows = BY_URL_NAME[job.record_type].model.objects.visible_to(user)
    merged, survivor = _one(rows, job.record_ref), _one(rows, job.other_ref)
    _require(user, "merge", merged)
    require_alike(merged, survivor)
    merges.require_no_circle(merged, survivor)
    asked = {question.key for question in merges.preview(merged, survivor, user).questions}
    if seen_of(merged, survivor) != job.seen or not asked <= job.choices.keys():
        raise ValidationError(CHANGED)
    return merged, survivor


def _of_merge(user: User, job: Job) -> Renewal:
    return renewal_of_merge(user, *_pair(user, job), job.note, job.choices)


def _merge(user: User, job: Job, tell: Tell, ahead: RenewedAhead | None) -> None:
    merge(user, *_pair(user, job), job.note, job.choices, tell, ahead)


def _merged(user: User, job: Job) -> Mergeable:
    rows = BY_URL_NAME[job.record_type].model.everything.visible_to(user)
    merged = _one(rows.filter(merged_into__ref=job.other_ref), job.record_ref)
    _require(user, "merge", merged)
    return merged


def _of_unmerge(user: User, job: Job) -> Renewal:
    with _saying_what_was_built(user):
        return renewal_of_unmerge(user, _merged(user, job), job.note)


def _unmerge(user: User, job: Job, tell: Tell, ahead: RenewedAhead | None) -> None:
    with _saying_what_was_built(user):
        unmerge(user, _merged(user, job), job.note, tell, ahead)


@contextmanager
def _saying_what_was_built(user: User) -> Iterator[None]:
    try:
        yield
    except BuiltOn as built_on:
        obstacles = merges.obstacles(built_on, user)
        raise ValidationError(["It has been built on since.", *obstacles]) from None


def _moved(user: User, job: Job) -> tuple[Item, Process]:
    """What is moved, and where to, as they were shown; raises ValidationError if they are not."""
    item = _one(BY_URL_NAME[job.record_type].model.objects.visible_to(user), job.record_ref)
    process = _one(Process.objects.visible_to(user), job.other_ref)
    _require(user, "change", item)
    if moves.preview(item, process).seen != job.seen:
        raise ValidationError(CHANGED)
    return item, process


def _of_move(user: User, job: Job) -> Renewal:
    return renewal_of_move(user, *_moved(user, job), job.note)


def _move(user: User, job: Job, tell: Tell, ahead: RenewedAhead | None) -> None:
    move(user, *_moved(user, job), job.note, tell, ahead)


def _one(rows, ref: str):
    record = rows.filter(ref=ref).first()
    if record is None:
        raise ValidationError(GONE)
    return record


def _require(user: User, action: str, record: Mergeable | Item) -> None:
    if why := refusal(user, action, record):
        raise ValidationError(why)
