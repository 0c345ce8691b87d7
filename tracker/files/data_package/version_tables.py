"""The versions of records in a data package: a table beside each table, with references in place of keys."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from django.db import models
from django.db.models import Exists, Expression, Field, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import NullIf

from tracker.files.data_package.cells import cell_of
from tracker.files.data_package.contents import (
    NOT_THE_RECORD,
    PackageColumn,
    PackageTable,
    named_by,
    tables,
)
from tracker.models import VERSIONS, Item, Process, Source, User
from tracker.models.collation import CollationKey
from tracker.models.fields import concrete_field, related_model
from tracker.models.known import OPEN
from tracker.models.names import root_of
from tracker.models.sources import hidden_sources
from tracker.models.versions import kept_columns, key_column

OWN = ("known_from", "known_until", "changed_by", "reason_given", "is_complete")
"""The columns of a version besides those of its row."""


@dataclass(frozen=True)
class VersionColumn(PackageColumn):
    """One column of a table of versions; `field` is that of the row itself, or one of OWN."""

    within: str = ""
    """A column in which what it names has to agree with the version, or is not named."""

    @property
    def is_required(self) -> bool:
        return super().is_required and self.name != "known_until"

    @property
    def expression(self) -> Expression:
        if self.field is None or self.leaf is None:
            return super().expression
        if self.field.name == "known_until":
            return cell_of(self.leaf, NullIf(self.lookup, Value(OPEN)))
        if not self.field.is_relation or self.field.name == "changed_by":
            return cell_of(self.leaf, self.lookup)
        target = related_model(self.field)
        attname = self.field.attname
        if target is User:
            named = User.objects.filter(pk=OuterRef(attname)).values(self.lookup)
        else:
            rows: QuerySet = VERSIONS[root_of(target)]._base_manager.all()
            same = {self.within: OuterRef(self.within)} if self.within else {}
            rows = rows.filter(row_id=OuterRef(attname), **same)
            named = rows.order_by("pk").values("ref")
        return cell_of(self.leaf, Subquery(named[:1]))


@dataclass(frozen=True)
class VersionTable(PackageTable):
    """The versions of the rows of one model, as a file; `model` is that of the versions."""

    @property
    def of(self) -> type[models.Model]:
        return next(model for model, version in VERSIONS.items() if version is self.model)

    @property
    def is_relation(self) -> bool:
        return False

    @property
    def is_unordered(self) -> bool:
        return False

    @cached_property
    def name(self) -> str:
        return f"{PackageTable(self.of).name}-versions"

    @cached_property
    def columns(self) -> list[PackageColumn]:
        columns: list[PackageColumn] = [VersionColumn("row", None)]
        for field in kept_columns(self.of):
            if not isinstance(field, models.AutoField | CollationKey):
                columns += _columns_of(field)
        for name in OWN:
            columns += _columns_of(concrete_field(self.model, name))
        return columns

    @cached_property
    def key(self) -> list[str]:
        return ["row"]

    def relations(self, columns: list[PackageColumn]) -> list[Field]:
        """None: what a version refers to may be gone."""
        return []

    def shown(self, whole: bool) -> list[PackageColumn]:
        columns = super().shown(whole)
        if whole or self.of is not Item:
            return columns
        # Where it was moved to is of another process.
        return [
            replace(cast(VersionColumn, column), within="process_id")
            if column.name == "merged_into_id"
            else column
            for column in columns
        ]

    def rows(self, reader: User | None) -> QuerySet:
        rows: QuerySet = self.model._base_manager.order_by("pk")
        hidden = reader.hidden_process_ids if reader is not None else []
        for condition in _hidden(self.of, hidden) if hidden else ():
            rows = rows.exclude(condition)
        return rows


def all_tables() -> list[PackageTable]:
    """The tables of a package: those of the record, then those of all versions but of names, which follow from them."""
    versions = [VersionTable(model) for model in VERSIONS.values() if model.__name__ not in NOT_THE_RECORD]
    return [*tables(), *versions]


def _columns_of(field: Field) -> list[PackageColumn]:
    if not field.is_relation:
        return [VersionColumn("id" if field.name == "ref" else field.name, field, field.name, field)]
    if field.name == "changed_by":
        leaf = User._meta.get_field("username")
        return [VersionColumn(field.name, field, f"{field.name}__username", leaf)]
    return [
        VersionColumn(f"{field.name}{ending}", field, lookup, leaf)
        for ending, lookup, leaf in named_by(related_model(field))
    ]


def _hidden(model: type[models.Model], processes: list[int]) -> Iterator[Q | Exists]:
    """The conditions on versions of `model` that they are of one of `processes`, as what they belong to was then."""
    if model is Process:
        yield Q(row_id__in=processes)
        return
    if model is Source:
        # Whether it is kept to one of them now is also asked of versions from before.
        yield Q(row_id__in=hidden_sources(processes))
    for field in kept_columns(model):
        if not field.is_relation or (target := related_model(field)) not in VERSIONS:
            continue
        if target is Process:
            yield Q(**{f"{field.attname}__in": processes})
        elif not field.null and getattr(target, "process_path", None) is not None:
            # A delegation is of another process once its talk was moved.
            then: QuerySet = VERSIONS[target]._base_manager.filter(
                known_from__lt=OuterRef("known_until"), known_until__gt=OuterRef("known_from")
            )
            named = then.filter(**{key_column(target): OuterRef(field.attname)})
            for condition in _hidden(target, processes):
                yield Exists(named.filter(condition))
