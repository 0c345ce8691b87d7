"""Changes to so many records that they are made in the background, one after the other."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from tracker.models.base import new_ref
from tracker.models.vocabularies import UserRole


class StartedQuerySet(models.QuerySet):
    """What users have started, which has its user in `by`, filtered by reader."""

    def visible_to(self, user):
        """The user's own, or everybody's for administrators."""
        return self if user.role == UserRole.ADMINISTRATOR else self.filter(by=user)


class Job(models.Model):
    """A merge, the undoing of one, or a move, that waits for its turn or has had it."""

    class Work(models.TextChoices):
        """What is done."""

        MERGE = "merge", "merge"
        UNMERGE = "unmerge", "undoing of a merge"
        MOVE = "move", "move to another process"

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        REFUSED = "refused", "not done"
        CANCELLED = "cancelled", "cancelled"

    ref = models.CharField("id", max_length=64, unique=True, editable=False)
    work = models.CharField(max_length=8, choices=Work)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    """WAITING while it is being done too: a process that works on it has the lock (write_lock.py)."""
    record_type = models.CharField(max_length=40)
    """The `url_name` of the type of its record."""
    record_ref = models.CharField(max_length=64)
    """The reference of the record that is merged, parted from another, or moved."""
    other_ref = models.CharField(max_length=64)
    """The reference of the record that it is merged into or parted from, or of the process that it is moved to."""
    seen = models.CharField(max_length=200)
    """What its preview was about, as the form of the page says it: it is not done to anything else."""
    note = models.TextField("reason")
    choices = models.JSONField(default=dict)
    """What was answered to the questions of a merge, as recording.merging takes it."""
    total = models.PositiveIntegerField()
    """How many records were to be changed when it was asked for, of those that the user may see."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    begun_at = models.DateTimeField("asked for at", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often it was begun."""
    ended_at = models.DateTimeField(null=True)
    problems = models.JSONField(default=list)
    """Sentences that say why it was not done."""
    hidden = models.JSONField(default=list)
    """The primary keys of the processes that were hidden from its user when it ended; no problem names any of them."""

    objects = StartedQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_ref"], condition=models.Q(state="waiting"), name="one_job_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.get_work_display()} of {self.record_ref}"

    def save(self, *args, **options):
        self.ref = self.ref or new_ref("job")
        super().save(*args, **options)

    def get_absolute_url(self):
        return reverse("jobs:job", args=[self.ref])

    def problems_for(self, user) -> list[str]:
        """The `problems`, unless a process that they may name something of is hidden from `user` by now."""
        return [] if {*user.hidden_process_ids} - {*self.hidden} else self.problems

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.state == self.State.WAITING
