"""The application as Django installs it."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Negotiation tracker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the checks, and what mends the index of words; they need the models, which are there only now."""
        import_module("tracker.checks")
        # Where a table was made anew, the triggers that keep the index of its words went with the old one.
        post_migrate.connect(import_module("tracker.indexing").install, sender=self)
