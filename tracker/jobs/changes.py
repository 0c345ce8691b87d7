"""What a job does to the record, with the rights that its user has by then."""

from django.core.exceptions import ValidationError

from tracker.accounts.roles import refusal
from tracker.models import Item, Job, Process, Record, User
from tracker.models.mergeable import Mergeable
from tracker.queries import merging as merges
from tracker.queries import moving as moves
from tracker.recording.merging import merge, require_alike
from tracker.recording.moving import move
from tracker.recording.renewal import Tell
from tracker.recording.unmerging import BuiltOn, unmerge
from tracker.register import BY_URL_NAME

GONE = "What it was about was deleted, merged or moved in the meantime, or you may no longer see it."
CHANGED = "It was changed in the meantime: look again at what would happen."


def seen_of(*records: Record) -> str:
    """The versions of `records`, by which a form or a job says what was shown."""
    return " ".join(str(record.version) for record in records)


def carry_out(job: Job, tell: Tell) -> None:
    """Do the work of `job`; `tell` hears how many developments are renewed.

    Raises ValidationError with what speaks against it by now, Outdated when a record was changed.
    """
    user = User.objects.get(pk=job.by_id)
    if not user.is_active:
        raise ValidationError("The account that asked for it has been closed.")
    {Job.Work.MERGE: _merge, Job.Work.UNMERGE: _unmerge, Job.Work.MOVE: _move}[Job.Work(job.work)](
        user, job, tell
    )


def _merge(user: User, job: Job, tell: Tell) -> None:
    rows = BY_URL_NAME[job.record_type].model.objects.visible_to(user)
    merged, survivor = _one(rows, job.record_ref), _one(rows, job.other_ref)
    _require(user, "merge", merged)
    require_alike(merged, survivor)
    merges.require_no_circle(merged, survivor)
    asked = {question.key for question in merges.preview(merged, survivor, user).questions}
    if seen_of(merged, survivor) != job.seen or not asked <= job.choices.keys():
        raise ValidationError(CHANGED)
    merge(user, merged, survivor, job.note, job.choices, tell)


def _unmerge(user: User, job: Job, tell: Tell) -> None:
    rows = BY_URL_NAME[job.record_type].model.everything.visible_to(user)
    merged = _one(rows.filter(merged_into__ref=job.other_ref), job.record_ref)
    _require(user, "merge", merged)
    try:
        unmerge(user, merged, job.note, tell)
    except BuiltOn as built_on:
        obstacles = merges.obstacles(built_on, user)
        raise ValidationError(["It has been built on since.", *obstacles]) from None


def _move(user: User, job: Job, tell: Tell) -> None:
    item = _one(BY_URL_NAME[job.record_type].model.objects.visible_to(user), job.record_ref)
    process = _one(Process.objects.visible_to(user), job.other_ref)
    _require(user, "change", item)
    if moves.preview(item, process).seen != job.seen:
        raise ValidationError(CHANGED)
    move(user, item, process, job.note, tell)


def _one(rows, ref: str):
    record = rows.filter(ref=ref).first()
    if record is None:
        raise ValidationError(GONE)
    return record


def _require(user: User, action: str, record: Mergeable | Item) -> None:
    if why := refusal(user, action, record):
        raise ValidationError(why)
