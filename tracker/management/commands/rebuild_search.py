"""Rebuilds the search index and the index of names."""

from django.core.management import BaseCommand

from tracker.models import names
from tracker.search import triggers
from tracker.write_lock import announced


class Command(BaseCommand):
    help = "Rebuilds the search index, the triggers that keep it, and the index of names."

    def handle(self, **options):
        with announced("the rebuilding of the search index"):
            self.stdout.write(f"Indexed {triggers.rebuild():,} records.")
            self.stdout.write(f"Indexed {names.rebuild():,} names.")
