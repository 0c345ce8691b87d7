"""Rebuilds what search and look-ups by name read."""

from django.core.management import BaseCommand

from tracker import indexing
from tracker.models import names


class Command(BaseCommand):
    help = "Rebuilds the search index, the triggers that keep it, and the index of names."

    def handle(self, **options):
        self.stdout.write(f"Indexed {indexing.rebuild():,} records.")
        self.stdout.write(f"Indexed {names.rebuild():,} names.")
