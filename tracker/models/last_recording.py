"""The instant of the last recording, in a single row that orders all recordings."""

from django.db import models


class LastRecording(models.Model):
    """A single row that a writer locks before it takes its instant, until it commits."""

    at = models.DateTimeField()
    """The last committed instant: no more records will be added with this or an earlier one."""
    merged_at = models.DateTimeField(null=True)
    """When a record was last merged into another one, or a source kept to one process."""

    class Meta:
        verbose_name = "last recording"
        verbose_name_plural = "last recording"

    def __str__(self):
        return self.at.isoformat()
