"""Writes the index of all words anew."""

from django.core.management import BaseCommand

from tracker.indexing import rebuild


class Command(BaseCommand):
    help = "Writes the index that search reads anew, and the triggers that keep it; for when it is in doubt."

    def handle(self, **options):
        self.stdout.write(f"Indexed {rebuild():,} records.")
