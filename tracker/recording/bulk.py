"""Records many developments by the rules of `recording.record`, all of them or none."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey

from tracker.models import Citation, Development, Effect, Item, Record, User
from tracker.models.base import writes_allowed
from tracker.models.batches import in_batches
from tracker.models.vocabularies import EndedAs
from tracker.recording import audit, prepare
from tracker.recording.place import Waiting, arrange
from tracker.recording.timestamps import Pending, one_instant


@dataclass(frozen=True)
class NewDevelopment:
    """An unsaved development with its unsaved effects and citations, and the unsaved items that it raises."""

    development: Development
    effects: Sequence[Effect] = ()
    citations: Sequence[Citation] = ()
    items: Sequence[tuple[Item, audit.Related]] = ()
    row: int | None = None
    """The number of its row in a file, by which messages name it; by default its number among those given, from 1."""


class RowRefused(Exception):
    """Some of the developments break a rule; none was written."""

    def __init__(self, errors: dict[int, ValidationError]):
        first = min(errors)
        super().__init__(
            f"None was recorded. Broken rules: {len(errors)}; first, in row {first}: {errors[first].messages}"
        )
        self.errors = errors
        """What is wrong, by the place, from 0, of the development among those given."""


def record_all(by: User, news: Iterable[NewDevelopment]) -> list[str]:
    """Record each of `news`, in their order, and return their references.

    A later one may touch items raised by an earlier one. `news` may be a generator, which is consumed as it is needed.
    Raises RowRefused, and writes nothing, when any of them breaks a rule; all of them are checked first.
    """
    refs: list[str] = []
    errors: dict[int, ValidationError] = {}
    place = 0
    with one_instant() as pending, writes_allowed():
        for batch in in_batches(news):
            ready, wrong = make_ready(by, batch, pending, place)
            place += len(batch)
            errors |= wrong | _insert(ready)
            if not errors:
                refs += [new.development.ref for new in batch]
                for new in batch:
                    pending.recorded([new.development, *new.effects, *new.citations])
                    pending.developed(new.development.process_id, {effect.item_id for effect in new.effects})
        if errors:
            raise RowRefused(errors)
    return refs


def withdraw_all(by: User, developments: Collection[int], note: str) -> None:
    """Withdraw the versions with the primary keys `developments`, as `recording.withdraw` does each of them.

    Raises Outdated, and withdraws none, if one of them is not in force.
    """
    with one_instant() as pending, writes_allowed():
        pending.by = by.pk
        ending = {"ended_as": EndedAs.WITHDRAWN, "ended_by": by, "ended_note": note}
        for keys in in_batches(sorted(developments)):
            rows = Development.objects.filter(pk__in=keys)
            current = rows.filter(ended_at=None).order_by("pk").select_for_update(no_key=True)
            if len(current.values_list("pk")) < len(keys):
                raise audit.Outdated(None, "Some of them have been corrected or withdrawn in the meantime.")
            rows.update(ended_at=pending.ends_at, **ending)
            effects = Effect.objects.filter(development__in=keys)
            effects.update(ended_at=pending.ends_at)
            pending.ended.update(keys)
            pending.items.update(effects.order_by().values_list("item", flat=True))
            pending.processes.update(rows.order_by().values_list("process", flat=True))


def make_ready(
    by: User,
    batch: Sequence[NewDevelopment],
    pending: Pending,
    place: int,
    waiting: Waiting = lambda days: (),
) -> tuple[dict[int, NewDevelopment], dict[int, ValidationError]]:
    """Complete and check `batch`: those that can be written, and what is wrong with others, by their number.

    They are counted from `place`. `waiting`: those of given days that wait to be recorded before them.
    """
    ready, errors = {}, {}
    for number, new in enumerate(batch, start=place):
        try:
            _prepare(by, new, pending)
            ready[number] = new
        except ValidationError as error:
            errors[number] = error
    return ready, errors | _arrange(ready, waiting)


def _prepare(by: User, new: NewDevelopment, pending: Pending) -> None:
    """Complete `new`, and check every rule that does not need the database."""
    development = new.development
    prepare.begin(development, pending)
    prepare.raise_items(by, new.items, development, new.effects, pending)
    prepare.stamp(by, development, new.citations)
    _clean(development)
    for effect in new.effects:
        prepare.complete(effect, development)
    prepare.require_agreement(new.effects)
    for part, name in prepare.parts(development, new.effects, new.citations):
        try:
            _clean(part)
        except ValidationError as error:
            raise prepare.named(name, error) from error


def _arrange(ready: dict[int, NewDevelopment], waiting: Waiting) -> dict[int, ValidationError]:
    """Set the places within their days, also on the effects, and return what is wrong with them."""
    rows = [number + 1 if new.row is None else new.row for number, new in ready.items()]
    errors = arrange([new.development for new in ready.values()], rows=rows, waiting=waiting)
    for new in ready.values():
        for effect in new.effects:
            prepare.copy_times(effect, new.development)
    numbers = list(ready)
    return {numbers[position]: error for position, error in errors.items()}


def _clean(row: Record) -> None:
    """Run the model's validation on `row`; the existence of related rows is left to the database."""
    named = {
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.is_cached(row)
    }
    row.clean_fields(exclude=named)
    row.clean()
    row.require_prefix()


def _insert(ready: dict[int, NewDevelopment]) -> dict[int, ValidationError]:
    """Write `ready`, and return the errors raised by database constraints."""
    errors = _write({number: [new.development] for number, new in ready.items()})
    sound = {number: new for number, new in ready.items() if number not in errors}
    for name in ("effects", "citations"):
        errors |= _write({number: getattr(new, name) for number, new in sound.items()})
    return errors


def _write(rows: dict[int, Sequence[Record]]) -> dict[int, ValidationError]:
    """Insert all `rows` in a few queries; if that fails, one by one, to find the error of each."""
    every = [row for some in rows.values() for row in some]
    if not every:
        return {}
    try:
        with transaction.atomic():
            type(every[0]).objects.bulk_create(every)
        return {}
    except IntegrityError:
        errors = {}
    for number, some in rows.items():
        for row in some:
            row.pk, row._state.adding = None, True
            try:
                with transaction.atomic():
                    row.full_clean()
                    row.save()
            except ValidationError as error:
                errors[number] = error
            except IntegrityError:
                errors[number] = ValidationError(f"“{row}” breaks a rule of the database.")
    return errors
