"""What becomes of an import in parts that was stopped: the parts that are written stay, the rest can follow or not."""

from django.db import transaction

from tracker.files.importing.row_result import WRITTEN, Outcome
from tracker.files.importing.runs import State, count, sum_up
from tracker.models import ImportRun


def ask_anew(run: ImportRun) -> None:
    """Store what is to be said, and asked, of the rows of `run` that are not written."""
    count(run)
    run.save(update_fields=["counts", "causes"])


def leave_rest(run: ImportRun) -> bool:
    """End `run`, which waits, with what is written, and leave out all its other rows. Returns whether it waited."""
    with transaction.atomic():
        rows = ImportRun.objects.filter(pk=run.pk, state=State.READY, parts_written=run.parts_written)
        if not rows.update(state=State.DONE):
            return False
        left = run.rows.filter(outcome__in=WRITTEN).exclude(part__lte=run.parts_written)
        left.update(outcome=Outcome.LEFT, part=None)
        run.parts = (run.parts or [])[: run.parts_written]
        sum_up(run, State.DONE)
    return True
