"""The application writes the index of words, folded, and no trigger does; `migrate` fills it when it is through."""

from django.db import migrations, models

SQLITE = (
    # Splits at blanks alone: the words are folded, and these signs are parts of them.
    """CREATE VIRTUAL TABLE tracker_searchindex USING fts5(title, body, prefix='2 3', tokenize="ascii tokenchars '!""#$%&''''()*+,-./:;<=>?@[\\]^_`{|}~'")""",
    "INSERT INTO tracker_searchindex(tracker_searchindex, rank) VALUES('rank', 'bm25(8.0, 1.0)')",
)
POSTGRESQL = (
    "ALTER TABLE tracker_searchentry ADD COLUMN words tsvector",
    "CREATE INDEX search_words ON tracker_searchentry USING gin (words)",
    "CREATE VIEW tracker_searchindex AS SELECT id AS rowid, words AS tracker_searchindex, 0.0::float8 AS rank"
    " FROM tracker_searchentry",
)
SQLITE_BEFORE = (
    "CREATE VIRTUAL TABLE tracker_searchindex USING fts5(title, body, content='tracker_searchentry',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "INSERT INTO tracker_searchindex(tracker_searchindex, rank) VALUES('rank', 'bm25(8.0, 1.0)')",
)
POSTGRESQL_BEFORE = (
    "ALTER TABLE tracker_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple'::regconfig, title), 'A') || setweight(to_tsvector('simple'::regconfig, body), 'D'))"
    " STORED",
    *POSTGRESQL[1:],
)


def make(apps, schema_editor):
    _execute(schema_editor, SQLITE, POSTGRESQL)


def make_as_before(apps, schema_editor):
    _execute(schema_editor, SQLITE_BEFORE, POSTGRESQL_BEFORE)


def remove(apps, schema_editor):
    _execute(
        schema_editor,
        ("DROP TABLE tracker_searchindex", "DELETE FROM tracker_searchentry"),
        (
            "DROP VIEW tracker_searchindex",
            "ALTER TABLE tracker_searchentry DROP COLUMN words",
            "DELETE FROM tracker_searchentry",
        ),
    )


def _execute(schema_editor, on_sqlite, on_postgresql):
    for statement in on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0017_spans")]

    operations = [
        migrations.CreateModel(
            name="DerivedText",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("rules", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(remove, make_as_before),
        migrations.RemoveField("searchentry", "title"),
        migrations.RemoveField("searchentry", "body"),
        migrations.RunPython(make, remove),
    ]
