"""`manage.py backup`: the whole database in one file, proved."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tracker.backup.errors import BackupError
from tracker.backup.whole import back_up


class Command(BaseCommand):
    help = "Writes the whole database to one file while people work, and checks the file before it is kept."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, help="where to; a file of this name is replaced once the new one is checked"
        )

    def handle(self, *, file, **options):
        try:
            proved = back_up(file)
        except (BackupError, OSError, DatabaseError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, {proved}")
