"""What a merge would move and decide, for a user to look at before, and what is in the way of undoing it."""

import datetime as dt
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from tracker.models import VERSIONS, Effect, Item, Record, Talk, User
from tracker.models.fields import concrete_field
from tracker.models.names import root_of
from tracker.recording.audit import snapshot
from tracker.recording.joint_effects import differences
from tracker.recording.merging import new_names
from tracker.recording.references import (
    Reference,
    in_force,
    own_relations,
    references,
    take,
    taken_over,
    unlike,
)
from tracker.recording.unmerging import BuiltOn

MOST = 1_000
"""How many records a merge, or the move of an item, may change within the request; more are left to the queue."""
NAMED = 5
"""How many records that are in the way are named of each type."""


@dataclass(frozen=True)
class Move:
    """How many records of one type name the merged record in one of their fields."""

    label: str
    count: int
    joined: int = 0
    """How many of these become one with a record that names the survivor."""


@dataclass(frozen=True)
class FieldKept:
    """A field that both records have filled otherwise, or that the survivor takes from the other."""

    label: str
    kept: str
    given_up: str


@dataclass(frozen=True)
class Question:
    """Two parts of which only one can stand, which say different things."""

    key: str
    """The reference of the part of the merged record."""
    title: str
    own: str
    """What the survivor's says."""
    other: str


@dataclass(frozen=True)
class MergePreview:
    """All that a merge does, as far as one user may see it."""

    moves: list[Move]
    fields: list[FieldKept]
    names: list[str]
    """The names that the survivor takes over."""
    questions: list[Question]

    @property
    def total(self) -> int:
        """How many records change."""
        return sum(move.count for move in self.moves)

    @property
    def is_large(self) -> bool:
        """Whether they are more than one request may change, so that a job does it."""
        return self.total > MOST


def preview(merged: Record, survivor: Record, user: User) -> MergePreview:
    """What a merge of `merged` into `survivor` would do, of all that `user` may see."""
    named_by, filled = references(type(merged)), copy(survivor)
    take(filled, taken_over(survivor, merged))
    moves = [
        Move(_label(reference), count, _twins(reference, merged, survivor, user).count())
        for reference in named_by
        if (count := _seen(reference, merged, user).count())
    ]
    questions = [
        question for reference in named_by for question in _questions(reference, merged, survivor, user)
    ]
    if isinstance(merged, Item):
        questions += _questions_of_effects(merged, survivor, user)
    return MergePreview(
        moves,
        list(_fields(merged, survivor)),
        new_names(merged, filled),
        questions,
    )


def require_no_circle(merged: Record, survivor: Record) -> None:
    """Raise ValidationError, with the talks between, if the talk `survivor` would come to follow itself."""
    if not isinstance(survivor, Talk):
        return
    filled, between = copy(survivor), []
    take(filled, taken_over(survivor, merged))
    step = filled.predecessor
    while step and step not in (merged, survivor, *between):
        between.append(step)
        step = step.predecessor
    if step in (merged, survivor):
        names = ", ".join(f"“{talk}”" for talk in between)
        raise ValidationError(
            f"“{survivor}” would follow itself in the end, by way of {names}: change one of their predecessors first."
        )


def obstacles(built_on: BuiltOn, user: User) -> list[str]:
    """What has been changed since a merge, by name where `user` may see it."""
    sentences = []
    for model, keys in built_on.keys.items():
        # A merged record may be in the way itself.
        seen = list(model._base_manager.visible_to(user).filter(pk__in=keys)[: NAMED + 1])
        names = [f"“{record}”" for record in seen[:NAMED]] + ["others"] * (len(seen) > NAMED)
        if names:
            noun = model._meta.verbose_name if len(seen) == 1 else model._meta.verbose_name_plural
            sentences.append(f"{noun}: {', '.join(names)}")
    return sentences or ["records that have been deleted since, or that you may not see"]


