"""Continues an import begun on the pages, in a process of its own."""

from django.core.management import BaseCommand, CommandError

from tracker.files.importing.runs import work
from tracker.models import ImportRun
from tracker.register import BY_URL_NAME
from tracker.write_lock import Busy, wait_in_turn


class Command(BaseCommand):
    help = "Goes on with an import that was begun on the pages, and was interrupted."

    def add_arguments(self, parser):
        parser.add_argument("ref", help="the id of the import, imp-...")

        parser.add_argument(
            "--held", dest="descriptor", type=int, help="the open file by which the server has handed it over"
        )

    def handle(self, ref, descriptor, **options):
        run = ImportRun.objects.filter(ref=ref).first()
        if run is None:
            raise CommandError(f"There is no import “{ref}”.")
        wait_in_turn()
        try:
            work(run, BY_URL_NAME[run.record_type], descriptor)
        except Busy:
            raise CommandError("Another process is working on it.") from None
        self.stdout.write(f"{run.file_name}: {run.get_state_display()}.")
