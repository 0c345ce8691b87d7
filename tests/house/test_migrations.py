"""The migrations make the tables that the models describe."""

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_says_what_it_does():
    names = [name for app, name in MigrationLoader(None).disk_migrations if app == "tracker"]
    assert not [name for name in names if "_auto_" in name]
