"""Fields and relations of models that are known only at run time, with their types."""

from django.db import models


def concrete_field(model: type[models.Model], name: str) -> models.Field:
    """The field `name` of `model` itself; raises TypeError for a relation that another model declares."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} of {model.__name__} is declared elsewhere.")
    return field


def related_model(field: models.Field) -> type[models.Model]:
    """The model of the records that `field` refers to; raises TypeError if it is no relation."""
    model = field.related_model
    if not isinstance(model, type):
        raise TypeError(f"{field.name} refers to no record.")
    return model
