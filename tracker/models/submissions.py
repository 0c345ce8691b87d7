"""Forms already submitted, so that sending one twice does not create a second record."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """The used one-time key of a form, and the record that it created."""

    key = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions")
    content = models.CharField(max_length=64)
    """A hash of the input, to tell a repeated submission from one with other values."""
    record_ref = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return self.record_ref
