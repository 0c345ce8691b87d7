"""`tracker.recording` for tests that only create what they read."""

from unittest import mock

from django.db.models import Model


def trusting():
    """Recording without its own check of the constraints, which takes half its time: the database has them all."""
    return mock.patch.object(Model, "validate_constraints")
