"""Does the jobs that wait, in a process of its own."""

from django.core.management import BaseCommand, CommandError

from tracker.jobs.queue import work_through
from tracker.write_lock import Busy, wait_in_turn


class Command(BaseCommand):
    help = "Does the large merges and moves that were asked for on the pages and wait; the server calls it by itself."

    def add_arguments(self, parser):
        parser.add_argument(
            "--held", dest="descriptor", type=int, help="the open file by which the server has handed it over"
        )

    def handle(self, descriptor, **options):
        wait_in_turn()
        try:
            work_through(descriptor)
        except Busy:
            raise CommandError("Another process is working on it.") from None
