"""Checks the integrity of the database, and stored standings against the rule."""

from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, connection

from tracker import recording
from tracker.clocks import instant_iso
from tracker.models import VERSIONS
from tracker.recording import source_texts
from tracker.recording.denormalized import CHECKS, batches
from tracker.recording.future import future_instants, move_to_now
from tracker.recording.versions import mismatches


class Command(BaseCommand):
    help = (
        "Proves that the database is whole, and that the stored standing of every item, each party's stance, and the "
        "times that effects carry are what the rule gives; names each difference, and exits with 1 where one stays."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair", action="store_true", help="put right what differs, and say what that was"
        )

    def handle(self, *, repair, **options):
        try:
            require_whole()
            self.check_standings(repair)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}") from error

    def check_standings(self, repair):
        """Hold every development and item against the rule; raises CommandError where a difference stays."""
        differences = left = checked = 0
        if future := future_instants():
            self.stdout.write(
                f"{len(future)} instants of recording lie in the future, the last one at {instant_iso(future[-1])}."
            )
            differences, left = len(future), len(future) - (move_to_now() if repair else 0)
        for model, unlike, name in CHECKS:
            for keys in batches(model.objects.all()):
                checked += len(keys)
                wrong = self.tell(unlike(keys))
                differences += len(wrong)
                if repair and wrong:
                    recording.repair(**{name: set(wrong)})
                    wrong = self.tell(unlike(keys))
                left += len(wrong)
        wrong = self.tell_of_versions()
        if repair and wrong:
            recording.repair_versions()
            differences, wrong = differences + wrong, self.tell_of_versions()
            differences -= wrong
        differences, left = differences + wrong, left + wrong
        self.stdout.write(
            f"{checked} developments, items and assessments checked, {differences} differences, "
            f"{differences - left} repaired."
        )
        if left:
            raise CommandError(
                f"{left} differences." if repair else f"{left} differences; --repair puts them right."
            )

    def tell_of_versions(self) -> int:
        """Print of each table how many of its rows differ from their versions in force; return how many do in all."""
        counts = {model: mismatches(model) for model in VERSIONS}
        for model, count in counts.items():
            if count:
                self.stdout.write(
                    f"{model._meta.verbose_name_plural}: {count} are not as their version in force."
                )
        if unkept := source_texts.unkept().count():
            self.stdout.write(f"{unkept} texts of sources are not the newest of those kept.")
        return sum(counts.values()) + unkept

    def tell(self, differences):
        """Print each of `differences` as it is found; return the key of the row that each is on."""
        keys = []
        for key, difference in differences:
            self.stdout.write(difference)
            keys.append(key)
        return keys


def require_whole():
    """Raise CommandError where tables are missing, or SQLite finds its file damaged."""
    wanted = connection.introspection.django_table_names()
    if missing := set(wanted) - set(connection.introspection.table_names()):
        raise CommandError(
            f"{len(missing)} of {len(wanted)} tables are missing: the database is empty or incomplete."
        )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            messages = [row[0] for row in cursor.execute("PRAGMA integrity_check(5)").fetchall()]
        if messages != ["ok"]:
            raise CommandError("The file is damaged: " + "; ".join(messages))
