"""The application as Django installs it."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Negotiation tracker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the checks, and what fills the indexes and begins the versions; all of them need the models."""
        import_module("tracker.checks")
        import_module("tracker.accounts.second_factor").replace()
        derived = import_module("tracker.models.derived")
        pre_migrate.connect(derived.drop_triggers, sender=self)
        # Words and names of earlier versions are worked out from these.
        post_migrate.connect(import_module("tracker.recording.earlier_versions").install, sender=self)
        post_migrate.connect(derived.install, sender=self)
        post_migrate.connect(import_module("tracker.recording.looked_up_again").install, sender=self)
