"""Writing what judged rows come to, through the one door; what the door refuses is said at its row."""

from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tracker import recording
from tracker.clocks import PRESENT
from tracker.files.importing.row_result import Outcome, RowResult
from tracker.models import Citation, Development, Effect, Item
from tracker.recording.bulk import NewDevelopment, RowRefused, record_all
from tracker.recording.prepare import copied
from tracker.recording.timestamps import one_instant

BROKEN = "Another record on file, or another row, stands in its way."


def write(by, judged: list[RowResult]) -> None:
    """Write what `judged` come to, in one transaction of the caller's; rows that the door refuses get its reasons."""
    wanted = [one for one in judged if one.writes]
    if not wanted:
        return
    model = type(wanted[0].record)
    if model in (Effect, Citation):
        # Many effects of one development are one correction of it.
        wanted.sort(key=lambda one: one.whole)
        for _, group in groupby(wanted, key=lambda one: one.whole):
            _tried(list(group), lambda some: _correct_parts(by, model, some))
        return
    if model is Development:
        record_new(by, [one for one in wanted if one.outcome == Outcome.CREATED])
        wanted = [one for one in wanted if one.outcome == Outcome.CHANGED]
    for one in wanted:
        _tried([one], lambda group: _save(by, *group))


def record_new(by, new: list[RowResult]) -> None:
    """Record new developments, each with what it brings along, in a few queries for all that break no rule."""
    while new:
        try:
            record_all(by, [NewDevelopment(one.record, one.effects, one.citations) for one in new])
            return
        except RowRefused as refusal:
            for place, error in refusal.errors.items():
                new[place].take(error)
        new = [one for one in new if one.writes]
        for one in new:
            for row in (one.record, *one.effects, *one.citations):
                row.pk, row._state.adding = None, True


def _tried(group: list[RowResult], action) -> None:
    try:
        with one_instant():
            action(group)
    except recording.Outdated as error:
        for one in group:
            one.refuse("", str(error), Outcome.CONFLICTING)
    except ValidationError as error:
        for one in group:
            one.take(error)
    except IntegrityError:
        for one in group:
            one.refuse("", BROKEN)


def _save(by, one: RowResult) -> None:
    record = one.record
    if isinstance(record, Development):
        effects, citations = parts_of(record)
        recording.correct(by, record, copied(record), effects, citations, one.reason, one.note)
    elif isinstance(record, Item) and one.outcome == Outcome.CREATED:
        raised = [(record, one.related)]
        recording.record(by, one.development, one.effects, one.citations, raised)
    else:
        recording.save(by, record, one.related)


def _correct_parts(by, model, group: list[RowResult]) -> None:
    """Correct one development by all that `group` says of its effects, or of its citations."""
    first = group[0]
    old = Development.objects.at(PRESENT).filter(ref=first.whole).first()
    if old is None or any(one.version != old.version for one in group):
        raise recording.Outdated(old)
    changed = {one.ref: one.record for one in group if one.present is not None}
    added = [one.record for one in group if one.present is None]
    effects, citations = parts_of(old, changed)
    (effects if model is Effect else citations).extend(copied(part) for part in added)
    recording.correct(by, old, copied(old), effects, citations, first.reason, first.note)


def parts_of(development: Development, changed=None) -> tuple[list[Effect], list[Citation]]:
    """Unsaved copies of the effects and citations of a version, those in `changed` (by reference) as they are there."""
    changed = changed or {}
    effects = development.effects.select_related("item", "party").order_by("pk")
    citations = development.citations.select_related("source")
    return tuple([copied(changed.get(part.ref, part)) for part in parts] for parts in (effects, citations))
