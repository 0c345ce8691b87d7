"""Base models: a stable reference, the recording time, visibility, and writes through `tracker.recording` only."""

import contextlib
import contextvars
import secrets
from functools import cache
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from tracker.clocks import Clocks
from tracker.models.collation import CollationKey, with_key_fields, with_keys
from tracker.models.derived import derive, derives_from, forget, kinds_of
from tracker.models.fields import validate_ref
from tracker.models.names import NAMED_BY, NameRank

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_writes_allowed = contextvars.ContextVar("writes_allowed", default=False)


class Sealed(Exception):
    """Raised for a write that does not go through `tracker.recording`."""


@contextlib.contextmanager
def writes_allowed():
    """Allow writes inside the block. Only `tracker.recording` uses it.

    Writes that bypass `recording` would leave no audit entry, so models refuse them.
    """
    token = _writes_allowed.set(True)
    try:
        yield
    finally:
        _writes_allowed.reset(token)


def require_writes_allowed(what: str) -> None:
    """Raise Sealed for the write described by `what`, unless inside `writes_allowed`."""
    if not _writes_allowed.get():
        raise Sealed(
            f"{what} must go through tracker.recording, which keeps versions, standing and audit in step."
        )


@cache
def page_pattern(url_name: str) -> str:
    """The URL of a type's detail page with REF for the reference; cached, since a page has hundreds of links."""
    return reverse(f"{url_name}:detail", args=["REF"])


def new_ref(prefix: str) -> str:
    """A new reference: `prefix`, a hyphen, and 60 random bits in a base-32 alphabet without look-alikes."""
    return f"{prefix}-" + "".join([_ALPHABET[byte & 31] for byte in secrets.token_bytes(12)])


def first_of(rows: models.QuerySet, column: str) -> models.Subquery:
    """`column` of the first of `rows`, as an expression."""
    return models.Subquery(rows.values(column)[:1])


class SealedQuerySet(models.QuerySet):
    """A queryset whose bulk writes are refused outside `tracker.recording`."""

    def update(self, **values):
        require_writes_allowed(f"Updating {self.model._meta.verbose_name_plural}")
        values = with_keys(self.model, values)
        if not derives_from(self.model, values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            keys = list(self.values_list("pk", flat=True))
            updated = super().update(**values)
            for model in kinds_of(self.model):
                derive(list(model._base_manager.filter(pk__in=keys)))
        return updated

    update.alters_data = True

    def delete(self):
        require_writes_allowed(f"Deleting {self.model._meta.verbose_name_plural}")
        with transaction.atomic(using=self.db):
            forget(self.model, list(self.values_list("pk", flat=True)))
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **options):
        require_writes_allowed(f"Adding {self.model._meta.verbose_name_plural}")
        with transaction.atomic(using=self.db):
            created = super().bulk_create(objs, *args, **options)
            derive(created, are_new=True)
        return created

    def bulk_update(self, objs, fields, *args, **options):
        require_writes_allowed(f"Updating {self.model._meta.verbose_name_plural}")
        # Django calls `update` with each batch.
        return super().bulk_update(objs, with_key_fields(objs, fields), *args, **options)


class Checks:
    """All check constraints of a table, validated in one query if they hold; Django uses a query for each."""

    def __init__(self, checks: list[models.CheckConstraint]):
        self.checks = checks

    def validate(self, model, instance, exclude=None, using=None):
        """Raise ValidationError for every check that fails; checks that use a field in `exclude` are skipped."""
        known = {field.name for field in model._meta.local_concrete_fields} - set(exclude or ())
        checks = [check for check in self.checks if check.condition.referenced_base_fields <= known]
        if not checks:
            return
        everything = models.Q(*(check.condition for check in checks))
        try:
            models.CheckConstraint(condition=everything, name="").validate(model, instance, exclude, using)
        except ValidationError:
            broken = []
            for check in checks:
                try:
                    check.validate(model, instance, exclude, using)
                except ValidationError as error:
                    broken.append(error)
            raise ValidationError(broken) from None


class SealedModel(models.Model):
    """A model that only `tracker.recording` may write."""

    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True
        # Makes Django's related managers refuse writes too.
        base_manager_name = "objects"

    def get_constraints(self):
        """Django's constraints, with the checks of each table combined."""
        result = []
        for model, constraints in super().get_constraints():
            checks = [
                constraint for constraint in constraints if isinstance(constraint, models.CheckConstraint)
            ]
            others = [constraint for constraint in constraints if constraint not in checks]
            result.append((model, [Checks(checks), *others] if checks else others))
        return result

    def save(self, *args, **options):
        require_writes_allowed(f"Saving a {self._meta.verbose_name}")
        super().save(*args, **options)

    def delete(self, *args, **options):
        require_writes_allowed(f"Deleting a {self._meta.verbose_name}")
        # The database would silently drop the record from many-to-many relations.
        for relation in filter(attrgetter("many_to_many"), self._meta.related_objects):
            if naming := relation.related_model._base_manager.filter(**{relation.field.name: self}).first():
                raise models.ProtectedError(f"“{self}” is named by other records.", {naming})
        return super().delete(*args, **options)


