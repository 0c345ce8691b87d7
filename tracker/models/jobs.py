"""Changes to so many records that they are made in the background, one after the other."""

from django.db import models

from tracker.models.queued import Queued


class Job(Queued):
    """A merge, the undoing of one, or a move, that waits for its turn or has had it."""

    prefix = "job"
    page = "jobs:job"

    class Work(models.TextChoices):
        """What is done."""

        MERGE = "merge", "merge"
        UNMERGE = "unmerge", "undoing of a merge"
        MOVE = "move", "move to another process"

    work = models.CharField(max_length=8, choices=Work)
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

    class Meta(Queued.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["record_ref"], condition=models.Q(state="waiting"), name="one_job_at_a_time"
            )
        ]

    def __str__(self):
        return f"{self.get_work_display()} of {self.record_ref}"

    @property
    def announcement(self) -> str:
        """What others are told who cannot save meanwhile."""
        return f"a {self.get_work_display()}"
