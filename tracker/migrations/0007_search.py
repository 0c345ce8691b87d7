"""The index of all words: entries, and over them what each database searches by."""

from django.db import migrations, models

SQLITE = (
    "CREATE VIRTUAL TABLE tracker_searchindex USING fts5(title, body, content='tracker_searchentry',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "INSERT INTO tracker_searchindex(tracker_searchindex, rank) VALUES('rank', 'bm25(8.0, 1.0)')",
)
POSTGRESQL = (
    "ALTER TABLE tracker_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple'::regconfig, title), 'A') || setweight(to_tsvector('simple'::regconfig, body), 'D'))"
    " STORED",
    "CREATE INDEX search_words ON tracker_searchentry USING gin (words)",
    "CREATE VIEW tracker_searchindex AS SELECT id AS rowid, words AS tracker_searchindex, 0.0::float8 AS rank"
    " FROM tracker_searchentry",
)


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    kind = "TABLE" if schema_editor.connection.vendor == "sqlite" else "VIEW"
    schema_editor.execute(f"DROP {kind} tracker_searchindex", params=None)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0006_claims")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_type", models.CharField(max_length=20)),
                ("record_id", models.BigIntegerField()),
                ("title", models.TextField()),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("record_type", "record_id"), name="search_entry_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchIndex",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_column="rowid",
                        on_delete=models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="index",
                        serialize=False,
                        to="tracker.searchentry",
                    ),
                ),
                ("words", models.TextField(db_column="tracker_searchindex")),
                ("rank", models.FloatField()),
            ],
            options={"db_table": "tracker_searchindex", "managed": False},
        ),
        migrations.RunPython(make, unmake),
    ]
