"""Bases of the commands that work in the background."""

from collections.abc import Mapping
from typing import Any

from django.core.management import BaseCommand, CommandError

from tracker.jobs.queue import Do, Queue
from tracker.models.queued import Queued
from tracker.write_lock import Busy, wait_in_turn


class InBackground(BaseCommand):
    """Work in a process of its own, which the server may have handed over; subclasses define `work`."""

    def add_arguments(self, parser):
        parser.add_argument(
            "--held", dest="descriptor", type=int, help="the open file by which the server has handed it over"
        )

    def handle(self, descriptor, **options):
        wait_in_turn()
        try:
            self.work(descriptor, **options)
        except Busy:
            raise CommandError("Another process is working on it.") from None

    def work(self, descriptor: int | None, **options: Any) -> None:
        """Do it; raises Busy if another process is at it. `descriptor`: the open file that says that this one is."""
        raise NotImplementedError


class WorkThrough(InBackground):
    """Does all that waits in `queue`, as `do` says for each model."""

    queue: Queue
    do: Mapping[type[Queued], Do]

    def work(self, descriptor, **options):
        self.queue.work_through(self.do, descriptor)
