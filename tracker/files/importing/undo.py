"""Taking an import back as one: withdrawn, corrected back, restored or deleted; or left as it is, with the reasons."""

from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError

from tracker import recording
from tracker.clocks import PRESENT
from tracker.files.importing.apply import parts_of
from tracker.files.importing.columns import Columns, precision_of
from tracker.files.importing.lock import Progress
from tracker.files.importing.parse import current, put
from tracker.files.importing.validate import frozen
from tracker.models import Change, Delegation, Development, Effect, ImportRow, ImportRun, Item
from tracker.models.dates import PartialDate
from tracker.models.vocabularies import CorrectionReason
from tracker.recording.prepare import copied
from tracker.recording.timestamps import one_instant

SHOWN = 50
"""How many reasons are kept why an import cannot be undone."""


class _Stays(Exception):
    """Something cannot be taken back, so nothing is."""


def undo(run: ImportRun, columns: Columns, progress: Progress) -> list[str]:
    """Take back all that `run` wrote, in the name of `undone_by`; empty, or why nothing was taken back."""
    problems: list[str] = []
    taken: set[str] = set()
    written = run.rows.filter(outcome__in=[ImportRow.Outcome.CREATED, ImportRow.Outcome.CHANGED])
    note = f"Import {run.ref} of {run.file_name} was undone."
    try:
        with one_instant():
            for number, row in enumerate(written.order_by("-number").iterator(chunk_size=500)):
                try:
                    with one_instant():
                        _take_back(run, columns, row, note, taken)
                except (ValidationError, ProtectedError, recording.Outdated) as error:
                    problems.append(f"Row {row.number}: {_why(error)}")
                    if len(problems) == SHOWN:
                        break
                if number % 100 == 0:
                    progress.tell(number)
            if problems:
                raise _Stays
    except _Stays:
        pass
    return problems


def _why(error) -> str:
    if isinstance(error, ProtectedError):
        return "other records rest on it."
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _take_back(run, columns: Columns, row: ImportRow, note: str, taken: set[str]) -> None:
    by, model = run.undone_by, columns.model
    created = row.outcome == ImportRow.Outcome.CREATED
    if columns.is_versioned or (created and issubclass(model, Item)):
        if row.whole not in taken:
            taken.add(row.whole)
            _take_back_development(by, row, note)
        return
    record = model.objects.filter(ref=row.ref).first()
    if record is None:
        raise ValidationError("it has been deleted since.")
    if created:
        _delete(by, record, note)
    else:
        _restore(by, record, row.kept, note)


def _take_back_development(by, row: ImportRow, note: str) -> None:
    now = Development.objects.at(PRESENT).filter(ref=row.whole).first()
    if now is None or now.version != (row.version or 0) + 1:
        raise ValidationError("its development has been corrected or withdrawn since.")
    if row.version is not None:
        old = Development.objects.get(ref=row.whole, version=row.version)
        recording.correct(by, now, copied(old), *parts_of(old), CorrectionReason.RECODED, note)
        return
    if row.ref != row.whole:
        others = Effect.objects.at(PRESENT).filter(item__ref=row.ref).exclude(development=now)
        if others.exists():
            raise ValidationError("other developments have moved it since.")
    recording.withdraw(by, now, note)


def _delete(by, record: Model, note: str) -> None:
    if Change.objects.filter(record_ref=record.ref, action=Change.Action.CHANGED).exists():
        raise ValidationError("it has been changed since.")
    if isinstance(record, Delegation) and record.delegates.exists():
        raise ValidationError("people have been entered in it since.")
    recording.delete(by, record, note)


def _restore(by, record: Model, kept: dict, note: str) -> None:
    related = {}
    for name, after in kept["after"].items():
        field = record._meta.get_field(name)
        now = frozen(current(record, field))
        if (sorted(now) != sorted(after)) if field.many_to_many else (now or None) != (after or None):
            raise ValidationError(f"its {field.verbose_name} has been changed since.")
        value = _thawed(record, field, kept["before"][name])
        put(record, field, value)
        if field.many_to_many:
            related[name] = value
    recording.save(by, record, related, note)


def _thawed(record: Model, field, value):
    if field.many_to_many:
        return list(field.related_model.objects.filter(pk__in=value))
    if field.is_relation:
        return None if value is None else field.related_model.objects.get(pk=value)
    if precision_of(type(record), field.name):
        return PartialDate.parse(value) if value else None
    return field.to_python(value)
