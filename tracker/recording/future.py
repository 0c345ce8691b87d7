"""Instants that lie in the future, because the clock of a server was wrong: named, and moved to now when asked."""

import datetime as dt
from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from tracker.models import Development, ImportRun, Job, SavedView, Submission, Token, User
from tracker.models.base import writes_allowed
from tracker.models.known import OPEN
from tracker.recording.denormalized import refresh_developments
from tracker.recording.timestamps import AHEAD, last_recording

_OF_NO_RECORD = (ImportRun, Job, SavedView, Submission, Token, User)
"""Models whose instants say nothing of when something was recorded."""


def instant_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column that holds an instant of recording, with the model whose table it is in."""
    for model in apps.get_app_config("tracker").get_models():
        for field in model._meta.local_concrete_fields if model not in _OF_NO_RECORD else ():
            if isinstance(field, models.DateTimeField):
                yield model, field.name


def future_instants() -> list[dt.datetime]:
    """The instants of recording that lie further ahead of the clock than recording allows, in ascending order."""
    bound = timezone.now() + AHEAD
    found: set[dt.datetime] = set()
    for model, name in instant_columns():
        rows = model._base_manager.order_by().filter(**{f"{name}__gt": bound}).exclude(**{name: OPEN})
        found.update(rows.values_list(name, flat=True).distinct())
    return sorted(found)


def continue_from(instant: dt.datetime) -> None:
    """Make all later recordings follow `instant`, after restoring records with their own instants. In a transaction."""
    last = last_recording()
    last.at = max(last.at, instant)
    last.save()


@transaction.atomic
def move_to_now() -> int:
    """Move the instants that lie in the future to now, in the same order; return how many there were."""
    future = future_instants()
    if not future:
        return 0
    with writes_allowed():
        present = max(timezone.now(), _last_before(future[0]) + dt.timedelta(microseconds=1))
        for place, instant in enumerate(future):
            moved = present + dt.timedelta(microseconds=place)
            for model, name in instant_columns():
                model._base_manager.filter(**{name: instant}).update(**{name: moved})
            recorded = Development.objects.filter(recorded_at=moved)
            recorded.update(recorded_on=timezone.localdate(moved))
            refresh_developments(list(recorded.values_list("pk", flat=True)))
        continue_from(moved)
    return len(future)


def _last_before(bound: dt.datetime) -> dt.datetime:
    lasts = [
        model._base_manager.filter(**{f"{name}__lt": bound}).aggregate(last=Max(name))["last"]
        for model, name in instant_columns()
    ]
    return max((last for last in lasts if last), default=timezone.now())
