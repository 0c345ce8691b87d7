"""Finds the names that records had before, or until they were deleted, in the audit trail."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import Field

from tracker.models import Item, Office, Person, Record
from tracker.models.known import OPEN
from tracker.models.names import root_of
from tracker.recording.trail.keys import NewKeys
from tracker.recording.trail.lives import RECORDS, Life, batches_of_lives
from tracker.recording.trail.names import OWNERS, Called, Names, name_of, naming
from tracker.recording.trail.reader import TrailReader, editable_fields
from tracker.recording.trail.records import last_words
from tracker.recording.trail.walk import Values, states


def all_names(new_keys: NewKeys, rebuilt: Collection[type]) -> Names:
    """The names of all records; those deleted of one of the models `rebuilt` get a primary key."""
    names = Names()
    for model in RECORDS:
        for lives in batches_of_lives(model):
            for life, key in _deleted(lives, new_keys, names, model in rebuilt):
                _name_deleted(life, key, names)
            if naming(model):
                _name_renamed(model, lives, names)
    return names


def _deleted(
    lives: Sequence[Life], new_keys: NewKeys, names: Names, is_rebuilt: bool
) -> Iterator[tuple[Life, int]]:
    for life in lives if is_rebuilt else ():
        if life.ended and life.began and life.began < life.ended.at:
            key = new_keys.next(root_of(life.model))
            names.add_deleted(life.ref, life.ended.at, key)
            yield life, key


def _name_deleted(life: Life, key: int, names: Names) -> None:
    fields, owner = _fields(life.model), None
    if not fields or not life.ended or not life.began:
        return
    reader = TrailReader(life.model, names)
    values, lost = last_words(life, fields, reader)
    if lost:
        return
    if issubclass(life.model, Item):
        owner = life.ended.process_id
    elif life.model is Office:
        owner = names.key_of(Person, life.ended.subject_ref)
    called = Called(_kind(life.model), owner, life.began, life.ended.at, ())
    _add(names, life, key, called, values, fields, reader)


def _name_renamed(model: type[Record], lives: Sequence[Life], names: Names) -> None:
    fields = _fields(model)
    reader = TrailReader(model, names)
    renamed = {life.ref: life for life in lives if life.ended is None and _is_renamed(life, fields)}
    owner = OWNERS.get(root_of(model))
    columns = ["ref", "pk", "recorded_at", *fields, *([owner] if owner else [])]
    for row in model._base_manager.filter(ref__in=renamed).values(*columns):
        called = Called(_kind(model), row[owner] if owner else None, row["recorded_at"], OPEN, ())
        _add(names, renamed[row["ref"]], row["pk"], called, row, fields, reader)


def _add(
    names: Names,
    life: Life,
    key: int,
    called: Called,
    values: Values,
    fields: Mapping[str, Field],
    reader: TrailReader,
) -> None:
    """Add a record to `names`, with all names that lead to those in `values`."""
    known = {name: values[name] for name in fields}
    told = tuple(
        (state.since, name_of(life.model, [state.values[name] for name in naming(life.model)]))
        for state in states(life, called.since, known, 1, fields, reader)
    )
    names.add(life.model, key, called._replace(names=told))


def _is_renamed(life: Life, fields: Mapping[str, Field]) -> bool:
    return any(
        change["field"] in fields and change["old"] for entry in life.entries for change in entry.changes
    )


def _fields(model: type[Record]) -> dict[str, Field]:
    """The fields that make up the name of a record of `model`."""
    return {name: field for name, field in editable_fields(model).items() if name in naming(model)}


def _kind(model: type[Record]) -> str:
    return str(getattr(model, "kind_code", ""))
