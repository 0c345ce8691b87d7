"""What records were called at each instant, and which of them a name meant then."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db import models

from tracker.models import Item, Office, RecordName, Source, User
from tracker.models.known import EVER, OPEN
from tracker.models.names import root_of, type_of
from tracker.recording.trail.words import BETWEEN, LOST
from tracker.text.folding import key as name_key

MOMENT = dt.timedelta(microseconds=1)
REMEMBERED = 20_000
"""How many records and names are kept in memory."""

LONGEST = 3
"""Of how many parts a name may be that has the mark in it which stands between names."""

OF_A_NAME: dict[type[models.Model], tuple[str, ...]] = {Source: ("publisher", "title"), User: ("username",)}
"""The fields that make up a name, where that is not the first of `name_fields`."""

OWNERS: dict[type[models.Model], str] = {Item: "process_id", Office: "person_id"}
"""The column of the record within which others look for a name."""


class Called(NamedTuple):
    """The names of one record, each with the instant from which it had it."""

    kind: str
    """The ItemKind of an item; else empty."""
    owner: int | None
    since: dt.datetime
    until: dt.datetime
    names: tuple[tuple[dt.datetime, str], ...]

    def at(self, instant: dt.datetime) -> str:
        """The name at `instant`, or the first one."""
        before = [name for since, name in self.names if since <= instant]
        return before[-1] if before else self.names[0][1]

    def is_there(self, instant: dt.datetime) -> bool:
        """Whether the record was there at `instant`."""
        return self.since <= instant < self.until


def naming(model: type[models.Model]) -> tuple[str, ...]:
    """The fields that make up the name of a record of `model`."""
    return OF_A_NAME.get(model) or tuple(getattr(model, "name_fields", ())[:1])


def name_of(model: type[models.Model], values: Iterable) -> str:
    """The name of a record of `model` with the `values` of the fields of `naming`."""
    return str(model(**dict(zip(naming(model), values, strict=True))))


class Names:
    """The names of all records: of those that were renamed or deleted in memory, of all others in the database."""

    def __init__(self) -> None:
        self._renamed: dict[type[models.Model], dict[int, Called]] = defaultdict(dict)
        self._by_name: dict[tuple[type[models.Model], str], set[int]] = defaultdict(set)
        self._deleted: dict[tuple[str, dt.datetime], int] = {}
        self._by_ref: dict[str, int] = {}
        self._stored = lru_cache(REMEMBERED)(_stored)
        self._with_name = lru_cache(REMEMBERED)(_with_name)
        self._with_ref = lru_cache(REMEMBERED)(_with_ref)

    def add(self, model: type[models.Model], key: int, called: Called) -> None:
        """Add a record that was renamed or deleted."""
        root = root_of(model)
        self._renamed[root][key] = called
        for _, name in called.names:
            self._by_name[root, name].add(key)

    def add_deleted(self, ref: str, ended: dt.datetime, key: int) -> None:
        """Add the new primary key of a record that was deleted."""
        self._deleted[ref, ended] = self._by_ref[ref] = key

    def deleted(self, ref: str, ended: dt.datetime) -> int | None:
        """The primary key of the record that was deleted at an instant."""
        return self._deleted.get((ref, ended))

    def key_of(self, model: type[models.Model], ref: str) -> int | None:
        """The primary key of the record with the reference `ref`, if only one had it."""
        stored, deleted = self._with_ref(model, ref), self._by_ref.get(ref)
        return stored or deleted if not (stored and deleted) else None

    def are(self, model: type[models.Model], keys: Iterable[int], text: str, at: dt.datetime) -> bool:
        """Whether `text` has the names of the records with the primary keys at `at`, or right before it."""
        found = [self._called(root_of(model), key) for key in keys]
        called = [one for one in found if one]
        return len(called) == len(found) and any(
            BETWEEN.join(sorted(one.at(instant) for one in called)) == text for instant in (at, at - MOMENT)
        )

    def meant(
        self, model: type[models.Model], name: str, at: dt.datetime, owner: int | None = None
    ) -> set[int]:
        """The primary keys of the records that had the `name` at `at`, or right before it; of `owner`, if given."""
        root = root_of(model)
        kind = str(getattr(model, "kind_code", ""))
        found = set()
        for key in {*self._by_name.get((root, name), ()), *self._with_name(root, name)}:
            called = self._called(root, key)
            if called and kind in ("", called.kind) and owner in (None, called.owner):
                instants = filter(called.is_there, (at, at - MOMENT))
                if any(called.at(instant) == name for instant in instants):
                    found.add(key)
        return found

    def all_meant(self, model: type[models.Model], text: str, at: dt.datetime) -> object:
        """The set of the primary keys of the records whose names `text` lists; LOST if that is not sure."""
        ways = self._ways(model, text.split(BETWEEN) if text else [], at)
        return ways[0] if len(ways) == 1 else LOST

    def _ways(self, model: type[models.Model], parts: list[str], at: dt.datetime) -> list[frozenset[int]]:
        """The first two ways to read the parts of a list as names."""
        if not parts:
            return [frozenset()]
        found: list[frozenset[int]] = []
        for length in range(1, min(LONGEST, len(parts)) + 1):
            keys = self.meant(model, BETWEEN.join(parts[:length]), at)
            rest = self._ways(model, parts[length:], at) if keys else []
            found += [way | {key} for key in sorted(keys) for way in rest]
            if len(found) > 1:
                break
        return found

    def _called(self, root: type[models.Model], key: int) -> Called | None:
        return self._renamed[root].get(key) or self._stored(root, key)


def _stored(root: type[models.Model], key: int) -> Called | None:
    names, owner = naming(root), OWNERS.get(root)
    others = [] if root is User else ["recorded_at"]
    others += [owner] if owner else []
    others += ["item_kind"] if root is Item else []
    row = root._base_manager.filter(pk=key).values(*names, *others).first()
    if row is None:
        return None
    since = row.get("recorded_at", EVER)
    name = name_of(root, (row[field] for field in names))
    return Called(row.get("item_kind", ""), row[owner] if owner else None, since, OPEN, ((since, name),))


def _with_name(root: type[models.Model], name: str) -> frozenset[int]:
    if root is User:
        return frozenset(User.objects.filter(username=name).values_list("pk", flat=True))
    if naming(root):
        rows = RecordName.objects.filter(record_type=type_of(root), key=name_key(name))
        return frozenset(rows.values_list("record_id", flat=True))
    return frozenset()


def _with_ref(model: type[models.Model], ref: str) -> int | None:
    return model._base_manager.filter(ref=ref).values_list("pk", flat=True).first()
