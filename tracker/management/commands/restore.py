"""`manage.py restore`: a backup in place of the database."""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tracker.backup.errors import BackupError
from tracker.backup.whole import restore
from tracker.environment import folder


class Command(BaseCommand):
    help = "Replaces the database by a backup, all of it or nothing; the server must be stopped."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")
        parser.add_argument(
            "--discard", action="store_true", help="do not keep what is replaced, such as a damaged database"
        )

        parser.add_argument(
            "--anyway",
            action="store_true",
            help="restore it even if check_standing finds a fault in the record",
        )

    def handle(self, *, file, discard, anyway, **options):
        kept = None
        if not discard:
            kept = folder(settings.VAR_DIR / "replaced") / f"{timezone.now():%Y-%m-%dT%H%M%SZ}.backup"
        try:
            checked, old = restore(file, kept, anyway)
        except (BackupError, OSError, DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"Nothing was restored. {error}") from error
        self.stdout.write(f"{file} is restored. {checked}")
        if old:
            self.stdout.write(f"What was there before is in {old}.")
