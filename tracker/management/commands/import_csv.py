"""Brings a CSV or XLSX file into the record, with the headers of the export."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db.models import Q

from tracker.files.importing.at_once import work_at_once
from tracker.files.importing.runs import begin, work
from tracker.files.spreadsheet.profiles import profile_of
from tracker.models import ImportRow, ImportRun, User
from tracker.models.vocabularies import CorrectionReason, UserRole
from tracker.register import BY_URL_NAME
from tracker.text.folding import nearest_hint

CHUNK = 1024 * 1024
SHOWN = 50
"""How many messages are printed; the page of the import has all."""
PATHS = {record_type.path: record_type for record_type in BY_URL_NAME.values()}
State = ImportRun.State


class Command(BaseCommand):
    help = "Brings a CSV or XLSX file into the record: all of it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("type", help=f"what its rows are: {', '.join(BY_URL_NAME)}")
        parser.add_argument("file", type=Path, help="a file with the headers of the export")
        parser.add_argument("--by", metavar="NAME", help="who records it (default: the first administrator)")
        parser.add_argument(
            "--only-valid", action="store_true", help="import the valid rows, skip the others"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        parser.add_argument(
            "--profile",
            choices=("guarded", "spreadsheet", "tools"),
            help="file format (default: detected from the file name)",
        )
        parser.add_argument(
            "--reason", choices=CorrectionReason.values, help="why developments are corrected"
        )
        parser.add_argument(
            "--dates-are-right", action="store_true", help="import rows with unlikely dates as well"
        )
        parser.add_argument("--note", default="", help="kept with the import")
        parser.add_argument(
            "--in-parts",
            action="store_true",
            help="write a long file in parts, each of them whole, so that others can save in between",
        )

    def handle(
        self, type, file, by, only_valid, dry_run, profile, reason, note, dates_are_right, in_parts, **options
    ):  # noqa: A002
        record_type = self.kind(type)
        given = {"spreadsheet": ImportRun.Profile.GUARDED}.get(profile, profile)
        profile = given or profile_of(file.name)
        run = self.begun(record_type, file, self.importer(by, record_type), profile, reason or "", note)
        if not (dry_run or in_parts) and work_at_once(run, record_type, dates_are_right):
            self.tell(run)
            self.stdout.write(f"Written. The import is {run.ref}.")
            return
        work(run, record_type)
        self.tell(run)
        wrong = run.count(ImportRow.Outcome.WRONG, ImportRow.Outcome.CONFLICTING)
        asks = run.questions and not (dates_are_right or dry_run)
        if run.state == State.REFUSED or (wrong and not only_valid) or asks:
            run.state = State.DROPPED if run.state == State.READY else run.state
            run.save()
            how = " Check the dates; if they are right, add --dates-are-right." if asks else ""
            raise CommandError(f"Nothing was written.{how} The import is {run.ref}.")
        if dry_run:
            run.state = State.DROPPED
            run.save()
            self.stdout.write("Nothing was written, as asked.")
            return
        run.state, run.only_valid, run.parts = State.WRITING, only_valid, [] if in_parts else None
        run.save()
        work(run, record_type)
        self.tell_written(run)

    def tell_written(self, run):
        """Print what was written; raises CommandError if that is not all of it."""
        run.refresh_from_db()
        how = f", in {len(run.parts)} parts" if run.parts else ""
        if run.state == State.DONE:
            self.stdout.write(f"Written{how}. The import is {run.ref}.")
            return
        self.tell(run)
        if run.parts_written:
            raise CommandError(
                f"Only {run.parts_written} of {len(run.parts)} parts were written (rows: {run.rows_written:,}). "
                f"On the page of the import, {run.ref}, the others can follow, or be left out and come back as a file."
            )
        raise CommandError(f"Nothing was written. The import is {run.ref}.")

    def kind(self, name):
        """The record type called `name`, or its plural; raises CommandError with the nearest."""
        record_type = BY_URL_NAME.get(name) or PATHS.get(name)
        if record_type is None:
            hint = nearest_hint(name, [*BY_URL_NAME, *PATHS], f"Choose from {', '.join(BY_URL_NAME)}.")
            raise CommandError(f"There is no record type “{name}”.{hint}")
        return record_type

    def importer(self, name, record_type):
        """The account in whose name it is; raises CommandError where there is none, or it may not record such."""
        users = User.objects.filter(is_active=True)
        if name is None:
            user = users.filter(role=UserRole.ADMINISTRATOR).order_by("pk").first()
            if user is None:
                raise CommandError("Make an administrator first, or name an account with --by.")
            return user
        user = users.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no active account “{name}”.")
        if not user.has_perm(f"tracker.add_{record_type.model._meta.model_name}"):
            raise CommandError(f"“{name}” may not record {record_type.label_plural}.")
        return user

    def begun(self, record_type, path, user, profile, reason, note):
        """The import, with the file at hand; raises CommandError where that cannot be read."""
        try:
            with path.open("rb") as file:
                chunks = iter(lambda: file.read(CHUNK), b"")
                return begin(user, record_type, path.name, chunks, profile=profile, reason=reason, note=note)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def tell(self, run):
        """Print how many rows came out how, what is wrong, and what the rows that are taken should be checked for."""
        for problem in run.problems:
            self.stderr.write(problem)
        for outcome in ImportRow.Outcome:
            if run.counts:
                self.stdout.write(f"{outcome.label:12}{run.count(outcome):>9,}")
        wrong = Q(outcome__in=[ImportRow.Outcome.WRONG, ImportRow.Outcome.CONFLICTING])
        rows = run.rows.exclude(messages=[]).order_by("number")
        for row in [*rows.filter(wrong)[:SHOWN], *rows.exclude(wrong)[:SHOWN]]:
            for message in row.messages:
                at = f"row {row.number}, {message['column']}" if message["column"] else f"row {row.number}"
                self.stderr.write(f"{at}: {message['rule']}")
