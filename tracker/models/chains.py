"""Records that name another one of their type, which names another in its turn, and never come back to themselves."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models


def chain(record: models.Model, name: str) -> Iterator[models.Model]:
    """Yield what `record` names in the field `name`, what that names, and so on; stops at the end or at a circle."""
    seen: set[int] = set()
    step = getattr(record, name)
    while step is not None and step.pk not in seen:
        seen.add(step.pk)
        yield step
        following = type(record)._base_manager.filter(pk=step.pk).select_related(name).first()
        step = following and getattr(following, name)


def require_no_circle(record: models.Model, name: str, rule: str) -> None:
    """Raise ValidationError with the `rule` for the field `name` if its chain leads back to `record`."""
    if record.pk and any(step.pk == record.pk for step in chain(record, name)):
        raise ValidationError({name: rule})
