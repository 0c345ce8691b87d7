"""The SQL of a piece of work alone: what it asks of the database, asked again with nothing made of the answers."""

from collections.abc import Callable

from django.db import connection

from tracker.models.past import at_instant


def replay_of(work: Callable[[], object]) -> Callable[[], None]:
    """Do `work` once, and return what sends the same statements with the same values and fetches all rows."""
    statements = []

    def note(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith("SELECT"):
            statements.append((at_instant(sql), params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()

    def replay():
        with connection.cursor() as cursor:
            for sql, params in statements:
                cursor.execute(sql, params)
                cursor.fetchall()

    return replay
