"""What refers to a record, and what rows of two records become where only one can stand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from django.db import models
from django.db.models import OuterRef, QuerySet, Subquery

from tracker.models import Citation, Development, Effect, Item, ItemStance, Record
from tracker.models.dates import last_of, precision_of
from tracker.models.fields import CodeListField, concrete_field
from tracker.models.versions import relation_table
from tracker.recording.prepare import SET_ONCE

RECORDED = (Development, Effect, Citation)
"""What is never changed in place: a merge gives it new versions."""


TOGETHER = (
    ("source", "quote", "place"),
    ("published_on", "published_precision", "published_last", "published_inferred"),
    ("text", "language", "retrieved_on"),
    ("kind", "office", "person"),
    ("wording", "wording_language"),
    (
        "held_from", "held_from_precision", "held_from_last", "held_to", "held_to_precision", "held_to_last",
        "inferred",
    ),
)  # fmt: skip
"""Fields that only have a meaning together, in the models that have the first two of them."""


class Reference(NamedTuple):
    """A relation by which records of one type name those of another."""

    owner: type[Record]
    name: str
    """The field of the owner."""
    table: type[models.Model]
    """Where the rows are that hold it: the owner's own table, or that of a many-valued relation."""
    column: str
    """The field of `table` that holds it."""
    key: str
    """The field of `table` with the primary key of the owner."""

    @property
    def is_lead(self) -> bool:
        """Whether it is how a merged record names its survivor."""
        return self.name == "merged_into"

    @property
    def is_recorded(self) -> bool:
        """Whether the owner has versions of its own."""
        return self.owner in RECORDED

    def rows_of(self, record: Record) -> QuerySet:
        """The rows that name `record` now, but for what is left of it in processes that it was moved out of."""
        rows = in_force(self.table._base_manager.filter(**{self.column: record.pk}))
        # That is not to tell what becomes of it where it is.
        return rows.filter(process=record.of_process) if self.owner is Item and self.is_lead else rows

    def twins(self, other: Record, own: Record) -> QuerySet:
        """The rows that name `other` where only one can stand, and another names `own`: with its key as `twin`."""
        same = {name: OuterRef(name) for name in _once_with(self.table, self.column)}
        if not same:
            return self.rows_of(other).none()
        twin = Subquery(self.rows_of(own).filter(**same).values("pk")[:1])
        return self.rows_of(other).annotate(twin=twin).filter(twin__isnull=False)


def references(model: type[Record]) -> list[Reference]:
    """All relations by which records name one of `model`; without what follows from effects."""
    found = []
    for relation in model._meta.related_objects:
        owner = cast(type[Record], relation.related_model)
        if relation.many_to_many:
            field = cast(models.ManyToManyField, relation.field)
            named, key = field.m2m_reverse_field_name(), f"{field.m2m_field_name()}_id"
            found.append(Reference(owner, field.name, relation_table(field), named, key))
        elif owner is not ItemStance:
            found.append(Reference(owner, relation.field.name, owner, relation.field.name, "pk"))
    return found


def own_relations(model: type[Record]) -> list[Reference]:
    """The many-valued relations that records of `model` have themselves, by the rows that name these records."""
    return [
        Reference(
            model, field.name, relation_table(field), field.m2m_field_name(), f"{field.m2m_field_name()}_id"
        )
        for field in model._meta.many_to_many
    ]


def in_force(rows: QuerySet) -> QuerySet:
    """Those of `rows` that count now: of developments and their parts, the current versions."""
    if rows.model is Citation:
        return rows.filter(development__ended_at=None)
    return rows.filter(ended_at=None) if rows.model in RECORDED else rows


def united(own: Record, other: Record, prefers_other: bool = False, beside: str = "") -> dict[str, object]:
    """{field: value} in which `own` changes when it takes in `other`: what is empty in the one comes from the other.

    Of what both have, it keeps its own, or with `prefers_other` takes the other's; lists of codes are joined, unless
    they contradict each other. `beside`
    is the field by which the two are told apart. What only has a meaning together, such as the parts of a date, comes
    from one of them: from the one that says the same and more, if there is one.
    """
    values: dict[str, object] = {}
    for group in _groups(type(own), beside):
        if (codes := _joined(own, other, group[0])) is not None:
            values[group[0]] = codes
            continue
        mine, theirs = _said(own, other, group)
        says_more = mine.items() < theirs.items()
        takes_other = says_more or (prefers_other and not theirs.items() <= mine.items())
        chosen = other if takes_other else own
        values |= {name: getattr(chosen, _attname(own, name)) for name in group}
    return {name: value for name, value in values.items() if value != getattr(own, _attname(own, name))}


