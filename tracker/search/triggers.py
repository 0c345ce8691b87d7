"""The database triggers that keep the search index up to date."""

import contextlib
import hashlib

from django.db import connection, transaction
from django.db.models import JSONField

from tracker.models.search import SearchEntry
from tracker.search.fields import SEARCHED, Searched
from tracker.text.folding import FOLDED

LONGEST = 250_000
"""So many characters of the texts of a record are searched: PostgreSQL takes no more of words that all differ."""
ENTRY = SearchEntry._meta.db_table
STEP = 10
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def lift(plan=(), using="default", **signal) -> None:
    """Take the triggers away ahead of the migrations of `plan`: PostgreSQL alters no column that one of them names."""
    if plan and using == "default":
        with connection.cursor() as cursor:
            drop_all(cursor)


def install(**signal) -> None:
    """Make what is missing of the triggers, then write all entries anew; nothing where all are as they should be.

    Called after every migration: `lift` took them away, or SQLite did with a table that Django made anew.
    """
    if signal.get("using", "default") != "default" or ENTRY not in connection.introspection.table_names():
        return
    wanted = all_triggers()
    if present() != wanted.keys():
        rebuild()


@transaction.atomic
def rebuild() -> int:
    """Make all triggers and all entries anew; return how many entries there are."""
    with connection.cursor() as cursor:
        drop_all(cursor)
        cursor.execute(f"DELETE FROM {ENTRY}")  # noqa: S608
        for searched in SEARCHED.values():
            cursor.execute(upsert_sql(searched, "1 = 1"))
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO tracker_searchindex(tracker_searchindex) VALUES('rebuild')")
        # Last, or SQLite would write its index twice.
        for sql in all_triggers().values():
            cursor.execute(sql)
    return SearchEntry.objects.count()


@contextlib.contextmanager
def unsearched():
    """A context in which very much is written at once: nothing of it is indexed before its end, then everything."""
    with connection.cursor() as cursor:
        drop_all(cursor)
    try:
        yield
    finally:
        rebuild()


def all_triggers() -> dict[str, str]:
    """The triggers that there must be, by name: on the tables of records, and on SQLite on the entries themselves."""
    wanted = {name: sql for searched in SEARCHED.values() for name, sql in triggers(searched).items()}
    if connection.vendor != "sqlite":
        return wanted
    index = "tracker_searchindex"
    forget = (
        f"INSERT INTO {index}({index}, rowid, title, body) VALUES ('delete', OLD.id, OLD.title, OLD.body)"
    )
    learn = f"INSERT INTO {index}(rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body)"
    for event, does in {"INSERT": learn, "DELETE": forget, "UPDATE": f"{forget}; {learn}"}.items():
        wanted |= trigger("entry", ENTRY, event, does)
    return wanted


