"""Base of the commands that work through a queue."""

from collections.abc import Mapping

from django.core.management import BaseCommand, CommandError

from tracker.jobs.queue import Do, Queue
from tracker.models.queued import Queued
from tracker.write_lock import Busy, wait_in_turn


class WorkThrough(BaseCommand):
    """Does all that waits in `queue`, as `do` says for each model, in a process of its own."""

    queue: Queue
    do: Mapping[type[Queued], Do]

    def add_arguments(self, parser):
        parser.add_argument(
            "--held", dest="descriptor", type=int, help="the open file by which the server has handed it over"
        )

    def handle(self, descriptor, **options):
        wait_in_turn()
        try:
            self.queue.work_through(self.do, descriptor)
        except Busy:
            raise CommandError("Another process is working on it.") from None
