"""Base models: a stable reference, the recording time, visibility, and writes through `tracker.recording` only."""

import contextlib
import contextvars
import secrets
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from tracker.clocks import Clocks
from tracker.models.collation import CollationKey, with_key_fields, with_keys
from tracker.models.derived import derive, derives_from, forget, kinds_of
from tracker.models.names import NAMING, NameRank

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_writes_allowed = contextvars.ContextVar("writes_allowed", default=False)

validate_ref = RegexValidator(
    r"^[a-z]{3}-[a-z0-9-]{1,60}$",
    "A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.",
)


class Sealed(Exception):
    """A write that did not go through `tracker.recording`, and was refused."""


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
    """The address of the pages of a type, with REF where the reference goes: pages have hundreds of links."""
    return reverse(f"{url_name}:detail", args=["REF"])


def new_ref(prefix: str) -> str:
    """A fresh reference: `prefix`, a hyphen and sixty random bits in a base-32 without look-alikes."""
    bits = secrets.randbits(60)
    return f"{prefix}-" + "".join([_ALPHABET[bits >> shift & 31] for shift in range(0, 60, 5)])


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
    """The checks of a table, asked of the database in one query while all of them hold; Django asks one for each."""

    def __init__(self, checks: list[models.CheckConstraint]):
        self.checks = checks

    def validate(self, model, instance, exclude=None, using=None):
        """Raise ValidationError with all that `instance` breaks; what leans on a field of `exclude` is not asked."""
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
        # Django's own related managers then refuse writes too.
        base_manager_name = "objects"

    def get_constraints(self):
        """Django's, with the checks of each table as one."""
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
        # The database lets many-valued relations forget a record without a word.
        for relation in self._meta.related_objects:
            if relation.many_to_many:
                named_by = relation.related_model._base_manager.filter(**{relation.field.name: self})
                if named_by.exists():
                    raise models.ProtectedError(f"“{self}” is named by other records.", set(named_by[:5]))
        return super().delete(*args, **options)


class VisibleQuerySet(SealedQuerySet):
    """Rows that a user may see."""

    @property
    def reader(self):
        """The user for whom `visible_to` narrowed the rows, so that messages about them obey the same rule; or None."""
        return self._hints.get("reader")

    def visible_to(self, user):
        """Only rows of processes that `user` may read; shared records are visible to everybody signed in."""
        path = self.model.process_path
        hidden = user.hidden_process_ids if path is not None else ()
        rows = self.exclude(**{f"{path or 'pk'}__in": hidden}) if hidden else self.all()
        # Django hands hints on to whatever is made of the rows.
        rows._hints = {**rows._hints, "reader": user}
        return rows


class RecordQuerySet(VisibleQuerySet):
    """Rows that a user may see, as of an instant."""

    def at(self, clocks: Clocks):
        """Only rows already recorded at the instant that `clocks` knows."""
        return self if clocks.known is None else self.filter(recorded_at__lte=clocks.known)


class Record(SealedModel):
    """A row that people refer to by `ref`."""

    prefix: str
    """The three letters that a reference of this type begins with."""
    worked_out: tuple[str, ...] = ("version",)
    """Fields that every save updates and nobody sets."""
    process_path: str | None = "process"
    """The lookup from a row to its process, empty for a process itself; None for records that all processes share."""
    name_fields: tuple[str, ...] = ()
    """The fields by which people call a record, the usual one first; none where nobody names it but by its id."""
    searched_names: tuple[str, ...] = ()
    """The fields that search reads as names: ranked above texts, and suggested as one types."""
    searched_texts: tuple[str, ...] = ()
    """The fields that search reads besides, before those of `private_fields`."""
    url_name: str | None = None
    """The URL namespace of the type's pages; None where it has none of its own."""
    private_fields: tuple[str, ...] = ()
    """Texts that only those who record may read: neither the trail, nor exports, nor viewers' searches have them."""
    part_of: str | None = None
    """The relation to the record that this one is a part of, in whose history it is told; None for a whole."""

    ref = models.CharField("id", max_length=64, unique=True, editable=False, validators=[validate_ref])
    recorded_at = models.DateTimeField("recorded at", default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    """How many times it has been written: who changes what they took out earlier can be told what came in between."""

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **options):
        """Insert the row, or write what people set on it: no stale copy undoes what the system keeps on the row."""
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
        """The fields from which names and search entries are worked out."""
        return {*cls.name_fields, *NAMING, *cls.searched_names, *cls.searched_texts, *cls.private_fields}

    def __str__(self):
        return getattr(self, self.name_fields[0])

    def names(self):
        """Pairs of a NameRank and a name by which people call the record."""
        for place, field in enumerate(self.name_fields):
            if name := getattr(self, field):
                yield NameRank.OTHER if place else NameRank.NAME, name
        for alias in getattr(self, "aliases", ()):
            yield NameRank.OTHER, alias

    def require_prefix(self) -> None:
        """Raise ValidationError unless the reference tells by its prefix whose page it leads to."""
        if not self.ref.startswith(f"{self.prefix}-"):
            raise ValidationError(
                {"ref": f"The id of a {self._meta.verbose_name} begins with {self.prefix}-."}
            )

    def get_absolute_url(self) -> str:
        return page_pattern(self.url_name).replace("REF", self.ref)

    @property
    def of_process(self):
        """The process that the record belongs to, or None for a shared one."""
        if self.process_path is None:
            return None
        step = self
        for name in self.process_path.split("__") if self.process_path else []:
            step = getattr(step, name)
        return step

    @property
    def whole(self) -> "Record | None":
        """The record that this one is a part of; None where it is none, or has not been given one yet."""
        return getattr(self, self.part_of, None) if self.part_of else None

    @property
    def subject_ref(self) -> str:
        """The record whose history tells of this one: itself, or for a part, what it is a part of."""
        return getattr(self, self.part_of).ref if self.part_of else self.ref


def on_record(record: Record | None, clocks: Clocks) -> Record | None:
    """`record` if it was on record at `clocks`, else None."""
    return None if record and clocks.known and record.recorded_at > clocks.known else record
