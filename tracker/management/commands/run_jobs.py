"""Makes the changes that wait, in a process of its own."""

from tracker.jobs.changes import do
from tracker.jobs.command import WorkThrough
from tracker.jobs.queue import CHANGES
from tracker.loaders.background import load_in_background
from tracker.models import DatasetLoad, Job


class Command(WorkThrough):
    help = "Makes the large changes that were asked for on the pages and wait; the server calls it by itself."
    queue = CHANGES
    do = {Job: do, DatasetLoad: load_in_background}
