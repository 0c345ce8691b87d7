"""Continues an import begun on the pages, in a process of its own."""

from django.core.management import CommandError

from tracker.files.importing import runs
from tracker.jobs.command import InBackground
from tracker.models import ImportRun
from tracker.register import BY_URL_NAME


class Command(InBackground):
    help = "Goes on with an import that was begun on the pages, and was interrupted."

    def add_arguments(self, parser):
        parser.add_argument("ref", help="the id of the import, imp-...")
        super().add_arguments(parser)

    def work(self, descriptor, ref, **options):
        run = ImportRun.objects.filter(ref=ref).first()
        if run is None:
            raise CommandError(f"There is no import “{ref}”.")
        runs.work(run, BY_URL_NAME[run.record_type], descriptor)
        self.stdout.write(f"{run.file_name}: {run.get_state_display()}.")
