"""Loads datasets in the background, by the code of the commands."""

from dataclasses import asdict

from django.core.exceptions import ValidationError

from tracker.files.importing.uploads import opened, upload
from tracker.files.spreadsheet.rows import UnreadableSpreadsheet
from tracker.jobs.queue import Cancelled, asker, end, is_unwanted
from tracker.loaders.loading import REPORT_EVERY, load
from tracker.loaders.mend import MEND
from tracker.loaders.pax import PAX
from tracker.loaders.report import LoadLine, LoadReport
from tracker.loaders.rows import UnreadableDataset
from tracker.models import DatasetLoad
from tracker.models.vocabularies import UserRole
from tracker.recording.renewal import Tell

DATASETS = {dataset.name: dataset for dataset in (MEND, PAX)}


def load_in_background(work: DatasetLoad, tell: Tell) -> None:
    """Try out or load the file of `work`, and say that it is done, in the transaction of what it keeps.

    `tell` hears about how many rows are done. Raises ValidationError if it cannot be loaded, or not by its user.
    """
    _load(work, tell)
    if not work.is_trial:
        upload(work).unlink(missing_ok=True)


def report_of(work: DatasetLoad) -> LoadReport:
    """The report of `work`."""
    return LoadReport([LoadLine(**line) for line in work.report])


def _load(work: DatasetLoad, tell: Tell) -> None:
    user = asker(work)
    if user.role != UserRole.ADMINISTRATOR:
        raise ValidationError("Only administrators load datasets.")
    lines = 0

    def told(line: str) -> None:
        nonlocal lines
        # The first one says how many rows there are, and each of the others ends so many.
        tell(lines * REPORT_EVERY)
        lines += 1

    def kept(report: LoadReport) -> None:
        lines = [asdict(line) for line in report.lines]
        if is_unwanted(work) or not end(work, work.State.DONE, report=lines):
            raise Cancelled

    try:
        opened(work).close()
        dataset, how = DATASETS[work.dataset], {"file_name": work.file_name, "kept": kept}
        report = load(dataset, upload(work), work.release, user, work.is_trial, told, **how)
    except FileNotFoundError:
        raise ValidationError("The file that was sent is not there any more: send it again.") from None
    except (UnreadableDataset, UnreadableSpreadsheet) as error:
        raise ValidationError(f"{work.file_name} cannot be loaded: {error}") from None
    work.refresh_from_db(fields=["state"])
    if work.is_waiting:
        # Nothing was to be kept.
        kept(report)
