"""Proves over the whole database that what is stored of standings equals what the rule gives."""

from django.core.management import BaseCommand, CommandError

from tracker import recording
from tracker.models import Development, Item
from tracker.stored import batches, unlike_developments, unlike_items


class Command(BaseCommand):
    help = (
        "Proves that the stored standing of every item, each party's stance, and the times that effects carry are "
        "what the rule gives; names each difference, and exits with 1 where there is one that stays."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair", action="store_true", help="put right what differs, and say what that was"
        )

    def handle(self, *, repair, **options):
        found = left = checked = 0
        # Standings follow from effects, so the effects come first.
        for rows, unlike, name in (
            (Development.objects.all(), unlike_developments, "developments"),
            (Item.objects.all(), unlike_items, "items"),
        ):
            for keys in batches(rows):
                checked += len(keys)
                wrong = self.tell(unlike(keys))
                found += len(wrong)
                if repair and wrong:
                    recording.repair(**{name: set(wrong)})
                    wrong = self.tell(unlike(keys))
                left += len(wrong)
        self.stdout.write(
            f"{checked} developments and items checked, {found} differences, {found - left} repaired."
        )
        if left:
            raise CommandError(
                f"{left} differences." if repair else f"{left} differences; --repair puts them right."
            )

    def tell(self, differences):
        """Print each of `differences` as it is found; return the key of the row that each is on."""
        keys = []
        for key, difference in differences:
            self.stdout.write(difference)
            keys.append(key)
        return keys
