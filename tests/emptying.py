"""Empties the tables after tests that commit, but for what every installation has before anything is recorded."""

from django.core.management.commands import flush
from django.db import connection

KEPT = {"auth_permission", "django_content_type", "tracker_derivedtext"}
"""What Django and the application write after every migration, and need not write anew after every test."""


def empty_quickly():
    """From now on keep KEPT, and delete rows: to truncate so many tables takes PostgreSQL longer."""
    operations = type(connection.ops)
    truncate = operations.sql_flush

    def sql_flush(self, style, tables, **options):
        tables = [table for table in tables if table not in KEPT]
        if connection.vendor == "sqlite" or not _is_superuser():
            return truncate(self, style, tables, **options)
        # Neither keys nor triggers are heeded.
        alone = "SET LOCAL session_replication_role = replica"
        return [alone, *(f"DELETE FROM {self.quote_name(table)}" for table in tables)]

    operations.sql_flush = sql_flush
    flush.emit_post_migrate_signal = lambda *args, **options: None


def _is_superuser():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return cursor.fetchone() == ("on",)
