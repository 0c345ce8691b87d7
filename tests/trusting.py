"""The one door, for tests that only make what they read."""

from unittest import mock

from django.db.models import Model


def trusting():
    """The door without its own look at the constraints, which takes half of its time: the database has them all."""
    return mock.patch.object(Model, "validate_constraints")
