"""How test records are made: each goes through `recording`, as in the application."""

import factory
from factory.django import DjangoModelFactory

from tests.trusting import trusting
from tracker import models, recording
from tracker.models.vocabularies import UserRole

PASSWORD = "correct horse battery staple"  # noqa: S105


class UserFactory(DjangoModelFactory):
    """A user with PASSWORD; UserFactory(editor=True) and its like choose the role."""

    class Meta:
        model = models.User
        django_get_or_create = ("username",)

    class Params:
        viewer = factory.Trait(role=UserRole.VIEWER)
        analyst = factory.Trait(role=UserRole.ANALYST)
        editor = factory.Trait(role=UserRole.EDITOR)
        administrator = factory.Trait(role=UserRole.ADMINISTRATOR)

    username = factory.Sequence("user-{}".format)
    password = factory.django.Password(PASSWORD)
    role = UserRole.ANALYST


def clerk():
    """Who records what tests make: an administrator, where the test has made no clerk of another role."""
    # A factory is slow to find that it need not make any, and this is asked for each record.
    found = models.User.objects.raw(f"SELECT * FROM {models.User._meta.db_table} WHERE username = 'clerk'")
    return next(iter(found), None) or UserFactory(username="clerk", administrator=True)


class RecordFactory(DjangoModelFactory):
    """Saves through `tracker.recording`, in the name of `by`; many-valued relations are given as lists."""

    class Meta:
        abstract = True

    by = factory.LazyFunction(clerk)

    @classmethod
    def _create(cls, model_class, *args, by, **values):
        related = take_related(model_class, values)
        record = model_class(*args, **values)
        with trusting():
            recording.save(by, record, related)
        return record


def take_related(model_class, values):
    """Take out of `values` what belongs to the many-valued relations of `model_class`."""
    return {
        field.name: values.pop(field.name) for field in model_class._meta.many_to_many if field.name in values
    }
