"""What users start and the application does in the background: whose it is, how far it is, who may read of it."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.urls import reverse

from tracker.models.base import new_ref
from tracker.models.processes import Process
from tracker.models.vocabularies import UserRole


def was_hidden_since(user, hidden: Collection[int], instant: dt.datetime) -> bool:
    """Whether a process is hidden from `user` by now that was there at the `instant` and is not among the `hidden`.

    At most one query, if the hidden processes of the user are known.
    """
    since = {*user.hidden_process_ids} - {*hidden}
    return bool(since) and Process._base_manager.filter(pk__in=since, recorded_at__lte=instant).exists()


class StartedQuerySet(models.QuerySet):
    """What users have started, which has its user in `by`, filtered by reader."""

    def visible_to(self, user):
        """The user's own, or everybody's for administrators."""
        return self if user.role == UserRole.ADMINISTRATOR else self.filter(by=user)


class Queued(models.Model):
    """Work that waits in a queue for its turn, or has had it. Subclasses define `prefix` and `page`."""

    prefix: str
    """How its references begin."""
    page: str
    """The name of the URL of its page."""
    announcement = ""
    """What others are told who cannot save meanwhile (write_lock.LongWrite); empty if it keeps nobody waiting."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        REFUSED = "refused", "not done"
        CANCELLED = "cancelled", "cancelled"

    ref = models.CharField("id", max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    """WAITING while it is being done too: a process that works on it has the lock (write_lock.py)."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    begun_at = models.DateTimeField("asked for at", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often it was begun."""
    ended_at = models.DateTimeField(null=True)
    problems = models.JSONField(default=list)
    """Sentences that say why it was not done."""
    hidden = models.JSONField(default=list)
    """The primary keys of the processes that were hidden from its user when it ended; it names none of these."""

    objects = StartedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-begun_at", "-pk"]

    def save(self, *args, **options):
        self.ref = self.ref or new_ref(self.prefix)
        super().save(*args, **options)

    def get_absolute_url(self):
        return reverse(self.page, args=[self.ref])

    def may_be_read_by(self, user) -> bool:
        """Whether it names nothing of a process that is hidden from `user` by now."""
        return not was_hidden_since(user, self.hidden, self.ended_at or self.begun_at)

    def problems_for(self, user) -> list[str]:
        """The `problems`, unless a process that they may name something of is hidden from `user` by now."""
        return self.problems if self.problems and self.may_be_read_by(user) else []

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.state == self.State.WAITING
