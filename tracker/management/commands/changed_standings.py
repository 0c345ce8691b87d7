"""Lists the standings that a change of the rule has changed."""

from collections.abc import Iterator

from django.core.management import BaseCommand

from tracker.clocks import PRESENT
from tracker.domain.doubt import places_of
from tracker.domain.movement import value_of
from tracker.models import Effect, Item
from tracker.models.order import by_time
from tracker.models.vocabularies import DatePrecision
from tracker.recording.denormalized import batches

RULE = (
    "What is known only as before a day comes behind everything whose first day is known. In release 0.1.0 it came "
    "directly before what happened on that day, and so after everything earlier."
)


class Command(BaseCommand):
    help = (
        "Lists every standing that is not what release 0.1.0 gave for the same record, with the value of then and now, "
        "and the rule that changed it."
    )

    def handle(self, **options):
        count = 0
        for change in changes():
            if not count:
                self.stdout.write(RULE)
            count += 1
            self.stdout.write(change)
        self.stdout.write(f"{count} changed.")


def changes() -> Iterator[str]:
    """A sentence for each part of a standing, of now, that differs from what release 0.1.0 gave. Items by id."""
    uncertain = Effect.objects.at(PRESENT).filter(occurred_precision=DatePrecision.BEFORE)
    for keys in batches(Item.objects.filter(pk__in=uncertain.order_by().values("item"))):
        by_place: dict[tuple, list[Effect]] = {}
        effects = (
            Effect.objects.at(PRESENT).filter(item__in=keys).select_related("item", "party", "development")
        )
        for effect in effects.order_by("item__ref", "pk"):
            for aspect, party in places_of(effect):
                by_place.setdefault((effect.item_id, aspect, party), []).append(effect)
        for (_, aspect, _), told in by_place.items():
            old, new = max(told, key=_in_release_0_1), max(told, key=by_time)
            if value_of(old, aspect) != value_of(new, aspect):
                of = f" of {new.party}" if aspect == "stance" else ""
                yield (
                    f"{new.item.ref} {new.item.title}: {aspect}{of} is {_named(new, aspect)}; "
                    f"it was {_named(old, aspect)}"
                )


def _in_release_0_1(effect: Effect) -> tuple:
    """The order of standing as it was: `before` a day directly before what happened on it."""
    day = 2 * effect.occurred_on.toordinal() + (effect.occurred_precision != DatePrecision.BEFORE)
    return day, *by_time(effect)[1:]


def _named(effect: Effect, aspect: str) -> str:
    return f"“{value_of(effect, aspect) or 'nothing'}” ({effect.occurred}, {effect.development.ref})"
