"""`manage.py export_package`: the whole record in one file, as a backup or to hand on."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker.clocks import instant_iso, parse_known
from tracker.files.data_package.writing import stream_package
from tracker.models import User
from tracker.models.past import read_within
from tracker.recording.timestamps import last_instant


class Command(BaseCommand):
    """Writes the data package to a file."""

    help = "Writes the data package: every table of the record as CSV, described, in one ZIP file."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, help="where to; a file of this name is replaced once all is written"
        )
        parser.add_argument(
            "--as", dest="reader", metavar="USER", help="only what USER may see, without the texts of sources"
        )

        parser.add_argument(
            "--known", metavar="INSTANT", help="as it was on record then: 2025-02-20, or 2025-02-20T17:30:00Z"
        )

    def handle(self, file, reader, known, verbosity, **options):
        try:
            instant = parse_known(known)["known"] if known else None
        except ValueError as error:
            raise CommandError(str(error)) from None
        if instant and instant > last_instant():
            raise CommandError(
                f"--known: {known} lies after the last recording, of {instant_iso(last_instant())}."
                " What is recorded next would be missing from the file."
            )
        user = None
        if reader is not None:
            user = User.objects.filter(username=reader).first()
            if user is None:
                raise CommandError(f"There is no user “{reader}”.")
        if not file.parent.is_dir():
            raise CommandError(f"There is no directory {file.parent}.")
        # For its owner alone, and nowhere under its name until it is whole.
        draft_number, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(draft_number, "wb") as out:
                for piece in read_within(stream_package(user), instant, is_whole=True):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, file)
        except BaseException:
            os.unlink(draft)
            raise
        if verbosity:
            self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")
