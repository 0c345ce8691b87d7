"""What a job does to the record, with the rights that its user has by then."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from tracker.accounts.roles import refusal
from tracker.models import Item, Job, Process, Record, User
from tracker.models.mergeable import Mergeable
from tracker.queries import merging as merges
from tracker.queries import moving as moves
from tracker.recording.merging import merge, renewal_of_merge, require_alike
from tracker.recording.moving import move, renewal_of_move
from tracker.recording.renewal import Tell
from tracker.recording.renewed_ahead import Renewal, RenewedAhead
from tracker.recording.unmerging import BuiltOn, renewal_of_unmerge, unmerge
from tracker.register import BY_URL_NAME

GONE = "What it was about was deleted, merged or moved in the meantime, or you may no longer see it."
CHANGED = "It was changed in the meantime: look again at what would happen."


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
    ahead = RenewedAhead(check(_asker(job), job), attempt)
    ahead.make_ready(tell)
    # Of those that were changed meanwhile, and made ready as they are now, it is asked whether they may be.
    check(_asker(job), job)
    return ahead


def carry_out(job: Job, tell: Tell, ahead: RenewedAhead | None = None) -> None:
    """Do the work of `job`, with what is ready of it; `tell` hears how many developments are renewed besides.

    Raises ValidationError with what speaks against it by now, Outdated when a record was changed, Overtaken when it has
    to be made ready anew.
    """
    work = {Job.Work.MERGE: _merge, Job.Work.UNMERGE: _unmerge, Job.Work.MOVE: _move}[Job.Work(job.work)]
    work(_asker(job), job, tell, ahead)


def _asker(job: Job) -> User:
    user = User.objects.get(pk=job.by_id)
    if not user.is_active:
        raise ValidationError("The account that asked for it has been closed.")
    return user


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
