"""The entries of a feed: developments by when they were recorded, corrected or withdrawn."""

from django.db.models import QuerySet

from tracker.models import Development, User
from tracker.models.order import RECORDED_LAST
from tracker.models.vocabularies import EndedAs


def standing_news(user: User) -> QuerySet:
    """The developments in force that `user` may see."""
    return Development.objects.visible_to(user).filter(ended_at__isnull=True)


def withdrawn_news(user: User) -> QuerySet:
    """The last versions of withdrawn developments that `user` may see."""
    return Development.objects.visible_to(user).filter(ended_as=EndedAs.WITHDRAWN)


def newest(standing: QuerySet, withdrawn: QuerySet, most: int) -> list[int]:
    """The primary keys of the `most` latest recorded, corrected or withdrawn, newest first. Two queries."""
    recorded = standing.order_by(*RECORDED_LAST).values_list("recorded_at", "pk")[:most]
    taken_back = withdrawn.order_by("-ended_at", "-pk").values_list("ended_at", "pk")[:most]
    return [key for _, key in sorted([*recorded, *taken_back], reverse=True)[:most]]
