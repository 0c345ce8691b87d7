"""Undoes a whole import: records are withdrawn, corrected back, restored or deleted; all or nothing."""

from functools import partial
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Count, ProtectedError
from django.utils import timezone

from tracker import recording
from tracker.clocks import PRESENT
from tracker.files.importing.ahead import SMALL_ROWS, until_recorded
from tracker.files.importing.apply import parts_of
from tracker.files.importing.columns import Columns
from tracker.files.importing.existing import current, frozen
from tracker.files.importing.row_result import WRITTEN
from tracker.files.importing.uploads import Progress, require_wanted
from tracker.files.importing.values import put
from tracker.models import Change, Delegation, Development, Effect, ImportRow, ImportRun, Item, Record, User
from tracker.models.batches import BATCH, in_batches
from tracker.models.dates import Span, precision_of
from tracker.models.fields import concrete_field
from tracker.models.mergeable import Mergeable
from tracker.models.vocabularies import CorrectionReason
from tracker.recording.booking import book, wait_for
from tracker.recording.bulk import withdraw_all
from tracker.recording.meanwhile import NamedMeanwhile, Overtaken
from tracker.recording.prepare import copied
from tracker.recording.timestamps import ClockBehind, Pending, one_instant

State = ImportRun.State
SHOWN = 50
"""The maximum number of stored reasons why an import cannot be undone."""


class _NotUndone(Exception):
    """Raised to roll back if rows cannot be undone."""

    def __init__(self, problems: list[str]):
        super().__init__(problems)
        self.problems = problems


def undo(run: ImportRun, columns: Columns, progress: Progress) -> None:
    """Undo everything that `run` wrote; if a row cannot be undone nothing is, and its problems say why."""
    try:
        until_recorded(run, partial(_attempt, run, columns, progress))
        return
    except _NotUndone as refusal:
        problems = refusal.problems[:SHOWN]
    except Overtaken:
        problems = ["Others are recording so much at the moment that nothing was undone: try again."]
    except (NamedMeanwhile, ClockBehind) as error:
        run.refresh_from_db()
        problems = error.messages
    _finish(run, problems)


def _finish(run: ImportRun, problems: list[str]) -> None:
    run.problems, run.state = problems, State.DONE if problems else State.UNDONE
    run.undone_at = None if problems else timezone.now()
    run.save()


def _attempt(run: ImportRun, columns: Columns, progress: Progress, number: int) -> None:
    """Undo and finish `run` in one transaction; raises _NotUndone if some rows cannot be undone."""
    with one_instant() as pending:
        if not may_undo(run, columns.model, cast(User, run.undone_by)):
            raise _NotUndone(["Whoever asked for it may not undo it any more."])
        if problems := _undo_all(run, columns, progress, pending, number):
            raise _NotUndone(problems)
        require_wanted(run)
        _finish(run, [])


def may_undo(run: ImportRun, model: type[Record], user: User) -> bool:
    """Whether the role of `user` allows to undo what `run` did to records of `model`, all of which `user` may see."""
    needed = "delete" if run.count(ImportRow.Outcome.CREATED) else "change"
    is_seen = ImportRun.objects.visible_to(user).filter(pk=run.pk).exists()
    return is_seen and user.has_perm(f"tracker.{needed}_{model._meta.model_name}")


def _undo_all(
    run: ImportRun, columns: Columns, progress: Progress, pending: Pending, attempt: int
) -> list[str]:
    """Undo the rows of `run`; return why some cannot be undone."""
    by = run.undone_by
    assert by is not None, "whoever asks for it is stored with the state"
    problems: list[str] = []
    undone: set[str] = set()
    written = run.rows.filter(outcome__in=WRITTEN).order_by("-number").defer("cells", "changes", "messages")
    note = f"Import {run.ref} of {run.file_name} was undone."
    number, done = run.count(*WRITTEN), 0
    are_developments = columns.model is Development
    instant = None
    if are_developments and number > SMALL_ROWS:
        effects = Effect.objects.at(PRESENT).filter(development__ref__in=written.values("whole"))
        items = effects.order_by().aggregate(items=Count("item", distinct=True))["items"]
        instant = book(pending, number, items, attempt)
    for rows in in_batches(written.iterator(chunk_size=BATCH)):
        if are_developments:
            undone |= _withdraw(by, rows, note)
        for row in rows:
            done += 1
            if row.whole in undone:
                continue
            try:
                with one_instant():
                    _undo_row(by, columns, row, note, undone)
            except (ValidationError, ProtectedError, recording.Outdated) as error:
                problems.append(f"Row {row.number}: {_reason(error)}")
            progress.tell(done)
        if are_developments:
            progress.tell(done)
        if len(problems) >= SHOWN:
            return problems
    if instant:
        wait_for(instant, len(pending.items), attempt)
    return problems


