"""`manage.py import_package`: a record out of a data package, into an installation that has none yet."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker.files.data_package.checking import PackageRefused
from tracker.files.data_package.restoring import restore
from tracker.models import User
from tracker.write_lock import announced


class Command(BaseCommand):
    """Restores the record of a data package."""

    help = (
        "Restores a data package of the whole record into an empty installation: all of it, or nothing. Accounts that "
        "it names and that are not here are made switched off and without a password."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a package that export_package wrote, without --as")

    def handle(self, file, verbosity, **options):
        before = set(User.objects.values_list("username", flat=True))
        try:
            with announced("the restoring of a data package"):
                counts = restore(file, tell=self.stdout.write if verbosity > 1 else lambda line: None)
        except PackageRefused as error:
            raise CommandError(f"Nothing was restored. {error}") from None
        if verbosity:
            self.stdout.write(f"{sum(counts.values()):,} rows in {len(counts)} tables restored.")
            made = User.objects.exclude(username__in=before).order_by("username")
            if names := ", ".join(made.values_list("username", flat=True)):
                self.stdout.write(
                    f"Switched off until an administrator gives them a role and a password: {names}."
                )