def holds(model: type[Record], ref: str, instant: dt.datetime) -> bool:
    """Whether the record `ref` of `model` is still merged into that of `instant`, which stands, not moved since."""
    versions = VERSIONS[root_of(model)]._base_manager.filter(ref=ref).order_by("known_from")
    leads = list(versions.filter(known_from__gte=instant).values_list("merged_into_id", flat=True))
    is_merged = bool(leads) and None not in leads and leads[0] == leads[-1]
    return is_merged and model.objects.filter(pk=leads[-1]).exists()


def _label(reference: Reference) -> str:
    field = reference.owner._meta.get_field(reference.name)
    return f"{reference.owner._meta.verbose_name_plural} ({getattr(field, 'verbose_name', reference.name)})"


def _seen(reference: Reference, record: Record, user: User):
    """The records that name `record` now and that `user` may see."""
    return in_force(reference.owner.objects.visible_to(user).filter(**{reference.name: record}))


def _fields(merged: Record, survivor: Record) -> Iterator[FieldKept]:
    own, others = snapshot(survivor), snapshot(merged)
    for name, value in taken_over(survivor, merged).items():
        label, text = others.get(name, ("", ""))
        if text and value is not None:
            yield FieldKept(label, text, own[name][1])
    for relation in own_relations(type(survivor)):
        mine, theirs = ({*getattr(record, relation.name).all()} for record in (survivor, merged))
        if new := sorted(map(str, theirs - mine)):
            yield FieldKept(own[relation.name][0], "; ".join(new), "")
    for name in unlike(survivor, merged):
        label, text = own[name]
        yield FieldKept(label, text, others[name][1])


def _twins(reference: Reference, merged: Record, survivor: Record, user: User) -> QuerySet:
    """The records that name `merged`, and of which another one that names `survivor` leaves no room for two."""
    if reference.table is not reference.owner:
        return reference.owner.objects.none()
    visible = reference.owner.objects.visible_to(user).order_by().values("pk")
    return reference.twins(merged, survivor).filter(pk__in=visible)


def _questions(reference: Reference, merged: Record, survivor: Record, user: User) -> Iterator[Question]:
    """The pairs of records that name both, of which only one can stand and which say different things."""
    rows = list(_twins(reference, merged, survivor, user))
    twins = reference.owner._base_manager.in_bulk([row.twin for row in rows])
    for row in rows:
        twin = twins[row.twin]
        if names := unlike(twin, row, reference.column):
            own, other = _words(twin, names), _words(row, names)
            yield Question(row.ref, _title(row), f"{survivor} ({own})", f"{merged} ({other})")


def _questions_of_effects(merged: Record, survivor: Record, user: User) -> Iterator[Question]:
    """What developments say of both items, and each otherwise."""
    rows = in_force(Effect.objects.visible_to(user)).filter(item__in=(merged.pk, survivor.pk))
    by_development: dict[int, tuple[list[Effect], list[Effect]]] = {}
    for row in rows.select_related("development", "item", "party").order_by("pk"):
        sides = by_development.setdefault(row.development_id, ([], []))
        sides[row.item_id == merged.pk].append(row)
    for own, others in by_development.values():
        asked: dict[Effect, tuple[list[str], list[str]]] = {}
        for difference in differences(own, others):
            words = asked.setdefault(difference.other, ([], []))
            words[0].append(_words(difference.own, difference.names))
            words[1].append(_words(difference.other, difference.names))
        for other, (own_words, other_words) in asked.items():
            yield Question(
                other.ref,
                _title(other),
                f"{survivor} ({'; '.join(own_words)})",
                f"{merged} ({'; '.join(other_words)})",
            )


def _title(row: Record) -> str:
    noun = str(row._meta.verbose_name)
    return f"{noun[0].upper()}{noun[1:]}: {row}"


def _words(record: Record, names: list[str]) -> str:
    texts = snapshot(record)
    return "; ".join(f"{concrete_field(type(record), name).verbose_name}: {texts[name][1]}" for name in names)