def taken_over(survivor: Record, merged: Record) -> dict[str, object]:
    """{field: value} in which `survivor` changes when `merged` is merged into it; neither names the other then."""
    values = united(survivor, merged)
    for reference in references(type(survivor)):
        if reference.owner is type(survivor) and concrete_field(reference.owner, reference.name).editable:
            own = getattr(survivor, _attname(survivor, reference.name))
            if values.get(reference.name, own) in (merged.pk, survivor.pk):
                values.pop(reference.name, None)
                values |= {reference.name: None} if own else {}
    return values


def take(record: Record, values: Mapping[str, object]) -> None:
    """Set the fields of `record` to `values`, relations to primary keys."""
    for name, value in values.items():
        setattr(record, _attname(record, name), value)


def unlike(own: Record, other: Record, beside: str = "") -> list[str]:
    """The fields that both have filled, each otherwise, and those beside them that only have a meaning with them.

    Lists of codes are only among them if they contradict each other; all others are joined.
    """
    names: list[str] = []
    for group in _groups(type(own), beside):
        if _joined(own, other, group[0]) is not None:
            continue
        mine, theirs = _said(own, other, group)
        if not (mine.items() <= theirs.items() or theirs.items() <= mine.items()):
            names += [name for name in group if mine.get(name) != theirs.get(name)]
    return names


def _joined(own: Record, other: Record, name: str) -> str | None:
    """The codes of both in the field `name`; None if they contradict each other, or if it is no list of codes."""
    field = concrete_field(type(own), name)
    if not isinstance(field, CodeListField):
        return None
    codes = field.joined(getattr(record, name) for record in (own, other))
    return None if field.contradiction(codes) else codes


def _once_with(table: type[models.Model], column: str) -> list[str]:
    """The fields in which two rows must not agree that agree in `column`; empty if there is no such rule."""
    sets: list[Sequence[str]] = [*table._meta.unique_together]
    for rule in table._meta.constraints:
        if isinstance(rule, models.UniqueConstraint):
            asked = rule.condition.referenced_base_fields if rule.condition is not None else set()
            # Under any other condition it is a rule about some of the rows alone.
            sets += [rule.fields] if asked <= {column} else []
    fields = next((fields for fields in sets if column in fields), ())
    return [name for name in fields if name != column]


def _groups(model: type[Record], beside: str) -> Iterator[tuple[str, ...]]:
    """The fields that people set, those together that only have a meaning together; without names and `beside`."""
    names = [field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key]
    names = [name for name in getattr(model, "CONTENT", names) if name not in (beside, "aliases")]
    taken: set[str] = set()
    for name in names:
        if name in taken:
            continue
        group = tuple(each for each in _together(model, name) if each != beside)
        taken.update(group)
        yield group


def _together(model: type[Record], name: str) -> tuple[str, ...]:
    if name in SET_ONCE["due"] and model is Effect:
        return SET_ONCE["due"]
    fields = {field.name for field in model._meta.concrete_fields}
    for group in TOGETHER:
        # A talk has a place too, but no quote from there.
        if name in group and fields.issuperset(group[:2]):
            return tuple(each for each in group if each in fields)
    if precision := precision_of(model, name):
        return name, precision, last_of(precision)
    return (name,)


def _said(own: Record, other: Record, group: tuple[str, ...]) -> tuple[dict[str, object], dict[str, object]]:
    """What each of the two says in `group`, {field: value}: without what is empty, or says nothing by itself."""
    if group[0] == "text" and (getattr(own, "text") or getattr(other, "text")):  # noqa: B009  # of sources alone
        group = group[:1]
    fields = [concrete_field(type(own), name) for name in group]
    if len(fields) > 1:
        fields = [field for field in fields if not isinstance(field, models.BooleanField)]
    mine, theirs = (
        {
            field.name: value
            for field in fields
            if (value := getattr(record, field.attname)) not in ("", None, [], field.get_default())
        }
        for record in (own, other)
    )
    return mine, theirs


def _attname(record: Record, name: str) -> str:
    return concrete_field(type(record), name).attname
