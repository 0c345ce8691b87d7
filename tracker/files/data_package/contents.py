"""The contents of a data package: a table for each model of the record, derived from the models."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from django.apps import apps
from django.db import connection, models
from django.db.models import Expression, F, Field, Q, QuerySet, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import Collate, RowNumber
from django.utils.text import slugify

from tracker.files.data_package.cells import cell_of
from tracker.models import VERSIONS, Process, User
from tracker.models.base import VisibleQuerySet
from tracker.models.collation import CollationKey
from tracker.models.fields import concrete_field, related_model
from tracker.models.versions import Version

NOT_THE_RECORD = frozenset(
    {
        "DatasetLoad", "DerivedText", "ImportRow", "ImportRun", "ImportRun_processes", "Job", "LastRecording",
        "PreparedFile", "RecordName", "RecordNameVersion", "SavedView",
        "SearchEntry", "SearchIndex", "Submission", "Token", "User_groups", "User_user_permissions",
    }
)  # fmt: skip
"""The names of models that belong to the installation rather than the record."""

OF_EARLIER_RELEASES = {"Effect": ("first_recorded_at", "sequence"), "SourceVersion": ("text",)}
"""{model: columns that packages of earlier releases have}; they are passed over."""

OF_USERS = ("username",)
"""The fields of users in a package: only the name that identifies who recorded, no credentials."""


@dataclass(frozen=True)
class PackageColumn:
    """One column of a table."""

    name: str
    field: Field | None
    """The field that it sets, alone or with neighbouring columns; None for the row number."""
    lookup: str = "pk"
    leaf: Field | None = None
    """The field at the end of `lookup`, which the text comes from."""
    shown_as: Combinable | None = None
    """What the text comes from instead, if not from all of that field."""

    @property
    def is_required(self) -> bool:
        """Whether each row has a value in it."""
        return self.field is None or not self.field.null

    @property
    def expression(self) -> Expression:
        """The expression of its text."""
        if self.leaf is None:
            return Window(RowNumber(), order_by="pk")
        return cell_of(self.leaf, self.lookup if self.shown_as is None else self.shown_as)


@dataclass(frozen=True)
class PackageTable:
    """One model of the record, as a file."""

    model: type[models.Model]

    @property
    def of(self) -> type[models.Model]:
        """The model of the records that it is about."""
        return self.model

    @property
    def is_relation(self) -> bool:
        """Whether it is the table of a many-to-many relation."""
        return bool(self.model._meta.auto_created)

    @property
    def is_unordered(self) -> bool:
        """Whether the order of its rows is not significant."""
        fields = key_fields(self.model)
        is_known_by_relations = bool(fields) and all(field.is_relation for field in fields)
        return self.model is User or (is_known_by_relations and not self.model._meta.pk.is_relation)

    @cached_property
    def name(self) -> str:
        """The name of the file without extension."""
        if not self.is_relation:
            return slugify(str(self.model._meta.verbose_name_plural))
        # Django stores the declaring model here.
        owner = cast("type[models.Model]", self.model._meta.auto_created)
        relation = next(
            field for field in owner._meta.many_to_many if field.remote_field.through is self.model
        )
        return f"{slugify(str(owner._meta.verbose_name_plural))}-{relation.name.replace('_', '-')}"

    @property
    def path(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    @cached_property
    def columns(self) -> list[PackageColumn]:
        """All its columns, in order, with natural keys instead of primary keys."""
        columns = [] if key_fields(self.model) else [PackageColumn("number", None)]
        for field in self.model._meta.local_concrete_fields:
            is_kept_back = self.model is User and field.name not in OF_USERS
            if isinstance(field, models.AutoField | CollationKey) or field.generated or is_kept_back:
                continue
            if field.is_relation:
                columns += [
                    PackageColumn(f"{field.name}{ending}", field, f"{field.name}__{path}", leaf)
                    for ending, path, leaf in named_by(related_model(field))
                ]
            else:
                columns.append(
                    PackageColumn("id" if field.name == "ref" else field.name, field, field.name, field)
                )
        return columns

    @cached_property
    def key(self) -> list[str]:
        """The names of the columns of its natural key."""
        fields = key_fields(self.model)
        return [column.name for field in fields for column in self.columns if column.field is field] or [
            "number"
        ]

    def relations(self, columns: list[PackageColumn]) -> list[Field]:
        """The fields of `columns` that refer to rows of other tables."""
        fields = dict.fromkeys(column.field for column in columns if column.field is not None)
        return [field for field in fields if field.is_relation]

    def shown(self, whole: bool) -> list[PackageColumn]:
        """Its columns in a package of the `whole` record, or in a reader's export, without private texts."""
        private = getattr(self.of, "private_fields", ())
        otherwise = {} if whole else getattr(self.model, "shown_as", {})
        return [
            replace(column, shown_as=otherwise.get(column.name))
            for column in self.columns
            if whole or column.field is None or column.field.name not in private
        ]

    def rows(self, reader: User | None) -> QuerySet:
        """The rows that `reader` may see, or all; in an order that is the same in every database."""
        rows: QuerySet = self.model._base_manager.order_by()
        if self.model is User:
            rows = rows.filter(Q(*(Q(pk__in=named) for named in _users_named(reader)), _connector=Q.OR))
        elif reader is not None and self.is_relation:
            for field in self.model._meta.local_concrete_fields:
                if field.is_relation and getattr(field.related_model, "process_path", None) is not None:
                    visible = cast(VisibleQuerySet, related_model(field)._default_manager.all())
                    keys = visible.visible_to(reader).order_by().values("pk")
                    rows = rows.filter(**{f"{field.name}__in": keys})
        elif reader is not None:
            rows = cast(VisibleQuerySet, rows).visible_to(reader)
        if self.is_unordered:
            return rows.order_by(*(_by_code_points(c.lookup) for c in self.columns if c.name in self.key))
        return rows.order_by("pk")


