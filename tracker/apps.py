"""The application as Django installs it."""

from django.apps import AppConfig


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "Negotiation tracker"
    default_auto_field = "django.db.models.BigAutoField"
