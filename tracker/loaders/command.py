"""Base of the loading commands: who records, the arguments, and the table of results."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError

from tracker.loaders.loading import Dataset, load
from tracker.loaders.report import LoadReport
from tracker.loaders.rows import UnreadableDataset
from tracker.models import Claim, User
from tracker.models.vocabularies import UserRole
from tracker.write_lock import announced

RELEASE = Claim._meta.get_field("release").max_length


def recorder(name: str | None) -> User:
    """The account `name`, or the first administrator; raises CommandError if it may not record."""
    users = User.objects.filter(is_active=True)
    if name:
        user = users.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no active account “{name}”.")
        if not user.edits:
            raise CommandError(f"“{name}” may not change shared records: name an editor or an administrator.")
        return user
    user = users.filter(role=UserRole.ADMINISTRATOR).order_by("pk").first()
    if user is None:
        raise CommandError(
            "Nobody could have recorded it: make an administrator first, or name an account with --by."
        )
    return user


class LoadDataset(BaseCommand):
    """Loads a release of `dataset`, and prints a table of the outcomes of its rows."""

    dataset: Dataset

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the release as CSV (UTF-8) or XLSX")
        parser.add_argument("--release", required=True, help="what the release is called: 2025-07-03, v9")
        parser.add_argument("--by", metavar="NAME", help="who records it (default: the first administrator)")
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write what became of each row here, as CSV"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="do everything, tell of it, and keep nothing"
        )

    def handle(self, file, release, by, report, dry_run, verbosity, **options):
        release = release.strip()
        if not 0 < len(release) <= RELEASE:
            raise CommandError(f"--release: name the release, in {RELEASE} characters at most.")
        try:
            if report:
                report.open("a").close()  # fails now, rather than after minutes
        except OSError as error:
            raise CommandError(
                f"{report} cannot be written: {error.strerror}. Nothing was loaded."
            ) from error
        try:
            with announced(f"a load of the dataset {self.dataset.name}"):
                done = load(self.dataset, file, release, recorder(by), dry_run, self.progress(verbosity))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnreadableDataset as error:
            raise CommandError(f"{file.name} cannot be loaded: {error}. Nothing was written.") from error
        self.tell(done, release, dry_run)
        if report:
            done.write(report)

    def progress(self, verbosity):
        """A function that prints a line about progress to stderr, unless the command is quiet."""
        return self.stderr.write if verbosity else lambda line: None

    def tell(self, report: LoadReport, release: str, dry_run: bool) -> None:
        """Print the table."""
        self.stdout.write(
            f"{self.dataset.name} {release}" + (", as a trial: nothing was kept" if dry_run else "")
        )
        for line in report.table():
            self.stdout.write(line)