def tables() -> list[PackageTable]:
    """The tables, each after those that it refers to."""
    models_of_all = apps.get_app_config("tracker").get_models(include_auto_created=True)
    waiting = [
        model
        for model in models_of_all
        if model.__name__ not in NOT_THE_RECORD and model._meta.managed and not issubclass(model, Version)
    ]
    ordered: list[type[models.Model]] = []
    while waiting:
        for model in waiting:
            if not {*referred(model)} - {model} & {*waiting}:
                ordered.append(model)
                waiting.remove(model)
                break
        else:
            names = ", ".join(model.__name__ for model in waiting)
            raise ValueError(f"No order of tables lets each come after what it refers to: {names}.")
    return [PackageTable(model) for model in ordered]


def referred(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models that rows of `model` refer to."""
    return (related_model(field) for field in model._meta.local_concrete_fields if field.is_relation)


def key_fields(model: type[models.Model]) -> list[Field]:
    """The fields of the natural key of `model`; empty if only the order of writing identifies rows."""
    meta = model._meta
    if meta.auto_created:
        return [field for field in meta.local_concrete_fields if field.is_relation]
    if meta.pk.is_relation:
        return [meta.pk]
    for field in meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            return [field]
    for constraint in meta.total_unique_constraints:
        return [concrete_field(model, name) for name in constraint.fields]
    return []


def named_by(model: type[models.Model]) -> list[tuple[str, str, Field]]:
    """The natural key of `model` for references: (suffix of the column name, lookup, field)."""
    named = []
    for field in key_fields(model):
        if field.is_relation:
            named += [
                (end, f"{field.name}__{path}", leaf) for end, path, leaf in named_by(related_model(field))
            ]
        else:
            ending = {"ref": "_id", "username": ""}.get(field.name, f"_{field.name}")
            named.append((ending, field.name, field))
    if not named:
        raise ValueError(f"{model.__name__} has no key that other rows could be told by.")
    return named


def _users_named(reader: User | None) -> Iterator[QuerySet]:
    """The primary keys of users referred to by rows that `reader` may see, table by table."""
    for table in tables():
        for field in table.model._meta.local_concrete_fields:
            if field.is_relation and field.related_model is User:
                rows = table.rows(reader).order_by().filter(**{f"{field.name}__isnull": False})
                yield rows.values(field.name)
    members: QuerySet = VERSIONS[Process.members.through]._base_manager.order_by()
    yield members.exclude(process_id__in=reader.hidden_process_ids if reader else ()).values("user_id")


def _by_code_points(lookup: str) -> Collate | F:
    return Collate(F(lookup), "C") if connection.vendor == "postgresql" else F(lookup)
