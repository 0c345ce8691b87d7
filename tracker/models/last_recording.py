"""The instant of the last recording, in the one row that orders all recordings."""

from django.db import models


class LastRecording(models.Model):
    """The one row that a writer locks before it takes its instant, and holds until it commits."""

    at = models.DateTimeField()
    """The last committed instant: whatever bears it, or an earlier one, can be read, and nothing is added to it."""

    class Meta:
        verbose_name = "last recording"
        verbose_name_plural = "last recording"

    def __str__(self):
        return self.at.isoformat()
