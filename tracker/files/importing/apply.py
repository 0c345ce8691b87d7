"""Writes validated rows through `tracker.recording`, whose errors become messages of the row."""

from collections.abc import Callable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tracker import recording
from tracker.clocks import PRESENT
from tracker.files.importing.checking import refuse_broken
from tracker.files.importing.predecessors import hangs_on, settle
from tracker.files.importing.row_result import WRITTEN, Outcome, RowResult
from tracker.models import Citation, Development, Effect, Item, Record, User
from tracker.recording.bulk import NewDevelopment, RowRefused, record_all
from tracker.recording.prepare import copied

BROKEN = "Another record on file, or another row, stands in its way."


def write(by: User, results: list[RowResult]) -> None:
    """Write `results` in the caller's transaction; refused rows get the errors of `tracker.recording`."""
    writing = [result for result in results if result.outcome in WRITTEN]
    if not writing:
        return
    if isinstance(writing[0].record, Effect | Citation):
        # Changes to several effects of one development are one correction.
        writing.sort(key=attrgetter("whole"))
        for _, group in groupby(writing, key=attrgetter("whole")):
            _attempt(list(group), _correct_parts, by)
        return
    if isinstance(writing[0].record, Development):
        record_new(by, [result for result in writing if result.outcome == Outcome.CREATED], record_all)
        writing = [result for result in writing if result.outcome == Outcome.CHANGED]
    for result in writing:
        _attempt([result], _save, by)


def record_new(
    by: User, new: list[RowResult], record: Callable[[User, list[NewDevelopment]], object]
) -> None:
    """Record new developments, each with its effect and citation, with `record`: all that are valid."""
    _record_valid(by, [result for result in new if result.joined_with is None], record)
    for result in new:
        if result.joined_with is not None and result.joined_with.messages:
            result.refuse("", f"Row {result.joined_with.row.number}, which it goes on, cannot be recorded.")


def _record_valid(
    by: User, new: list[RowResult], record: Callable[[User, list[NewDevelopment]], object]
) -> None:
    while new := [result for result in new if settle(result)]:
        try:
            record(
                by,
                [
                    NewDevelopment(result.record, result.effects, result.citations, row=result.row.number)
                    for result in new
                    if isinstance(result.record, Development)
                ],
            )
            return
        except RowRefused as refusal:
            wrong = [new[place] for place in refusal.errors]
            for result, error in zip(wrong, refusal.errors.values(), strict=True):
                # A row after a wrong one is refused in its turn, with the number of that row.
                if not hangs_on(result, wrong):
                    refuse_broken(result, error)
        new = [result for result in new if result.outcome in WRITTEN]
        for result in new:
            for row in filter(None, (result.record, *result.effects, *result.citations)):
                row.pk, row._state.adding = None, True


def _attempt(group: list[RowResult], action: Callable[[User, list[RowResult]], None], by: User) -> None:
    try:
        action(by, group)
    except recording.Outdated as error:
        for result in group:
            result.refuse("", str(error), Outcome.CONFLICTING)
    except ValidationError as error:
        for result in group:
            refuse_broken(result, error)
    except IntegrityError:
        for result in group:
            result.refuse("", BROKEN)


def _save(by: User, group: list[RowResult]) -> None:
    """Save the only row of `group`."""
    result = group[0]
    record = result.record
    if isinstance(record, Development):
        effects, citations = parts_of(record)
        recording.correct(by, record, copied(record), effects, citations, result.reason, result.reason_note)
    elif isinstance(record, Item) and result.development is not None:
        raised = [(record, result.related)]
        recording.record(by, result.development, result.effects, result.citations, raised)
    elif record is not None:
        recording.save(by, record, result.related)


def _correct_parts(by: User, group: list[RowResult]) -> None:
    """Correct one development with all changes of its effects or citations in `group`."""
    first = group[0]
    old = Development.objects.at(PRESENT).filter(ref=first.whole).first()
    if old is None or any(result.version != old.version for result in group):
        raise recording.Outdated(old)
    changed = {result.ref: result.record for result in group if result.record and result.present is not None}
    effects, citations = parts_of(old, changed)
    for result in group:
        if result.present is None and isinstance(result.record, Effect):
            effects.append(copied(result.record))
        elif result.present is None and isinstance(result.record, Citation):
            citations.append(copied(result.record))
    recording.correct(by, old, copied(old), effects, citations, first.reason, first.reason_note)


def parts_of(
    development: Development, changed: Mapping[str, Record] | None = None
) -> tuple[list[Effect], list[Citation]]:
    """Unsaved copies of the effects and citations of a version, with those in `changed`, by reference."""
    changed = changed or {}
    effects = development.effects.select_related("item", "party").order_by("pk")
    citations = development.citations.select_related("source")
    return (
        [copied(cast(Effect, changed.get(effect.ref, effect))) for effect in effects],
        [copied(cast(Citation, changed.get(citation.ref, citation))) for citation in citations],
    )