def _withdraw(by: User, rows: list[ImportRow], note: str) -> set[str]:
    """Withdraw the developments that `rows` recorded and nobody has changed since; return their references."""
    created = [row.whole for row in rows if row.outcome == ImportRow.Outcome.CREATED]
    current = Development.objects.at(PRESENT).filter(ref__in=created, version=1)
    keys = dict(current.order_by().values_list("ref", "pk"))
    try:
        withdraw_all(by, keys.values(), note)
    except recording.Outdated as error:
        raise Overtaken("One of them was corrected or withdrawn just now.") from error
    return {*keys}


def _reason(error: Exception) -> str:
    if isinstance(error, ProtectedError):
        return "other records rest on it."
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _undo_row(by: User, columns: Columns, row: ImportRow, note: str, undone: set[str]) -> None:
    """Undo one row; `undone` has the references of developments already undone."""
    created = row.outcome == ImportRow.Outcome.CREATED
    if columns.is_versioned or (created and issubclass(columns.model, Item)):
        undone.add(row.whole)
        _undo_development(by, columns.model, row, note)
        return
    record = columns.model.objects.filter(ref=row.ref).first()
    if record is None:
        raise ValidationError(f"it has been {_gone(columns.model, row.ref)} since.")
    if created:
        _delete(by, record, note)
    else:
        _restore(by, record, row.kept or {"before": {}, "after": {}}, note)


def _gone(model: type[Record], ref: str) -> str:
    if not issubclass(model, Mergeable) or (led := model.everything.filter(ref=ref).first()) is None:
        return "deleted"
    moved = Change.objects.moved_away(ref, led.recorded_at).exists()
    return "moved to another process" if moved else "merged into another record"


def _changed(model: type[Record], row: ImportRow) -> str:
    """What has become of the development that `row` recorded or corrected."""
    if issubclass(model, Item) and not model.objects.filter(ref=row.ref).exists():
        return f"it has been {_gone(model, row.ref)} since."
    since = Development.objects.filter(ref=row.whole, version__gt=row.version or 0)
    moved = since.filter(ended_reason=CorrectionReason.WRONG_PROCESS).exists()
    return (
        f"its development has been {'moved to another process' if moved else 'corrected or withdrawn'} since."
    )


def _undo_development(by: User, model: type[Record], row: ImportRow, note: str) -> None:
    now = Development.objects.at(PRESENT).filter(ref=row.whole).first()
    if now is None or now.version != (row.version or 0) + 1:
        raise ValidationError(_changed(model, row))
    if row.version is not None:
        old = Development.objects.get(ref=row.whole, version=row.version)
        effects, citations = parts_of(old)
        for part in (old, *effects, *citations):
            _require_standing(part)
        restored = copied(old)
        restored.earlier_place = old.placed_at, old.place
        recording.correct(by, now, restored, effects, citations, CorrectionReason.RECODED, note)
        return
    if row.ref != row.whole:
        others = Effect.objects.at(PRESENT).filter(item__ref=row.ref).exclude(development=now)
        if others.exists():
            raise ValidationError("other developments have moved it since.")
    recording.withdraw(by, now, note)


def _require_standing(part: Record) -> None:
    """Raise ValidationError if what an earlier version names was merged, or moved, since."""
    for field in part._meta.concrete_fields:
        named = getattr(part, field.name) if hasattr(field.related_model, "merged_into") else None
        if named is not None and named.merged_into_id:
            raise ValidationError(f"its earlier {field.verbose_name} has been merged or moved since.")


def _delete(by: User, record: Record, note: str) -> None:
    if Change.objects.filter(record_ref=record.ref, action=Change.Action.CHANGED).exists():
        raise ValidationError("it has been changed since.")
    if isinstance(record, Delegation) and record.delegates.exists():
        raise ValidationError("people have been entered in it since.")
    recording.delete(by, record, note)


def _restore(by: User, record: Record, kept: dict, note: str) -> None:
    """Restore the values of `record` from before the import, unless they have been changed since."""
    related = {}
    for name, after in kept["after"].items():
        field = record._meta.get_field(name)
        now = frozen(current(record, name))
        if (sorted(now) != sorted(after)) if field.many_to_many else (now or None) != (after or None):
            label = concrete_field(type(record), name).verbose_name
            raise ValidationError(f"its {label} has been changed since.")
        value = _thawed(record, name, kept["before"][name])
        put(record, name, value)
        if field.many_to_many:
            related[name] = value
    recording.save(by, record, related, note)


def _thawed(record: Record, name: str, value: Any) -> Any:
    """The value of the field `name`, converted back from `frozen`."""
    field = concrete_field(type(record), name)
    if field.related_model is not None:
        others = field.related_model._default_manager
        if field.many_to_many:
            return list(others.filter(pk__in=value))
        other = others.filter(pk=value).first()
        if value is not None and other is None:
            raise ValidationError(f"its earlier {field.verbose_name} has been merged or deleted since.")
        return other
    if precision_of(type(record), name):
        return Span.parse(value) if value else None
    return field.to_python(value)
