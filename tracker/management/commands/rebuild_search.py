"""Rebuilds the search index, the index of names and the sort keys, or checks them."""

from django.core.management import BaseCommand, CommandError

from tracker.models import collation, derived, names_rebuilt, search_entries
from tracker.write_lock import announced


class Command(BaseCommand):
    help = "Rebuilds the search index, the index of names and the sort keys from the records."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing, and say what a rebuild would change"
        )

    def handle(self, *, check, **options):
        if check:
            return self.check_entries()
        with announced("the rebuilding of the search index"):
            counts = derived.rebuild()
        self.stdout.write(f"Indexed {counts['words']:,} records.")
        self.stdout.write(f"Indexed {counts['names']:,} names.")

    def check_entries(self):
        """Raise CommandError where a rebuild would change anything."""
        lines = [*names_rebuilt.mismatches(), *search_entries.mismatches(), *collation.mismatches()]
        self.stdout.writelines(f"{line}\n" for line in lines)
        if lines:
            raise CommandError(f"{len(lines):,} differences: run `manage.py rebuild_search`.")
        self.stdout.write("0 differences.")
