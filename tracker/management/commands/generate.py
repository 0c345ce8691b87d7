"""`manage.py generate`: a synthetic record of any size, for measuring."""

from django.core.management.base import BaseCommand, CommandError

from tracker.synthetic import generate
from tracker.synthetic.generation import Occupied
from tracker.write_lock import announced


class Command(BaseCommand):
    """Writes an invented record into an empty database."""

    help = (
        "Writes a synthetic record: invented parties and histories, for measuring and for trying things out."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--developments", type=int, required=True, help="how many; items are a tenth of that"
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="the same number and seed give the same record"
        )
        parser.add_argument(
            "--add",
            action="store_true",
            help="beside the processes that are there already; the instants of recording are invented as well, so "
            "never do this to a record whose past somebody reads",
        )

    def handle(self, developments, seed, add, verbosity, **options):
        if developments < 1 or seed < 0:
            raise CommandError("--developments must be at least 1, and --seed not below 0.")
        try:
            with announced("the generation of a synthetic record"):
                generate(
                    developments, seed, add, tell=self.stdout.write if verbosity > 1 else lambda line: None
                )
        except Occupied as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(f"{developments} developments written.")
