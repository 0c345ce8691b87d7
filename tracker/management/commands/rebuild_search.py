"""Writes the index of all words anew."""

from django.core.management import BaseCommand

from tracker.indexing import rebuild
from tracker.write_lock import announced


class Command(BaseCommand):
    help = "Writes the index that search reads anew, and the triggers that keep it; for when it is in doubt."

    def handle(self, **options):
        with announced("the rebuilding of the search index"):
            self.stdout.write(f"Indexed {rebuild():,} records.")