class VisibleQuerySet(SealedQuerySet):
    """Rows that a user may see."""

    @property
    def reader(self):
        """The user passed to `visible_to`, so that messages can follow the same rule; None if it was not called."""
        return self._hints.get("reader")

    def visible_to(self, user):
        """Only rows of processes that `user` may read, and shared records.

        Of rows that can change their process, that of now (`hidden_now`) is asked too.
        """
        rows, path = self.all(), self.model.process_path
        if hidden := user.hidden_process_ids if path is not None else ():
            rows = rows.exclude(**{f"{path or 'pk'}__in": hidden})
            if hidden_now := getattr(self.model, "hidden_now", None):
                rows = rows.exclude(pk__in=hidden_now(hidden))
        # Django passes hints on to querysets derived from this one.
        rows._hints = rows._hints | {"reader": user}
        return rows


class RecordQuerySet(VisibleQuerySet):
    """Rows that a user may see, filtered by clocks."""

    def at(self, clocks: Clocks):
        """Only rows recorded by `clocks.known`."""
        return self if clocks.known is None else self.filter(recorded_at__lte=clocks.known)


class UnmergedManager(models.Manager):
    """The records that have not been merged into another; `visible_to` is one call, not two by way of Django."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None)

    def visible_to(self, user):
        return self.get_queryset().visible_to(user)


class Record(SealedModel):
    """A record that people refer to by `ref`."""

    prefix: str
    """The three letters at the start of its references."""
    worked_out: tuple[str, ...] = ("version",)
    """Fields that every save computes."""
    process_path: str | None = "process"
    """The lookup from a row to its process: empty for a process itself, None for shared records."""
    name_fields: tuple[str, ...] = ()
    """The fields with its names, the main one first; empty if it is referred to by id only."""
    searched_names: tuple[str, ...] = ()
    """The fields that search reads as names: ranked above texts, and suggested as one types."""
    searched_texts: tuple[str, ...] = ()
    """The fields that search reads besides, before those of `private_fields`."""
    url_name: str | None = None
    """The URL namespace of the type's pages; None if it has none."""
    private_fields: tuple[str, ...] = ()
    """Texts that only editors and analysts may read; left out of the audit log, exports and viewers' searches."""
    part_of: str | None = None
    """The relation to the parent record whose history includes this one; None if it has no parent."""

    ref = models.CharField("id", max_length=64, unique=True, editable=False, validators=[validate_ref])
    recorded_at = models.DateTimeField("recorded at", default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    """How many times it has been saved; an edit that started at an older version is detected by it."""

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **options):
        """Insert the row, or update the fields that people set, so that a stale copy cannot overwrite computed ones."""
        self.ref = self.ref or new_ref(self.prefix)
        if self._state.adding:
            self.require_prefix()
        if not self._state.adding and options.get("update_fields") is None:
            options["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key
                and (field.editable or field.name in self.worked_out or isinstance(field, CollationKey))
            ]
        is_new, written = self._state.adding, options.get("update_fields")
        with transaction.atomic():
            super().save(*args, **options)
            if written is None or not self.derived_from().isdisjoint(written):
                derive([self], are_new=is_new)

    def delete(self, *args, **options):
        with transaction.atomic():
            forget(type(self), [self.pk])
            return super().delete(*args, **options)

    @classmethod
    def derived_from(cls) -> set[str]:
        """The fields from which names, which are all searched, and search entries are worked out."""
        return {*NAMED_BY, *cls.searched_names, *cls.searched_texts, *cls.private_fields}

    def __str__(self):
        return getattr(self, self.name_fields[0])

    def names(self):
        """Pairs of a NameRank and a name of the record."""
        for place, field in enumerate(self.name_fields):
            if name := getattr(self, field):
                yield NameRank.OTHER if place else NameRank.NAME, name
        for alias in getattr(self, "aliases", ()):
            yield NameRank.OTHER, alias

    def require_prefix(self) -> None:
        """Raise ValidationError unless the reference begins with the prefix of its type."""
        if not self.ref.startswith(f"{self.prefix}-"):
            raise ValidationError(
                {"ref": f"The id of a {self._meta.verbose_name} begins with {self.prefix}-."}
            )

    def get_absolute_url(self) -> str:
        return page_pattern(self.url_name).replace("REF", self.ref)

    @property
    def of_process(self):
        """The process of the record; None if it is shared."""
        if not self.process_path:
            return None if self.process_path is None else self
        return attrgetter(self.process_path.replace("__", "."))(self)

    @property
    def whole(self) -> "Record | None":
        """The parent record; None if there is none, or none is set yet."""
        return getattr(self, self.part_of, None) if self.part_of else None

    @property
    def subject_ref(self) -> str:
        """The reference of the record whose history includes this one: the parent's, or its own."""
        return getattr(self, self.part_of).ref if self.part_of else self.ref
