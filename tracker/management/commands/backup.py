"""`manage.py backup`: the whole database in one file, proved."""

import sqlite3
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

        parser.add_argument(
            "--anyway", action="store_true", help="keep it even if check_standing finds a fault in the record"
        )

    def handle(self, *, file, anyway, **options):
        try:
            proved = back_up(file, anyway)
        except (BackupError, OSError, DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes, {proved}")
