"""`manage.py export_package`: the whole record in one file, as a backup or to hand on."""

import os
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker.files.data_package.writing import stream_package
from tracker.models import User


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

    def handle(self, file, reader, verbosity, **options):
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
                for piece in stream_package(user):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, file)
        except BaseException:
            os.unlink(draft)
            raise
        if verbosity:
            self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")
