"""Saved views: a list or report with its filters, order, columns and clocks."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class SavedView(models.Model):
    """The address of a page, with a name; only its owner sees it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=120, help_text="A name by which you will find it again.")
    path = models.CharField(max_length=300)
    query = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = [Lower("name")]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="saved_view_name_once_each_owner")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        """The saved address."""
        return f"{self.path}?{self.query}" if self.query else self.path