def present() -> set[str]:
    """The names of the triggers that are there; each name ends with a digest of what it does."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search!_%' ESCAPE '!'"
            )
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE NOT tgisinternal AND tgname LIKE 'search!_%' ESCAPE '!' AND pg_table_is_visible(pg_class.oid)"
            )
        return {name for (name,) in cursor.fetchall()}


def drop_all(cursor) -> None:
    """Take all triggers away, of whatever digest."""
    for name in present():
        if connection.vendor == "sqlite":
            cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute(f'DROP FUNCTION "{name}"() CASCADE')


def triggers(searched: Searched) -> dict[str, str]:
    """The triggers of one record type, by name: on its own table, and on that of what it is a kind of."""
    own = searched.model._meta.db_table
    sql = {}
    tables = {}
    for name in (*searched.names, *searched.texts):
        field = searched.model._meta.get_field(name)
        tables.setdefault(field.model._meta.db_table, (field.model._meta.pk.column, []))[1].append(
            field.column
        )
    tables.setdefault(own, (searched.model._meta.pk.column, []))
    for table, (key, columns) in tables.items():
        write = upsert_sql(searched, f"{own}.{searched.model._meta.pk.column} = NEW.{key}")
        gone = f"DELETE FROM {ENTRY} WHERE record_type = '{searched.code}' AND record_id = OLD.{key}"  # noqa: S608
        if table == own:
            sql |= trigger(searched.code, table, "INSERT", write)
            sql |= trigger(searched.code, table, "DELETE", gone)
        if columns:
            sql |= trigger(searched.code, table, "UPDATE", write, columns)
    return sql


def trigger(code: str, table: str, event: str, does: str, columns=()) -> dict[str, str]:
    """The trigger of one event on one table, under a name that ends with a digest of what it does."""
    is_sqlite = connection.vendor == "sqlite"
    differs = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
    when = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
    listed = ", ".join(f'"{column}"' for column in columns)
    head = f"AFTER {event}{f' OF {listed}' if columns else ''} ON {table} FOR EACH ROW"
    head += f" WHEN ({when})" if columns else ""
    digest = hashlib.sha256(f"{head} {does}".encode()).hexdigest()[:8]
    name = f"search_{code}_{table.removeprefix('tracker_')}_{event.lower()}_{digest}"
    if is_sqlite:
        return {name: f'CREATE TRIGGER "{name}" {head} BEGIN {does}; END'}
    return {
        name: f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$;'
        f' CREATE TRIGGER "{name}" {head} EXECUTE FUNCTION "{name}"()'
    }


def upsert_sql(searched: Searched, condition: str) -> str:
    """The statement that writes the entries of the records of one type for which `condition` holds."""
    meta = searched.model._meta
    own, rows = meta.db_table, meta.db_table
    for parent, link in meta.parents.items():
        above = parent._meta.db_table
        rows += f" JOIN {above} ON {above}.{parent._meta.pk.column} = {own}.{link.column}"
    title, body = (
        " || ' ' || ".join(text(searched, name) for name in names) or "''"
        for names in (searched.names, searched.texts)
    )
    read = (
        f"SELECT {own}.{meta.pk.column} AS id, substr({title}, 1, {LONGEST}) AS title,"  # noqa: S608
        f" substr({body}, 1, {LONGEST}) AS body FROM {rows} WHERE {condition}"
    )
    return (
        f"INSERT INTO {ENTRY} (record_type, record_id, title, body)"  # noqa: S608
        f" SELECT '{searched.code}', id, title, body FROM ({folded(read)}) AS folded WHERE 1 = 1"
        " ON CONFLICT (record_type, record_id) DO UPDATE SET title = excluded.title, body = excluded.body"
    )


def text(searched: Searched, name: str) -> str:
    """The expression for the words of one field: those of a list parted by blanks."""
    field = searched.model._meta.get_field(name)
    column = f'{field.model._meta.db_table}."{field.column}"'
    if not isinstance(field, JSONField):
        return f"coalesce({column}, '')"
    if connection.vendor == "sqlite":
        return f"coalesce((SELECT group_concat(value, ' ') FROM json_each({column})), '')"
    return f"coalesce((SELECT string_agg(value, ' ') FROM jsonb_array_elements_text({column}) AS one(value)), '')"


def folded(read: str) -> str:
    """The rows of `read` (id, title, body) without the accents that the database's own index would keep."""
    if connection.vendor == "sqlite":
        # In steps, for SQLite parses no expression that is nested deeper than a few dozen calls.
        steps, letters = [f"step0 AS ({read})"], list(FOLDED.items())
        for start in range(0, len(letters), STEP):
            columns = [_replaced(name, letters[start : start + STEP]) for name in ("title", "body")]
            number = len(steps)
            steps.append(f"step{number} AS (SELECT id, {', '.join(columns)} FROM step{number - 1})")  # noqa: S608
        return f"WITH {', '.join(steps)} SELECT id, title, body FROM step{len(steps) - 1}"  # noqa: S608
    columns = []
    for name in ("title", "body"):
        signs, plain = SIGNS.replace("'", "''"), "".join(FOLDED.values()) + " " * len(SIGNS)
        bare = f"normalize(translate({name}, '{''.join(FOLDED)}{signs}', '{plain}'), NFD)"
        columns.append(f"lower(regexp_replace({bare}, '[\\u0300-\\u036f]', '', 'g')) AS {name}")
    return f"SELECT id, {', '.join(columns)} FROM ({read}) AS read"  # noqa: S608


def _replaced(name: str, letters) -> str:
    call = name
    for letter, plain in letters:
        call = f"replace({call}, '{letter}', '{plain}')"
    return f"{call} AS {name}"
