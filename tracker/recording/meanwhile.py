"""What others did to the records that a recording names, between looking them up and being written."""

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet

from tracker.models import Source
from tracker.models.sources import CITED_ELSEWHERE, is_cited_outside


class Overtaken(Exception):
    """Others recorded something in the meantime after which a recording that was made ready cannot be written."""


class NamedMeanwhile(ValidationError):
    """What is recorded names a record that was merged into another one, or kept to one process, in the meantime."""


def require_named(rows: Iterable[QuerySet]) -> None:
    """Raise NamedMeanwhile if one of `rows` names what was merged, or cites what is kept to another process."""
    for some in rows:
        for field in (*some.model._meta.concrete_fields, *some.model._meta.many_to_many):
            name = field.name
            if hasattr(field.related_model, "merged_into"):
                merged = some.filter(**{f"{name}__merged_into__isnull": False})
                if found := merged.values_list(f"{name}__ref", flat=True).first():
                    raise NamedMeanwhile(
                        f"{found} was merged into another record in the meantime: save it again."
                    )
            if field.related_model is Source:
                kept = some.filter(**{f"{name}__process__isnull": False})
                outside = kept.exclude(**{some.model.process_path: F(f"{name}__process")})
                if found := outside.values_list(f"{name}__ref", flat=True).first():
                    raise NamedMeanwhile(
                        f"{found} was kept to another process in the meantime, so it cannot be cited here."
                    )


def require_uncited(kept: Collection[int]) -> None:
    """Raise NamedMeanwhile if one of the sources with the primary keys `kept` is cited outside of its process."""
    if any(map(is_cited_outside, Source.objects.filter(pk__in=kept))):
        raise NamedMeanwhile({"process": CITED_ELSEWHERE})
