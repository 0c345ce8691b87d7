"""Fields with a label of their own, and typed access to fields and relations that are only known at run time."""

from collections.abc import Iterable

from django.core.validators import RegexValidator
from django.db import models

validate_ref = RegexValidator(
    r"^[a-z]{3}-[a-z0-9-]{1,60}$",
    "A reference looks like dem-7k2mqx0v9c4t: three letters, a hyphen, then a-z, 0-9 and -.",
)


class Labelled(models.Field):
    """Mixin for a field whose label (`verbose_name`) is not its name; to change the label needs no migration."""

    def deconstruct(self):
        """That of the field of Django without a label, which is all that a migration needs."""
        name, _, args, options = super().deconstruct()
        options.pop("verbose_name", None)
        return name, f"django.db.models.{type(self).__name__.removeprefix('Labelled')}", args, options

    def clone(self):
        """A copy, with the label."""
        _, _, args, options = super().deconstruct()
        return type(self)(*args, **options)


class LabelledCharField(Labelled, models.CharField):
    """A text or code."""


class BytewiseCharField(models.CharField):
    """A text of ASCII that both databases compare by its bytes, as Python does; SQLite does so by itself."""

    def db_parameters(self, connection):
        """Those of Django, with the collation where the database would else use that of a language."""
        collation = {"collation": "C"} if connection.vendor == "postgresql" else {}
        return super().db_parameters(connection) | collation


class LabelledForeignKey(Labelled, models.ForeignKey):
    """A relation."""


def concrete_field(model: type[models.Model], name: str) -> models.Field:
    """The field `name` of `model`; raises TypeError for a reverse relation."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} of {model.__name__} is declared elsewhere.")
    return field


def related_model(field: models.Field) -> type[models.Model]:
    """The model that `field` refers to; raises TypeError if it is not a relation."""
    model = field.related_model
    if not isinstance(model, type):
        raise TypeError(f"{field.name} refers to no record.")
    return model


def model_at(model: type[models.Model], path: Iterable[str]) -> type[models.Model]:
    """The model that the relations of `path` lead to from `model`; raises FieldDoesNotExist if one is missing."""
    for step in path:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # the path is of relations
    return model
