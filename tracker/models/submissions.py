"""Forms that have made a record: sent a second time, such a form makes no second one."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """The one-time key of a form, used up, and what came of it."""

    key = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions")
    content = models.CharField(max_length=64)
    """The hash of what was typed, by which the same form sent twice is told from one with another text."""
    record_ref = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return self.record_ref
