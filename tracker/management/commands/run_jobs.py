"""Makes the changes that wait, in a process of its own."""

from tracker.jobs.changes import do
from tracker.jobs.command import WorkThrough
from tracker.jobs.queue import CHANGES
from tracker.models import Job


class Command(WorkThrough):
    help = "Does the large merges and moves that were asked for on the pages and wait; the server calls it by itself."
    queue = CHANGES
    do = {Job: do}
