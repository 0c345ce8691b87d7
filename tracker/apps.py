"""The application as Django installs it."""

from importlib import import_module

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Negotiation tracker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the checks of the register; they need the models, which are there only now."""
        import_module("tracker.checks")
