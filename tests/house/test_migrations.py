"""The migrations make the tables that the models describe."""

from functools import partial
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.factories import DevelopmentFactory, PartyFactory
from tracker import recording
from tracker.models import LastRecording
from tracker.recording.timestamps import last_instant


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_says_what_it_does():
    names = [name for app, name in MigrationLoader(None).disk_migrations if app == "tracker"]
    assert not [name for name in names if "_auto_" in name]


@pytest.mark.django_db
def test_the_order_of_recording_goes_on_from_the_last_instant_of_an_older_record(dave):
    migrations = MigrationLoader(None).disk_migrations.values()
    module = next(one.__module__ for one in migrations if one.name.endswith("one_order_of_recording"))
    begin_order = import_module(module).begin_order
    begin_order(apps, None)
    assert not LastRecording.objects.exists()
    development = DevelopmentFactory()
    for record in (
        PartyFactory,
        DevelopmentFactory,
        partial(recording.withdraw, dave, development, "Wrong."),
    ):
        record()
        instant = last_instant()
        LastRecording.objects.all().delete()
        begin_order(apps, None)
        assert last_instant() == instant
