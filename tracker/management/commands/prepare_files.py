"""Prepares the files that wait, in a process of its own."""

from tracker.jobs.command import WorkThrough
from tracker.jobs.queue import FILES
from tracker.models import PreparedFile
from tracker.pages.preparing import prepare


class Command(WorkThrough):
    help = "Prepares the files that were asked for on the pages and wait; the server calls it by itself."
    queue = FILES
    do = {PreparedFile: prepare}
