"""Loads a worked example from a file of our own readable format."""

from pathlib import Path
from textwrap import indent

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from tracker.loaders.command import recorder
from tracker.loaders.example.loading import OUTCOMES, Differs, ExampleRefused, load
from tracker.loaders.example.reading import UnreadableExample, read
from tracker.loaders.example.tables import PARTS, TABLES
from tracker.write_lock import announced

ROWS = [row for table in TABLES for row in (table, *PARTS.get(table, {}))]
RIYADH = Path(settings.BASE_DIR) / "tracker" / "examples" / "riyadh.toml"


class Command(BaseCommand):
    help = "Loads a worked example (default: the Riyadh talks); a second time changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=RIYADH,
            help="a TOML file; the default's first lines explain it",
        )
        parser.add_argument("--by", metavar="NAME", help="who records it (default: the first administrator)")
        parser.add_argument("--update", action="store_true", help="change what is there and differs")

    def handle(self, file, by, update, **options):
        try:
            with announced("a load of a worked example"):
                report = load(read(file), recorder(by), update)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except (UnreadableExample, ExampleRefused) as error:
            raise CommandError(
                f"{file.name} cannot be loaded:\n{indent(str(error), '  ')}\nNothing was written."
            ) from error
        except Differs as error:
            raise CommandError(
                f"The record differs from {file.name}:\n{indent(str(error), '  ')}\n"
                "Nothing was written. With --update it follows the file, and developments are corrected."
            ) from error
        self.tell(report)

    def tell(self, report):
        """Print what was made and what was there, a line for each record type."""
        self.stdout.write("".join([f"{'':14}", *(f"{outcome:>11}" for outcome in OUTCOMES)]))
        for table in ROWS:
            counts = (f"{report.counts[table, outcome]:>11}" for outcome in OUTCOMES)
            self.stdout.write("".join([f"{table:14}", *counts]))
        for difference in report.differences:
            self.stdout.write(f"  {difference}")
